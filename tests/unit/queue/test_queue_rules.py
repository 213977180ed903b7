"""When a job is due, and when it is tried again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twostroke.queue.facts import State
from twostroke.queue.rules import LONGEST_WAIT_MS, after_failure, is_due, wait_ms


def test_a_waiting_job_is_due_from_its_instant_on() -> None:
    assert [is_due(State.WAITING, 100, None, now) for now in (99, 100, 101)] == [False, True, True]


def test_a_running_job_is_due_once_its_lease_is_over() -> None:
    assert [is_due(State.RUNNING, 0, 100, now) for now in (99, 100)] == [False, True]


@pytest.mark.parametrize("state", [State.DONE, State.FAILED])
def test_an_ended_job_is_never_due(state: State) -> None:
    assert not is_due(state, 0, None, 10**15)


def test_waits_grow_fourfold_from_two_seconds() -> None:
    assert [wait_ms(attempts) for attempts in (1, 2, 3, 4)] == [2_000, 8_000, 32_000, 128_000]


@given(st.integers(1, 10_000))
def test_no_wait_is_longer_than_an_hour_nor_shorter_than_the_one_before(attempts: int) -> None:
    assert wait_ms(attempts) <= wait_ms(attempts + 1) <= LONGEST_WAIT_MS


def test_a_job_never_tried_has_no_wait() -> None:
    with pytest.raises(ValueError, match="never tried"):
        wait_ms(0)


def test_the_last_try_is_followed_by_none() -> None:
    assert after_failure(4, 5, now=1_000) == 129_000
    assert after_failure(5, 5, now=1_000) is None
