"""Where persons (by identifier) and companies stand in the lifecycle."""

from __future__ import annotations

from django.db import models


class Standing(models.Model):
    """One row per identifier of a person and per company that reached a stage, written only by the projection."""

    nature = "projection"
    natural_key = ("subject",)
    hashed = ("subject_kind", "stage", "at", "precision", "channel")

    subject = models.TextField(primary_key=True)
    subject_kind = models.TextField()
    stage = models.TextField()
    at = models.BigIntegerField(null=True)
    precision = models.TextField()
    channel = models.TextField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "stage"], name="relay_standing_stage")]
