"""Erase a person: twostroke erase anna@firm.example. Shows what would go, then asks.

What is personal goes everywhere: from the log, the identifiers, quarantine, uploads, mappings, reports and jobs; then
the raw bytes of the installation are searched for what might be left. Lines, figures and money stay, without a name.
The same address is somebody new when it returns. Backups are yours to delete. This cannot be taken back.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from twostroke.cli.output import Failure, Progress, count, say, say_json, table

if TYPE_CHECKING:
    from twostroke.identity.actions import Erasure, Preview

ASKS, NOT_TRUE = 3, 4


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("reference", metavar="PERSON", help="an e-mail, phone, record id, name, or the person's own id")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--dry-run", action="store_true", help="only show what would go")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.identity.actions import ActError, InUseError, erase, preview

    try:
        shown = preview(person_meant(options.reference))
        options.noted = [("person", shown.key)]
        if options.dry_run:
            _show(shown, options.json)
            return 0
        if not options.yes:
            _ask(shown, options)
        progress = Progress("Erasing")
        done = erase(person=shown.key)
        progress.end()
    except (ActError, InUseError) as error:
        raise Failure(str(error)) from error
    _tell(done, options.json)
    return 0 if done.is_done else NOT_TRUE


def person_meant(reference: str) -> str:
    """The key or identifier id of the person meant; also of somebody only lines out of force name."""
    from twostroke.identity.queries import identifier_ids, resolve
    from twostroke.ledger.actions import catch_up

    catch_up()
    found = [hit for hit in resolve(reference) if hit.kind == "person"]
    if len(found) > 1:
        several = "\n".join(f"  {hit.id}  {hit.name}" for hit in found[:10])
        raise Failure(f"{reference!r} fits several. Name one by its id:\n{several}")
    if found:
        return found[0].id
    ids = identifier_ids(reference)
    if len(ids) != 1:
        raise Failure(f"nobody here is {reference!r}. Look with: twostroke find WORDS")
    return ids[0]


def _show(shown: Preview, as_json: bool) -> None:
    if as_json:
        say_json(_preview_json(shown))
        return
    say(f"{shown.name or shown.key} ({shown.key})")
    print(table([[f"{one.count:,}", one.what, one.erasing] for one in shown.found if one.count], frozenset({0})))


def _ask(shown: Preview, options: argparse.Namespace) -> None:
    _show(shown, options.json)
    if options.json or not sys.stdin.isatty():
        raise Failure("nothing was erased, a person must say so first. Say it with --yes.", ASKS)
    try:
        said = input("This cannot be taken back. Erase? Type yes: ").strip().lower()
    except EOFError:
        said = ""
    if said != "yes":
        raise Failure("nothing was erased.", ASKS)


def _preview_json(shown: Preview) -> dict[str, Any]:
    return {"person": shown.key, "name": shown.name, "found": [_found_json(one) for one in shown.found]}


def _found_json(one: Any) -> dict[str, Any]:
    return {"room": one.room, "what": one.what, "count": one.count}


def _tell(done: Erasure, as_json: bool) -> None:
    if as_json:
        left = [{"where": one.where, "sentence": one.sentence} for one in done.left]
        say_json({"person": done.key, "done": done.is_done, "gone": [_found_json(g) for g in done.gone], "left": left})
        return
    gone = [[f"{one.count:,}", one.what] for one in done.gone if one.count]
    if gone:
        print(table(gone, frozenset({0})))
    if done.is_done:
        print(f"Erased: {done.key}. Nothing of them is left in the raw bytes of this installation. Figures stay.")
        return
    print(f"Not done: {count(len(done.left), 'place')} still hold something. Run it again once that is mended.")
    for one in done.left:
        say(f"  {one.where}: {one.sentence}")
