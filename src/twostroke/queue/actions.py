"""Asking for work, and holding it.

Who asks: ``enqueue``, in the same transaction as the change that calls for the work. Who works: ``claim``, then
``check_fence`` right before every effect, then ``finish`` or ``fail``. A handler whose effects are rows of this
database calls ``finish`` in the transaction that writes them: then they happen exactly once, whenever it is killed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from twostroke.kit.time import now_millis
from twostroke.queue import rules
from twostroke.queue.facts import LEASE_MS, MAX_ATTEMPTS, Leased, LostLeaseError, State
from twostroke.queue.models import Job

_PRUNE_AT_ONCE = 200


@transaction.atomic
def enqueue(
    *,
    kind: str,
    payload: Mapping[str, Any],
    dedupe_key: str | None = None,
    run_at: int | None = None,
    max_attempts: int = MAX_ATTEMPTS,
) -> int:
    """Ask for a job within the caller's transaction: rolled back with it, seen by workers once it is committed.

    Returns the job's id. ``payload`` must be JSON and should name things by their ids. ``run_at``: milliseconds since
    1970 UTC, now if left out. While a job with the same ``dedupe_key`` is unfinished no second one is made: a waiting
    one keeps its payload and takes the earlier instant; a running one, which may have read what was true before your
    change, is run once more when it ends. So a handler must stand being called where there is nothing to do.
    """
    now = now_millis()
    wanted = now if run_at is None else run_at
    for last in (False, False, True):
        there = _join(dedupe_key, wanted)
        if there is not None:
            return there
        try:
            with transaction.atomic():
                return Job.objects.create(
                    kind=kind,
                    payload=json.dumps(dict(payload), allow_nan=False),
                    dedupe_key=dedupe_key,
                    run_at=wanted,
                    max_attempts=max_attempts,
                    created_at=now,
                ).pk
        except IntegrityError:  # somebody else asked for the same a moment ago; by now that job may have ended again
            if last or dedupe_key is None:
                raise
    raise AssertionError("the last try returns or raises")


def _join(dedupe_key: str | None, run_at: int) -> int | None:
    """Ask again for the unfinished job of this key, if there is one; returns its id.

    Its row stays locked until the caller commits: it can neither begin nor end before the change is there.
    """
    if dedupe_key is None:
        return None
    job = Job.objects.select_for_update().filter(dedupe_key=dedupe_key, finished_at__isnull=True).first()
    if job is None:
        return None
    if job.state == State.RUNNING.value:
        job.asked_again = True
    else:
        job.run_at = min(job.run_at, run_at)
    job.save(update_fields=["asked_again", "run_at"])
    return job.pk


def claim(*, worker: str, lease_ms: int = LEASE_MS) -> Leased | None:
    """Take the next due job for ``lease_ms``, or None. First those whose worker fell silent, then by time.

    A job whose worker fell silent on its last try is marked failed instead. Looks before it locks: where nothing is
    due, nothing is written. Must not be called inside a transaction: nobody else would see the lease.
    """
    if not any(some.exists() for some in _due(now_millis())):
        return None
    with transaction.atomic(durable=True):
        now = now_millis()
        for some in _due(now):
            for job in some.select_for_update(skip_locked=True)[:10]:
                if job.attempts >= job.max_attempts:
                    _end(job, State.FAILED, now, f"Its worker fell silent, {job.attempts} times over.")
                    continue
                return _lease(job, worker, lease_ms, now)
    return None


def _due(now: int) -> tuple[QuerySet[Job], QuerySet[Job]]:
    """``rules.is_due`` as two walks of the index."""
    silent = Job.objects.filter(state=State.RUNNING.value, leased_until__lte=now).order_by("run_at", "id")
    waiting = Job.objects.filter(state=State.WAITING.value, run_at__lte=now).order_by("run_at", "id")
    return silent, waiting


def _lease(job: Job, worker: str, lease_ms: int, now: int) -> Leased:
    job.state, job.worker, job.leased_until = State.RUNNING.value, worker, now + lease_ms
    job.fence, job.attempts = job.fence + 1, job.attempts + 1
    job.save(update_fields=["state", "worker", "leased_until", "fence", "attempts"])
    return Leased(job.pk, job.kind, json.loads(job.payload), job.fence, job.attempts, worker, lease_ms)


def _end(job: Job, state: State, now: int, error: str = "") -> None:
    """The job has ended so; or, where it was asked for again meanwhile, it begins anew."""
    if job.asked_again:
        job.state, job.run_at, job.attempts, job.asked_again = State.WAITING.value, now, 0, False
    else:
        job.state, job.finished_at = state.value, now
    job.leased_until, job.error = None, error
    job.save(update_fields=["state", "run_at", "attempts", "asked_again", "finished_at", "leased_until", "error"])


def heartbeat(leased: Leased) -> None:
    """A sign of life: the lease begins anew. Raises ``LostLeaseError`` where somebody else holds the job by now."""
    held = _held(leased).update(leased_until=now_millis() + leased.lease_ms)
    if not held:
        raise LostLeaseError(_lost(leased))


def check_fence(leased: Leased) -> None:
    """Call right before every effect. Raises ``LostLeaseError`` where the job is no longer held: then do nothing more.

    Before an effect outside: on return the job is held for a whole lease from now. Within the transaction of an effect
    in this database: nobody can take the job over before that transaction ends.
    """
    heartbeat(leased)


def _held(leased: Leased) -> QuerySet[Job]:
    return Job.objects.filter(pk=leased.id, fence=leased.fence, state=State.RUNNING.value)


@transaction.atomic
def finish(leased: Leased) -> None:
    """The job is done. Saying it twice is harmless. Raises ``LostLeaseError`` where somebody else holds it by now."""
    job = Job.objects.select_for_update().filter(pk=leased.id, fence=leased.fence).first()
    if job is None or job.state == State.FAILED.value:
        raise LostLeaseError(_lost(leased))
    if job.state == State.RUNNING.value:
        _end(job, State.DONE, now_millis())


def _lost(leased: Leased) -> str:
    return f"job {leased.id} is no longer held under fence {leased.fence}"


@transaction.atomic
def fail(leased: Leased, error: str, *, final: bool = False) -> int | None:
    """This try failed, because of ``error`` (which names nobody). Returns when it is tried again, None if never.

    ``final``: another try cannot help. Raises ``LostLeaseError`` where somebody else holds the job by now.
    """
    job = _held(leased).select_for_update().first()
    if job is None:
        raise LostLeaseError(_lost(leased))
    now = now_millis()
    again = None if final else rules.after_failure(job.attempts, job.max_attempts, now)
    if again is None:
        _end(job, State.FAILED, now, error)
        return None if job.finished_at is not None else job.run_at
    job.state, job.leased_until, job.run_at, job.error = State.WAITING.value, None, again, error
    job.asked_again = False
    job.save(update_fields=["state", "leased_until", "run_at", "error", "asked_again"])
    return again


def release(leased: Leased) -> bool:
    """Give the job back unfinished, for the next worker at once; this try does not count. False if it was not held."""
    back = {"state": State.WAITING.value, "leased_until": None, "run_at": now_millis(), "asked_again": False}
    return bool(_held(leased).update(**back, attempts=F("attempts") - 1))


def prune(*, finished_before: int) -> int:
    """Delete up to 200 jobs that ended before this instant, payloads with them. Returns how many: ask again until 0."""
    old = Job.objects.filter(finished_at__lt=finished_before).order_by("finished_at").values_list("pk", flat=True)
    ids = list(old[:_PRUNE_AT_ONCE])
    if ids:
        Job.objects.filter(pk__in=ids).delete()
    return len(ids)
