"""What travels out of metrics: what each number means, and its rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


class MetricRefusedError(ValueError):
    """A question no metric answers; the text says what may be asked instead."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way to divide a metric's rows."""

    name: str
    meaning: str


TRUST = Dimension("trust", "known, or claimed: sent with a public key, which anybody could have used.")


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of each row. ``money`` measures are decimal strings in the row's currency, others whole numbers.

    ``parts``: how many of what its column adds up make one of it, such as 60,000 milliseconds a minute. SQL divides
    nothing; each thing counted has whole ones, so that the sum has, too.
    """

    name: str
    meaning: str
    money: bool = False
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Metric:
    """A number, defined once: what it answers, how it is counted, over what, and what it leaves out.

    ``key`` are the dimensions every row has, ``dimensions`` those one may add; ``grains`` what can be counted, the
    first unless another is asked for; ``horizon`` which time it covers; ``unit`` what its values are in.
    """

    name: str
    title: str
    question: str
    formula: str
    grains: tuple[str, ...]
    horizon: str
    unit: str
    caveat: str
    version: int
    key: tuple[Dimension, ...]
    dimensions: tuple[Dimension, ...] = ()
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures: ``name`` is shown as the filter, ``owners`` are the colleague ids whose deals count."""

    name: str
    owners: frozenset[str]


@dataclass(frozen=True, slots=True)
class AsOf:
    """The last line that counted, and when it was recorded (RFC 3339, UTC)."""

    seq: int
    at: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its key by dimension (texts or None) and its measures (``count`` an int, amounts decimal strings)."""

    key: Mapping[str, str | None]
    measures: Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What rows say beside each other: a difference of shares and the limits within which it lies, with 95 per cent.

    ``contrast`` is what was done, against those left out; ``outcome`` the measure whose share is compared; ``of`` how
    many it rests on. Shares are decimal strings of four places: ``0.0500`` is five points.
    """

    key: Mapping[str, str | None]
    outcome: str
    contrast: str
    of: int
    difference: str
    low: str
    high: str

    @property
    def is_apart(self) -> bool:
        """Whether it can be told apart from nothing: the limits lie on one side of 0."""
        return Decimal(self.low) > 0 or Decimal(self.high) < 0

    def as_json(self) -> dict[str, Any]:
        """The shape every face gives out."""
        return {
            "key": dict(self.key), "outcome": self.outcome, "contrast": self.contrast, "of": self.of,
            "difference": self.difference, "low": self.low, "high": self.high,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """A metric's rows as of a line of the log. ``notes`` are sentences on what these rows leave open, ``comparisons``
    what they say beside each other."""

    metric: Metric
    as_of: AsOf
    unit: str
    rows: tuple[Row, ...]
    grain: str
    by: tuple[str, ...] = ()
    scope: Scope | None = None
    notes: tuple[str, ...] = ()
    comparisons: tuple[Comparison, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The shape every face gives out: metric, definition, as_of, unit, rows."""
        return {
            "metric": self.metric.name,
            "definition": self.metric.formula,
            "as_of": {"seq": self.as_of.seq, "at": self.as_of.at},
            "unit": self.unit,
            **({"notes": list(self.notes)} if self.notes else {}),
            "rows": [{"key": dict(row.key), "measures": dict(row.measures)} for row in self.rows],
            **({"comparisons": [one.as_json() for one in self.comparisons]} if self.comparisons else {}),
        }

    def total(self, measure: str = "count", **key: str | None) -> Decimal:
        """The sum of a measure over the rows with this key; amounts of one currency only make sense together.

        Raises ``ValueError`` where the rows would add money of two currencies.
        """
        rows = [row for row in self.rows if all(row.key.get(name) == value for name, value in key.items())]
        if measure in {one.name for one in self.metric.measures if one.money}:
            currencies = {row.key.get("currency") for row in rows}
            if len(currencies) > 1:
                raise ValueError(f"{self.metric.name} has amounts in {len(currencies)} currencies: name one.")
        return sum((Decimal(row.measures[measure]) for row in rows), Decimal(0))


@dataclass(frozen=True, slots=True)
class Behind:
    """One of those a row was counted from: ``subject`` is its opaque id (of a deal, person, company or line).

    ``measures`` are its own share: over all that are behind a row they add up to the row's.
    """

    subject_kind: str
    subject: str
    key: Mapping[str, str | None]
    measures: Mapping[str, int | str] = field(default_factory=dict)


_HELD_OUT = re.compile(
    r"(held|hold)[ _-]?(out|back)|control|kontroll|t\u00e9moin|placebo|untreated|unexposed|baseline|"
    r"(no|none|off|without|not|paused|excluded|suppressed|nein|ohne|non|sans|false|n|0)\b"
)


def is_held_out(level: str) -> bool:
    """Whether a level of an experiment, in the words of its list, is the one that was left out for comparison."""
    return _HELD_OUT.match(level.strip().casefold()) is not None
