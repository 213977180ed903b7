"""How soon tables show what came in: ``python -m benchmarks.tail LINES [--rate 1000] [--seconds 60]``.

Lines are sent at a steady rate, in batches of 20, to the intake server of a home of LINES lines; the worker runs
beside it. Every tenth is a form of a visitor of its own. Its line is *shown* when the last table folded from it, where
the visitor stands in the lifecycle, has its row. Told are the time from the line's stamp, just before its commit, to
the instant a look finds the row (a look every 20 ms), and what share of a processor server and worker took.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.homes import ROOT, fill, open_home
from benchmarks.http_load import event, new_key, processor, server

AT_ONCE, EVERY = 20, 10
LOOK_SECONDS, LONGEST_WAIT = 0.02, 60.0
_SHOWN = (
    "SELECT l.seq, l.recorded_at, s.subject IS NOT NULL FROM ledger_line l LEFT JOIN relay_standing s "
    "ON s.subject = l.identifier WHERE l.seq IN (SELECT value FROM json_each(%s))"
)
_NEW = "SELECT seq FROM ledger_line WHERE seq > %s AND kind = 'form.submitted' ORDER BY seq"


def requests(port: int, key: str, number: int) -> list[bytes]:
    """Whole requests, made beforehand."""
    coded = base64.b64encode(f"{key}:".encode()).decode()
    found = []
    for _ in range(number):
        events = [event() if place % EVERY else _form() for place in range(AT_ONCE)]
        body = json.dumps({"batch": events}).encode()
        head = (
            f"POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Basic {coded}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        found.append(head.encode() + body)
    return found


def _form() -> dict[str, Any]:
    return {**event(), "type": "track", "event": "Form Submitted", "properties": {"form": "Ask for a price"}}


async def send(port: int, waiting: Sequence[bytes], rate: float) -> float:
    """Send at the rate, whether answers come in time or not; the most seconds that a request began late."""
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(8):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    began, latest, under_way = time.monotonic(), 0.0, set[asyncio.Task[None]]()
    for number, request in enumerate(waiting):
        due = began + number * AT_ONCE / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        connection = await free.get()
        latest = max(latest, time.monotonic() - due)
        task = asyncio.create_task(_one(connection, request, free))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    await asyncio.gather(*under_way)
    return latest


async def _one(connection: Any, request: bytes, free: asyncio.Queue[Any]) -> None:
    reader, writer = connection
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    body = await reader.readexactly(length)
    if b" 200 " not in head[:16] or b"quarantined" in body:
        raise RuntimeError(f"not taken: {head[:60]!r} {body[:200]!r}")
    free.put_nowait(connection)


class Watcher:
    """Looks which of the forms that came in are shown by now; ``waits`` are microseconds."""

    def __init__(self, after: int) -> None:
        self.waits: list[int] = []
        self._after = after
        self._waiting: set[int] = set()
        self._last, self._ended = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Watcher:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        from django.db import connection

        while not (self._ended.is_set() and self._nothing_comes()):
            self._look(connection)
            time.sleep(LOOK_SECONDS)
        connection.close()

    def _nothing_comes(self) -> bool:
        """Whether all that was sent is shown, or too long was waited for it."""
        self._last = self._last or time.monotonic()
        return (not self._waiting and time.monotonic() - self._last > 2) or time.monotonic() - self._last > LONGEST_WAIT

    def _look(self, connection: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_NEW, [self._after])
            new = [seq for (seq,) in cursor.fetchall()]
            self._after = max([self._after, *new])
            self._waiting.update(new)
            cursor.execute(_SHOWN, [json.dumps(sorted(self._waiting))])
            now = time.time_ns() // 1000
            for seq, stamp, shown in cursor.fetchall():
                if shown:
                    self._waiting.discard(seq)
                    self.waits.append(now - stamp)

    @property
    def never(self) -> int:
        """How many were not shown within the longest wait."""
        return len(self._waiting)


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """The worker as the supervisor starts it."""
    where = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    process = subprocess.Popen(
        [sys.executable, "-m", "twostroke.worker"], cwd=ROOT, env=where, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", type=int)
    parser.add_argument("--rate", type=float, default=1000, help="lines a second (default: 1000)")
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    name = f"tail-{options.lines}"
    if options.lines == 0:
        shutil.rmtree(Path(ROOT / "build" / "bench" / name), ignore_errors=True)
    open_home(options.lines, name)
    fill(options.lines)
    from twostroke.ledger.queries import head_seq

    key, number = new_key(), int(options.rate * options.seconds / AT_ONCE)
    with worker() as folding, server("twostroke.receiving", "--port", "PORT") as (taking, port):
        made = requests(port, key, number)
        asyncio.run(send(port, requests(port, key, 25), options.rate / 2))  # both have come up and loaded all they need
        time.sleep(2)
        before, began = [processor(one.pid) for one in (taking, folding)], time.monotonic()
        with Watcher(head_seq()) as watcher:
            late = asyncio.run(send(port, made, options.rate))
            took = time.monotonic() - began
            spent = [processor(one.pid) - first for one, first in zip((taking, folding), before, strict=True)]
        _tell(watcher, number * AT_ONCE, took, late, spent)


def _tell(watcher: Watcher, lines: int, took: float, late: float, spent: Sequence[float]) -> None:
    waits = sorted(watcher.waits)
    if not waits:
        raise SystemExit("nothing was shown")

    def at(share: float) -> float:
        return waits[min(len(waits) - 1, int(share * len(waits)))] / 1e6

    print(
        f"tail, {lines:,} lines sent in {took:.1f} s: {lines / took:,.0f}/s; a request began {late:.2f} s late at most"
    )
    soon = sum(wait <= 1_000_000 for wait in waits) / len(waits)
    print(f"tail, from stamp to shown: p50 {at(0.5):.3f} s, p99 {at(0.99):.3f} s, longest {waits[-1] / 1e6:.3f} s")
    print(f"tail, within a second: {soon:.2%} of {len(waits):,} looked at")
    print(f"tail, not shown after {LONGEST_WAIT:.0f} s: {watcher.never}")
    print(f"tail, of one processor: intake {spent[0] / took:.0%}, worker {spent[1] / took:.0%}")


if __name__ == "__main__":
    main()
