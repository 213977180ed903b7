"""Prove that no line of the log was changed, lost, added or swapped, and that the accounts add up.

Exit code 4 where something is wrong; each problem says what, where, and in words.
"""

from __future__ import annotations

import argparse

from twostroke.cli.output import count, say_json

NOT_TRUE = 4


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.ledger.verify import remember_verified, verify

    found = verify()
    remember_verified(found)
    if options.json:
        say_json(
            {
                "ok": not found.problems,
                "lines": found.lines,
                "commits": found.commits,
                "unproven_lines": found.unproven_lines,
                "problems": [
                    {"type": one.type, "position": one.position, "sentence": one.sentence} for one in found.problems
                ],
            }
        )
        return NOT_TRUE if found.problems else 0
    lines, commits = count(found.lines, "line"), count(found.commits, "commit")
    if found.problems:
        print(f"Not whole: {count(len(found.problems), 'problem')} in {lines} and {commits}.")
        for one in found.problems:
            print(f"  {one.type} at {one.position}: {one.sentence}")
        return NOT_TRUE
    print(f"Whole: {lines} in {commits}, each as it was written.")
    if found.unproven_lines:
        print(f"{count(found.unproven_lines, 'line')} since the head kept outside the database cannot be proven yet.")
    return 0
