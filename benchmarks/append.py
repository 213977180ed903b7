"""Append beside the machine's own ceiling: the same rows into the same tables and indexes by plain SQL, no triggers.

``python -m benchmarks.append LINES [--seconds 5]``: on two copies of a home of LINES lines (made, filled
further and kept by ``benchmarks.homes``), append and plain SQL write the same rows in turn, in
the same commits of 300 messages. Told are the medians in lines a second, on the clock and on the processor.
"""

from __future__ import annotations

import argparse
import atexit
import os
import shutil
import sqlite3
import statistics
import time
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.homes import fill, messages_from, open_home

AT_ONCE = 300
_SAME = "SELECT count(*), sum(length(properties)), sum(coalesce(amount_minor, 0)), max(message_id) FROM ledger_line"
_TABLES = (("ledger_line", "seq"), ("ledger_personal", "seq"), ("ledger_commit", "last_seq"))


class Ceiling:
    """Rows as ``append`` made them, by plain SQL, into a copy of the database whose triggers were dropped."""

    def __init__(self, file: Path) -> None:
        from django.conf import settings

        self._sql = sqlite3.connect(file, isolation_level=None)
        for pragma in settings.DATABASES["default"]["OPTIONS"]["init_command"].split(";"):
            self._sql.execute(pragma)
        for (name,) in self._sql.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            self._sql.execute(f"DROP TRIGGER {name}")

    def write(self, rows: dict[str, list[tuple[Any, ...]]]) -> None:
        """One commit."""
        self._sql.execute("BEGIN IMMEDIATE")
        for table, these in rows.items():
            if these:
                self._sql.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(these[0]))})", these)
        self._sql.execute("COMMIT")

    def same(self) -> tuple[Any, ...]:
        """What must be equal on both sides."""
        return tuple(self._sql.execute(_SAME).fetchone())


def rows_after(last: int) -> dict[str, list[tuple[Any, ...]]]:
    """What was written beyond the line ``last``, table by table."""
    from django.db import connection

    found: dict[str, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        for table, key in _TABLES:
            cursor.execute(f"SELECT * FROM {table} WHERE {key} > %s", [last])
            found[table] = [tuple(row) for row in cursor.fetchall()]
    return found


def measured(home: Path) -> Path:
    """The folder of the two copies: this process's own, for another may measure on the same home; gone at its end."""
    folder = home / f"measured-{os.getpid()}"
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def copies(home: Path) -> Ceiling:
    """Point Django at a copy of the home, so that measuring adds nothing to it; returns the other copy."""
    from django.conf import settings
    from django.db import connection

    from twostroke.kit.home import Home

    folder = measured(home)
    Home(folder).create()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    for name in ("twostroke.db", "ceiling.db"):
        shutil.copyfile(home / "twostroke.db", folder / name)
    connection.settings_dict["NAME"] = str(folder / "twostroke.db")
    settings.TWOSTROKE_HOME = Home(folder)
    return Ceiling(folder / "ceiling.db")


def measure(ceiling: Ceiling, seconds: float) -> dict[str, float]:
    """Medians over slices in which both sides take turns, and the longest commit of append in ms."""
    from django.db import transaction

    from twostroke.ledger.actions import append
    from twostroke.ledger.queries import head_seq

    ours: list[tuple[float, float, int]] = []
    theirs: list[tuple[float, float, int]] = []
    messages = messages_from(head_seq())
    while sum(wall for wall, _, _ in ours) < seconds or len(ours) < 5:
        batch, last = list(islice(messages, AT_ONCE)), head_seq()
        wall, processor = time.perf_counter(), time.process_time()
        with transaction.atomic():
            append(batch)  # type: ignore[arg-type]
        ours.append((time.perf_counter() - wall, time.process_time() - processor, head_seq() - last))
        rows = rows_after(last)
        wall, processor = time.perf_counter(), time.process_time()
        ceiling.write(rows)
        theirs.append((time.perf_counter() - wall, time.process_time() - processor, len(rows["ledger_line"])))
    _refuse_unequal(ceiling)
    told = {"longest": 1000 * max(wall for wall, _, _ in ours)}
    for name, taken in (("append", ours), ("ceiling", theirs)):
        told[name] = statistics.median(lines / wall for wall, _, lines in taken)
        told[f"{name}_cpu"] = statistics.median(lines / processor for _, processor, lines in taken)
    return told


def _refuse_unequal(ceiling: Ceiling) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_SAME)
        if tuple(cursor.fetchone()) != ceiling.same():
            raise SystemExit("The two sides do not hold the same lines: the comparison is worth nothing.")


def main() -> None:
    """Fill, measure, tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.append")
    parser.add_argument("lines", type=int, help="how many lines are there already")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long append writes")
    options = parser.parse_args()
    home = open_home(options.lines)
    fill(options.lines)
    told = measure(copies(home), options.seconds)
    for name, unit in (("", "on the clock"), ("_cpu", "of processor time")):
        mine, theirs = told[f"append{name}"], told[f"ceiling{name}"]
        print(f"  {mine:,.0f} lines a second {unit}; plain SQL {theirs:,.0f}; ratio {mine / theirs:.2f}")
    print(f"  longest commit of {AT_ONCE} messages: {told['longest']:.0f} ms")


if __name__ == "__main__":
    main()
