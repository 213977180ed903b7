"""Import beside the machine's own ceiling: the same rows into the same tables and indexes by plain SQL, no triggers.

``python -m benchmarks.import_ LINES [--rows 20000] [--kind deals|people] [--again]``: on two copies of a home of LINES
lines (made, filled further and kept by ``benchmarks.homes``) a file is brought in, from opening it to its last row on
the log, and then what it wrote is written by plain SQL in the same commits. First equality: both hold the same lines.
Folding comes after and is told by itself. ``--again`` also brings the file in a second time, all its rows the same.
Also told: how long its slices held the write lock, and the most memory that was resident (pages of the database file
that are mapped in included) while the file came in, folding included.
"""

from __future__ import annotations

import argparse
import csv
import random
import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.append import Ceiling, _refuse_unequal, copies, measured
from benchmarks.homes import fill, open_home
from benchmarks.measuring import Memory, Spent

WANTED = 0.3
MOST_MB = 400


def write_deals(path: Path, rows: int) -> None:
    """Deals of 40 sellers with 5,000 companies, two in five of them closed."""
    chance = random.Random(rows)
    header = "Deal ID,Deal Name,Deal Stage,Amount,Currency,Create Date,Close Date,Deal owner,Company name"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        for n in range(rows):
            stage = chance.choice(["Prospecting", "Qualified", "Proposal", "Closed Won", "Closed Lost"])
            month, day = chance.randint(1, 6), chance.randint(1, 28)
            closed = f"2025-{month + 6:02}-{day:02}" if "Closed" in stage else ""
            writer.writerow(
                [f"d{n}", f"Deal number {n}", stage, f"{chance.randint(100, 99_999)}.50", "EUR",
                 f"2025-{month:02}-{day:02}", closed, f"Owner {n % 40}", f"Company {n % 5000}"]
            )  # fmt: skip


def write_people(path: Path, rows: int) -> None:
    """People of 5,000 firms, each with an address and a telephone."""
    chance = random.Random(rows)
    header = "Contact ID,Email,First Name,Last Name,Job Title,Phone Number,Lifecycle Stage,Original Source,Create Date"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        for n in range(rows):
            writer.writerow(
                [f"p{n}", f"person{n}@firm{n % 5000}.example", f"First{n % 900}", f"Last{n % 7000}",
                 chance.choice(["Buyer", "Office manager", "Facility lead"]), f"+49 30 {1_000_000 + n}",
                 chance.choice(["Lead", "Customer"]), chance.choice(["Organic Search", "Direct"]),
                 f"2025-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"]
            )  # fmt: skip


@dataclass
class Run:
    """One import: all of it, the folding in it, and how many milliseconds each slice of both held the write lock."""

    whole: Spent
    folding: Spent
    slices: list[float] = field(default_factory=list)


def brought_in(path: Path) -> Run:
    """Import the file."""
    from twostroke.connectors.files.actions import Wish, run_import
    from twostroke.intake import actions
    from twostroke.kit.pacing import Pace

    run = Run(Spent(), Spent())
    fold, end = actions.catch_up, Pace.end

    def folding(**more: Any) -> int:
        with run.folding.spending():
            return fold(**more)

    def ending(self: Pace) -> None:
        run.slices.append(1000 * (time.perf_counter() - self._began))
        end(self)

    actions.catch_up, Pace.end = folding, ending  # type: ignore[method-assign]
    try:
        with run.whole.spending():
            run_import(Wish(paths=(path,), source="bench-files", dated={"*": None}))
    finally:
        actions.catch_up, Pace.end = fold, end  # type: ignore[method-assign]
    return run


def plainly(ceiling: Ceiling, database: Path, after: int) -> Spent:
    """Write by plain SQL, commit by commit, what the import wrote beyond the line ``after``."""
    ours = sqlite3.connect(database)
    commits = ours.execute("SELECT * FROM ledger_commit WHERE last_seq > ? ORDER BY number", [after]).fetchall()
    names = ours.execute("SELECT * FROM identity_identifier ORDER BY rowid").fetchall()
    share = len(names) // max(len(commits), 1) + 1
    spent = Spent()
    for number, commit in enumerate(commits):
        seqs = [commit[1], commit[2]]
        rows: dict[str, list[tuple[Any, ...]]] = {
            "identity_identifier": names[number * share : (number + 1) * share],
            "ledger_line": ours.execute("SELECT * FROM ledger_line WHERE seq BETWEEN ? AND ?", seqs).fetchall(),
            "ledger_personal": ours.execute("SELECT * FROM ledger_personal WHERE seq BETWEEN ? AND ?", seqs).fetchall(),
            "ledger_commit": [commit],
        }
        with spent.spending():
            ceiling.write(rows)
    ours.close()
    return spent


def main() -> int:
    """Fill, measure, tell; 1 where the ratio on the processor is below what is wanted, or memory above what may be."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.import_")
    parser.add_argument("lines", type=int, help="how many lines are there already")
    parser.add_argument("--rows", type=int, default=20_000, help="rows of the file")
    parser.add_argument("--kind", choices=("deals", "people"), default="deals")
    parser.add_argument("--again", action="store_true", help="bring the file in a second time, too")
    options = parser.parse_args()
    home = open_home(options.lines)
    fill(options.lines)
    ceiling = copies(home)
    path = measured(home) / f"{options.kind}.csv"
    (write_deals if options.kind == "deals" else write_people)(path, options.rows)

    from django.db import connection

    from twostroke.ledger.queries import head_seq

    before = head_seq()
    with Memory() as memory:
        run = brought_in(path)
    lines, database = head_seq() - before, Path(str(connection.settings_dict["NAME"]))
    theirs = plainly(ceiling, database, before)
    _refuse_unequal(ceiling)
    ours = run.whole.without(run.folding)
    for mine, other, unit in ((ours.wall, theirs.wall, "clock"), (ours.processor, theirs.processor, "processor")):
        print(
            f"  {options.kind}: {options.rows / mine:,.0f} rows, {lines / mine:,.0f} lines a second on the {unit}; "
            f"plain SQL {lines / other:,.0f} lines; ratio {other / mine:.2f}"
        )
    print(f"  folding: {lines / run.folding.wall:,.0f} lines a second on the clock, "
          f"{lines / run.folding.processor:,.0f} on the processor")  # fmt: skip
    slices = sorted(run.slices)
    median, worst = slices[len(slices) // 2], slices[len(slices) * 99 // 100]
    print(f"  {len(slices):,} slices held the write lock for {median:.0f} ms (median), {worst:.0f} ms (one in 100), "
          f"{slices[-1]:.0f} ms (the longest)")  # fmt: skip
    if options.again:
        again = brought_in(path)
        same = again.whole.without(again.folding)
        print(f"  again, all the same: {options.rows / same.wall:,.0f} rows a second on the clock, "
              f"{options.rows / same.processor:,.0f} on the processor")  # fmt: skip
    print(f"  resident memory: at most {memory.most // 1024} MB")
    return 0 if theirs.processor / ours.processor >= WANTED and memory.most // 1024 < MOST_MB else 1


if __name__ == "__main__":
    raise SystemExit(main())
