"""What a worker makes of a job: done, tried again, given up, lost; and what it says of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from twostroke.kit.time import now_millis, set_clock
from twostroke.queue.actions import claim, enqueue, finish
from twostroke.queue.facts import GiveUpError, Job, Leased, State
from twostroke.queue.queries import job
from twostroke.site.wiring import job_handlers
from twostroke.worker import handlers
from twostroke.worker.working import Worker, named

pytestmark = pytest.mark.django_db

SECRET = "sam@example.org"


@pytest.fixture(autouse=True)
def _own_handlers() -> Iterator[None]:
    yield
    handlers.install(job_handlers())


def does(handler: handlers.Handler) -> Job:
    """The job after one worker gave it to this handler once."""
    handlers.install({"greet": handler})
    asked = enqueue(kind="greet", payload={"to": SECRET})
    assert Worker().step()
    found = job(asked)
    assert found is not None
    return found


def test_a_handler_gets_the_job_and_the_job_is_done() -> None:
    got: list[Leased] = []
    assert does(got.append).state is State.DONE
    assert [one.payload for one in got] == [{"to": SECRET}]
    assert not Worker().step()


def test_an_error_is_kept_by_type_and_place_never_by_its_words(caplog: pytest.LogCaptureFixture) -> None:
    def fails(leased: Leased) -> None:
        now_millis(SECRET)  # type: ignore[call-arg]

    caplog.set_level(logging.DEBUG)
    found = does(fails)
    assert (found.state, found.attempts) == (State.WAITING, 1)
    assert found.error.startswith("TypeError in worker/working.py:")
    assert SECRET not in found.error + caplog.text
    assert "Tried again in 2 s" in caplog.text


def test_a_handler_that_gives_up_is_not_called_again() -> None:
    def gives_up(leased: Leased) -> None:
        raise GiveUpError("The file is gone. Bring it in again.")

    found = does(gives_up)
    assert (found.state, found.error) == (State.FAILED, "The file is gone. Bring it in again.")


def test_work_this_program_does_not_know_is_left_for_one_that_does() -> None:
    handlers.install({})
    asked = enqueue(kind="greet", payload={})
    assert Worker().step()
    found = job(asked)
    assert found is not None
    assert found.state is State.WAITING
    assert "no work called greet" in found.error


def test_a_handler_may_finish_its_job_itself() -> None:
    assert does(finish).state is State.DONE


def test_a_handler_whose_job_was_taken_over_leaves_it_to_the_other(caplog: pytest.LogCaptureFixture) -> None:
    def overslept(leased: Leased) -> None:
        later = now_millis() + leased.lease_ms
        set_clock(lambda: later * 1000)
        assert claim(worker="two") is not None

    caplog.set_level(logging.INFO, "twostroke.worker")
    assert does(overslept).state is State.RUNNING
    assert "taken over by another worker" in caplog.text


def test_a_worker_told_to_stop_gives_back_what_it_just_got() -> None:
    handlers.install({"greet": lambda leased: pytest.fail("it began")})
    asked = enqueue(kind="greet", payload={})
    worker = Worker()
    worker.stopping = True
    worker.step()
    found = job(asked)
    assert found is not None
    assert (found.state, found.attempts) == (State.WAITING, 0)


def test_ended_jobs_are_forgotten_after_a_week_and_payloads_with_them() -> None:
    found = does(finish)
    worker = Worker()
    worker._tidy()
    assert job(found.id) is not None
    later = now_millis() + 8 * 86_400_000
    set_clock(lambda: later * 1000)
    worker._tidy()
    assert job(found.id) is None


def test_an_error_from_elsewhere_is_named_by_its_type_alone() -> None:
    assert named(ValueError(SECRET)) == "ValueError."


def test_every_kind_of_job_the_house_asks_for_has_somebody_to_do_it() -> None:
    from twostroke.intake.actions import RUN

    assert RUN in job_handlers()
