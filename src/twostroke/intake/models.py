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
