"""The job table: asked for with the change, held by one, tried again, ended once."""

from __future__ import annotations

import itertools

import pytest
from django.db import IntegrityError, connection, transaction

from twostroke.kit.time import set_clock
from twostroke.queue import models
from twostroke.queue.actions import check_fence, claim, enqueue, fail, finish, heartbeat, prune, release
from twostroke.queue.facts import Job, Leased, LostLeaseError, State
from twostroke.queue.queries import counts, job, jobs, states
from twostroke.queue.rules import is_due

pytestmark = pytest.mark.django_db


class Clock:
    """A clock that moves when told; milliseconds."""

    def __init__(self) -> None:
        self.now = 1_000_000
        set_clock(lambda: self.now * 1000)

    def on(self, millis: int) -> None:
        self.now += millis


@pytest.fixture
def clock() -> Clock:
    return Clock()


def ask(kind: str = "greet", **more: object) -> int:
    return enqueue(kind=kind, payload={"id": "a1"}, **more)  # type: ignore[arg-type]


def take(worker: str = "one", lease_ms: int = 1_000) -> Leased:
    leased = claim(worker=worker, lease_ms=lease_ms)
    assert leased is not None
    return leased


def seen(job_id: int) -> Job:
    found = job(job_id)
    assert found is not None
    return found


def test_a_job_is_handed_out_once_with_its_payload(clock: Clock) -> None:
    asked = ask()
    leased = take()
    assert (leased.id, leased.kind, leased.payload, leased.attempt) == (asked, "greet", {"id": "a1"}, 1)
    assert claim(worker="two") is None


def test_jobs_come_in_the_order_of_their_instant_then_as_asked(clock: Clock) -> None:
    late, first, second = ask(run_at=clock.now - 5), ask(run_at=clock.now - 9), ask(run_at=clock.now - 9)
    assert [take().id for _ in range(3)] == [first, second, late]


def test_a_job_for_later_waits_for_its_instant(clock: Clock) -> None:
    ask(run_at=clock.now + 500)
    assert claim(worker="one") is None
    clock.on(500)
    take()


def test_what_the_caller_rolls_back_was_never_asked_for(clock: Clock) -> None:
    with transaction.atomic():
        ask(dedupe_key="k")
        transaction.set_rollback(True)
    assert claim(worker="one") is None
    ask(dedupe_key="k")
    take()


def test_one_key_is_one_job_while_it_is_unfinished(clock: Clock) -> None:
    asked = ask(dedupe_key="k")
    assert ask(dedupe_key="k") == asked
    finish(take())
    assert ask(dedupe_key="k") != asked


def test_a_running_job_asked_for_again_runs_once_more_with_all_its_tries(clock: Clock) -> None:
    """What it read may be older than the change of whoever asks."""
    asked = ask(dedupe_key="k", max_attempts=2)
    fail(take(), "no")
    clock.on(2_000)
    leased = take()
    assert ask(dedupe_key="k") == asked == ask(dedupe_key="k")
    assert claim(worker="two") is None
    finish(leased)
    finish(leased)
    again = take()
    assert (again.id, again.attempt) == (asked, 1)
    finish(again)
    assert seen(asked).state is State.DONE
    assert claim(worker="one") is None


@pytest.mark.parametrize("how", ["failed", "given back", "silent"])
def test_being_asked_again_outlives_a_job_that_ends_badly(clock: Clock, how: str) -> None:
    asked = ask(dedupe_key="k", max_attempts=1)
    leased = take(lease_ms=1_000)
    ask(dedupe_key="k")
    if how == "failed":
        assert fail(leased, "no") == clock.now
    elif how == "given back":
        release(leased)
    clock.on(1_000)
    again = take()
    assert (again.id, again.attempt) == (asked, 1)
    finish(again)
    assert seen(asked).state is State.DONE


def test_a_waiting_job_takes_the_earlier_of_two_instants(clock: Clock) -> None:
    asked = ask(dedupe_key="k", run_at=clock.now + 500)
    ask(dedupe_key="k", run_at=clock.now + 900)
    assert seen(asked).run_at == clock.now + 500
    ask(dedupe_key="k")
    assert take().id == asked


def test_a_key_that_is_free_again_after_a_failure(clock: Clock) -> None:
    asked = ask(dedupe_key="k")
    fail(take(), "no", final=True)
    assert ask(dedupe_key="k") != asked


def test_jobs_without_a_key_are_all_different(clock: Clock) -> None:
    assert ask() != ask()


def test_a_payload_that_is_no_json_is_refused(clock: Clock) -> None:
    with pytest.raises(TypeError):
        enqueue(kind="greet", payload={"when": object()})
    with pytest.raises(ValueError, match="JSON"):
        enqueue(kind="greet", payload={"share": float("nan")})


def test_nonsense_is_refused_and_not_tried_for_ever(clock: Clock) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ask(dedupe_key="k", max_attempts=0)


def test_after_its_lease_a_silent_workers_job_goes_to_the_next_with_a_higher_fence(clock: Clock) -> None:
    ask()
    silent = take("one", lease_ms=1_000)
    clock.on(999)
    assert claim(worker="two") is None
    clock.on(1)
    next_one = take("two")
    assert (next_one.id, next_one.attempt) == (silent.id, 2)
    assert next_one.fence > silent.fence


def test_a_sign_of_life_keeps_the_job(clock: Clock) -> None:
    ask()
    leased = take(lease_ms=1_000)
    for _ in range(5):
        clock.on(900)
        heartbeat(leased)
        assert claim(worker="two") is None
    finish(leased)


