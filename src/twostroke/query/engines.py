"""Engines that answer SQL over relations. DuckDB in process: in memory, no network, no files of its own."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import duckdb

from twostroke.query.relations import Parted, Relation
from twostroke.query.words import name, text

# Nothing is fetched at run time.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 2,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Column names and rows of plain Python values."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def mappings(self) -> list[dict[str, Any]]:
        """Each row by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Engine(Protocol):
    """Something that answers SQL of the DuckDB dialect over named relations."""

    def run(self, sql: str, relations: Mapping[str, Relation], parameters: Sequence[Any] = ()) -> Answer:
        """The answer to ``sql``; each ``?`` in it takes the next of ``parameters``."""
        ...


class DuckDB:
    """The engine in this process. Runs share one empty database in memory; what a run offers it is its own."""

    def run(self, sql: str, relations: Mapping[str, Relation], parameters: Sequence[Any] = ()) -> Answer:
        """Raises ``duckdb.Error`` for SQL that is wrong or files that are gone."""
        with _database(os.getpid()).cursor() as connection:
            for called, relation in relations.items():
                _offer(connection, called, relation)
            connection.execute(sql, list(parameters))
            columns = tuple(column[0] for column in connection.description or ())
            return Answer(columns, connection.fetchall())


@lru_cache(maxsize=1)
def _database(process: int) -> duckdb.DuckDBPyConnection:
    """The process's own database: opening one costs more than most questions; a forked one must not be shared."""
    del process
    return duckdb.connect(":memory:", config=_CONFIG)


def _offer(connection: duckdb.DuckDBPyConnection, called: str, relation: Relation) -> None:
    if not isinstance(relation, Parted):
        connection.register(called, relation)
        return
    tail = f"{called}__tail"
    connection.register(tail, relation.tail)
    columns = ", ".join(name(column) for column in relation.tail.column_names)
    parts = [f"SELECT {columns} FROM {name(tail)}"]
    if relation.files:
        listed = ", ".join(text(file) for file in relation.files)
        parts.insert(0, f"SELECT {columns} FROM read_parquet([{listed}])")
    union = " UNION ALL ".join(parts)
    cut = "" if relation.up_to is None else f" WHERE {name(relation.up_to[0])} <= {int(relation.up_to[1])}"
    connection.execute(f"CREATE TEMP VIEW {name(called)} AS SELECT * FROM ({union}){cut}")
