"""What a whole column holds: one pass over the table, values counted, dates and numbers weighed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from twostroke.connectors.files.dates import DateEvidence
from twostroke.connectors.files.facts import Broken, Table
from twostroke.connectors.files.footers import is_blank
from twostroke.connectors.files.numbers import NumberEvidence
from twostroke.connectors.files.vocabulary import FALSE, TRUE, WEAK_PLACEHOLDERS, is_placeholder, squeezed

MOST_VALUES = 50_000
_CHUNK = 8_192
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+$")
_PHONE = re.compile(r"\+?[\d\s()./-]{7,20}$")
_HASH = re.compile(r"[0-9a-f]{32}$|[0-9a-f]{40}$|[0-9a-f]{64}$|[A-Za-z0-9+/]{22}==$")


def is_hash(value: str) -> bool:
    """Whether a value was masked by a hash (MD5, SHA-1 or SHA-256, in hexadecimal or base64)."""
    return _HASH.match(value) is not None


@dataclass(slots=True)
class Column:
    """A column and what it holds. ``values`` counts distinct cells (stripped) up to ``MOST_VALUES`` of them."""

    header: str
    place: int
    rows: int = 0
    values: Counter[str] = field(default_factory=Counter)
    overflow: bool = False
    dates: DateEvidence = field(default_factory=DateEvidence)
    numbers: NumberEvidence = field(default_factory=NumberEvidence)
    placeholders: dict[str, int] = field(default_factory=dict)
    filled: int = 0

    @property
    def distinct(self) -> int:
        """Distinct values that say something (a lower bound where there are very many)."""
        return len(self.values)

    @property
    def unique(self) -> bool:
        """Whether every row has a value and no two the same."""
        return self.rows > 0 and self.filled == self.rows and (self.overflow or self.distinct == self.rows)

    @property
    def nearly_unique(self) -> bool:
        """Whether hardly any value stands twice, as in a key column with dirt."""
        return self.filled > 0.95 * self.rows and (self.overflow or self.distinct >= 0.95 * self.filled)

    @property
    def kind(self) -> str:
        """``empty``, ``date``, ``flag``, ``email``, ``number``, ``category`` or ``text``, by the values alone."""
        if not self.values:
            return "empty"
        if self.dates.is_dates:
            return "date"
        if self.distinct <= 3 and all(squeezed(v) in TRUE or squeezed(v) in FALSE for v in self.values):
            return "flag"
        if self.share(_EMAIL) > 0.7:
            return "email"
        if self.numbers.is_numbers and not self.numbers.leading_zero:
            return "number"
        return "category" if self.distinct <= max(12, min(200, self.filled * 0.2)) else "text"

    def share(self, pattern: re.Pattern[str]) -> float:
        """Share of (up to 500) distinct values that match."""
        seen = list(islice(self.values, 500))
        return sum(1 for value in seen if pattern.match(value)) / len(seen) if seen else 0.0

    @property
    def is_hashed(self) -> bool:
        """Whether the values were masked by a hash before the file was written."""
        return self.share(_HASH) > 0.9

    @property
    def is_phone(self) -> bool:
        """Whether the values look like telephone numbers."""
        return self.kind in ("text", "number") and self.share(_PHONE) > 0.8

    def examples(self, most: int = 3) -> list[str]:
        """The most frequent values, shortened."""
        return [value[:40] for value, _ in self.values.most_common(most)]


@dataclass(slots=True)
class Profile:
    """A table's columns, how many rows it has and how many of them are shorter than the header."""

    table: Table
    columns: list[Column]
    rows: int = 0
    short: int = 0

    def column(self, header: str) -> Column | None:
        """The column of that header."""
        return next((column for column in self.columns if column.header == header), None)


def profile(table: Table) -> Profile:
    """One pass over all rows of ``table``. Memory is bounded by ``MOST_VALUES`` distinct values a column."""
    if table.record == "message":
        return Profile(table, [], sum(1 for row in table.rows()))
    width = len(table.header)
    made = Profile(table, [Column(header, place) for place, header in enumerate(table.header)])
    rows = _whole(table, made, width)
    while chunk := list(islice(rows, _CHUNK)):
        made.rows += len(chunk)
        for column, cells in zip(made.columns, zip(*chunk, strict=True), strict=True):
            _take(column, cells)
    for column in made.columns:
        _finish(column, made.rows)
    return made


def _whole(table: Table, made: Profile, width: int) -> Iterator[list[str]]:
    for row in table.rows():
        if type(row) is Broken or (row and is_blank(row)):
            continue
        if len(row) < width:
            made.short += 1
            yield row + [""] * (width - len(row))
        else:
            yield row if len(row) == width else row[:width]


def _take(column: Column, cells: tuple[str, ...]) -> None:
    if not column.overflow:
        column.values.update(cells)
        if len(column.values) > MOST_VALUES:
            column.overflow = True
            _weigh(column, list(column.values))
        return
    column.filled += sum(1 for cell in cells if cell)
    # A column may prove its date order in its very last row, so weighing goes on when counting has ended.
    if column.dates.count > column.dates.not_dates or column.numbers.numbers > column.numbers.not_numbers:
        _weigh(column, list(dict.fromkeys(cells)))


def _weigh(column: Column, values: list[str]) -> None:
    said = [value for value in values if value and not is_placeholder(value)]
    _add(column, said)


def _add(column: Column, said: list[str]) -> None:
    column.dates.add(said)
    column.numbers.add(said)


def _finish(column: Column, rows: int) -> None:
    column.rows = rows
    counted: Counter[str] = Counter()
    for value, count in column.values.items():
        bare = value.strip()
        if bare:
            counted[bare] += count
    words = [value for value in counted if len(value) < 24 and not value[-1].isdigit()]
    for value in [word for word in words if is_placeholder(word)]:
        column.placeholders[value] = counted.pop(value)
    for value in [word for word in words if squeezed(word) in WEAK_PLACEHOLDERS and word in counted]:
        # “Unknown” among sectors says nothing; in a column of two values it is an answer.
        if len(counted) > 3:
            column.placeholders[value] = counted.pop(value)
    column.filled += sum(counted.values())
    column.values = counted
    if not column.overflow:
        _add(column, list(counted))
