"""``python -m worlds --seed 7 --out DIR``: make a world from the command line."""

from __future__ import annotations

import argparse
import sys

from worlds import api, profiles


def main(arguments: list[str] | None = None) -> int:
    """Make a world; 0 when it stands, 2 when the wish cannot be fulfilled (the sentence says why)."""
    parser = argparse.ArgumentParser(
        prog="worlds", description="Simulate a company: public files, and the truth beside them."
    )
    parser.add_argument("--seed", type=int, required=True, help="any whole number; the same gives the same world")
    parser.add_argument("--people", type=int, help="how many persons (default: the profile's)")
    parser.add_argument("--months", type=int, help="how long (default: the profile's)")
    parser.add_argument("--until", default="now", help="now, or a date such as 2026-03-02")
    parser.add_argument("--profile", default="coffee", help=f"{', '.join(profiles.NAMES)}, or a TOML file")
    parser.add_argument("--out", required=True, help="an empty folder")
    wish = parser.parse_args(arguments)

    def progress(done: int, weeks: int) -> None:
        sys.stderr.write(f"\rweek {done} of {weeks}" + ("\n" if done == weeks else ""))

    try:
        made = api.make(
            seed=wish.seed,
            people=wish.people,
            months=wish.months,
            until=wish.until,
            profile=wish.profile,
            out=wish.out,
            progress=progress,
        )
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(
        f"{made.total:,} lines in {len(made.lines)} files, until {made.until:%Y-%m-%d %H:%M} UTC: {made.out}\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
