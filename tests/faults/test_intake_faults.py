"""An answer leaves after the disk has it, a stop stores what waits, a clock that goes back stops nothing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.children import until
from tests.faults.senders import Load, ask, free_port, intake, visitors
from tests.intake_steps import page, serving
from twostroke.kit.time import now_micros, set_clock
from twostroke.ledger.queries import lines_after
from twostroke.ledger.verify import verify
from twostroke.team.actions import create_key
from twostroke.team.facts import Scope

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("fresh_database")]


@pytest.fixture
def key(fresh_database: None) -> str:
    return create_key(name="sender", scope=Scope.INTAKE_SECRET, source="web").text


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
        load = Load.start(port, key)
        until(lambda: load.count() > 100, output=output)
        process.terminate()
        assert process.wait(60) == 0
        load.stop()
    assert load.acknowledged() - visitors() == set()
    assert load.odd() == []
    assert verify().problems == ()


def test_a_clock_set_back_six_hours_stops_nothing_and_stamps_go_on_rising(key: str) -> None:
    with serving() as web:
        assert web.batch(page(1)).said == ["stored"]
        back = now_micros() - 6 * 3_600_000_000
        set_clock(lambda: back)
        assert web.batch(page(2), page(1)).said == ["stored", "duplicate"]
    stamps = [line.recorded_at for line in lines_after(0, 100)]
    assert stamps == sorted(stamps)
    assert verify().problems == ()
