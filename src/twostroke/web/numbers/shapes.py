"""What the pages of numbers show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from twostroke.web.charts import Chart


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A row as it is written: its label, its cells, and where those behind it are listed (empty: nowhere)."""

    label: str
    cells: Sequence[str]
    who: str = ""


@dataclass(frozen=True, slots=True)
class NumberTable:
    """A table beside a chart; ``who`` is what the links to those behind a row are called."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[NumberRow]
    who: str
    foot: NumberRow | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A metric as a card: one sentence with its figures, charts, tables, how it is counted and what it leaves out."""

    name: str
    title: str
    scope: str
    sentence: str
    seq: int
    at: int
    charts: Sequence[Chart]
    tables: Sequence[NumberTable]
    definition: Sequence[tuple[str, str]]
    sql: str
    leaves_out: Sequence[str] = field(default_factory=tuple)
    query: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """A way to divide a number's rows, as a tab."""

    title: str
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class Behind:
    """One of those a figure was counted from."""

    name: str
    under: str
    address: str
    amount: str
