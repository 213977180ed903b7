"""Fold all tables again from the log. With --check only compare: fold beside, and name each row that differs.

Nothing is decided again and nothing is sent. Exit code 4 where --check finds a difference.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from twostroke.cli.output import Failure, Progress, count, say_json

if TYPE_CHECKING:
    from twostroke.ledger.facts import Difference

NOT_TRUE = 4


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="change nothing; compare with a fold from the first line")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.ledger.rebuilding import RebuildError, rebuild

    try:
        if options.check:
            return _check(options.json)
        progress = Progress("Folding")
        lines = rebuild(progress=progress)
        progress.end()
    except RebuildError as error:
        raise Failure(str(error)) from error
    if options.json:
        say_json({"lines": lines})
    else:
        print(f"Folded {count(lines, 'line')} again.")
    return 0


def _check(as_json: bool) -> int:
    from twostroke.ledger.rebuilding import check

    found = check()
    if as_json:
        say_json({"ok": not found, "differences": [one._asdict() for one in found]})
    elif not found:
        print("The tables are what the log says.")
    else:
        print(f"Not what the log says: {count(len(found), 'difference')}.")
        for one in found:
            print(f"  {difference_text(one)}")
    return NOT_TRUE if found else 0


def difference_text(one: Difference, left: str = "here", right: str = "by the log") -> str:
    """Where two states differ, in a line."""
    key = ", ".join(str(part) for part in one.key)
    if one.column:
        return f"{one.model} {key}: {one.column} is {one.left!r} {left}, {one.right!r} {right}"
    return f"{one.model} {key}: only {right if one.left is None else left}"
