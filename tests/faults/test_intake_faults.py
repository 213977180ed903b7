"""The intake under faults: killed in the midst of requests, a full disk, torn connections, a clock set back.

``TWOSTROKE_KILLS=100`` runs the proof.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.children import ROOT, child, environment, until
from tests.intake_steps import accounts, basic, page
from twostroke.ledger.queries import lines_after
from twostroke.ledger.verify import verify
from twostroke.team.actions import create_key
from twostroke.team.facts import Scope

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("fresh_database")]
KILLS = int(os.environ.get("TWOSTROKE_KILLS", "5"))
SENDERS = 6


@pytest.fixture
def key(fresh_database: None) -> str:
    return create_key(name="sender", scope=Scope.INTAKE_SECRET, source="web").text


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def ask(port: int, key: str, events: list[dict[str, Any]], timeout: float = 20) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("POST", "/v1/batch", json.dumps({"batch": events}), {"Authorization": basic(key)})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def healthy(port: int) -> dict[str, Any] | None:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with suppress(OSError, http.client.HTTPException):
        asking.request("GET", "/healthz")
        told: dict[str, Any] = json.loads(asking.getresponse().read())
        return told
    return None


@contextmanager
def intake(port: int, output: Path, *before: str) -> Iterator[subprocess.Popen[bytes]]:
    words = [*before, sys.executable] if before else []
    if words:
        with output.open("ab") as file:
            process = subprocess.Popen(
                [*words, "-m", "twostroke.receiving", "--port", str(port)],
                cwd=ROOT, env=environment(), stdout=file, stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            until(lambda: healthy(port), output=output)
            yield process
        finally:
            process.kill()
            process.wait()
        return
    with child("-m", "twostroke.receiving", "--port", str(port), output=output) as process:
        until(lambda: healthy(port), output=output)
        yield process


@dataclass
class Sender(threading.Thread):
    """Sends batch after batch, each until it is acknowledged, and remembers which were."""

    port: int
    key: str
    number: int
    stopping: threading.Event
    acknowledged: set[str] = field(default_factory=set)
    statuses: dict[int, int] = field(default_factory=dict)
    torn: int = 0
    # Of requests that were torn: those that were on the disk already, and those that were not.
    answered_too_late: int = 0
    not_committed: int = 0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return self.number

    def run(self) -> None:
        batch = 0
        while not self.stopping.is_set():
            batch += 1
            sent = False
            names = [f"{self.number}-{batch}-{n}" for n in range(5)]
            events = [page(n, messageId=name, anonymousId=f"v-{name}") for n, name in enumerate(names)]
            while not self.stopping.is_set():
                try:
                    status, said = ask(self.port, self.key, events)
                except ConnectionRefusedError:
                    time.sleep(0.05)
                    continue
                except (OSError, http.client.HTTPException, ValueError):
                    self.torn, sent = self.torn + 1, True
                    time.sleep(0.05)
                    continue
                self.statuses[status] = self.statuses.get(status, 0) + 1
                if status == 200:
                    assert {one["status"] for one in said["results"]} <= {"stored", "duplicate"}
                    self.acknowledged.update(names)
                    if sent:
                        again = said["results"][0]["status"] == "duplicate"
                        self.answered_too_late += again
                        self.not_committed += not again
                    break
                time.sleep(0.1)


def sending(port: int, key: str) -> tuple[list[Sender], threading.Event]:
    stopping = threading.Event()
    senders = [Sender(port, key, number, stopping) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    return senders, stopping


def paths() -> set[str]:
    """The visitors that are on the log: each event was about one of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT raw FROM identity_identifier WHERE raw LIKE %s", ["v-%"])
        return {raw.removeprefix("v-") for (raw,) in cursor.fetchall()}


def test_nothing_acknowledged_is_lost_when_the_intake_is_killed_in_the_midst_of_requests(
    key: str, tmp_path: Path
) -> None:
    port, output, chance = free_port(), tmp_path / "output", random.Random(os.environ.get("TWOSTROKE_SEED"))
    senders, stopping = sending(port, key)
    for _ in range(KILLS):
        with intake(port, output) as process:
            before = sum(len(sender.acknowledged) for sender in senders)
            until(lambda before=before: sum(len(s.acknowledged) for s in senders) > before + 50, output=output)
            time.sleep(chance.uniform(0, 0.05))
            process.send_signal(signal.SIGKILL)
            process.wait()
    with intake(port, output):
        before = sum(len(sender.acknowledged) for sender in senders)
        until(lambda: sum(len(s.acknowledged) for s in senders) > before + 50, output=output)
        stopping.set()
        for sender in senders:
            sender.join(30)
    acknowledged = {name for sender in senders for name in sender.acknowledged}
    assert acknowledged - paths() == set()
    assert sum(sender.torn for sender in senders) >= KILLS
    received, stored, duplicate, quarantined = accounts()
    assert received == stored + duplicate + quarantined
    assert quarantined == 0
    assert stored >= len(acknowledged)
    assert verify().problems == ()
    torn, before, after = (
        sum(getattr(sender, name) for sender in senders) for name in ("torn", "not_committed", "answered_too_late")
    )
    print(
        f"{KILLS} kills: {len(acknowledged):,} events acknowledged, 0 lost; of {torn:,} requests in flight "
        f"{before:,} were not committed, {after:,} were committed and not yet answered"
    )


