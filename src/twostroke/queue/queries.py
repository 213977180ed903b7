"""What is to be done, and how it went."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Min

from twostroke.kit.time import now_millis
from twostroke.queue import models
from twostroke.queue.facts import Job, State


def job(job_id: int) -> Job | None:
    """One job, or None: ended jobs are deleted after a while."""
    found = models.Job.objects.filter(pk=job_id).first()
    return None if found is None else _fact(found)


def jobs(*, state: State | None = None, kind: str | None = None, limit: int = 50) -> list[Job]:
    """The newest jobs, at most ``limit``, of this state and kind where given."""
    found = models.Job.objects.order_by("-id")
    if state is not None:
        found = found.filter(state=state.value)
    if kind is not None:
        found = found.filter(kind=kind)
    return [_fact(row) for row in found[:limit]]


def states(job_ids: Sequence[int]) -> dict[int, State]:
    """The state of each of these jobs that is still known."""
    found = models.Job.objects.filter(pk__in=list(job_ids)).values_list("pk", "state")
    return {key: State(state) for key, state in found}


def counts() -> dict[State, int]:
    """How many jobs stand in each state; every state is there."""
    found = dict(models.Job.objects.values_list("state").annotate(Count("id")).order_by())
    return {state: found.get(state.value, 0) for state in State}


def oldest_due_seconds() -> float:
    """For how many seconds the job that has been due longest waits for a worker; 0 where none does."""
    now = now_millis()
    oldest = models.Job.objects.filter(state=State.WAITING.value, run_at__lte=now).aggregate(Min("run_at"))[
        "run_at__min"
    ]
    return 0.0 if oldest is None else (now - oldest) / 1000


def _fact(row: models.Job) -> Job:
    return Job(
        id=row.pk,
        kind=row.kind,
        state=State(row.state),
        attempts=row.attempts,
        max_attempts=row.max_attempts,
        run_at=row.run_at,
        created_at=row.created_at,
        finished_at=row.finished_at,
        error=row.error,
    )
