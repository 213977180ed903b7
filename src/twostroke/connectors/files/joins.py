"""Which columns hold the keys of another table, although some of them are misspelt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from twostroke.connectors.files.columns import Column, Profile
from twostroke.connectors.files.vocabulary import squeezed, words_of

# What a field of one record names in another.
POINTS = {"owner": "colleague", "product": "product", "company": "company", "person": "person", "deal": "deal"}
_ENOUGH = 0.6
_MOST_ROWS, _HALF = 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Join:
    """``column`` of ``table`` holds values of ``to_column`` of ``to_table``; ``share`` of its distinct values do."""

    table: str
    column: str
    to_table: str
    to_column: str
    share: float
    score: float


def find(profiles: Sequence[Profile]) -> list[Join]:
    """The best join of each column, if there is one."""
    keys = [(seen, column) for seen in profiles for column in seen.columns if _could_be_key(column)]
    found = []
    for seen in profiles:
        for column in seen.columns:
            join = _best(seen, column, keys)
            if join is not None:
                found.append(join)
    return found


def _could_be_key(column: Column) -> bool:
    return column.nearly_unique and column.distinct > 1 and column.kind not in ("date", "flag", "empty")


def _best(seen: Profile, column: Column, keys: Sequence[tuple[Profile, Column]]) -> Join | None:
    if column.kind in ("date", "flag", "empty") or column.distinct < 2:
        return None
    best: Join | None = None
    for other, key in keys:
        if other is seen and (key is column or column.unique or key.kind == "number"):
            continue
        if column.unique and key.unique and other is not seen and column.distinct > key.distinct:
            continue
        join = _joined(seen, column, other, key)
        if join is not None and (best is None or join.score > best.score):
            best = join
    return best


def _joined(seen: Profile, column: Column, other: Profile, key: Column) -> Join | None:
    alike = _alike(column.header, key.header, other.table.name)
    # Small whole numbers are in every table: only the name can tell that they are keys.
    if (column.kind == "number" or key.kind == "number") and (column.kind != key.kind or not alike):
        return None
    matching = [value for value in column.values if value in key.values or listed(value, key)]
    # Of few keys in many rows the slips are soon more than the keys: then the rows tell.
    rows = sum(column.values[value] for value in matching) / max(column.values.total(), 1)
    tell = len(matching) > 2 and rows >= (_HALF if alike else _MOST_ROWS)
    share = max(len(matching) / column.distinct, rows if tell else 0.0)
    if share < _ENOUGH and not (alike and share > 0.2 and column.distinct > 5):
        return None
    return Join(seen.table.name, column.header, other.table.name, key.header, share, share + 0.5 * alike)


def listed(value: str, key: Column) -> bool:
    """Whether a cell lists several keys (``101;102``), all of them known."""
    return ";" in value and all(part.strip() in key.values for part in value.split(";"))


def _alike(header: str, key: str, table: str) -> bool:
    if squeezed(header) == squeezed(key):
        return True
    said = {_singular(word) for word in words_of(header)} - {"id", "name", "key", "number"}
    return bool(said & {_singular(word) for word in (*words_of(key), *words_of(table))})


def _singular(word: str) -> str:
    return f"{word[:-3]}y" if word.endswith("ies") else word.rstrip("s")
