"""What may be asked about the lifecycle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from twostroke.relay import models
from twostroke.relay.facts import LADDER, Stage, Standing


def standings(subjects: Sequence[str]) -> dict[str, Standing]:
    """Standings of identifiers or companies, by opaque id; those without one are left out."""
    rows = models.Standing.objects.filter(subject__in=list(subjects))
    return {row.subject: _fact(row) for row in rows}


def furthest(standings: Iterable[Standing]) -> Standing | None:
    """The standing of a person with several identifiers: the furthest stage, the earliest instant it was reached."""
    return max(standings, key=lambda one: (LADDER.index(one.stage), -(one.at or 0), one.subject), default=None)


def _fact(row: models.Standing) -> Standing:
    return Standing(row.subject, row.subject_kind, Stage(row.stage), row.at, row.precision, row.channel)
