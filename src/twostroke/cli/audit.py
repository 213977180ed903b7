"""Who looked up, exported, changed, erased and imported what: twostroke audit [--act exported] [--subject ID]

The newest first. Entries are only ever added; they name members and opaque ids, never a person's own data.
"""

from __future__ import annotations

import argparse
import datetime as dt

from twostroke.cli.output import Failure, how_many, say_json, table

ACTS = ("signed in", "looked up", "exported", "changed", "erased", "imported")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--act", choices=ACTS, help="only these")
    parser.add_argument("--subject", metavar="ID", help="only about this person, company, deal or import")
    parser.add_argument("--since", metavar="DAY", help="from this day on (YYYY-MM-DD, UTC)")
    parser.add_argument("--limit", type=how_many, default=200, metavar="N", help="at most N entries (default 200)")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.kit.time import iso
    from twostroke.team.facts import Act
    from twostroke.team.queries import audited

    act = None if options.act is None else Act(options.act)
    found = audited(act=act, subject=options.subject, since=_since(options.since), limit=options.limit)
    if options.json:
        say_json(
            [
                {"at": iso(one.at // 1000), "who": one.who, "member": one.member, "act": one.act.value,
                 "subject_kind": one.subject_kind, "subject": one.subject, "how": one.how, "detail": dict(one.detail)}
                for one in found
            ]
        )  # fmt: skip
    elif not found:
        print("Nothing was written down yet.")
    else:
        rows = [
            [iso(one.at // 1000)[:19], one.who, one.act.value, _what(one.subject_kind, one.subject), one.how]
            for one in found
        ]
        print(table([["at (UTC)", "who", "did", "what", "how"], *rows]))
    return 0


def _what(kind: str, subject: str) -> str:
    return f"{kind} {subject}".strip()


def _since(day: str | None) -> int | None:
    if day is None:
        return None
    try:
        at = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), dt.UTC)
    except ValueError as error:
        raise Failure(f"--since takes YYYY-MM-DD, not {day!r}.", 2) from error
    return int(at.timestamp()) * 1_000_000
