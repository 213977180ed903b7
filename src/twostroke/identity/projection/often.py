"""Identifiers that very many lines name: a tablet at a fair, a client that says who it is with every page.

What such lines say is read once, however often it was said, by skipping along the index; and no further than needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from django.db import connections

from twostroke.ledger.databases import value_rows

OFTEN = 50
_AT_ONCE = 200
_MINE = "c.identifier = %s AND c.kind = %s AND c.what = %s AND c.known = %s"
_IN_FORCE = "NOT EXISTS (SELECT 1 FROM ledger_suppressed s WHERE s.seq = c.seq)"
_SAME = f"FROM identity_claimed c WHERE {_MINE} AND c.said = d.said"
_DIFFERENT = (
    f"WITH RECURSIVE d(said, place) AS ("
    f"SELECT (SELECT min(c.said) FROM identity_claimed c WHERE {_MINE} AND c.said > %s), 1 "
    f"UNION ALL SELECT (SELECT min(c.said) FROM identity_claimed c WHERE {_MINE} AND c.said > d.said), d.place + 1 "
    f"FROM d WHERE d.said IS NOT NULL AND d.place < {_AT_ONCE}) "
    f"SELECT d.said, (SELECT c.lead {_SAME} LIMIT 1), (SELECT c.seq {_SAME} ORDER BY c.recorded_at, c.seq LIMIT 1), "
    f"(SELECT c.seq {_SAME} AND {_IN_FORCE} ORDER BY c.recorded_at, c.seq LIMIT 1) FROM d WHERE d.said IS NOT NULL"
)


class Said(NamedTuple):
    """What one or more lines say alike: who leads, the first of them, and the first in force, if any is."""

    said: str
    lead: str
    first: int
    in_force: int | None

    @property
    def seqs(self) -> set[int]:
        """The lines that stand for all that say the same."""
        return {self.first} if self.in_force is None else {self.first, self.in_force}


def named_often(names: Collection[str], kind: str, using: str) -> set[str]:
    """Which of these more than ``OFTEN`` lines of identity name, in force or not."""
    if not names:
        return set()
    rows, given = value_rows(connections[using], sorted(names))
    sql = (
        f"SELECT v.value FROM {rows} WHERE (SELECT 1 FROM identity_claimed c WHERE c.identifier = v.value "
        f"AND c.kind = %s LIMIT 1 OFFSET {OFTEN}) IS NOT NULL"
    )
    with connections[using].cursor() as cursor:
        cursor.execute(sql, [*given, kind])
        return {name for (name,) in cursor.fetchall()}


def different(name: str, kind: str, what: str, known: bool, using: str) -> Iterator[Said]:
    """What lines of one sort say of an identifier, each once, read a few hundred at a time as they are asked for."""
    mine: list[Any] = [name, kind, what, known]
    after = ""
    while True:
        with connections[using].cursor() as cursor:
            cursor.execute(_DIFFERENT, [*mine, after, *mine, *mine, *mine, *mine])
            found = [Said._make(row) for row in cursor.fetchall()]
        yield from found
        if len(found) < _AT_ONCE:
            return
        after = found[-1].said


def times(name: str, kind: str, said: str, using: str) -> int:
    """How many claims in force say this of an identifier."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM identity_claimed c WHERE c.identifier = %s AND c.kind = %s AND c.said = %s "
            f"AND {_IN_FORCE}",
            [name, kind, said],
        )
        return int(cursor.fetchone()[0])
