"""What may be asked about deals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from django.db.models import Count, Q, QuerySet

from twostroke.deals import models
from twostroke.deals.facts import Deal, DealStatus


@dataclass(frozen=True, slots=True)
class Filter:
    """Which deals: every field that is not None must match. Ids are opaque ids; ``subjects`` limits to those deals."""

    status: DealStatus | None = None
    stage: str | None = None
    owners: Sequence[str] | None = None
    companies: Sequence[str] | None = None
    persons: Sequence[str] | None = None
    subjects: Sequence[str] | None = None


def deal(subject: str) -> Deal | None:
    """One deal by its opaque id."""
    row = models.Deal.objects.filter(subject=subject).first()
    return None if row is None else _fact(row)


def deals(wanted: Filter | None = None, *, limit: int = 50, offset: int = 0) -> list[Deal]:
    """Deals, the newest opened first (unknown dates last), then by id."""
    rows = _filtered(wanted or Filter()).order_by("-opened_at", "subject")
    known, unknown = rows.filter(opened_at__isnull=False), rows.filter(opened_at__isnull=True)
    found = list(known[offset : offset + limit])
    if len(found) < limit:
        past = max(0, offset - known.count())
        found += list(unknown[past : past + limit - len(found)])
    return [_fact(row) for row in found]


def count(wanted: Filter | None = None) -> int:
    """How many deals match."""
    return _filtered(wanted or Filter()).count()


def open_stages() -> list[tuple[str | None, int]]:
    """Stages that open deals stand at, with how many, the fullest first."""
    found = models.Deal.objects.filter(status="open").values_list("stage").annotate(Count("subject"))
    return sorted(found, key=lambda pair: (-pair[1], pair[0] or ""))


def _filtered(wanted: Filter) -> QuerySet[models.Deal]:
    conditions = Q()
    if wanted.status is not None:
        conditions &= Q(status=wanted.status.value)
    if wanted.stage is not None:
        conditions &= Q(stage=wanted.stage)
    for column, values in (
        ("owner", wanted.owners),
        ("company", wanted.companies),
        ("person", wanted.persons),
        ("subject", wanted.subjects),
    ):
        if values is not None:
            conditions &= Q(**{f"{column}__in": list(values)})
    return models.Deal.objects.filter(conditions)


def _fact(row: models.Deal) -> Deal:
    values = {field.name: getattr(row, field.name) for field in fields(Deal)}
    return Deal(**{**values, "status": DealStatus(row.status)})
