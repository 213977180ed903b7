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
    1970 UTC, now if left out. While a job with the same ``dedupe_key`` is unfinished, no second one is made and its id
    is returned; that job may be running already and have read what was true before your change, so put into the key
    whatever must not be missed.
    """
    now = now_millis()
    for last in (False, False, True):
        there = _unfinished(dedupe_key)
        if there is not None:
            return there
        try:
            with transaction.atomic():
                return Job.objects.create(
                    kind=kind,
                    payload=json.dumps(dict(payload), allow_nan=False),
                    dedupe_key=dedupe_key,
                    run_at=now if run_at is None else run_at,
                    max_attempts=max_attempts,
                    created_at=now,
                ).pk
        except IntegrityError:  # somebody else asked for the same a moment ago; by now that job may have ended again
            if last or dedupe_key is None:
                raise
    raise AssertionError("the last try returns or raises")


def _unfinished(dedupe_key: str | None) -> int | None:
    """The unfinished job of this key, locked until the caller commits: it cannot begin before the change is there."""
    if dedupe_key is None:
        return None
    found = Job.objects.select_for_update().filter(dedupe_key=dedupe_key, finished_at__isnull=True).first()
    return None if found is None else found.pk


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
    job.state, job.leased_until, job.finished_at, job.error = state.value, None, now, error
    job.save(update_fields=["state", "leased_until", "finished_at", "error"])


def heartbeat(leased: Leased) -> None:
    """A sign of life: the lease begins anew. Raises ``LostLeaseError`` where somebody else holds the job by now."""
    held = _held(leased).update(leased_until=now_millis() + leased.lease_ms)
    if not held:
        raise LostLeaseError(f"job {leased.id} is no longer held under fence {leased.fence}")


def check_fence(leased: Leased) -> None:
    """Call right before every effect. Raises ``LostLeaseError`` where the job is no longer held: then do nothing more.

    Before an effect outside: on return the job is held for a whole lease from now. Within the transaction of an effect
    in this database: nobody can take the job over before that transaction ends.
    """
    heartbeat(leased)


def _held(leased: Leased) -> QuerySet[Job]:
    return Job.objects.filter(pk=leased.id, fence=leased.fence, state=State.RUNNING.value)


def finish(leased: Leased) -> None:
    """The job is done. Saying it twice is harmless. Raises ``LostLeaseError`` where somebody else holds it by now."""
    ended = _held(leased).update(state=State.DONE.value, leased_until=None, finished_at=now_millis(), error="")
    if not ended and not Job.objects.filter(pk=leased.id, fence=leased.fence, state=State.DONE.value).exists():
        raise LostLeaseError(f"job {leased.id} is no longer held under fence {leased.fence}")


@transaction.atomic
def fail(leased: Leased, error: str, *, final: bool = False) -> int | None:
    """This try failed, because of ``error`` (which names nobody). Returns when it is tried again, None if never.

    ``final``: another try cannot help. Raises ``LostLeaseError`` where somebody else holds the job by now.
    """
    job = _held(leased).select_for_update().first()
    if job is None:
        raise LostLeaseError(f"job {leased.id} is no longer held under fence {leased.fence}")
    now = now_millis()
    again = None if final else rules.after_failure(job.attempts, job.max_attempts, now)
    if again is None:
        _end(job, State.FAILED, now, error)
    else:
        job.state, job.leased_until, job.run_at, job.error = State.WAITING.value, None, again, error
        job.save(update_fields=["state", "leased_until", "run_at", "error"])
    return again


def release(leased: Leased) -> bool:
    """Give the job back unfinished, for the next worker at once; this try does not count. False if it was not held."""
    return bool(
        _held(leased).update(
            state=State.WAITING.value, leased_until=None, run_at=now_millis(), attempts=F("attempts") - 1
        )
    )


def prune(*, finished_before: int) -> int:
    """Delete up to 200 jobs that ended before this instant, payloads with them. Returns how many: ask again until 0."""
    old = Job.objects.filter(finished_at__lt=finished_before).order_by("finished_at").values_list("pk", flat=True)
    ids = list(old[:_PRUNE_AT_ONCE])
    if ids:
        Job.objects.filter(pk__in=ids).delete()
    return len(ids)
