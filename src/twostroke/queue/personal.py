"""What jobs hold of a person. Jobs name things by opaque ids; what failed may have quoted more."""

from __future__ import annotations

from collections.abc import Iterator

from twostroke.kit.personal import Sought, Store
from twostroke.queue.models import Job


def stores() -> tuple[Store, ...]:
    """The stores of this room."""
    return (
        Store(
            room="queue",
            what="jobs: what they were given, and why they failed",
            erasing="finished jobs go; of one still to come only the words about its failure go",
            tables=("queue.Job",),
            show=lambda who: [{"job": job.kind, "given": job.payload, "error": job.error} for job in _jobs(who)],
            erase=_erase,
        ),
    )


def _jobs(who: Sought) -> Iterator[Job]:
    return (job for job in Job.objects.order_by("id").iterator() if who.may_be_in(f"{job.payload}\n{job.error}"))


def _erase(who: Sought) -> int:
    gone = 0
    for job in list(_jobs(who)):
        if job.finished_at is not None:
            gone += Job.objects.filter(id=job.id, finished_at__isnull=False).delete()[0]
        else:
            gone += Job.objects.filter(id=job.id).update(error="")
    return gone
