"""A timeline of 200 lines and the pipeline at a number of lines, beside what plain SQL needs for the same rows.

    python -m benchmarks.reading 1000000

Timeline: ratio to reading the same lines by one plain SELECT and writing them as JSON. Pipeline: ratio to one plain
SELECT that groups the same deals on the database the log lies in, which has to sort them once, too.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
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


def main(lines: int) -> None:
    """Print both ratios at ``lines`` lines."""
    folder = homes.open_home(lines)
    homes.fill(lines)
    plain = sqlite3.connect(f"file:{folder / 'twostroke.db'}?mode=ro", uri=True)
    plain.execute("PRAGMA cache_size=-65536")
    _timeline(lines, plain)
    _pipeline(lines, plain)


def _timeline(lines: int, plain: sqlite3.Connection) -> None:
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
    print(f"timeline of {len(raw())} lines at {lines:,}: {_ratio(ours, raw, 15)} of raw read and JSON")


def _pipeline(lines: int, plain: sqlite3.Connection) -> None:
    from twostroke.metrics.queries import compute

    def ours() -> list[tuple[str | None, str | None, int]]:
        rows = compute("pipeline").rows
        return sorted((r.key["status"], r.key["stage"], int(r.measures["count"])) for r in rows)  # type: ignore[type-var]

    def raw() -> list[tuple[str | None, str | None, int]]:
        return sorted(tuple(row) for row in plain.execute(_PLAIN_PIPELINE))  # type: ignore[type-var]

    if [(a, c) for a, _, c in ours()] != [(a, c) for a, _, c in raw()]:
        raise SystemExit(f"the two pipelines differ: {ours()} and {raw()}")
    print(f"pipeline at {lines:,}: {_ratio(ours, raw, 5)} of plain SQL on the log's own database")


def _ratio(ours: Callable[[], object], other: Callable[[], object], times: int) -> str:
    """Median of the ratios pair by pair, both in turn, with the median seconds of each."""
    pairs = [(_seconds(ours), _seconds(other)) for _ in range(times)]
    ratio = statistics.median(a / b for a, b in pairs)
    mine, its = (statistics.median(side) for side in zip(*pairs, strict=True))
    return f"{mine * 1000:.1f} ms / {its * 1000:.1f} ms = {ratio:.2f} ×"


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