def test_who_was_taken_over_can_do_nothing_any_more(clock: Clock) -> None:
    asked = ask()
    slept = take("one", lease_ms=1_000)
    clock.on(1_001)
    awake = take("two")
    for act in (check_fence, heartbeat, finish):
        with pytest.raises(LostLeaseError):
            act(slept)
    with pytest.raises(LostLeaseError):
        fail(slept, "no")
    assert release(slept) is False
    assert seen(asked).state is State.RUNNING
    finish(awake)
    with pytest.raises(LostLeaseError):
        finish(slept)


def test_who_overslept_but_was_not_taken_over_goes_on_and_holds_it_again(clock: Clock) -> None:
    ask()
    leased = take(lease_ms=1_000)
    clock.on(5_000)
    check_fence(leased)
    assert claim(worker="two") is None
    finish(leased)


def test_finishing_twice_is_harmless(clock: Clock) -> None:
    asked = ask()
    leased = take()
    finish(leased)
    finish(leased)
    assert seen(asked).state is State.DONE


def test_a_failed_try_comes_again_later_and_later_then_never(clock: Clock) -> None:
    asked = ask(max_attempts=3)
    waits = []
    for _ in range(3):
        again = fail(take(), "ValueError in a handler")
        waits.append(None if again is None else again - clock.now)
        assert claim(worker="one") is None
        clock.on(waits[-1] or 0)
    assert waits == [2_000, 8_000, None]
    clock.on(10**9)
    assert claim(worker="one") is None
    assert (seen(asked).state, seen(asked).error) == (State.FAILED, "ValueError in a handler")


def test_success_after_a_failure_leaves_no_error_behind(clock: Clock) -> None:
    asked = ask()
    fail(take(), "no")
    clock.on(2_000)
    finish(take())
    assert (seen(asked).state, seen(asked).error, seen(asked).attempts) == (State.DONE, "", 2)


def test_a_job_that_silences_every_worker_ends_as_failed(clock: Clock) -> None:
    asked, after = ask(max_attempts=2), ask(run_at=clock.now + 1_500)
    for _ in range(2):
        assert take(lease_ms=1_000).id == asked
        clock.on(1_000)
    assert take().id == after
    assert seen(asked).state is State.FAILED
    assert "fell silent" in seen(asked).error


def test_a_job_given_back_is_there_for_the_next_and_that_try_does_not_count(clock: Clock) -> None:
    asked = ask(max_attempts=1)
    first = take("one")
    assert release(first)
    second = take("two")
    assert (second.id, second.attempt) == (asked, 1)
    assert second.fence > first.fence


def test_what_is_claimed_is_what_the_rule_calls_due(clock: Clock) -> None:
    """Every state, before, at and after its instant, alone on the table."""
    for state, run_at, lease in itertools.product(State, (-1, 0, 1), (-1, 0, 1)):
        until = clock.now + lease if state is State.RUNNING else None
        row = models.Job.objects.create(
            kind="greet", run_at=clock.now + run_at, state=state.value, leased_until=until, max_attempts=5,
            created_at=0, finished_at=0 if state in (State.DONE, State.FAILED) else None,
        )  # fmt: skip
        expected = is_due(state, row.run_at, until, clock.now)
        assert (claim(worker="one") is not None) is expected, (state, run_at, lease)
        row.delete()


def test_people_can_ask_how_it_stands(clock: Clock) -> None:
    done, failed, waiting = ask(), ask("send"), ask(run_at=clock.now + 1)
    finish(take())
    fail(take(), "no", final=True)
    assert counts() == {State.WAITING: 1, State.RUNNING: 0, State.DONE: 1, State.FAILED: 1}
    assert states([done, failed, waiting, 10**9]) == {
        done: State.DONE, failed: State.FAILED, waiting: State.WAITING
    }  # fmt: skip
    assert [one.id for one in jobs()] == [waiting, failed, done]
    assert [one.id for one in jobs(state=State.FAILED)] == [failed] == [one.id for one in jobs(kind="send")]
    assert job(10**9) is None


def test_ended_jobs_are_pruned_and_no_others(clock: Clock) -> None:
    old = ask()
    finish(take())
    clock.on(1_000)
    new, waiting = ask(), ask(run_at=clock.now + 1)
    finish(take())
    assert prune(finished_before=clock.now) == 1
    assert prune(finished_before=clock.now) == 0
    assert set(states([old, new, waiting])) == {new, waiting}


def test_pruning_goes_in_short_transactions(clock: Clock) -> None:
    models.Job.objects.bulk_create(
        models.Job(kind="greet", run_at=0, state="done", max_attempts=5, created_at=0, finished_at=0)
        for _ in range(250)
    )
    assert [prune(finished_before=1) for _ in range(3)] == [200, 50, 0]


@pytest.mark.parametrize(
    "nonsense",
    [
        {"state": "resting"},
        {"state": "running"},
        {"state": "waiting", "leased_until": 5},
        {"state": "done"},
        {"state": "waiting", "finished_at": 5},
        {"attempts": 6},
        {"attempts": -1},
        {"asked_again": True, "dedupe_key": "k"},
    ],
)
def test_the_database_refuses_nonsense(nonsense: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Job.objects.create(**({"kind": "greet", "run_at": 0, "max_attempts": 5, "created_at": 0} | nonsense))


def test_nothing_is_written_where_nothing_is_due(clock: Clock, django_assert_num_queries: object) -> None:
    ask(run_at=clock.now + 1)
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert claim(worker="one") is None
    assert [query["sql"].split()[0] for query in asked.captured_queries] == ["SELECT", "SELECT"]