@pytest.mark.sqlite
def test_while_the_disk_is_full_nothing_is_acknowledged_and_one_sentence_says_since_when(
    key: str, tmp_path: Path
) -> None:
    port, output = free_port(), tmp_path / "output"
    with intake(port, output) as process:
        assert ask(port, key, [page(1)])[0] == 200
        held = Path(settings.TWOSTROKE_HOME.path)
        assert held.is_dir()
        database = Path(str(connection.settings_dict["NAME"]))
        size = max(database.stat().st_size, Path(f"{database}-wal").stat().st_size)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size + 8192, resource.RLIM_INFINITY))
        acknowledged, refused = 1, 0
        for number in range(2, 400):
            status, said = ask(port, key, [page(number, context={"note": "x" * 3000})])
            if status == 200:
                acknowledged += 1
            else:
                assert (status, said["code"]) == (503, "storage")
                assert "disk is full" in said["message"]
                refused += 1
            if refused >= 5:
                break
        assert refused >= 5
        told = healthy(port)
        assert told is not None
        assert re.search(r"Nothing can be stored since 2\d{3}-.*the disk is full", told["status"])
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        until(lambda: ask(port, key, [page(1000)])[0] == 200, output=output)
        again = healthy(port)
        assert again is not None
        assert again["status"] == "ok"
    assert accounts()[1] == acknowledged + 1
    assert verify().problems == ()


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.sqlite
def test_the_answer_leaves_only_after_the_disk_has_what_it_answers_for(key: str, tmp_path: Path) -> None:
    port, output, trace = free_port(), tmp_path / "output", tmp_path / "trace"
    calls = "trace=fdatasync,fsync,sendto,write,writev,sendmsg,read,recvfrom,recvmsg"
    with intake(port, output, "strace", "-f", "-qq", "-s", "40", "-e", calls, "-o", str(trace)):
        for number in range(20):
            assert ask(port, key, [page(number)])[0] == 200
    synced, answers = True, 0
    for line in trace.read_text("utf-8", "replace").splitlines():
        if re.search(r"(read|recvfrom|recvmsg)\(.*POST /v1/batch", line):
            synced = False
        elif re.search(r"f(data)?sync(\(\d+\)|\s+resumed>\)?\s*\)?)\s*= 0|<\.\.\. f(data)?sync resumed>\)\s*= 0", line):
            synced = True
        elif "HTTP/1.1 200" in line and re.search(r"(write|writev|sendto|sendmsg)\(", line):
            answers += 1
            assert synced or answers == 1, line  # the first 200 may be that of /healthz
    assert answers >= 20


@pytest.mark.sqlite
def test_stopped_it_stores_what_waits_and_answers_it(key: str, tmp_path: Path) -> None:
    port, output = free_port(), tmp_path / "output"
    with intake(port, output) as process:
        senders, stopping = sending(port, key)
        until(lambda: sum(len(s.acknowledged) for s in senders) > 100, output=output)
        process.terminate()
        assert process.wait(30) == 0
        stopping.set()
        for sender in senders:
            sender.join(30)
    acknowledged = {name for sender in senders for name in sender.acknowledged}
    assert acknowledged - paths() == set()
    assert verify().problems == ()


def test_over_a_bad_line_each_event_arrives_once(key: str, tmp_path: Path) -> None:
    """A small proxy between cuts connections after the body, answers 503 by itself and delays; clients try again."""
    port, output, chance = free_port(), tmp_path / "output", random.Random(7)
    with intake(port, output), _bad_line(port, chance) as bad:
        names = [f"e-{n}" for n in range(200)]
        for start in range(0, len(names), 10):
            some = [
                page(n, messageId=name, anonymousId=f"v-{name}") for n, name in enumerate(names[start : start + 10])
            ]
            _until_taken(lambda some=some: ask(bad, key, some, timeout=5)[0])
    assert paths() == set(names)
    received, stored, duplicate, quarantined = accounts()
    assert (stored, quarantined) == (len(names), 0)
    assert received == stored + duplicate
    assert duplicate > 0


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


def test_a_clock_set_back_six_hours_stops_nothing_and_stamps_go_on_rising(key: str) -> None:
    from tests.intake_steps import serving
    from twostroke.kit.time import now_micros, set_clock

    with serving() as web:
        assert web.batch(page(1)).said == ["stored"]
        back = now_micros() - 6 * 3_600_000_000
        set_clock(lambda: back)
        assert web.batch(page(2), page(1)).said == ["stored", "duplicate"]
    stamps = [line.recorded_at for line in lines_after(0, 100)]
    assert stamps == sorted(stamps)
    assert verify().problems == ()
