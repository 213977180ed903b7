"""What differs between the two databases when many rows are written, in one place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

_COPY_FROM = 20


def insert_rows(connection: Any, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows on a Django connection, each database its fastest safe way (COPY fires triggers as INSERT does)."""
    if not rows:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) >= _COPY_FROM:
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


def in_list(connection: Any, column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """A condition ``column`` in ``values`` and its parameters, one parameter whatever the number of values.

    On SQLite through ``json_each`` (the number of ? is limited), on PostgreSQL through ``= ANY``.
    """
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", [list(values)]
    return f"{column} IN (SELECT value FROM json_each(%s))", [json.dumps(list(values))]


def value_rows(connection: Any, values: Sequence[str]) -> tuple[str, list[Any]]:
    """A table ``v`` with one column ``value``, to be named after FROM, and its parameters, one for all values."""
    if connection.vendor == "postgresql":
        return "unnest(%s::text[]) AS v(value)", [list(values)]
    return "json_each(%s) AS v", [json.dumps(list(values))]


def note_dirty(connection: Any, projection: str, units: Iterable[str]) -> None:
    """Note units of a projection that must be folded again, in this order; those noted already stay where they are."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO ledger_dirty (projection, unit) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [(projection, unit) for unit in units],
        )
