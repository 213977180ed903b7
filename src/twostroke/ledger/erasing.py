"""What is personal on the log: found, and taken away with a line that says so. Lines and their figures stay."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connections, transaction

from twostroke.kit.time import now_millis
from twostroke.ledger.actions import say
from twostroke.ledger.databases import in_list
from twostroke.ledger.facts import Draft, Line, Precision
from twostroke.ledger.reading import COLUMNS

_AT_ONCE = 5000
# One line names what one short transaction took away.
_ERASED_AT_ONCE = 500
ERASED_REASON = "It was erased together with the person it was about."


class Side(NamedTuple):
    """The personal part of a line, as JSON text."""

    seq: int
    content: str


class HeldBack(NamedTuple):
    """A quarantined message that still has its content."""

    id: int
    source: str
    batch: str | None
    row: int | None
    code: str
    reason: str
    original: bytes


def lines_naming(ids: Collection[str], using: str = "default") -> list[Line]:
    """Every line, in force or not, that names one of these persons' identifiers; in commit order."""
    condition, given = in_list(connections[using], "l.identifier", sorted(ids))
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM ledger_line l WHERE {condition} AND l.identifier IS NOT NULL ORDER BY l.seq", given
        )
        return [Line._make(row) for row in cursor.fetchall()]


def sides_of(seqs: Collection[int], using: str = "default") -> list[Side]:
    """The personal parts of these lines that are still there, by seq."""
    condition, given = in_list(connections[using], "seq", sorted(seqs))
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT seq, content FROM ledger_personal WHERE {condition} ORDER BY seq", given)
        return [Side(*row) for row in cursor.fetchall()]


def every_side(using: str = "default") -> Iterator[Sequence[Side]]:
    """All personal parts there are, some thousands at a time, without a transaction that lasts."""
    after = 0
    while True:
        with connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT seq, content FROM ledger_personal WHERE seq > %s ORDER BY seq LIMIT %s", [after, _AT_ONCE]
            )
            found = [Side(*row) for row in cursor.fetchall()]
        if not found:
            return
        yield found
        after = found[-1].seq


def every_held(using: str = "default") -> Iterator[HeldBack]:
    """All quarantined messages that still have their content, by id."""
    after = 0
    while True:
        with connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT id, source, batch, row, code, reason, original FROM ledger_quarantined "
                "WHERE original IS NOT NULL AND id > %s ORDER BY id LIMIT 500",
                [after],
            )
            found = [HeldBack._make((*row[:6], bytes(row[6]))) for row in cursor.fetchall()]
        if not found:
            return
        yield from found
        after = found[-1].id


def erase(
    *, subject: str, seqs: Collection[int], held: Collection[int], by: str | None = None, using: str = "default"
) -> list[str]:
    """Take away the personal parts of these lines and the content of these quarantined messages.

    Each short transaction says in an ``erasure.done`` line about the person ``subject`` what it took, so that
    ``verify`` knows it went by right. What is gone already is left out. Returns the message ids of the lines.
    """
    there = [side.seq for side in sides_of(seqs, using)]
    kept = _still_held(held, using)
    said = []
    while there or kept:
        some, there = there[:_ERASED_AT_ONCE], there[_ERASED_AT_ONCE:]
        more, kept = kept[:_ERASED_AT_ONCE], kept[_ERASED_AT_ONCE:]
        with transaction.atomic(using=using):
            _take_away(some, more, using)
            said.append(say(_done(subject, some, more, by)))
    return said


def _still_held(held: Collection[int], using: str) -> list[int]:
    condition, given = in_list(connections[using], "id", sorted(held))
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ledger_quarantined WHERE {condition} AND original IS NOT NULL ORDER BY id", given
        )
        return [name for (name,) in cursor.fetchall()]


def _take_away(seqs: Sequence[int], held: Sequence[int], using: str) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        condition, given = in_list(connection, "seq", seqs)
        cursor.execute(f"DELETE FROM ledger_personal WHERE {condition}", given)
        condition, given = in_list(connection, "id", held)
        # The reason goes, too: it may quote what stood there.
        cursor.execute(
            f"UPDATE ledger_quarantined SET original = NULL, reason = %s WHERE {condition}", [ERASED_REASON, *given]
        )


def _done(subject: str, seqs: Sequence[int], held: Sequence[int], by: str | None) -> Draft:
    told: dict[str, Any] = {"seqs": list(seqs)}
    if held:
        told["held"] = list(held)
    return Draft(
        kind="erasure.done",
        subject_kind="person",
        subject=subject,
        happened_at=now_millis(),
        precision=Precision.MS,
        actor=by,
        properties=told,
    )
