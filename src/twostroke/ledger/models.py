"""Tables of the log. Only ``append`` writes lines, commits and the head; triggers refuse to change them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from twostroke.ledger.fields import RowNumber


class Line(models.Model):
    """One line; the columns of ``facts.Line`` in their order. Immutable."""

    nature = "truth"

    seq = RowNumber(primary_key=True)
    event_id = models.TextField()
    source = models.TextField()
    message_id = models.TextField()
    part = models.IntegerField()
    row = models.BigIntegerField(null=True)
    body_hash = models.TextField()
    kind = models.TextField()
    kind_version = models.SmallIntegerField()
    observed = models.SmallIntegerField()
    team = models.TextField()
    stroke = models.TextField()
    news = models.SmallIntegerField()
    happened_at = models.BigIntegerField(null=True)
    precision = models.TextField()
    recorded_at = models.BigIntegerField()
    identifier = models.TextField(null=True)
    company = models.TextField(null=True)
    actor = models.TextField(null=True)
    subject_kind = models.TextField()
    subject = models.TextField()
    channel = models.TextField(null=True)
    campaign = models.TextField(null=True)
    content = models.TextField(null=True)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.TextField(null=True)
    trust = models.TextField()
    batch = models.TextField(null=True)
    supersedes = models.TextField(null=True)
    properties = models.TextField()
    personal_digest = models.TextField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "message_id", "part"], name="ledger_line_message"),
            models.CheckConstraint(
                condition=models.Q(amount_minor__isnull=True, currency__isnull=True)
                | models.Q(amount_minor__isnull=False, currency__isnull=False),
                name="ledger_line_amount_and_currency",
            ),
            models.CheckConstraint(
                condition=models.Q(happened_at__isnull=True, precision="unknown")
                | models.Q(happened_at__isnull=False) & ~models.Q(precision="unknown"),
                name="ledger_line_instant_and_precision",
            ),
        ]
        indexes = [
            models.Index(
                fields=["identifier"], name="ledger_line_identifier", condition=models.Q(identifier__isnull=False)
            ),
            models.Index(fields=["company"], name="ledger_line_company", condition=models.Q(company__isnull=False)),
            models.Index(fields=["subject"], name="ledger_line_subject", condition=~models.Q(subject_kind="person")),
            models.Index(fields=["actor"], name="ledger_line_actor", condition=models.Q(actor__isnull=False)),
            models.Index(fields=["batch"], name="ledger_line_batch", condition=models.Q(batch__isnull=False)),
            models.Index(fields=["event_id"], name="ledger_line_event"),
        ]


class Personal(models.Model):
    """The personal part of a line: salted, erasable. The line keeps SHA-256 of salt and content."""

    nature = "truth"

    seq = RowNumber(primary_key=True)
    salt = models.TextField()
    content = models.TextField()


class Commit(models.Model):
    """One commit of the log: its lines, its tallies, and the hash that chains it to the one before."""

    nature = "truth"

    number = RowNumber(primary_key=True)
    first_seq = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    recorded_at = models.BigIntegerField()
    tallies = models.TextField()
    hash = models.TextField()


class Head(models.Model):
    """The one row that orders commits: whoever holds it appends."""

    nature = "truth"

    id = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    recorded_at = models.BigIntegerField()
    commit_number = models.BigIntegerField()
    hash = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="ledger_head_is_one_row")]


class Tally(models.Model):
    """Messages of a source: received = stored + duplicate + quarantined; the database refuses anything else."""

    nature = "truth"

    source = models.TextField(primary_key=True)
    received = models.BigIntegerField()
    stored = models.BigIntegerField()
    duplicate = models.BigIntegerField()
    quarantined = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received=models.F("stored") + models.F("duplicate") + models.F("quarantined")),
                name="ledger_tally_adds_up",
            )
        ]


class Quarantined(models.Model):
    """A message held back: original bytes, code and reason. ``state``: held, repaired or discarded."""

    nature = "truth"

    id = models.BigAutoField(primary_key=True)
    commit_number = models.BigIntegerField()
    source = models.TextField()
    message_id = models.TextField(null=True)
    batch = models.TextField(null=True, db_index=True)
    row = models.BigIntegerField(null=True)
    code = models.TextField()
    reason = models.TextField()
    original = models.BinaryField(null=True)
    original_digest = models.TextField()
    recorded_at = models.BigIntegerField()
    state = models.TextField(default="held")

    class Meta:
        indexes = [models.Index(fields=["source", "code"], name="ledger_quarantined_reason")]


class Batch(models.Model):
    """An import's file: when its content was true (version time), when it came, whether it was undone."""

    nature = "projection"
    natural_key: ClassVar[tuple[str, ...]] = ("batch",)
    hashed: ClassVar[tuple[str, ...]] = ()

    batch = models.TextField(primary_key=True)
    source = models.TextField()
    version_time = models.BigIntegerField(null=True)
    stamp = models.BigIntegerField(null=True)
    undone = models.BooleanField(default=False)


class Attestation(models.Model):
    """A stored message said again by a later import, at a row of its file."""

    nature = "projection"
    natural_key: ClassVar[tuple[str, ...]] = ("source", "message_id", "batch")
    hashed: ClassVar[tuple[str, ...]] = ()

    id = models.BigAutoField(primary_key=True)
    source = models.TextField()
    record = models.TextField()
    message_id = models.TextField()
    batch = models.TextField(db_index=True)
    row = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "message_id", "batch"], name="ledger_attestation_once"),
        ]
        indexes = [models.Index(fields=["source", "record"], name="ledger_attestation_record")]


class Suppressed(models.Model):
    """A line not in force: its record says something else now, or its import was undone."""

    nature = "projection"
    natural_key: ClassVar[tuple[str, ...]] = ("seq",)
    hashed: ClassVar[tuple[str, ...]] = ()

    seq = RowNumber(primary_key=True)


class Dirty(models.Model):
    """A unit of a projection that must be folded again. Work in progress, empty at rest."""

    nature = "private"

    id = models.BigAutoField(primary_key=True)
    projection = models.TextField()
    unit = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["projection", "unit"], name="ledger_dirty_once")]


class Broken(models.Model):
    """A unit whose fold failed: its rows are not to be trusted until the cause is mended and it is folded again."""

    nature = "private"

    id = models.BigAutoField(primary_key=True)
    projection = models.TextField()
    unit = models.TextField()
    error = models.TextField()
    since = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["projection", "unit"], name="ledger_broken_once")]


class Cursor(models.Model):
    """How far a named reader of the log has come."""

    nature = "private"

    name = models.TextField(primary_key=True)
    seq = models.BigIntegerField()


class Parked(models.Model):
    """A line that a reaction failed at, to be tried again: the error's type and place, how often it was tried."""

    nature = "private"

    id = models.BigAutoField(primary_key=True)
    reaction = models.TextField()
    seq = models.BigIntegerField()
    error = models.TextField()
    since = models.BigIntegerField()
    tries = models.BigIntegerField()
    again_at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reaction", "seq"], name="ledger_parked_once")]


class Segment(models.Model):
    """A sealed Parquet file of the lake: lines ``first_seq`` to ``last_seq``, under a name within the lake's folder."""

    nature = "private"

    first_seq = RowNumber(primary_key=True)
    last_seq = models.BigIntegerField()
    file = models.TextField()
    rows = models.BigIntegerField()
    sha256 = models.TextField()
