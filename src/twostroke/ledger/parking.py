"""What waits for a person: lines that a reaction failed at, and units of projections that could not be folded.

Both name the error by its type and place, never by its own words: they may quote what a line holds. A parked line is
tried again by itself, ever more rarely, and can be given up; a broken unit is folded again with its next line or when
somebody says so, and can never be given up, for its rows would be wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple

from django.db import connections, transaction

from twostroke.ledger import projecting, tail
from twostroke.ledger.databases import note_dirty
from twostroke.ledger.reading import Log

_MEANS = {
    "AssertionError": "something it relies on was not so",
    "AttributeError": "something it met is not what it takes it for",
    "IndexError": "something it looked for is not there",
    "IntegrityError": "the database refused a row as nonsense",
    "KeyError": "something it looked for is not there",
    "OverflowError": "a number was larger than it can take",
    "RecursionError": "something is nested deeper than it can follow",
    "TypeError": "something was of another type than it takes",
    "UnicodeDecodeError": "some text is not spelled as text is",
    "ValueError": "a value was not one it can take",
    "ZeroDivisionError": "it had to divide by nothing",
}


class Sort(StrEnum):
    """What waits: a line for a reaction, or a unit of a projection."""

    LINE = "line"
    UNIT = "unit"


class GivenUp(StrEnum):
    """Why a parked line is given up: one of a few, so that nothing about anybody stands in the audit for ever."""

    DONE_BY_HAND = "done by hand"
    NO_LONGER_NEEDED = "no longer needed"
    CANNOT_BE_MENDED = "cannot be mended"


class Waiting(NamedTuple):
    """``key`` names it; ``whose`` reaction or projection; ``what``: kind of the line, or the opaque unit.

    ``seq``: of the line, where it is one. ``error``: type and place. Instants are microseconds since 1970 UTC;
    ``again_at`` is None where nothing tries again by itself.
    """

    key: str
    sort: Sort
    whose: str
    what: str
    seq: int | None
    error: str
    since: int
    tries: int | None
    again_at: int | None

    def words(self) -> str:
        """What went wrong, as a sentence."""
        name, _, place = self.error.partition(" in ")
        means = _MEANS.get(name.rpartition(".")[2], "it met an error")
        at = f" ({name} in {place})" if place else f" ({name})"
        if self.sort is Sort.LINE:
            return f"{self.whose} could not do what line {self.seq} calls for: {means}{at}."
        return f"{self.whose} could not be folded for {self.what}: {means}{at}."


def waiting(using: str = "default", limit: int = 200) -> list[Waiting]:
    """What waits, the oldest first; at most ``limit`` of each sort."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.reaction, l.kind, p.seq, p.error, p.since, p.tries, p.again_at FROM ledger_parked p "
            "LEFT JOIN ledger_line l ON l.seq = p.seq ORDER BY p.since, p.id LIMIT %s",
            [limit],
        )
        lines = [Waiting(f"l{key}", Sort.LINE, *row) for key, *row in cursor.fetchall()]
        cursor.execute(
            "SELECT id, projection, unit, error, since FROM ledger_broken ORDER BY since, id LIMIT %s", [limit]
        )
        units = [
            Waiting(f"u{key}", Sort.UNIT, projection, unit, None, error, since, None, None)
            for key, projection, unit, error, since in cursor.fetchall()
        ]
    return sorted([*lines, *units], key=lambda one: (one.since, one.key))


def how_many_wait(using: str = "default") -> tuple[int, int | None]:
    """How many lines and units wait, and since when the oldest does (microseconds since 1970 UTC)."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM ledger_parked) + (SELECT count(*) FROM ledger_broken), "
            "(SELECT min(since) FROM ledger_parked), (SELECT min(since) FROM ledger_broken)"
        )
        many, *since = cursor.fetchone()
    return int(many), min((one for one in since if one is not None), default=None)


def retry(keys: Collection[str], using: str = "default") -> list[Waiting]:
    """Try these again now, whatever their time; what works waits no more. Returns those that still wait.

    Must not run inside a transaction of the caller's.
    """
    mine = [one for one in waiting(using, _ALL) if one.key in keys]
    for whose in {one.whose for one in mine if one.sort is Sort.LINE}:
        seqs = [one.seq for one in mine if one.sort is Sort.LINE and one.whose == whose and one.seq is not None]
        tail.try_again(whose, seqs, using)
    _fold_again([one for one in mine if one.sort is Sort.UNIT], using)
    return [one for one in waiting(using, _ALL) if one.key in keys]


def give_up(keys: Collection[str], using: str = "default") -> list[Waiting]:
    """Let these parked lines go for good; units of projections stay. Returns those that went."""
    mine = [one for one in waiting(using, _ALL) if one.key in keys and one.sort is Sort.LINE]
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for one in mine:
            cursor.execute("DELETE FROM ledger_parked WHERE id = %s", [int(one.key[1:])])
    return mine


_ALL = 1_000_000
_LINE = "line "


def _fold_again(units: Sequence[Waiting], using: str) -> None:
    """Note these units, and those of lines that could not be read, as waiting to be folded; then fold."""
    for one in units:
        projection = next((each for each in projecting.installed() if each.name == one.whose), None)
        with transaction.atomic(using=using):
            if projection is None or one.what.startswith(_LINE):
                with connections[using].cursor() as cursor:
                    cursor.execute("DELETE FROM ledger_broken WHERE id = %s", [int(one.key[1:])])
            if projection is None:
                continue
            if one.what.startswith(_LINE):
                lines = Log(using).by_seq([int(one.what.removeprefix(_LINE))], in_force=False)
                projecting.mark_dirty(projection, lines, using)
            else:
                note_dirty(connections[using], projection.name, [one.what])
    if units:
        projecting.catch_up(using=using)
