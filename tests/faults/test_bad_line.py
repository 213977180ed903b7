"""Between the sender and the intake is a line that drops, delays and refuses: each event arrives once."""

from __future__ import annotations

import http.client
import os
import random
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.faults.senders import ask, free_port, intake, visitors
from tests.intake_steps import accounts, page
from twostroke.ledger.verify import verify
from twostroke.team.actions import create_key
from twostroke.team.facts import Scope

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("fresh_database")]
SENT, AT_ONCE = 5_000, 20


@pytest.fixture
def key(fresh_database: None) -> str:
    return create_key(name="sender", scope=Scope.INTAKE_SECRET, source="web").text


def test_over_a_bad_line_each_event_arrives_once(key: str, tmp_path: Path) -> None:
    """A small proxy between cuts connections after the body, answers 503 by itself and delays; clients try again."""
    port, output, chance = free_port(), tmp_path / "output", random.Random(os.environ.get("TWOSTROKE_SEED", "7"))
    with intake(port, output), _bad_line(port, chance) as bad:
        names = [f"e-{n}" for n in range(SENT)]
        for start in range(0, SENT, AT_ONCE):
            those = names[start : start + AT_ONCE]
            some = [page(n, messageId=name, anonymousId=f"v-{name}") for n, name in enumerate(those)]
            _until_taken(lambda some=some: ask(bad, key, some, timeout=60)[0])
    assert visitors() == set(names)
    received, stored, duplicate, quarantined = accounts()
    assert (stored, quarantined) == (SENT, 0)
    assert received == stored + duplicate
    assert duplicate > 0
    assert verify().problems == ()
    print(f"over a bad line {SENT:,} sent = {stored:,} stored; {duplicate:,} came again")


def _until_taken(send: Callable[[], int]) -> None:
    for _ in range(50):
        with suppress(OSError, http.client.HTTPException, ValueError):
            if send() == 200:
                return
        time.sleep(0.02)
    pytest.fail("it was never taken")


@contextmanager
def _bad_line(to: int, chance: random.Random) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            with suppress(OSError):
                taken, _ = listener.accept()
                threading.Thread(target=_one, args=(taken, to, chance.random()), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        ended.set()
        listener.close()


def _one(taken: socket.socket, to: int, luck: float) -> None:
    with taken, suppress(OSError):
        request = _message(taken)
        if luck < 0.2:
            taken.sendall(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\n\r\n{}")
            return
        with socket.create_connection(("127.0.0.1", to)) as onward:
            onward.sendall(request)
            answer = _message(onward)
            if luck > 0.3 and luck < 0.6:
                return  # the answer never arrives
            time.sleep(0.2 if luck > 0.9 else 0)
            taken.sendall(answer)


def _message(line: socket.socket) -> bytes:
    """A request or an answer, whole: its head and its body may come in separate pieces."""
    message = _more(line, b"")
    while b"\r\n\r\n" not in message:
        message = _more(line, message)
    head, _, body = message.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]):
        body = _more(line, body)
    return head + b"\r\n\r\n" + body


def _more(line: socket.socket, so_far: bytes) -> bytes:
    piece = line.recv(65536)
    if not piece:
        raise ConnectionResetError("The other side has hung up.")
    return so_far + piece
