"""What came in and could not be acted on (a reaction failed) or folded (a projection failed), why, and since when.

  twostroke parked                                   what waits, the oldest first
  twostroke parked retry                             try all of it again now
  twostroke parked retry l17                         this one
  twostroke parked discard l17 --reason "done by hand"

A parked line is tried again by itself, after a minute, two, four, up to an hour. What a projection could not fold is
wrong on the pages until it can; it cannot be discarded.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from twostroke.cli.output import Failure, count, say_json, table

if TYPE_CHECKING:
    from twostroke.ledger.parking import Waiting

_REASONS = ("done by hand", "no longer needed", "cannot be mended")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", nargs="?", choices=("list", "retry", "discard"), default="list")
    parser.add_argument("keys", nargs="*", metavar="KEY", help="these, by the names that the list gives")
    parser.add_argument("--reason", choices=_REASONS, help="why it is given up")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    return {"list": _list, "retry": _retry, "discard": _discard}[options.act](options)


def _list(options: argparse.Namespace) -> int:
    from twostroke.ledger.parking import waiting

    found = waiting()
    if options.json:
        say_json([_shaped(one) for one in found])
    elif not found:
        print("Nothing waits: what came in was acted on and folded.")
    else:
        rows = [
            [one.key, _at(one.since)[:16], "" if one.tries is None else str(one.tries), one.words()] for one in found
        ]
        print(table([["key", "since", "tried", "what went wrong"], *rows], right=frozenset({2})))
        print("Try again: twostroke parked retry [KEY …]")
    return 0


def _retry(options: argparse.Namespace) -> int:
    from twostroke.ledger.parking import retry, waiting

    keys = _known(options.keys, waiting())
    still = retry(keys)
    options.noted = [("parked", key) for key in sorted(keys)] or [("parked", "")]
    if options.json:
        say_json({"tried": len(keys), "still": [_shaped(one) for one in still]})
    else:
        print(
            f"{count(len(keys), 'thing')} tried again: {len(keys) - len(still):,} done, {len(still):,} still waiting."
        )
        for one in still:
            print(f"  {one.key}  {one.words()}")
    return 0


def _discard(options: argparse.Namespace) -> int:
    from twostroke.ledger.parking import Sort, give_up, waiting

    if not options.keys:
        raise Failure("say which. Everything at once is never given up. See: twostroke parked", 2)
    if options.reason is None:
        raise Failure(f"say why: --reason, one of {', '.join(f'{one!r}' for one in _REASONS)}.", 2)
    found = waiting()
    keys = _known(options.keys, found)
    units = [one.key for one in found if one.key in keys and one.sort is Sort.UNIT]
    if units:
        raise Failure(f"{units[0]} is of a projection: its rows would stay wrong. Mend the cause, then retry it.", 1)
    gone = give_up(keys)
    options.noted = [("parked", f"{one.key}, line {one.seq}: {options.reason}") for one in gone]
    if options.json:
        say_json({"discarded": [one.key for one in gone], "reason": options.reason})
    else:
        print(f"{count(len(gone), 'line')} given up: {options.reason}.")
    return 0


def _known(keys: list[str], found: list[Waiting]) -> set[str]:
    """These keys, or all there are where none is named. ``Failure`` for one there is not."""
    there = {one.key for one in found}
    for key in keys:
        if key not in there:
            raise Failure(f"nothing that waits is called {key!r}. See: twostroke parked")
    return set(keys) or there


def _at(micros: int) -> str:
    from twostroke.kit.time import iso

    return iso(micros // 1000)


def _shaped(one: Waiting) -> dict[str, object]:
    """The stable shape of ``parked --json``."""
    return {
        "key": one.key, "sort": one.sort.value, "whose": one.whose, "what": one.what, "line": one.seq,
        "why": one.words(), "error": one.error, "since": _at(one.since), "tries": one.tries,
        "again_at": None if one.again_at is None else _at(one.again_at),
    }  # fmt: skip
