"""``twostroke VERB``: one screen of help, one module per verb.

Exit codes, the same for every verb: 0 done · 1 it did not work, the last line says why · 2 the command is not
understood · 3 a person must answer first · 4 something is not true or not whole (``verify``, ``rebuild --check``) ·
130 stopped with Ctrl-C; what is done stays done, and the same command goes on.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

from twostroke import __version__
from twostroke.cli.noting import note_verb
from twostroke.cli.output import Failure, shown

DONE, FAILED, NOT_UNDERSTOOD, ASKS, NOT_TRUE, STOPPED = 0, 1, 2, 3, 4, 130


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the command line. ``module`` has ``arguments(parser)`` and ``run(options) -> int``."""

    name: str
    summary: str
    module: str
    needs_home: bool = True


GROUPS: dict[str, tuple[Verb, ...]] = {
    "Start": (
        Verb("demo", "try it with a simulated company, in a home of its own", "demo", needs_home=False),
        Verb("world", "make a simulated company with known truth", "world", needs_home=False),
        Verb("init", "make a home: database, keys, zone, currency", "init", needs_home=False),
        Verb("up", "run it: web, intake and worker under one supervisor", "up"),
        Verb("users", "add people and see who is here", "users"),
        Verb("link", "make a one-time sign-in link", "link"),
        Verb("keys", "make, rotate and end the keys programs send with", "keys"),
    ),
    "Bring in": (
        Verb("import", "bring in files of any tool: CSV, workbooks, folders of them", "import_"),
        Verb("imports", "what came in, its report, its rejected rows", "imports"),
        Verb("undo", "take an import back", "undo"),
    ),
    "Look": (
        Verb("timeline", "everything on a person, a company or a deal, both teams", "timeline"),
        Verb("metric", "a number, its definition, and who is behind it", "metric"),
        Verb("find", "people, companies and deals by name, address or id", "find"),
    ),
    "Who is who": (
        Verb("merge", "say that two people are one", "merge"),
        Verb("unmerge", "take a merge back", "unmerge"),
        Verb("split", "say that one person is two", "split"),
        Verb("suggestions", "who may be one, with what says so", "suggestions"),
        Verb("apart", "say that two people are not one", "apart"),
        Verb("erase", "take everything personal of a person away; figures stay", "erase"),
        Verb("export-person", "everything known of one person, as JSON and as a page", "export_person"),
    ),
    "Trust": (
        Verb("accounts", "received = stored + duplicate + quarantined, by source", "accounts"),
        Verb("quarantine", "what could not come in, why, and how to mend it", "quarantine"),
        Verb("parked", "what could not be acted on or folded, and why", "parked"),
        Verb("export", "the whole record as JSON lines, CSV and Parquet", "export"),
        Verb("restore", "bring an export into a new home, to the same state", "restore", needs_home=False),
        Verb("audit", "who looked up, exported, changed, erased, imported what", "audit"),
        Verb("verify", "prove that no line was changed, lost or added", "verify"),
        Verb("rebuild", "fold all tables again from the log; --check only compares", "rebuild"),
        Verb("state-hash", "one hash per room of all that follows from the log", "state_hash"),
    ),
}


# One brings tables up to date, the other says what is wrong with them.
_OLD_TABLES_TOO = frozenset({"up", "verify"})


def verbs() -> dict[str, Verb]:
    """All verbs by name."""
    return {verb.name: verb for group in GROUPS.values() for verb in group}


def help_screen() -> str:
    """The one screen of ``twostroke --help``."""
    lines = ["twostroke: sales and marketing on one log.", "usage: twostroke [--home DIR] VERB …", ""]
    for title, group in GROUPS.items():
        lines.append(title)
        lines += [f"  {verb.name:<13} {verb.summary}" for verb in group]
    lines += [
        "",
        "twostroke VERB --help tells the rest. --home DIR or TWOSTROKE_HOME: which installation;",
        "TWOSTROKE_DATABASE_URL: which database. --json: stable output for programs.",
    ]
    return "\n".join(lines)


def parser_of(verb: Verb) -> tuple[argparse.ArgumentParser, ModuleType]:
    """The verb's parser and module. Importing the module loads no Django."""
    module = importlib.import_module(f"twostroke.cli.{verb.module}")
    parser = argparse.ArgumentParser(
        prog=f"twostroke {verb.name}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--home", metavar="DIR", help="the installation's folder (or TWOSTROKE_HOME)")
    module.arguments(parser)
    return parser, module


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code."""
    words = _verb_first(list(sys.argv[1:] if arguments is None else arguments))
    if not words or words[0] in {"-h", "--help", "help"}:
        print(help_screen())
        return DONE
    if words[0] in {"-V", "--version", "version"}:
        print(f"twostroke {__version__}")
        return DONE
    verb = verbs().get(words[0])
    if verb is None:
        print(f"twostroke: there is no verb {words[0]!r}.{_near(words[0])} See: twostroke --help", file=sys.stderr)
        return NOT_UNDERSTOOD
    return _run(verb, words[1:])


def _verb_first(words: list[str]) -> list[str]:
    """``--home DIR VERB …`` as ``VERB --home DIR …``; a home without a verb asks for nothing."""
    taken = 2 if words[:1] == ["--home"] else 1 if words and words[0].startswith("--home=") else 0
    return [*words[taken : taken + 1], *words[:taken], *words[taken + 1 :]] if len(words) > taken else []


def _run(verb: Verb, words: Sequence[str]) -> int:
    parser, module = parser_of(verb)
    try:
        options = parser.parse_args(words)
    except SystemExit as stop:
        return int(stop.code or 0)
    if options.home:
        os.environ["TWOSTROKE_HOME"] = options.home
    try:
        if verb.needs_home:
            start()
            if verb.name not in _OLD_TABLES_TOO:
                _refuse_unfitting_tables()
        code = int(module.run(options))
        if code in (DONE, NOT_TRUE):
            note_verb(verb.name, options)
        return code
    except Failure as failure:
        print(shown(f"twostroke {verb.name}: {failure}"), file=sys.stderr)
        return failure.code
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - whoever read us has gone; nothing more is said
        return DONE
    except KeyboardInterrupt:
        print("\nStopped. What is done stays done; the same command goes on from here.", file=sys.stderr)
        return STOPPED


def start() -> None:
    """Load Django for the chosen home. Raises ``Failure`` where there is none."""
    from twostroke.kit.home import Home

    home = Home.chosen()
    if not home.exists():
        raise Failure(f"there is no Twostroke home at {home.path}. Make one with: twostroke init --home {home.path}")
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twostroke.site.settings")
    django.setup()


def _refuse_unfitting_tables() -> None:
    """A program reads and writes only tables of its own age: a newer one's hold what it would not understand."""
    from django.db import DatabaseError

    from twostroke.ledger.fitting import stands

    try:
        schema = stands()
    except DatabaseError as error:
        raise Failure(f"the database cannot be read: {str(error).strip().splitlines()[0]}") from error
    if not schema.fits:
        raise Failure(schema.sentence())


def _near(word: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, verbs(), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


if __name__ == "__main__":
    sys.exit(main())
