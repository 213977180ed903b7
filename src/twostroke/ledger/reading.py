"""Reading lines: in commit order for the tail, in fold order for those who fold, only those in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

import msgspec
from django.db import connections

from twostroke.ledger import rules
from twostroke.ledger.catalogue import current
from twostroke.ledger.databases import in_list
from twostroke.ledger.facts import LINE_COLUMNS, Line

COLUMNS = ", ".join(f'l."{column}"' for column in LINE_COLUMNS)
_IN_FORCE = "NOT EXISTS (SELECT 1 FROM ledger_suppressed s WHERE s.seq = l.seq)"
_AT_ONCE = 5000
# Spelled as the partial index spells it, or SQLite does not see that the index will do.
NOT_A_PERSON = "NOT (l.subject_kind = 'person')"


def head_seq(using: str = "default") -> int:
    """The seq of the newest line; 0 on an empty log."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT seq FROM ledger_head WHERE id = 1")
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def lines_after(seq: int, limit: int, using: str = "default") -> list[Line]:
    """Up to ``limit`` lines after ``seq``, in commit order, in force or not."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM ledger_line l WHERE l.seq > %s ORDER BY l.seq LIMIT %s", [seq, limit])
        return [Line._make(row) for row in cursor.fetchall()]


def every_line(after: int = 0, up_to: int | None = None, using: str = "default") -> Iterator[Line]:
    """All lines in commit order, read ``_AT_ONCE`` at a time."""
    while True:
        found = lines_after(after, _AT_ONCE, using)
        for line in found:
            if up_to is not None and line.seq > up_to:
                return
            yield line
        if len(found) < _AT_ONCE:
            return
        after = found[-1].seq


class Log:
    """The log as a projection may read it: lines in force, in fold order (LEDGER §2), with their personal parts."""

    def __init__(self, using: str = "default") -> None:
        self.using = using
        self._connection: Any = connections[using]
        self._key: Callable[[Line], rules.OrderKey] | None = None

    @property
    def order_key(self) -> Callable[[Line], rules.OrderKey]:
        """The sort key of lines within a subject, for this installation's zone."""
        if self._key is None:
            from twostroke.ledger.queries import zone

            catalogue = current()
            self._key = rules.order_key(zone(self.using), {kind.name: (kind.rank, kind.place) for kind in catalogue})
        return self._key

    def of_subjects(self, subjects: Sequence[str], *, kinds: Iterable[str] | None = None) -> list[Line]:
        """Lines in force about these subjects (persons by their identifiers)."""
        condition, parameters = in_list(self._connection, "l.subject", subjects)
        others = self._read(f"{condition} AND {NOT_A_PERSON}", parameters, kinds)
        condition, parameters = in_list(self._connection, "l.identifier", subjects)
        persons = self._read(
            f"{condition} AND l.identifier IS NOT NULL AND l.subject_kind = 'person'", parameters, kinds
        )
        return sorted(others + persons, key=self.order_key)

    def few_enough(self, subjects: Sequence[str], most: int) -> int:
        """How many of these subjects, from the first on, have together no more than so many lines; at least one.

        Lines about persons are not counted: these are found by identifiers.
        """
        condition, parameters = in_list(self._connection, "subject", subjects)
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"SELECT subject, COUNT(*) FROM ledger_line l WHERE {condition} AND {NOT_A_PERSON} GROUP BY subject",
                parameters,
            )
            counted: dict[str, int] = dict(cursor.fetchall())
        together = accumulate(counted.get(subject, 0) for subject in subjects)
        return max(1, sum(lines <= most for lines in together))

    def of_identifiers(self, identifiers: Sequence[str], *, kinds: Iterable[str] | None = None) -> list[Line]:
        """Lines in force that name these persons' identifiers, whatever they are about."""
        condition, parameters = in_list(self._connection, "l.identifier", identifiers)
        return sorted(self._read(f"{condition} AND l.identifier IS NOT NULL", parameters, kinds), key=self.order_key)

    def of_companies(self, companies: Sequence[str], *, kinds: Iterable[str] | None = None) -> list[Line]:
        """Lines in force that name these companies, whatever they are about."""
        condition, parameters = in_list(self._connection, "l.company", companies)
        return sorted(self._read(f"{condition} AND l.company IS NOT NULL", parameters, kinds), key=self.order_key)

    def of_actors(self, actors: Sequence[str], *, kinds: Iterable[str] | None = None) -> list[Line]:
        """Lines in force done by, or given to, these colleagues."""
        condition, parameters = in_list(self._connection, "l.actor", actors)
        return sorted(self._read(f"{condition} AND l.actor IS NOT NULL", parameters, kinds), key=self.order_key)

    def by_seq(self, seqs: Sequence[int], *, in_force: bool = True) -> list[Line]:
        """The lines of these seqs, in fold order."""
        condition, parameters = in_list(self._connection, "l.seq", seqs)
        return sorted(self._read(condition, parameters, None, in_force=in_force), key=self.order_key)

    def personal(self, seqs: Sequence[int]) -> dict[int, dict[str, Any]]:
        """The personal parts of these lines that still exist, by seq."""
        condition, parameters = in_list(self._connection, "seq", seqs)
        with self._connection.cursor() as cursor:
            cursor.execute(f"SELECT seq, content FROM ledger_personal WHERE {condition}", parameters)
            return {seq: msgspec.json.decode(content) for seq, content in cursor.fetchall()}

    def _read(
        self, condition: str, parameters: list[Any], kinds: Iterable[str] | None, *, in_force: bool = True
    ) -> list[Line]:
        where, given = condition, list(parameters)
        if kinds is not None:
            more, values = in_list(self._connection, "l.kind", sorted(kinds))
            where, given = f"{where} AND {more}", given + values
        if in_force:
            where = f"{where} AND {_IN_FORCE}"
        with self._connection.cursor() as cursor:
            cursor.execute(f"SELECT {COLUMNS} FROM ledger_line l WHERE {where}", given)
            return [Line._make(row) for row in cursor.fetchall()]
