"""The disk takes nothing more, or does not confirm what it took: nothing is acknowledged, and one sentence says why."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.children import until
from tests.databases import point_at
from tests.faults.senders import Load, ask, free_port, healthy, intake, visitors
from tests.intake_steps import accounts, page
from twostroke.kit.home import Home
from twostroke.ledger.verify import verify
from twostroke.team.actions import create_key
from twostroke.team.facts import Scope

pytestmark = [pytest.mark.sqlite, pytest.mark.usefixtures("fresh_database")]


@pytest.fixture
def key(fresh_database: None) -> str:
    return create_key(name="sender", scope=Scope.INTAKE_SECRET, source="web").text


def fat(number: int) -> dict[str, Any]:
    return page(number, messageId=f"fat-{number}", anonymousId=f"v-fat-{number}", context={"note": "x" * 3000})


def refused(port: int, key: str, sentence: str) -> int:
    """Send until five in a row were refused in these words; how many were taken before."""
    taken, in_a_row, number = 0, 0, 0
    while in_a_row < 5:
        number += 1
        assert number < 4000, "it is never refused"
        status, said = ask(port, key, [fat(number)])
        if status == 200:
            taken, in_a_row = taken + 1, 0
            continue
        assert (status, said["code"]) == (503, "storage")
        assert sentence in said["message"]
        in_a_row += 1
    told = healthy(port)
    assert told is not None
    assert re.search(rf"Nothing can be stored since 2\d{{3}}-.*{sentence}", told["status"])
    return taken


def stores_again(port: int, key: str, output: Path) -> None:
    until(lambda: ask(port, key, [page(1_000_000)])[0] == 200, output=output)
    told = healthy(port)
    assert told is not None
    assert told["status"] == "ok"


@pytest.mark.faults
def test_while_the_file_may_not_grow_nothing_is_acknowledged_and_one_sentence_says_since_when(
    key: str, tmp_path: Path
) -> None:
    port, output = free_port(), tmp_path / "output"
    with intake(port, output) as process:
        assert ask(port, key, [page(1)])[0] == 200
        database = Path(str(connection.settings_dict["NAME"]))
        size = max(database.stat().st_size, Path(f"{database}-wal").stat().st_size)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size + 8192, resource.RLIM_INFINITY))
        taken = refused(port, key, "the disk is full")
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        stores_again(port, key, output)
    assert accounts()[1] == 1 + taken + 1
    assert verify().problems == ()


@pytest.mark.torture
def test_on_a_disk_without_room_nothing_is_acknowledged_and_nothing_is_lost(key: str, tmp_path: Path) -> None:
    port, output, small = free_port(), tmp_path / "output", tmp_path / "small"
    with _small_disk(small, "32m"), _home_on(small):
        ballast = small / "ballast"
        with intake(port, output):
            assert ask(port, key, [page(1)])[0] == 200
            _fill(ballast)
            taken = refused(port, key, "the disk is full")
            ballast.unlink()
            stores_again(port, key, output)
        assert accounts()[1] == 1 + taken + 1
        assert verify().problems == ()
    print(f"a disk of 32 MB filled to the last block: {taken} taken before, 5 refused, 0 lost")


@pytest.mark.faults
@pytest.mark.skipif(shutil.which("fiu-run") is None, reason="libfiu is not installed (Debian: fiu-utils)")
def test_while_the_disk_confirms_nothing_nothing_is_acknowledged(key: str, tmp_path: Path) -> None:
    port, output, control = free_port(), tmp_path / "output", tmp_path / "control"
    with intake(port, output, "fiu-run", "-x", "-f", str(control), **_ONE_ALLOCATOR) as process:
        load = Load.start(port, key)
        for _ in range(3):
            before = load.count()
            until(lambda before=before: load.count() > before + 30, output=output)
            _say(control, process, "enable name=posix/io/sync/fsync")
            _say(control, process, "enable name=posix/io/sync/fdatasync")
            refused(port, key, "the disk does not confirm")
            acknowledged = load.count()
            time.sleep(2)  # the write-ahead log would be moved in the meantime: that, too, needs a disk
            refused(port, key, "the disk does not confirm")
            assert load.count() == acknowledged
            _say(control, process, "disable name=posix/io/sync/fsync")
            _say(control, process, "disable name=posix/io/sync/fdatasync")
            stores_again(port, key, output)
        load.stop()
    assert load.acknowledged() - visitors() == set()
    assert set(load.statuses()) == {200, 503}
    assert verify().problems == ()
    print(f"fsync failed 3 times: {load.count():,} acknowledged, 0 lost, {load.statuses()[503]:,} told to come again")


# libfiu watches malloc and mmap, too, and hangs where Arrow's allocator starts a thread while a library is loaded.
_ONE_ALLOCATOR = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}


def _say(control: Path, process: subprocess.Popen[bytes], what: str) -> None:
    """Switch a fault on or off in a running process."""
    subprocess.run(["fiu-ctrl", "-f", str(control), "-c", what, str(process.pid)], check=True)


@contextmanager
def _small_disk(at: Path, size: str) -> Iterator[None]:
    """A file system in memory with room for so much. Only root may make one."""
    at.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(at)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk can be made here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


@contextmanager
def _home_on(disk: Path) -> Iterator[None]:
    """The home and the database of this test, moved to that disk for the length of the block."""
    from django.conf import settings
    from django.db import connections

    home, database = settings.TWOSTROKE_HOME, connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
    shutil.copytree(home.path, disk / "home")
    shutil.copyfile(database, disk / "twostroke.db")
    settings.TWOSTROKE_HOME = Home(disk / "home")
    point_at(str(disk / "twostroke.db"))
    try:
        yield
    finally:
        point_at(database)
        settings.TWOSTROKE_HOME = home


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                os.fsync(file.fileno())
