"""Tables of who is who. Values behind opaque ids are truth and erasable; all else follows from the log."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

SUBJECTS = ("person", "company", "colleague")


class Identifier(models.Model):
    """What an opaque id stands for. ``value`` and ``raw`` go on erasure; ``role`` marks a desk's address for good."""

    nature = "truth"

    id = models.TextField(primary_key=True)
    namespace = models.TextField()
    value = models.TextField(null=True)
    raw = models.TextField(null=True)
    generation = models.IntegerField(default=0)
    role = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["value"], name="identity_identifier_value")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value__isnull=True, raw__isnull=True)
                | models.Q(value__isnull=False, raw__isnull=False),
                name="identity_identifier_value_and_raw",
            ),
            models.CheckConstraint(condition=models.Q(generation__gte=0), name="identity_identifier_generation"),
        ]


class Suppression(models.Model):
    """An erased value that may come back: by the opaque id of its first generation, the generation it has now."""

    nature = "truth"

    first = models.TextField(primary_key=True)
    generation = models.IntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(generation__gte=1), name="identity_suppression_risen")]


class Claimed(models.Model):
    """Which lines of identity ever named an identifier, in force or not: the way from one identifier to the next.

    ``what``: a claim, an alias (devices alone) or an act of a person; ``lead`` is the identifier a claim leads with.
    ``said`` is equal for lines that say the same, so that what was said a hundred thousand times is read once; each act
    says something of its own.
    """

    nature = "projection"
    natural_key: ClassVar[tuple[str, ...]] = ("kind", "identifier", "seq")
    hashed: ClassVar[tuple[str, ...]] = ()

    CLAIM, ALIAS, ACT = "claim", "alias", "act"

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    identifier = models.TextField()
    seq = models.BigIntegerField()
    what = models.TextField()
    lead = models.TextField()
    known = models.BooleanField()
    said = models.TextField()
    recorded_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["identifier", "kind", "what", "known", "said", "recorded_at", "seq"],
                name="identity_claimed_once",
            ),
            models.CheckConstraint(
                condition=models.Q(what__in=["claim", "alias", "act"]), name="identity_claimed_kind"
            ),
        ]
        indexes = [models.Index(fields=["seq"], name="identity_claimed_seq")]


class Member(models.Model):
    """An identifier and whose it is: ``person`` is the identifier that leads (of a company or colleague likewise).

    ``anonymous``: a device nobody alone claims. ``verified`` is false where only public keys tie the device to the
    person. ``shared``: too many records claim it for it to say who somebody is.
    """

    nature = "projection"
    natural_key: ClassVar[tuple[str, ...]] = ("kind", "identifier")
    hashed: ClassVar[tuple[str, ...]] = ("person", "anonymous", "verified", "shared")

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    identifier = models.TextField()
    person = models.TextField()
    anonymous = models.BooleanField(default=False)
    verified = models.BooleanField(default=True)
    shared = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["identifier", "kind"], name="identity_member_once"),
            models.CheckConstraint(condition=models.Q(kind__in=SUBJECTS), name="identity_member_kind"),
        ]
        indexes = [models.Index(fields=["person", "kind"], name="identity_member_person")]


class Suggestion(models.Model):
    """Two identifiers that lines claim to be one's and the rules keep apart, with why and by which lines."""

    nature = "projection"
    natural_key: ClassVar[tuple[str, ...]] = ("kind", "one", "other")
    hashed: ClassVar[tuple[str, ...]] = ("why", "times", "evidence")

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    one = models.TextField()
    other = models.TextField(db_index=True)
    why = models.TextField()
    times = models.IntegerField()
    evidence = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other", "kind"], name="identity_suggestion_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="identity_suggestion_ordered"),
            models.CheckConstraint(condition=models.Q(times__gte=1), name="identity_suggestion_times"),
        ]


class Described(models.Model):
    """What is known of one subject (an identifier), from its own lines: the newest value of each field.

    ``traits``: name → [value, happened_at, precision, source]; ``orders``: name → where that line stands, so that
    the traits of several identifiers of one person can be laid together. ``companies``: [company, since, until,
    source], the last of them the present one. All three are canonical JSON.
    """

    nature = "projection"
    natural_key: ClassVar[tuple[str, ...]] = ("kind", "subject")
    hashed: ClassVar[tuple[str, ...]] = ("name", "search", "company", "traits", "companies")

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    subject = models.TextField()
    name = models.TextField()
    search = models.TextField()
    company = models.TextField(null=True)
    traits = models.TextField()
    companies = models.TextField()
    orders = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "kind"], name="identity_described_once"),
            models.CheckConstraint(condition=models.Q(kind__in=SUBJECTS), name="identity_described_kind"),
        ]
        indexes = [
            models.Index(
                fields=["company"], name="identity_described_company", condition=models.Q(company__isnull=False)
            )
        ]


class Consent(models.Model):
    """What a person allows or forbids for one purpose, by the newest line: wording, source and time with it."""

    nature = "projection"
    natural_key: ClassVar[tuple[str, ...]] = ("subject", "purpose")
    hashed: ClassVar[tuple[str, ...]] = ("given", "basis", "how", "wording", "happened_at", "precision", "source")

    id = models.BigAutoField(primary_key=True)
    subject = models.TextField()
    purpose = models.TextField()
    given = models.BooleanField()
    basis = models.TextField()
    how = models.TextField()
    wording = models.TextField()
    happened_at = models.BigIntegerField(null=True)
    precision = models.TextField()
    source = models.TextField()
    order = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "purpose"], name="identity_consent_once")]
