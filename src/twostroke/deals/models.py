"""Deals as their lines leave them."""

from __future__ import annotations

from django.db import models


class Deal(models.Model):
    """One row per deal, written only by the projection."""

    nature = "projection"
    natural_key = ("subject",)
    hashed = (
        "status", "stage", "pipeline", "name", "product", "company", "person", "owner", "amount_minor", "currency",
        "opened_at", "opened_precision", "closed_at", "closed_precision", "expected_close", "reason", "source",
    )  # fmt: skip

    subject = models.TextField(primary_key=True)
    status = models.TextField()
    stage = models.TextField(null=True)
    pipeline = models.TextField(null=True)
    name = models.TextField(null=True)
    product = models.TextField(null=True)
    company = models.TextField(null=True)
    person = models.TextField(null=True)
    owner = models.TextField(null=True)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.TextField(null=True)
    opened_at = models.BigIntegerField(null=True)
    opened_precision = models.TextField()
    closed_at = models.BigIntegerField(null=True)
    closed_precision = models.TextField()
    expected_close = models.TextField(null=True)
    reason = models.TextField(null=True)
    source = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=("open", "won", "lost")), name="deals_deal_known_status"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__isnull=True, currency__isnull=True)
                | models.Q(amount_minor__isnull=False, currency__isnull=False),
                name="deals_deal_amount_and_currency",
            ),
        ]
        indexes = [
            models.Index(fields=["company"], name="deals_deal_company"),
            models.Index(fields=["person"], name="deals_deal_person"),
            models.Index(fields=["owner"], name="deals_deal_owner"),
            models.Index(fields=["status", "stage"], name="deals_deal_stage"),
        ]
