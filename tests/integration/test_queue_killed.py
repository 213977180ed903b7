"""Workers that are killed, stopped and woken: nothing lost, nothing twice, nothing stuck.

``TWOSTROKE_KILLS=25`` runs the proof: 25 kills during 5,000 jobs, under the lease that people have.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection, transaction

from tests.children import child, until
from tests.queued_work import EFFECTS
from twostroke.ledger.actions import say
from twostroke.ledger.facts import Draft, Precision, definition_subject
from twostroke.ledger.projecting import behind
from twostroke.queue.actions import check_fence, claim, enqueue, finish
from twostroke.queue.facts import LEASE_MS, State
from twostroke.queue.queries import counts, job

pytestmark = pytest.mark.usefixtures("fresh_database")

KILLS = int(os.environ.get("TWOSTROKE_KILLS", "3"))
JOBS, LEASE = (5_000, LEASE_MS) if KILLS >= 25 else (30 * KILLS, 1_000)
WORK = ("-m", "tests.queued_work")


def worker(lease_ms: int = 1_000, grace_seconds: float = 5.0) -> tuple[str, ...]:
    return (*WORK, str(lease_ms), str(grace_seconds))


def unfinished() -> int:
    found = counts()
    return found[State.WAITING] + found[State.RUNNING]


def rows(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [tuple(row) for row in cursor.fetchall()]


def test_of_jobs_whose_worker_is_killed_none_is_lost_none_twice_none_stuck(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(EFFECTS)
    with transaction.atomic():
        asked = {enqueue(kind=("row", "line")[number % 2], payload={}): ("row", "line")[number % 2]
                 for number in range(JOBS)}  # fmt: skip
    chance = random.Random(os.environ.get("TWOSTROKE_SEED"))
    output = tmp_path / "output"
    for left in sorted((chance.randrange(JOBS // 50, JOBS) for _ in range(KILLS)), reverse=True):
        with child(*worker(LEASE), output=output) as process:
            until(lambda left=left: unfinished() <= left, seconds=300, output=output)
            time.sleep(chance.uniform(0, 0.02))
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
    with child(*worker(LEASE), output=output):
        until(lambda: not counts()[State.WAITING], seconds=300, output=output)
        until(lambda: not unfinished(), seconds=60, output=output)
    assert counts()[State.DONE] == JOBS
    wanted = {kind: {key for key, its in asked.items() if its == kind} for kind in ("row", "line")}
    assert Counter(key for (key,) in rows("SELECT job FROM effect")) == Counter(wanted["row"])
    said = [str(name) for (name,) in rows("SELECT message_id FROM ledger_line WHERE source = 'jobs'")]
    assert Counter(said) == Counter(f"job.{key}" for key in wanted["line"])


def test_a_worker_stopped_past_its_lease_and_woken_has_no_effect(tmp_path: Path) -> None:
    asked = enqueue(kind="outside", payload={"folder": str(tmp_path)})
    output = tmp_path / "output"
    with child(*worker(lease_ms=500), output=output) as process:
        until((tmp_path / "begun").exists, output=output)
        process.send_signal(signal.SIGSTOP)
        taken = []
        until(lambda: taken.append(claim(worker="two")) or taken[-1] is not None, output=output)
        other = taken[-1]
        assert other is not None
        assert (other.id, other.attempt) == (asked, 2)
        (tmp_path / "go").touch()
        process.send_signal(signal.SIGCONT)
        until((tmp_path / "lost").exists, output=output)
        check_fence(other)
        with (tmp_path / "effects").open("a") as file:
            file.write("two\n")
        finish(other)
        process.terminate()
        assert process.wait(60) == 0
    assert (tmp_path / "effects").read_text() == "two\n"
    found = job(asked)
    assert found is not None
    assert found.state is State.DONE
    assert "taken over by another worker" in output.read_text()


def test_a_beating_worker_keeps_its_job_far_beyond_one_lease(tmp_path: Path) -> None:
    enqueue(kind="outside", payload={"folder": str(tmp_path)})
    output = tmp_path / "output"
    with child(*worker(lease_ms=500), output=output):
        until((tmp_path / "begun").exists, output=output)
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            assert claim(worker="two") is None
            time.sleep(0.05)
        (tmp_path / "go").touch()
        until(lambda: counts()[State.DONE], output=output)
    assert (tmp_path / "effects").read_text() == "worker\n"


def test_a_stopped_worker_ends_the_job_at_hand_and_begins_no_other(tmp_path: Path) -> None:
    first = enqueue(kind="outside", payload={"folder": str(tmp_path)})
    output = tmp_path / "output"
    with child(*worker(grace_seconds=60), output=output) as process:
        until((tmp_path / "begun").exists, output=output)
        process.terminate()
        second = enqueue(kind="outside", payload={"folder": str(tmp_path)})
        (tmp_path / "go").touch()
        assert process.wait(60) == 0
    ended, waiting = job(first), job(second)
    assert ended is not None
    assert waiting is not None
    assert (ended.state, waiting.state) == (State.DONE, State.WAITING)


def test_a_job_that_does_not_end_after_a_stop_is_given_back_and_its_try_does_not_count(tmp_path: Path) -> None:
    asked = enqueue(kind="endless", payload={"folder": str(tmp_path)})
    output = tmp_path / "output"
    with child(*worker(grace_seconds=0.1), output=output) as process:
        until((tmp_path / "begun").exists, output=output)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    found = job(asked)
    assert found is not None
    assert (found.state, found.attempts) == (State.WAITING, 0)
    assert claim(worker="two") is not None


def test_a_worker_folds_new_lines_even_while_a_job_goes_on(tmp_path: Path) -> None:
    enqueue(kind="endless", payload={"folder": str(tmp_path)})
    output = tmp_path / "output"
    with child(*worker(), output=output):
        until((tmp_path / "begun").exists, output=output)
        say(
            Draft(
                kind="definition.changed", subject_kind="definition", subject=definition_subject("n"),
                happened_at=0, precision=Precision.MS, properties={"name": "n", "value": 1},
            )
        )  # fmt: skip
        until(lambda: behind().lines == 0, output=output)


@pytest.mark.postgres
def test_a_worker_whose_connections_are_cut_goes_on_with_new_ones(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(EFFECTS)
    output = tmp_path / "output"
    with child(*worker(), output=output):
        until(lambda: "began" in output.read_text(), output=output)
        cut = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        until(lambda: rows(cut), output=output)
        asked = enqueue(kind="row", payload={})
        until(lambda: not unfinished(), output=output)
        assert rows("SELECT job FROM effect") == [(asked,)]
        assert "trouble with" in output.read_text()
