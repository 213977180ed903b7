"""The job table. Private: what a job did stands on the log, not here."""

from __future__ import annotations

from django.db import models

from twostroke.queue.facts import State

_RUNNING = models.Q(state=State.RUNNING.value)
_FINISHED = models.Q(state__in=(State.DONE.value, State.FAILED.value))


class Job(models.Model):
    """One piece of work for a worker. Instants are milliseconds since 1970 UTC; ``payload`` is a JSON object."""

    nature = "private"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=80)
    payload = models.TextField(default="{}")
    dedupe_key = models.CharField(max_length=200, null=True)
    run_at = models.BigIntegerField()
    state = models.CharField(max_length=10, default=State.WAITING.value)
    attempts = models.IntegerField(default=0)
    max_attempts = models.IntegerField()
    asked_again = models.BooleanField(default=False)
    leased_until = models.BigIntegerField(null=True)
    fence = models.BigIntegerField(default=0)
    worker = models.CharField(max_length=120, default="")
    error = models.TextField(default="")
    created_at = models.BigIntegerField()
    finished_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]), name="queue_job_known_state"
            ),
            models.CheckConstraint(
                condition=_RUNNING & models.Q(leased_until__isnull=False)
                | ~_RUNNING & models.Q(leased_until__isnull=True),
                name="queue_job_running_has_lease",
            ),
            models.CheckConstraint(
                condition=_FINISHED & models.Q(finished_at__isnull=False)
                | ~_FINISHED & models.Q(finished_at__isnull=True),
                name="queue_job_finished_has_instant",
            ),
            models.CheckConstraint(
                condition=models.Q(attempts__gte=0, attempts__lte=models.F("max_attempts"), max_attempts__gte=1),
                name="queue_job_attempts_within",
            ),
            models.CheckConstraint(
                condition=models.Q(asked_again=False) | _RUNNING & models.Q(dedupe_key__isnull=False),
                name="queue_job_asked_again_while_running",
            ),
            models.UniqueConstraint(
                fields=["dedupe_key"], condition=models.Q(finished_at__isnull=True), name="queue_job_dedupe"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "run_at", "id"], name="queue_job_due"),
            models.Index(fields=["finished_at"], name="queue_job_finished"),
        ]
