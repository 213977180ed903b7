"""Messages held back: looked at, counted, and marked once they came in or were given up."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connections

from twostroke.ledger.databases import in_list

_COLUMNS = "id, source, batch, row, code, reason, original, recorded_at, state"
_AT_ONCE = 200


class HeldMessage(NamedTuple):
    """A quarantined message. ``original`` is None once it was erased; ``recorded_at``: microseconds since 1970 UTC."""

    id: int
    source: str
    batch: str | None
    row: int | None
    code: str
    reason: str
    original: bytes | None
    recorded_at: int
    state: str


class HeldCount(NamedTuple):
    """Messages held back of one source for one reason: how many, and when the first and the last came (µs)."""

    source: str
    code: str
    messages: int
    first: int
    last: int
    of_files: int


def held_counts(using: str = "default") -> list[HeldCount]:
    """What is held back now by source and code, the most first."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT source, code, count(*), min(recorded_at), max(recorded_at), count(batch) FROM ledger_quarantined "
            "WHERE state = 'held' GROUP BY source, code ORDER BY count(*) DESC, source, code"
        )
        return [HeldCount(*row) for row in cursor.fetchall()]


def held_messages(
    *,
    source: str | None = None,
    code: str | None = None,
    ids: Collection[int] | None = None,
    after: int = 0,
    limit: int = _AT_ONCE,
    using: str = "default",
) -> list[HeldMessage]:
    """Messages that are held back now, by id; with ``ids`` these, whatever became of them."""
    conditions, given = ["id > %s"], [after]
    parameters: list[Any] = list(given)
    if ids is None:
        conditions.append("state = 'held'")
    else:
        condition, more = in_list(connections[using], "id", sorted(ids))
        conditions.append(condition)
        parameters += more
    for column, value in (("source", source), ("code", code)):
        if value is not None:
            conditions.append(f"{column} = %s")
            parameters.append(value)
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM ledger_quarantined WHERE {' AND '.join(conditions)} ORDER BY id LIMIT %s",
            [*parameters, limit],
        )
        return [
            HeldMessage._make((*row[:6], None if row[6] is None else bytes(row[6]), *row[7:]))
            for row in cursor.fetchall()
        ]


def every_held_message(*, source: str | None = None, code: str | None = None) -> Iterator[Sequence[HeldMessage]]:
    """All that are held back now, some at a time, without a transaction that lasts."""
    after = 0
    while found := held_messages(source=source, code=code, after=after):
        yield found
        after = found[-1].id


def mark_held(ids: Collection[int], state: str, using: str = "default") -> set[int]:
    """Mark these messages ``repaired`` or ``discarded``, within the caller's transaction. Returns those held until now.

    One that is repaired is counted out with ``append(…, repaired=…)`` in the same transaction; one that is discarded
    stays counted as quarantined.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("mark_held must be called inside a transaction")
    condition, given = in_list(connection, "id", sorted(ids))
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM ledger_quarantined WHERE {condition} AND state = 'held'{lock}", given)
        there = {name for (name,) in cursor.fetchall()}
        condition, given = in_list(connection, "id", sorted(there))
        cursor.execute(f"UPDATE ledger_quarantined SET state = %s WHERE {condition}", [state, *given])
    return there
