"""When a job is due, and when it is tried again."""

from __future__ import annotations

from twostroke.queue.facts import State

FIRST_WAIT_MS = 2_000
GROWTH = 4
LONGEST_WAIT_MS = 3_600_000


def is_due(state: State, run_at: int, leased_until: int | None, now: int) -> bool:
    """Whether a worker may take the job: its time has come, or whoever had it gave no sign of life in time."""
    if state is State.WAITING:
        return run_at <= now
    return state is State.RUNNING and leased_until is not None and leased_until <= now


def wait_ms(attempts: int) -> int:
    """How long to wait after the ``attempts``-th try failed: 2 s, 8 s, 32 s, … at most an hour."""
    if attempts < 1:
        raise ValueError("a job that was never tried has not failed")
    steps = min(attempts - 1, 16)  # beyond it the longest wait holds anyway, and the power would only grow
    return min(LONGEST_WAIT_MS, FIRST_WAIT_MS * int(GROWTH**steps))


def after_failure(attempts: int, max_attempts: int, now: int) -> int | None:
    """When to try again after a failed try; None where it was the last."""
    return None if attempts >= max_attempts else now + wait_ms(attempts)
