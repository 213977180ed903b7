"""Make a simulated company: its files as real tools would have exported them, and beside them the truth.

DIR/public holds what a firm would have, DIR/truth what no real tool knows. Same arguments, same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from twostroke.cli.output import Failure, Progress, count, say_json


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, required=True, metavar="N", help="which of all possible worlds")
    parser.add_argument("--people", type=int, metavar="N", help="how many people (default: the profile's)")
    parser.add_argument("--months", type=int, metavar="N", help="how long (default: the profile's)")
    parser.add_argument("--until", default="now", metavar="now|DATE", help="when it ends (default: now)")
    parser.add_argument("--profile", default="coffee", metavar="NAME|FILE", help="which company (default: coffee)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="an empty folder, or an earlier world's")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from worlds.api import make

    progress = Progress("Living, week by week")
    try:
        made = make(
            seed=options.seed,
            people=options.people,
            months=options.months,
            until=options.until,
            profile=options.profile,
            out=options.out,
            progress=progress,
        )
    except ValueError as error:
        progress.end()
        raise Failure(str(error), 2) from error
    except OSError as error:
        progress.end()
        raise Failure(f"{options.out}: nothing could be written there ({error.strerror}).") from error
    progress.end()
    if options.json:
        say_json({"out": str(made.out), "seed": made.seed, "people": made.people, "lines": dict(made.lines)})
    else:
        print(f"{count(made.total, 'line')} in {count(len(made.lines), 'file')}, in {made.out}")
        print(f"Bring in what a firm would have: twostroke import {made.out / 'public' / 'hubspot'}")
    return 0
