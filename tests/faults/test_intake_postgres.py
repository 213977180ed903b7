"""The intake while its PostgreSQL is killed, stops, is silent, and comes back under load.

``TWOSTROKE_AWAY=20`` is the proof: how many seconds it is away. ``TWOSTROKE_KILLS``: a tenth as many fall here.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.children import ROOT, environment, until
from tests.faults.senders import Load, free_port, healthy, intake
from tests.postgres import Postgres

pytestmark = [pytest.mark.faults, pytest.mark.postgres]
AWAY = float(os.environ.get("TWOSTROKE_AWAY", "2"))
KILLS = max(1, int(os.environ.get("TWOSTROKE_KILLS", "100")) // 10)
# After its return nobody may be told "not now" for longer.
SOON = 5.0


@dataclass(frozen=True)
class Installed:
    """An installation on a server of its own, and a key."""

    server: Postgres
    where: dict[str, str]
    key: str

    def missing(self, acknowledged: set[str]) -> set[str]:
        """What was acknowledged and is not on the log."""
        with psycopg.connect(self.server.url()) as raw:
            there = {row[0] for row in raw.execute("SELECT raw FROM identity_identifier WHERE raw LIKE 'v-%'")}
        return {f"v-{name}" for name in acknowledged} - there


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    # Durable, as people run it; after a kill it syncs its disk in one call instead of file by file.
    durable = ("max_wal_size=256MB", "shared_buffers=64MB", "recovery_init_sync_method=syncfs")
    server = Postgres(settings=durable).start()
    try:
        where = {"TWOSTROKE_HOME": str(tmp_path_factory.mktemp("away")), "TWOSTROKE_DATABASE_URL": server.url()}
        run(where, "init", "--home", where["TWOSTROKE_HOME"])
        made = run(where, "keys", "create", "--scope", "intake-secret", "--name", "sender", "--source", "web", "--json")
        yield Installed(server, where, json.loads(made)["key"])
    finally:
        server.stop()


def run(where: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "twostroke", *words],
        cwd=ROOT, env=environment(**where), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_database_that_goes_away_and_comes_back_costs_nothing_that_was_acknowledged(
    installed: Installed, tmp_path: Path
) -> None:
    port, output, server = free_port(), tmp_path / "output", installed.server
    ways = {
        "killed": (server.kill, "the database server does not answer", server.serve),
        "stopped": (server.halt, "the database server does not answer", server.serve),
        "silent": (server.freeze, "the database does not answer", server.thaw),
    }
    with intake(port, output, **installed.where):
        load = Load.start(port, installed.key, many=4)
        for how, (goes, sentence, comes_back) in ways.items():
            before, refused = load.count(), len(load.refused_at())
            until(lambda before=before: load.count() > before + 50, output=output)
            goes()
            until(lambda sentence=sentence: sentence in status(port), output=output)
            time.sleep(AWAY)
            comes_back()
            back, before = time.monotonic(), load.count()
            time.sleep(SOON)
            until(lambda before=before: load.count() > before + 100, output=output)
            until(lambda: status(port) == "ok", output=output)
            told = load.refused_at()[refused:]
            assert [at - back for at in told if at > back + SOON] == [], how
            late = max((at - back for at in told), default=0.0)
            print(f"{how}, away {AWAY:g} s: {len(told)} told to come again, the last {max(0.0, late):.1f} s after")
        load.stop()
    assert set(load.statuses()) <= {200, 503}
    assert load.odd() == []
    assert installed.missing(load.acknowledged()) == set()
    assert "Whole" in run(installed.where, "verify")
    print(f"away three times: {load.count():,} acknowledged, 0 lost")


def status(port: int) -> str:
    return (healthy(port) or {"status": ""})["status"]


def test_a_database_killed_in_the_midst_of_checkpoints_loses_nothing_that_was_acknowledged(
    installed: Installed, tmp_path: Path
) -> None:
    port, output, server = free_port(), tmp_path / "output", installed.server
    chance, within, usual, tries = random.Random(os.environ.get("TWOSTROKE_SEED")), 0, 0.02, 0
    with intake(port, output, **installed.where):
        load = Load.start(port, installed.key, many=6)
        while within < KILLS:
            tries += 1
            assert tries <= 5 * KILLS + 20, "checkpoints end before a kill can meet them"
            before = load.count()
            until(lambda before=before: load.count() > before + 50, output=output)
            checkpoint = Checkpoint(server)
            time.sleep(chance.uniform(0, usual))
            server.kill()
            checkpoint.join()
            within += checkpoint.broken
            usual = 0.7 * usual + 0.3 * min(checkpoint.seconds, 1)
            server.serve()
        before = load.count()
        until(lambda: load.count() > before + 50, output=output)
        load.stop()
    assert load.odd() == []
    assert set(load.statuses()) <= {200, 503}
    assert installed.missing(load.acknowledged()) == set()
    assert "Whole" in run(installed.where, "verify")
    print(
        f"the database killed {tries} times, {within} of them during a checkpoint: {load.count():,} events "
        f"acknowledged, 0 lost"
    )


class Checkpoint(threading.Thread):
    """CHECKPOINT, said from beside. ``broken``: it had begun and not ended when the server went."""

    def __init__(self, server: Postgres) -> None:
        super().__init__(daemon=True)
        self.broken, self.seconds = False, 0.0
        self._began = threading.Event()
        self._connection = psycopg.connect(server.url(), autocommit=True)
        self.start()
        assert self._began.wait(60)

    def run(self) -> None:
        began = time.monotonic()
        self._began.set()
        try:
            self._connection.execute("CHECKPOINT")
        except psycopg.OperationalError:
            self.broken = True
        self.seconds = time.monotonic() - began
        self._connection.close()
