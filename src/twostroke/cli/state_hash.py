"""One hash per room of all that follows from the log; equal logs give equal hashes on every database.

--write FILE keeps the rows behind the hashes (they hold personal data); --diff A B names the first row in which two
such files differ.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from msgspec import MsgspecError

from twostroke.cli.output import Failure, say_json, table

NOT_TRUE = 4


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--write", type=Path, metavar="FILE", help="also keep the rows in FILE")
    parser.add_argument("--diff", nargs=2, type=Path, metavar=("A", "B"), help="compare two files that --write made")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.ledger.actions import catch_up
    from twostroke.ledger.state import state_hash, write_state

    if options.diff:
        return _diff(options)
    catch_up()
    if options.write:
        try:
            write_state(options.write)
            options.write.chmod(0o600)
        except OSError as error:
            raise Failure(f"{options.write}: nothing could be written there ({error.strerror}).") from error
    hashes = state_hash()
    if options.json:
        say_json(hashes)
    else:
        print(table([[room, value] for room, value in sorted(hashes.items())]))
    return 0


def _diff(options: argparse.Namespace) -> int:
    from twostroke.cli.rebuild import difference_text
    from twostroke.ledger.state import diff

    for file in options.diff:
        if not file.is_file():
            raise Failure(f"{file}: there is no such file. Make one with: twostroke state-hash --write {file}")
    try:
        found = diff(*options.diff)
    except (ValueError, TypeError, LookupError, MsgspecError) as error:
        raise Failure(f"{' or '.join(map(str, options.diff))} is no file that state-hash --write made.") from error
    if options.json:
        say_json({"equal": found is None, "first": None if found is None else found._asdict()})
    elif found is None:
        print("The same.")
    else:
        print(difference_text(found, "in A", "in B"))
    return 0 if found is None else NOT_TRUE
