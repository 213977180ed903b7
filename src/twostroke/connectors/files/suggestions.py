"""Values that match nothing where they point, and what they probably mean: told, and taken where a person says so."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Map

from twostroke.connectors.files.cells import bare_key
from twostroke.connectors.files.columns import Column, Profile
from twostroke.connectors.files.joins import POINTS, listed
from twostroke.connectors.files.mapping import ColumnMap, Mapping
from twostroke.connectors.files.spelling import Suggester

AIMS = {**POINTS, "parent": "company", "manager": "colleague", "company_key": "company", "company_name": "company"}
YES = "yes"


def answer_key(table: str, column: str) -> str:
    """The key of the answer by which all suggestions for a column are taken."""
    return f"did-you-mean {table}.{column}"


def strangers(mapping: Mapping, profiles: Map[str, Profile], column: ColumnMap, values: Column) -> dict[str, int]:
    """Values of a column that are none of the keys it points to, with their rows, the most frequent first."""
    keys = _keys(profiles, column)
    if keys is None:
        return {}
    known = {bare_key(key) for key in keys.values} | set(_keys_elsewhere(mapping, profiles, column))
    meant = {cell: column.values.get(cell, cell) for cell in values.values}
    strange = {
        cell: rows
        for cell, rows in values.values.items()
        if bare_key(meant[cell]) not in known and not listed(meant[cell], keys)
    }
    return dict(sorted(strange.items(), key=lambda item: (-item[1], item[0])))


def suggested(mapping: Mapping, profiles: Map[str, Profile], column: ColumnMap, values: Column) -> dict[str, str]:
    """What each of these strangers probably means; those without a likely meaning are left out."""
    keys = _keys(profiles, column)
    if keys is None:
        return {}
    suggester = Suggester(keys.values)
    found = {cell: suggester.suggest(cell) for cell in strangers(mapping, profiles, column, values)}
    return {cell: near for cell, near in found.items() if near is not None}


def take(mapping: Mapping, profiles: Map[str, Profile], said: Map[str, str]) -> None:
    """Writes the suggestions into ``mapping`` for the columns a person said yes to. What was written there stands."""
    for table in mapping.tables:
        for column in table.columns:
            if said.get(answer_key(table.name, column.header), "").lower() != YES or table.name not in profiles:
                continue
            values = profiles[table.name].column(column.header)
            if values is not None:
                column.values = {**suggested(mapping, profiles, column, values), **column.values}


def _keys(profiles: Map[str, Profile], column: ColumnMap) -> Column | None:
    name, _, header = column.to.rpartition(".")
    other = profiles.get(name)
    keys = other.column(header) if other is not None else None
    return None if keys is None or keys.overflow else keys


def _keys_elsewhere(mapping: Mapping, profiles: Map[str, Profile], column: ColumnMap) -> Iterator[str]:
    """Keys of the other tables of the record a column points to: contacts where leads stand, too."""
    name = column.to.rpartition(".")[0]
    for table in mapping.of_record(AIMS.get(column.role, "")):
        keys = profiles[table.name].column(table.key) if table.key and table.name in profiles else None
        if table.name != name and keys is not None:
            yield from map(bare_key, keys.values)
