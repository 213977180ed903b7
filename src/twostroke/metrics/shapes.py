"""How a definition is written down: its words, what it reads, and the SQL of its grain.

A definition says in SQL which *one thing a row* it counts; counting, drilling down and cutting to a scope are then the
same for all of them, so a number and the list behind it cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from twostroke.metrics.facts import Comparison, Metric, Row


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: rows of which grain, divided by which further dimensions; ``scoped``: cut to some owners."""

    grain: str
    by: tuple[str, ...] = ()
    scoped: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """A metric and how it is counted.

    ``grain_sql`` gives, for an ``Ask``, a query with one row for each thing counted: ``subject``, each key dimension
    and each dimension asked for, ``owner`` where the metric can be cut to a scope, and the columns of ``sums``.
    ``sums`` maps a measure to the column it adds up; ``money`` names the measure in minor units of the column
    ``currency``; ``missing`` the measure that counts rows whose amount is not known; ``count_as_value`` is for metrics
    without money. ``order`` sorts the rows. ``reads`` are the columns of lines it needs, ``kinds`` the kinds
    (None for all), ``who`` whose identity it needs by grain (relation ``who``), ``firms`` whether it needs that of
    companies beside it (relation ``firms``), ``converts`` the kind whose amounts are converted, ``verdicts`` whether it
    asks which lines machines did (relation ``verdicts``). ``notes`` says of rows what they leave open, given the
    reporting currency; ``compares`` what they say beside each other. ``subject_kinds`` maps a grain to what is counted,
    ``""`` where a column ``subject_kind`` says it.
    """

    metric: Metric
    grain_sql: Callable[[Ask], str]
    reads: tuple[str, ...]
    subject_kinds: dict[str, str]
    order: tuple[str, ...]
    kinds: Callable[[Ask], frozenset[str] | None]
    sums: dict[str, str] = field(default_factory=dict)
    money: str | None = None
    missing: str | None = None
    scoped: bool = False
    who: dict[str, str] = field(default_factory=dict)
    firms: bool = False
    units: dict[str, str] = field(default_factory=dict)
    converts: str | None = None
    verdicts: bool = False
    notes: Callable[[Sequence[Row], str], tuple[str, ...]] | None = None
    compares: Callable[[Sequence[Row]], tuple[Comparison, ...]] | None = None
