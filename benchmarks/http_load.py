"""Servers on one core and many connections that send to them: what a request takes on the clock and the processor."""

from __future__ import annotations

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

from benchmarks.homes import ROOT

SENDERS = 32
SERVERS_CORE = 0
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
_TICK = os.sysconf("SC_CLK_TCK")


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
            "userAgent": _BROWSER, "campaign": {"source": "mail", "medium": "email"},
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

    before, began = processor(process.pid), time.monotonic()
    answered = asyncio.run(all_of_them())
    return Measured(answered, time.monotonic() - began, processor(process.pid) - before)


def processor(pid: int) -> float:
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
    process = subprocess.Popen(["taskset", "-c", str(SERVERS_CORE), sys.executable, "-m", *told], cwd=ROOT, env=where)
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


def new_key() -> str:
    """A secret key of a source of its own, made in the home at hand."""
    from twostroke.team.actions import create_key
    from twostroke.team.facts import Scope

    return create_key(name=f"bench-{uuid.uuid4().hex[:8]}", scope=Scope.INTAKE_SECRET).text
