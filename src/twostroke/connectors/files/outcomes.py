"""Columns that are known only after the outcome: told by their names, and by how they hang on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from twostroke.connectors.files.mapping import TableMap
from twostroke.connectors.files.vocabulary import AFTERWARDS, squeezed

_MOST_ROWS = 50_000
_MOST_VALUES = 60
_STRONG = 0.5  # Cramér's V; the best columns known beforehand stay well below it
_AT_LEAST = 200


@dataclass(slots=True)
class Hindsight:
    """Counts values of columns beside the outcome, over the first 50,000 rows."""

    outcome: int
    places: dict[int, str]
    rows: int = 0
    seen: dict[int, Counter[tuple[str, str]]] = field(default_factory=dict)

    def add(self, row: list[str]) -> None:
        """Take in one row."""
        if self.rows >= _MOST_ROWS:
            return
        self.rows += 1
        said = row[self.outcome].strip()
        for place in list(self.places):
            counts = self.seen.setdefault(place, Counter())
            counts[row[place].strip(), said] += 1
            if len(counts) > 4 * _MOST_VALUES:
                del self.places[place]

    def named(self) -> Iterator[tuple[str, float]]:
        """Headers that hang on the outcome more than anything known beforehand would, and how much (0 to 1)."""
        if self.rows < _AT_LEAST:
            return
        for place, header in self.places.items():
            strength = cramers_v(self.seen.get(place, Counter()))
            if strength >= _STRONG:
                yield header, strength


def hindsight_of(table: TableMap, header: tuple[str, ...]) -> Hindsight | None:
    """A counter for a table that has an outcome column."""
    outcome = table.by_role("converted") or (table.by_role("is_won") if table.record == "deal" else None)
    if outcome is None or outcome.header not in header:
        return None
    kept = {c.header for c in table.columns if c.role in ("", "lead_status")}
    places = {place: name for place, name in enumerate(header) if name in kept}
    return Hindsight(header.index(outcome.header), places)


def is_afterwards(header: str) -> bool:
    """Whether a name says that the field is written after the fact (“last activity”, “duration”)."""
    return AFTERWARDS.search(squeezed(header)) is not None


def cramers_v(counts: Counter[tuple[str, str]]) -> float:
    """How much two categories hang together, 0 to 1 (Cramér 1946), without bias correction."""
    total = sum(counts.values())
    left: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for (a, b), n in counts.items():
        left[a] += n
        right[b] += n
    smaller = min(len(left), len(right)) - 1
    if smaller < 1:
        return 0.0
    # chi² / n = Σ observed² / (row x column) - 1
    spread = sum(n * n / (left[a] * right[b]) for (a, b), n in counts.items()) - 1
    return float(min(1.0, (max(0.0, spread) / smaller) ** 0.5)) if total else 0.0
