"""Take a merge back, as if it had never been: twostroke unmerge MERGE"""

from __future__ import annotations

import argparse

from twostroke.cli.output import Failure


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("merge", metavar="MERGE", help="the name `twostroke merge` printed")


def run(options: argparse.Namespace) -> int:
    from twostroke.identity.actions import ActError, unmerge

    try:
        unmerge(by=None, merge=options.merge)
    except ActError as error:
        raise Failure(str(error)) from error
    print("The merge is taken back.")
    return 0
