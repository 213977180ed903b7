"""The intake beside empty views: ``python -m benchmarks.intake LINES [--seconds 5]``.

Single events with a key, one a request, to a running intake over a home of LINES lines; the same to three empty
django-ninja views (uvicorn, gunicorn sync, gunicorn gthread), which check nothing and store nothing. Then batches
of 100. Servers run on one core, the sender on the others. Told are requests a second on the clock, and what a request
costs of the server's processor time, which other work on the machine moves less.

django-ninja is looked for in ``build/bench/ninja`` (``pip install --target build/bench/ninja django-ninja``).
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.homes import ROOT, open_home

SENDERS = 32
_TICK = os.sysconf("SC_CLK_TCK")
_NINJA = ROOT / "build" / "bench" / "ninja"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run gave: requests answered with 200, seconds on the clock, seconds of the server's processor."""

    answered: int
    wall: float
    processor: float

    @property
    def rate(self) -> float:
        """Requests a second on the clock."""
        return self.answered / self.wall

    @property
    def cost(self) -> float:
        """Milliseconds of the server's processor for a request."""
        return 1000 * self.processor / max(1, self.answered)


def event() -> dict[str, Any]:
    """A page view of a visitor of its own, with what clients send along."""
    name = uuid.uuid4().hex
    return {
        "type": "page", "messageId": name, "anonymousId": f"v-{name[:12]}", "originalTimestamp": "2026-11-24T08:00:00Z",
        "sentAt": "2026-11-24T08:00:01Z", "name": "Pricing",
        "properties": {"url": "https://www.example.com/pricing?utm_source=mail", "title": "Pricing"},
        "context": {
            "library": {"name": "analytics.js", "version": "2"}, "ip": "192.0.2.7", "locale": "de-AT",
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64)", "campaign": {"source": "mail", "medium": "email"},
        },
    }  # fmt: skip


def requests(port: int, path: str, key: str, at_once: int, number: int) -> list[bytes]:
    """Whole requests, made beforehand: making them must not be measured."""
    found = []
    coded = base64.b64encode(f"{key}:".encode()).decode()
    for _ in range(number):
        said = event() if at_once == 1 else {"batch": [event() for _ in range(at_once)]}
        body = json.dumps(said).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Basic {coded}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        found.append(head.encode() + body)
    return found


async def _send(port: int, waiting: Iterator[bytes], until: float) -> int:
    """One connection: request after request until the time is over or there are no more; how many were taken."""
    reader = writer = None
    taken = 0
    for request in waiting:
        if time.monotonic() > until:
            break
        if writer is None or reader is None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        lower = head.lower()
        if b"chunked" in lower:
            body = await reader.readuntil(b"0\r\n\r\n")
        else:
            body = await reader.readexactly(int(lower.partition(b"content-length:")[2].partition(b"\r\n")[0]))
        if b" 200 " not in head[:16] or b"quarantined" in body:
            raise RuntimeError(f"not taken: {head[:60]!r} {body[:200]!r}")
        taken += 1
        if b"connection: close" in lower:
            writer.close()
            reader = writer = None
    if writer is not None:
        writer.close()
    return taken


def measure(process: subprocess.Popen[bytes], port: int, sent: Sequence[bytes], seconds: float) -> Measured:
    """Send for so many seconds from many connections at once."""

    async def all_of_them() -> int:
        waiting, until = iter(sent), time.monotonic() + seconds
        return sum(await asyncio.gather(*[_send(port, waiting, until) for _ in range(SENDERS)]))

    before, began = _processor(process.pid), time.monotonic()
    answered = asyncio.run(all_of_them())
    return Measured(answered, time.monotonic() - began, _processor(process.pid) - before)


def _processor(pid: int) -> float:
    """Seconds of processor time of a process and its children."""
    pids = [
        pid,
        *map(
            int, subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
        ),
    ]
    total = 0
    for one in pids:
        with open(f"/proc/{one}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICK


@contextmanager
def server(*words: str, path: str = "") -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server on the first core; ``PORT`` in its words is where it listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = [word.replace("PORT", str(port)) for word in words]
    where = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT / "src"), str(ROOT), path]))}
    process = subprocess.Popen(["taskset", "-c", "0", sys.executable, "-m", *told], cwd=ROOT, env=where)
    try:
        _wait_for(port)
        yield process, port
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not come up")


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
    os.environ["TWOSTROKE_HOME"] = str(home)
    key = _key()
    os.sched_setaffinity(0, set(range(1, os.cpu_count() or 1)) or {0})
    many = int(options.seconds * 6000)
    with server("benchmarks.unlimited", "PORT") as (process, port):
        measure(process, port, requests(port, "/v1/page", key, 1, 200), 2)
        single = measure(process, port, requests(port, "/v1/page", key, 1, many), options.seconds)
        batches = measure(process, port, requests(port, "/v1/batch", key, 100, many // 50), options.seconds)
    print(f"intake, single events  {single.rate:8,.0f}/s  {single.cost:6.3f} ms of the processor each")
    print(
        f"intake, batches of 100 {100 * batches.rate:8,.0f}/s  {batches.cost / 100:6.3f} ms of the processor an event"
    )
    if not _NINJA.is_dir():
        print("django-ninja is not there: nothing to compare with (see the head of this file)")
        return
    empty = {name: _empty(words, many, options.seconds) for name, words in EMPTY.items()}
    for name, found in empty.items():
        print(f"empty view, {name:<16}{found.rate:8,.0f}/s  {found.cost:6.3f} ms of the processor each")
    fastest, cheapest = max(one.rate for one in empty.values()), min(one.cost for one in empty.values())
    print(
        f"ratio to the fastest: {single.rate / fastest:.2f} on the clock, {cheapest / single.cost:.2f} of the processor"
    )


def _empty(words: Sequence[str], many: int, seconds: float) -> Measured:
    with server(*words, path=str(_NINJA)) as (process, port):
        name = "/v1/awaited" if "uvicorn" in words else "/v1/track"
        measure(process, port, requests(port, name, "k", 1, 100), 2)
        return measure(process, port, requests(port, name, "k", 1, many), seconds)


def _key() -> str:
    from twostroke.team.actions import create_key
    from twostroke.team.facts import Scope

    return create_key(name=f"bench-{uuid.uuid4().hex[:8]}", scope=Scope.INTAKE_SECRET).text


if __name__ == "__main__":
    main()
