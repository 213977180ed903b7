"""Nothing acknowledged is lost, wherever in its work the intake is killed.

``TWOSTROKE_KILLS=1000`` is the torture. Half of the kills fall at purely random instants, the others at random instants
of one phase each; which phase a kill met is read from marks that outlive the process (``marks.py``).
"""

from __future__ import annotations

import os
import random
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest
from django.db import connection

from tests.children import PATIENCE, ROOT, environment, until
from tests.faults.marked import FLYING
from tests.faults.marks import Marks, Moment
from tests.faults.senders import Load, visitors
from tests.intake_steps import accounts
from twostroke.ledger.verify import verify
from twostroke.team.actions import create_key
from twostroke.team.facts import Scope

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("fresh_database")]
KILLS = int(os.environ.get("TWOSTROKE_KILLS", "100"))
LEAST = min(10, KILLS // 10)
CHANCE = random.Random(os.environ.get("TWOSTROKE_SEED"))


class Victim:
    """Servers, one after the other on one socket, that are killed."""

    def __init__(self, process: subprocess.Popen[str], marks: Marks, port: int, output: Path) -> None:
        self._process, self._marks, self.port, self._output = process, marks, port, output

    def begin(self, phase: str) -> int:
        """A new server, to be killed in this phase (``none``: not by itself). Its process id."""
        assert self._process.stdin is not None
        self._marks.clear()
        self._process.stdin.write(phase + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def ended(self) -> Moment:
        """Wait until the server was killed: what it was at."""
        assert int(self._line()) == -signal.SIGKILL, self._told()
        return self._marks.moment()

    def _line(self) -> str:
        out: IO[str] | None = self._process.stdout
        assert out is not None
        ready, _, _ = select.select([out], [], [], 2 * PATIENCE)
        line = out.readline() if ready else ""
        assert line, self._told()
        return line

    def _told(self) -> str:
        return self._output.read_text("utf-8", "replace")[-3000:]


@contextmanager
def victim(folder: Path) -> Iterator[Victim]:
    output, file = folder / "output", folder / "marks"
    marks = Marks(file)
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener, output.open("ab") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.marked", "--fd", str(listener.fileno()), "--marks", str(file)],
            cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
            bufsize=1, pass_fds=(listener.fileno(),), start_new_session=True,
        )  # fmt: skip
        try:
            yield Victim(process, marks, listener.getsockname()[1], output)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def kills(server: Victim, load: Load, phases: tuple[str, ...]) -> list[Moment]:
    """Kill until ``KILLS`` of them met a server with enough requests in flight."""
    found: list[Moment] = []
    while len(found) < KILLS:
        phase = phases[len(found) % len(phases)] if len(found) % 2 else "none"
        before = load.count()
        process = server.begin(phase)
        if phase == "none":
            until(lambda before=before: load.count() > before + 30)
            time.sleep(CHANCE.uniform(0, 0.2))
            os.kill(process, signal.SIGKILL)
        moment = server.ended()
        if moment.flying >= FLYING:
            found.append(moment)
    return found


def test_nothing_acknowledged_is_lost_wherever_the_intake_is_killed(tmp_path: Path) -> None:
    key = create_key(name="sender", scope=Scope.INTAKE_SECRET, source="web").text
    # Where PostgreSQL makes checkpoints it is the database that is killed: see test_intake_postgres.py.
    phases = ("transaction", "answer", "checkpoint") if connection.vendor == "sqlite" else ("transaction", "answer")
    with victim(tmp_path) as server:
        load = Load.start(server.port, key)
        moments = kills(server, load, phases)
        before = load.count()
        server.begin("none")
        until(lambda: load.count() > before + 100)
        load.stop()
    assert load.acknowledged() - visitors() == set()
    assert load.odd() == []
    assert set(load.statuses()) == {200}
    received, stored, duplicate, quarantined = accounts()
    assert received == stored + duplicate + quarantined
    assert quarantined == 0
    assert stored == len(visitors())
    assert verify().problems == ()
    told = {
        "inside a transaction": sum(one.in_transaction for one in moments),
        "between commit and answer": sum(one.before_answer for one in moments),
        "during a checkpoint": sum(one.in_checkpoint for one in moments),
    }
    print(
        f"{len(moments)} kills with at least {FLYING} requests in flight: "
        + ", ".join(f"{count} {where}" for where, count in told.items() if count)
        + f". {load.count():,} events acknowledged, 0 lost; of {load.sum('torn'):,} torn requests "
        f"{load.sum('committed'):,} had been committed, {load.sum('not_committed'):,} had not"
    )
    assert min(count for count in list(told.values())[: len(phases)]) >= LEAST
    # What was marked as committed and not answered, its senders are told when they come again.
    assert load.sum("committed") >= told["between commit and answer"]
    assert load.sum("torn") >= FLYING * len(moments) // 2
