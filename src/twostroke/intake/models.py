"""The register of imports. Private: the log's own import lines are the truth, this is what people look at."""

from __future__ import annotations

from django.db import models


class Import(models.Model):
    """One import by a person: its files, how far it came, what it found."""

    nature = "private"

    id = models.CharField(max_length=32, primary_key=True)
    source = models.CharField(max_length=80)
    state = models.CharField(max_length=20, default="waiting")
    news = models.BooleanField(default=False)
    dry_run = models.BooleanField(default=False)
    by = models.CharField(max_length=254, default="")
    fingerprint = models.CharField(max_length=64, db_index=True)
    created_at = models.BigIntegerField()
    touched_at = models.BigIntegerField()
    process = models.BigIntegerField(null=True)
    host = models.CharField(max_length=255, default="")
    rows_done = models.BigIntegerField(default=0)
    rows_total = models.BigIntegerField(default=0)
    options = models.TextField(default="{}")
    report = models.TextField(default="")
    error = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=("waiting", "asking", "queued", "running", "done", "failed", "undone", "undoing")
                ),
                name="intake_import_known_state",
            ),
            # Two at the same files at once would take each other's rows for their own.
            models.UniqueConstraint(
                fields=["source", "fingerprint"],
                condition=models.Q(state="running", dry_run=False),
                name="intake_import_once_at_a_time",
            ),
        ]


class ImportFile(models.Model):
    """One table of an import: its batch on the log, its header, and what became of the rows that are in."""

    nature = "private"

    batch = models.CharField(max_length=32, primary_key=True)
    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+")
    number = models.IntegerField()
    name = models.TextField()
    record = models.CharField(max_length=20, default="")
    header = models.TextField(default="[]")
    rows_in = models.BigIntegerField(default=0)
    new = models.BigIntegerField(default=0)
    same = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    older = models.BigIntegerField(default=0)
    lines = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="intake_importfile_number"),
            models.CheckConstraint(
                condition=models.Q(
                    rows_in=models.F("new") + models.F("same") + models.F("changed") + models.F("rejected")
                ),
                name="intake_importfile_adds_up",
            ),
        ]


class Judged(models.Model):
    """Why a hit is taken for a human's or a machine's, or is open; none for what is only a browser, or says nothing.

    A line has a row for each reason that speaks of it. ``unit`` is what was looked at: the line, its mail, its device.
    """

    nature = "projection"
    natural_key = ("source", "message_id", "part", "reason")
    hashed = ("by", "told")

    id = models.BigAutoField(primary_key=True)
    unit = models.TextField()
    seq = models.BigIntegerField()
    source = models.TextField()
    message_id = models.TextField()
    part = models.IntegerField()
    by = models.TextField()
    reason = models.TextField()
    told = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seq", "reason"], name="intake_judged_once"),
            models.CheckConstraint(
                condition=models.Q(by__in=("human", "machine", "unsure")), name="intake_judged_known_verdict"
            ),
        ]
        indexes = [models.Index(fields=["unit"], name="intake_judged_unit")]
