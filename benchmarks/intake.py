"""The intake beside its ceilings: ``python -m benchmarks.intake LINES [--seconds 5]``, over a copy of such a home.

- Single events with a key, one a request, beside three empty django-ninja views (uvicorn, gunicorn sync, gunicorn
  gthread), which check nothing and store nothing, on the same core.
- Batches of 100 beside plain SQL: the rows the intake wrote, written again in the same commits into a copy of the
  database whose triggers were dropped, on the same core.
- Beside a full load of batches a second program writes one row again and again: how long its transactions take.
- The curve over all sizes that were measured so far, and what grew from a million lines to ten.

Told are numbers on the clock, and of the server's processor, which other work on the machine moves less.
django-ninja is looked for in ``build/bench/ninja`` (``pip install --target build/bench/ninja django-ninja``).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.append import Ceiling, copies, measured
from benchmarks.homes import RESULTS, ROOT, fill, open_home
from benchmarks.http_load import SERVERS_CORE, Measured, measure, new_key, requests, server

AT_ONCE = 100
_NINJA = ROOT / "build" / "bench" / "ninja"
_MILLION, _TEN = 1_000_000, 10_000_000

EMPTY = {
    "uvicorn": ("uvicorn", "benchmarks.empty_views:asgi", "--port", "PORT", "--log-level", "warning"),
    "gunicorn sync": ("gunicorn", "-b", "127.0.0.1:PORT", "benchmarks.empty_views:wsgi"),
    "gunicorn gthread": (
        "gunicorn",
        "-b",
        "127.0.0.1:PORT",
        "-w",
        "1",
        "--threads",
        "8",
        "benchmarks.empty_views:wsgi",
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", type=int)
    parser.add_argument("--seconds", type=float, default=5)
    options = parser.parse_args()
    home = open_home(options.lines)
    fill(options.lines)
    shutil.copytree(home / "keys", measured(home) / "keys")
    ceiling = copies(home)
    os.environ["TWOSTROKE_HOME"] = str(measured(home))
    key = new_key()
    os.sched_setaffinity(0, set(range(1, os.cpu_count() or 1)) or {0})
    told = loaded(key, options.seconds, ceiling)
    if _NINJA.is_dir():
        many = int(options.seconds * 6000)
        told |= beside_empty_views(told, {n: _empty(w, many, options.seconds) for n, w in EMPTY.items()})
    else:
        print("  django-ninja is not there: nothing to compare with (see the head of this file)")
    file = RESULTS / f"intake-{options.lines}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(told), encoding="ascii")
    kept = {int(one.stem.rpartition("-")[2]): one for one in RESULTS.glob("intake-*.json")}
    curve({lines: json.loads(one.read_text("ascii")) for lines, one in kept.items()})


def loaded(key: str, seconds: float, ceiling: Ceiling) -> dict[str, float]:
    """What the intake does with single events and with batches, and what it leaves to a second writer."""
    from twostroke.ledger.queries import head_seq

    many = int(seconds * 6000)
    with server("benchmarks.unlimited", "PORT") as (process, port):
        measure(process, port, requests(port, "/v1/page", key, 1, 200), 2)
        single = measure(process, port, requests(port, "/v1/page", key, 1, many), seconds)
        last, names = head_seq(), _rows("SELECT max(rowid) FROM identity_identifier")[0][0] or 0
        batches = measure(process, port, requests(port, "/v1/batch", key, AT_ONCE, many // 50), seconds)
        until = head_seq()
        waits = _second_writer(process, port, requests(port, "/v1/batch", key, AT_ONCE, many // 50), seconds)
    events, cost = AT_ONCE * batches.rate, batches.cost / AT_ONCE
    print(f"  single events   {single.rate:8,.0f}/s  {single.cost:6.3f} ms of the processor each")
    print(f"  batches of {AT_ONCE}  {events:8,.0f}/s  {cost:6.3f} ms of the processor an event")
    plain = _by_plain_sql(ceiling, last, until, names)
    ratio, of_processor = events / plain.rate, plain.cost / cost
    print(
        f"  plain SQL       {plain.rate:8,.0f}/s  {plain.cost:6.3f} ms of the processor an event, in the same commits"
    )
    print(f"  ratio of batches to plain SQL: {ratio:.2f} on the clock, {of_processor:.2f} of the processor")
    print(
        f"  a second writer beside batches: p50 {waits['p50']:.1f} ms, p99 {waits['p99']:.1f} ms, longest "
        f"{waits['longest']:.1f} ms of {waits['writes']:,.0f} writes"
    )
    return {
        "single": single.rate, "single_ms": single.cost, "batches": events, "batches_ms": cost, "sql": ratio,
        "sql_cpu": of_processor, "p99": waits["p99"],
    }  # fmt: skip


def _second_writer(process: Any, port: int, sent: Sequence[bytes], seconds: float) -> dict[str, float]:
    """Milliseconds that transactions of another program take while batches come in as fast as they are taken."""
    other = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.second_writer", str(seconds)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert other.stdout is not None
    other.stdout.readline()  # it has begun
    measure(process, port, sent, seconds + 1)
    said, _ = other.communicate()
    took = sorted(json.loads(said))
    return {
        "p50": statistics.median(took), "p99": took[int(0.99 * (len(took) - 1))], "longest": took[-1],
        "writes": len(took),
    }  # fmt: skip


def _by_plain_sql(ceiling: Ceiling, after: int, until: int, names: int) -> Measured:
    """Write the lines between by plain SQL, in the commits the intake made, on the core it had."""
    there, spent, lines = os.sched_getaffinity(0), [0.0, 0.0], 0
    os.sched_setaffinity(0, {SERVERS_CORE})
    try:
        for rows in _commits(after, until, names):
            wall, processor = time.perf_counter(), time.process_time()
            ceiling.write(rows)
            spent = [spent[0] + time.perf_counter() - wall, spent[1] + time.process_time() - processor]
            lines += len(rows["ledger_line"])
    finally:
        os.sched_setaffinity(0, there)
    return Measured(lines, *spent)


def _commits(after: int, until: int, names: int) -> Iterator[dict[str, list[tuple[Any, ...]]]]:
    """Rows of each commit, table by table; identifiers come with the first line that names them."""
    new = {row[0]: row for row in _rows("SELECT * FROM identity_identifier WHERE rowid > %s", names)}
    for commit in _rows("SELECT * FROM ledger_commit WHERE first_seq > %s AND last_seq <= %s", after, until):
        first, last = commit[1:3]
        lines = _rows("SELECT * FROM ledger_line WHERE seq BETWEEN %s AND %s", first, last)
        named = _rows("SELECT identifier FROM ledger_line WHERE seq BETWEEN %s AND %s", first, last)
        yield {
            "ledger_line": lines,
            "ledger_personal": _rows("SELECT * FROM ledger_personal WHERE seq BETWEEN %s AND %s", first, last),
            "ledger_commit": [commit],
            "identity_identifier": [row for (one,) in named if (row := new.pop(one, None)) is not None],
        }


def _rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [tuple(row) for row in cursor.fetchall()]


def beside_empty_views(told: dict[str, float], empty: dict[str, Measured]) -> dict[str, float]:
    """The ratios of single events to the fastest and the cheapest empty view; told and returned."""
    for name, found in empty.items():
        print(f"  empty view, {name:<16}{found.rate:8,.0f}/s  {found.cost:6.3f} ms of the processor each")
    fastest, cheapest = max(one.rate for one in empty.values()), min(one.cost for one in empty.values())
    ratios = {"empty": told["single"] / fastest, "empty_cpu": cheapest / told["single_ms"]}
    words = f"{ratios['empty']:.2f} on the clock, {ratios['empty_cpu']:.2f} of the processor"
    print(f"  ratio of single events to the fastest: {words}")
    return ratios


def curve(sizes: dict[int, dict[str, float]]) -> None:
    """All sizes measured so far beside each other, and how much more an event costs at ten million than at one."""
    print("  the curve: lines, single events/s (× the fastest empty view), events/s in batches (× plain SQL), p99")
    for lines, told in sorted(sizes.items()):
        print(
            f"  {lines:>12,}  {told['single']:8,.0f} ({told.get('empty', float('nan')):.2f})  "
            f"{told['batches']:8,.0f} ({told['sql']:.2f})  {told['p99']:.1f} ms"
        )
    if _MILLION in sizes and _TEN in sizes:
        one, ten = sizes[_MILLION], sizes[_TEN]
        single, batches = (ten[name] / one[name] for name in ("single_ms", "batches_ms"))
        print(f"  growth from 1 to 10 million, of the processor: single events {single:.2f} ×, batches {batches:.2f} ×")


def _empty(words: Sequence[str], many: int, seconds: float) -> Measured:
    with server(*words, path=str(_NINJA)) as (process, port):
        name = "/v1/awaited" if "uvicorn" in words else "/v1/track"
        measure(process, port, requests(port, name, "k", 1, 100), 2)
        return measure(process, port, requests(port, name, "k", 1, many), seconds)


if __name__ == "__main__":
    main()
