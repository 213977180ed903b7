"""Making a world beside the machine's own ceiling: ``json.dumps`` of one event, again and again.

``python -m benchmarks.worlds [--people 10000] [--months 18] [--profile coffee] [--seconds 3]``

First equality: every Segment line that can be read is, letter for letter, what ``json.dumps`` would have written. Then
told, in processor seconds of one core: lines of all public files a second (with their truth and all counterfactual
worlds), events a second by ``json.dumps``, and the ratio. Ends with 1 where the ratio is below 0.1. Peak memory is told
as well.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from worlds import api

WANTED = 0.1


def unequal(folder: Path) -> int:
    """Lines that can be read but are not as ``json.dumps`` writes them."""
    wrong = 0
    for path in (folder / "public" / "segment").glob("*.jsonl"):
        with path.open(encoding="utf-8") as file:
            for line in file:
                try:
                    event = json.loads(line)
                except json.JSONDecodeError:
                    continue
                wrong += json.dumps(event, ensure_ascii=False, separators=(",", ":")) != line.rstrip("\n")
    return wrong


def an_event(folder: Path) -> dict[str, Any]:
    """An event of median length from the site's file."""
    with (folder / "public" / "segment" / "web.jsonl").open(encoding="utf-8") as file:
        lines = sorted((line for line, _ in zip(file, range(5001), strict=False) if line.endswith("}\n")), key=len)
    event: dict[str, Any] = json.loads(lines[len(lines) // 2])
    return event


def dumps_rate(event: dict[str, Any], seconds: float) -> float:
    """Events a processor second by ``json.dumps``; the median of slices of a tenth of a second or so."""
    rates, until = [], time.process_time() + seconds
    while time.process_time() < until:
        begin = time.process_time()
        for _ in range(20_000):
            json.dumps(event)
        rates.append(20_000 / (time.process_time() - begin))
    return statistics.median(rates)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--months", type=int, default=18)
    parser.add_argument("--profile", default="coffee")
    parser.add_argument("--seconds", type=float, default=3.0, help="for the ceiling")
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        begin, wall = time.process_time(), time.perf_counter()
        made = api.make(
            seed=1, people=wish.people, months=wish.months, until="2026-03-02", profile=wish.profile, out=folder
        )
        cpu, wall = time.process_time() - begin, time.perf_counter() - wall
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        wrong = unequal(made.out)
        if wrong:
            print(f"{wrong:,} lines are not as json.dumps writes them")
            return 1
        ceiling = dumps_rate(an_event(made.out), wish.seconds)
    ratio = made.total / cpu / ceiling
    print(f"{made.people:,} people, {made.total:,} lines in {cpu:.1f} processor seconds ({wall:.1f} s), {peak:,.0f} MB")
    print(f"world {made.total / cpu:,.0f} lines/s, json.dumps {ceiling:,.0f} events/s: {ratio:.2f}, wanted {WANTED}")
    return 0 if ratio >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
