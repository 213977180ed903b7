"""The intake while its PostgreSQL is killed, stays away and comes back under load.

``TWOSTROKE_AWAY=20`` runs the proof: how many seconds it stays away.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests.children import ROOT, child, environment, until
from tests.faults.test_intake_faults import ask, free_port, healthy
from tests.intake_steps import page
from tests.postgres import Postgres

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.usefixtures("fresh_database")]
AWAY = float(os.environ.get("TWOSTROKE_AWAY", "3"))
# After its return nobody may be told "not now" for longer.
SOON = 5.0


@pytest.fixture
def server() -> Iterator[Postgres]:
    found = Postgres(settings=("max_wal_size=256MB", "shared_buffers=64MB")).start()
    yield found
    found.stop()


@dataclass
class Load:
    """Sends one event after the other from several threads, each until it is taken."""

    port: int
    key: str
    acknowledged: set[str] = field(default_factory=set)
    refused_at: list[float] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        self.threads = [threading.Thread(target=self._send, args=(number,), daemon=True) for number in range(4)]
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)

    def _send(self, sender: int) -> None:
        number = 0
        while not self.stopping.is_set():
            number += 1
            name = f"{sender}-{number}"
            while not self._taken(name) and not self.stopping.is_set():
                time.sleep(0.1)

    def _taken(self, name: str) -> bool:
        with suppress(OSError, http.client.HTTPException):
            status, _ = ask(self.port, self.key, [page(1, messageId=name, anonymousId=f"v-{name}")], timeout=60)
            if status == 200:
                self.acknowledged.add(name)
                return True
            assert status == 503
            self.refused_at.append(time.monotonic())
        return False


def run(*words: str, **where: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "twostroke", *words],
        cwd=ROOT, env=environment(**where), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_database_that_is_killed_and_comes_back_costs_nothing_that_was_acknowledged(
    server: Postgres, tmp_path: Path
) -> None:
    where = {"TWOSTROKE_HOME": str(tmp_path / "away"), "TWOSTROKE_DATABASE_URL": server.url()}
    run("init", "--home", where["TWOSTROKE_HOME"], **where)
    made = run("keys", "create", "--scope", "intake-secret", "--name", "sender", "--source", "web", "--json", **where)
    port, output = free_port(), tmp_path / "output"
    load = Load(port, json.loads(made)["key"])
    with child("-m", "twostroke.receiving", "--port", str(port), output=output, **where):
        until(lambda: healthy(port), output=output)
        load.start()
        until(lambda: len(load.acknowledged) > 50, output=output)
        server.kill()
        until(lambda: load.refused_at, output=output)
        told = healthy(port)
        assert told is not None
        assert "the database server does not answer" in told["status"]
        time.sleep(AWAY)
        server.serve()
        back, before = time.monotonic(), len(load.acknowledged)
        time.sleep(SOON)
        until(lambda: len(load.acknowledged) > before + 100, output=output)
        load.stop()
        again = healthy(port)
        assert again is not None
        assert again["status"] == "ok"
    assert [at - back for at in load.refused_at if at > back + SOON] == []
    with psycopg.connect(server.url()) as raw:
        there = {row[0] for row in raw.execute("SELECT raw FROM identity_identifier WHERE raw LIKE 'v-%'")}
    assert {f"v-{name}" for name in load.acknowledged} - there == set()
    assert "Whole" in run("verify", **where)
    print(
        f"away {AWAY:g} s: {len(load.acknowledged):,} acknowledged, 0 lost, {len(load.refused_at):,} told to come again"
    )
