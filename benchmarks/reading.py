"""A timeline of 200 lines and the pipeline at a number of lines, beside what plain SQL needs for the same rows.

    python -m benchmarks.reading 1000000 [--timeline]

Timeline: ratio to reading the same lines by one plain SELECT and writing them as JSON. Pipeline: ratio to one plain
SELECT that groups the same deals on the database the log lies in, which has to sort them once, too.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import time
from collections.abc import Callable

from benchmarks import homes

_PLAIN_PIPELINE = """
WITH told AS (
  SELECT subject, kind, amount_minor, currency, json_extract(properties, '$.stage') AS stage,
         row_number() OVER (PARTITION BY subject ORDER BY happened_at DESC, seq DESC) AS back
  FROM ledger_line WHERE kind IN ('deal.opened', 'deal.moved', 'deal.changed', 'deal.won', 'deal.lost', 'deal.reopened')
)
SELECT CASE kind WHEN 'deal.won' THEN 'won' WHEN 'deal.lost' THEN 'lost' ELSE 'open' END AS status,
       CASE WHEN kind IN ('deal.won', 'deal.lost') THEN NULL ELSE stage END AS at_stage, count(*)
FROM told WHERE back = 1 GROUP BY 1, 2 ORDER BY 1, 2
"""


MOST, WITH_200 = 3.0, 500_000  # the much touched person has 200 lines at half a million lines and above


def main() -> int:
    """Print both ratios; 1 where the timeline takes more than three times what reading and writing its lines does."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading")
    parser.add_argument("lines", type=int, help="how many lines are there")
    parser.add_argument("--timeline", action="store_true", help="the timeline alone")
    options = parser.parse_args()
    lines = options.lines
    folder = homes.open_home(lines)
    homes.fill(lines)
    plain = sqlite3.connect(f"file:{folder / 'twostroke.db'}?mode=ro", uri=True)
    plain.execute("PRAGMA cache_size=-65536")
    ratio = _timeline(lines, plain)
    if not options.timeline:
        _pipeline(lines, plain)
    return int(lines >= WITH_200 and ratio > MOST)


def _timeline(lines: int, plain: sqlite3.Connection) -> float:
    from twostroke.identity.timelines import timeline

    person = homes.much_touched()

    def ours() -> list[str]:
        return [
            entry["event_id"] for entry in json.loads(json.dumps([e.as_dict() for e in timeline(person, "person")]))
        ]

    def raw() -> list[str]:
        cursor = plain.execute("SELECT * FROM ledger_line WHERE identifier = ? ORDER BY happened_at", [person])
        names = [one[0] for one in cursor.description]
        return [row["event_id"] for row in json.loads(json.dumps([dict(zip(names, r, strict=True)) for r in cursor]))]

    if sorted(ours()) != sorted(raw()):
        raise SystemExit("the two timelines are not the same lines")
    told, ratio = _ratio(ours, raw, 15)
    print(f"timeline of {len(raw())} lines at {lines:,}: {told} of raw read and JSON")
    return ratio


def _pipeline(lines: int, plain: sqlite3.Connection) -> None:
    from twostroke.metrics.queries import compute

    def ours() -> list[tuple[str | None, str | None, int]]:
        rows = compute("pipeline").rows
        return sorted((r.key["status"], r.key["stage"], int(r.measures["count"])) for r in rows)  # type: ignore[type-var]

    def raw() -> list[tuple[str | None, str | None, int]]:
        return sorted(tuple(row) for row in plain.execute(_PLAIN_PIPELINE))  # type: ignore[type-var]

    if [(a, c) for a, _, c in ours()] != [(a, c) for a, _, c in raw()]:
        raise SystemExit(f"the two pipelines differ: {ours()} and {raw()}")
    print(f"pipeline at {lines:,}: {_ratio(ours, raw, 5)[0]} of plain SQL on the log's own database")


def _ratio(ours: Callable[[], object], other: Callable[[], object], times: int) -> tuple[str, float]:
    """Median of the ratios pair by pair, both in turn, with the median seconds of each, as words and by itself."""
    pairs = [(_seconds(ours), _seconds(other)) for _ in range(times)]
    ratio = statistics.median(a / b for a, b in pairs)
    mine, its = (statistics.median(side) for side in zip(*pairs, strict=True))
    return f"{mine * 1000:.1f} ms / {its * 1000:.1f} ms = {ratio:.2f} ×", ratio


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    raise SystemExit(main())
