"""Clients that send to an intake until it takes what they have, whatever happens to it, and remember what it took."""

from __future__ import annotations

import http.client
import json
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from tests.children import ROOT, child, environment, until
from tests.intake_steps import basic, page


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def ask(port: int, key: str, events: list[dict[str, Any]], timeout: float = 20) -> tuple[int, Any]:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        asking.request("POST", "/v1/batch", json.dumps({"batch": events}), {"Authorization": basic(key)})
        answer = asking.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        asking.close()


def healthy(port: int) -> dict[str, Any] | None:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with suppress(OSError, http.client.HTTPException):
        asking.request("GET", "/healthz")
        told: dict[str, Any] = json.loads(asking.getresponse().read())
        return told
    return None


@contextmanager
def intake(port: int, output: Path, *before: str, **where: str) -> Iterator[subprocess.Popen[bytes]]:
    """A running intake, started by the program ``before`` where one is named; killed when the block ends."""
    words = ("-m", "twostroke.receiving", "--port", str(port))
    if not before:
        with child(*words, output=output, **where) as process:
            until(lambda: healthy(port), output=output)
            yield process
        return
    with output.open("ab") as file:
        process = subprocess.Popen(
            [*before, sys.executable, *words],
            cwd=ROOT, env=environment(**where), stdout=file, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        until(lambda: healthy(port), output=output)
        yield process
    finally:
        process.kill()
        process.wait()


@dataclass
class Sender(threading.Thread):
    """Sends batch after batch, each until it is acknowledged, and remembers which were."""

    port: int
    key: str
    number: int
    stopping: threading.Event
    load: str
    at_once: int = 3
    acknowledged: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    odd: list[Any] = field(default_factory=list)
    refused_at: list[float] = field(default_factory=list)
    torn: int = 0
    # Of batches whose request was torn: those that were on the disk already, and those that were not.
    committed: int = 0
    not_committed: int = 0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return self.number

    def run(self) -> None:
        batch = 0
        while not self.stopping.is_set():
            batch += 1
            names = [f"{self.load}-{self.number}-{batch}-{n}" for n in range(self.at_once)]
            events = [page(n, messageId=name, anonymousId=f"v-{name}") for n, name in enumerate(names)]
            was_torn = False
            while not self.stopping.is_set():
                try:
                    status, said = ask(self.port, self.key, events, timeout=60)
                except ConnectionRefusedError:
                    time.sleep(0.05)
                    continue
                except (OSError, http.client.HTTPException, ValueError):
                    self.torn, was_torn = self.torn + 1, True
                    time.sleep(0.01)
                    continue
                self.statuses[status] += 1
                if status == 200:
                    self._note(names, said["results"], was_torn)
                    break
                self.refused_at.append(time.monotonic())
                time.sleep(0.1)

    def _note(self, names: list[str], results: list[dict[str, Any]], was_torn: bool) -> None:
        became = {one["status"] for one in results}
        if len(results) != len(names) or len(became) != 1 or not became <= {"stored", "duplicate"}:
            self.odd.append(results)
        self.acknowledged.update(names)
        if was_torn:
            self.committed += became == {"duplicate"}
            self.not_committed += became == {"stored"}


@dataclass(frozen=True, slots=True)
class Load:
    """Several senders at once."""

    senders: tuple[Sender, ...]
    stopping: threading.Event

    @classmethod
    def start(cls, port: int, key: str, many: int = 10) -> Load:
        stopping, name = threading.Event(), secrets.token_hex(4)
        load = cls(tuple(Sender(port, key, number, stopping, name) for number in range(many)), stopping)
        for sender in load.senders:
            sender.start()
        return load

    def stop(self) -> None:
        self.stopping.set()
        for sender in self.senders:
            sender.join(90)

    def count(self) -> int:
        """How many events were acknowledged so far."""
        return sum(len(sender.acknowledged) for sender in self.senders)

    def acknowledged(self) -> set[str]:
        return {name for sender in self.senders for name in sender.acknowledged}

    def sum(self, name: str) -> int:
        return sum(getattr(sender, name) for sender in self.senders)

    def odd(self) -> list[Any]:
        """Answers that should not have been."""
        return [one for sender in self.senders for one in sender.odd]

    def refused_at(self) -> list[float]:
        """When, by the monotonic clock, somebody was told to come again."""
        return [at for sender in self.senders for at in sender.refused_at]

    def statuses(self) -> Counter[int]:
        return sum((sender.statuses for sender in self.senders), Counter())


def visitors() -> set[str]:
    """The visitors that are on the log: each event was about one of its own, named as the event."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT raw FROM identity_identifier WHERE raw LIKE %s", ["v-%"])
        return {raw.removeprefix("v-") for (raw,) in cursor.fetchall()}
