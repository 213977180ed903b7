"""A job as others see it, the lease a worker holds on it, and the two ways a worker stops holding one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LEASE_MS = 30_000
"""How long a worker holds a job without a sign of life. A killed worker's job is taken over after this."""

MAX_ATTEMPTS = 5


class State(StrEnum):
    """Where a job stands. *Waiting* and *running* are unfinished; *done* and *failed* stay as they are."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNFINISHED = (State.WAITING, State.RUNNING)


@dataclass(frozen=True, slots=True)
class Leased:
    """A job in a worker's hands. ``fence`` is higher with each lease, so that an older holder is told apart."""

    id: int
    kind: str
    payload: Mapping[str, Any]
    fence: int
    attempt: int
    worker: str
    lease_ms: int


@dataclass(frozen=True, slots=True)
class Job:
    """A job for people to look at. Instants are milliseconds since 1970 UTC; ``error`` names nobody."""

    id: int
    kind: str
    state: State
    attempts: int
    max_attempts: int
    run_at: int
    created_at: int
    finished_at: int | None
    error: str


class LostLeaseError(Exception):
    """Somebody else holds this job now, or it is finished: whatever was about to be done must not be."""


class GiveUpError(Exception):
    """Raised by a handler where another try cannot help. Its sentence is kept and shown: it must name nobody."""
