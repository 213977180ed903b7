"""The tail: what rooms do when somebody else's line appears.

Each reaction has a cursor by its name and gets the lines beyond it in batches, in commit order, after they were folded;
at least once, so it must be idempotent. A batch that fails is halved until the line is found; that line is parked with
its error and tried again later, and the others go on. A rebuild runs no reaction.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from django.db import InterfaceError, OperationalError, connections, transaction

from twostroke.kit.time import now_micros
from twostroke.ledger.facts import Line
from twostroke.ledger.projecting import CURSOR as FOLDED
from twostroke.ledger.reading import Log, head_seq, lines_after

AT_ONCE = 200
FIRST_WAIT_MICROS, LONGEST_WAIT_MICROS = 60_000_000, 3_600_000_000
_NOT_THE_LINES_FAULT = (OperationalError, InterfaceError)


class Reaction(Protocol):
    """What a room does. ``kinds``: the lines it wants, None for all."""

    @property
    def name(self) -> str: ...
    @property
    def kinds(self) -> frozenset[str] | None: ...
    def react(self, lines: Sequence[Line]) -> None:
        """Do what these lines call for, in transactions of its own. Called again with lines it has seen."""


class Parked(NamedTuple):
    """A line a reaction failed at: the error's type and place, since when (µs since 1970 UTC), how often tried."""

    reaction: str
    seq: int
    error: str
    since: int
    tries: int


_installed: list[Reaction] = []


def install(reactions: Iterable[Reaction]) -> None:
    """From now on these, and only these, are told of new lines. Called once, by the wiring."""
    _installed[:] = reactions


def follow(*, using: str = "default", between: Callable[[], None] = lambda: None) -> int:
    """Tell every reaction of what was folded since it was told last, and of parked lines whose time has come.

    Returns how many lines were told. A reaction never heard of before begins with what comes from now on. ``between``
    is called after each batch.
    """
    told = 0
    for reaction in _installed:
        told += _again(reaction, using)
        while lines := _next(reaction, using):
            _tell(reaction, lines, using)
            _move(reaction, lines[-1].seq, using)
            told += len(lines)
            between()
    return told


def parked(using: str = "default") -> list[Parked]:
    """What could not be done yet, by reaction and line."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT reaction, seq, error, since, tries FROM ledger_parked ORDER BY reaction, seq")
        return [Parked(*row) for row in cursor.fetchall()]


def _next(reaction: Reaction, using: str) -> list[Line]:
    """The next folded lines for a reaction; its cursor is put at the head where it has none."""
    name = f"tail.{reaction.name}"
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT name, seq FROM ledger_cursor WHERE name IN (%s, %s)", [name, FOLDED])
        found = dict(cursor.fetchall())
    if name not in found:
        _move(reaction, head_seq(using), using)
        return []
    return [line for line in lines_after(found[name], AT_ONCE, using) if line.seq <= found.get(FOLDED, 0)]


def _move(reaction: Reaction, seq: int, using: str) -> None:
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_cursor (name, seq) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
            [f"tail.{reaction.name}", seq],
        )


def _tell(reaction: Reaction, lines: Sequence[Line], using: str) -> None:
    mine = [line for line in lines if reaction.kinds is None or line.kind in reaction.kinds]
    if not mine:
        return
    try:
        reaction.react(mine)
    except _NOT_THE_LINES_FAULT:
        raise
    except Exception as error:  # a reaction may fail in any way; the line is then named, never passed over
        if len(mine) == 1:
            _park(reaction, mine[0].seq, error, using)
            return
        middle = len(mine) // 2
        _tell(reaction, mine[:middle], using)
        _tell(reaction, mine[middle:], using)


def _park(reaction: Reaction, seq: int, error: Exception, using: str) -> None:
    # Without the error's own words: they may quote what the line holds.
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = ", ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
    now = now_micros()
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_parked (reaction, seq, error, since, tries, again_at) VALUES (%s, %s, %s, %s, 1, %s) "
            "ON CONFLICT (reaction, seq) DO UPDATE SET error = excluded.error, tries = ledger_parked.tries + 1, "
            "again_at = excluded.again_at",
            [reaction.name, seq, f"{type(error).__name__} in {where}", now, now + _wait(reaction, seq, using)],
        )


def _wait(reaction: Reaction, seq: int, using: str) -> int:
    """Microseconds until it is tried again: a minute, two, four, … an hour."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT tries FROM ledger_parked WHERE reaction = %s AND seq = %s", [reaction.name, seq])
        found = cursor.fetchone()
    tries = min(int(found[0]) if found else 0, 10)
    return min(LONGEST_WAIT_MICROS, FIRST_WAIT_MICROS << tries)


def _again(reaction: Reaction, using: str) -> int:
    """Tell a reaction again of its parked lines that are due; what works now is parked no more."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT seq FROM ledger_parked WHERE reaction = %s AND again_at <= %s ORDER BY seq LIMIT %s",
            [reaction.name, now_micros(), AT_ONCE],
        )
        due = [seq for (seq,) in cursor.fetchall()]
    return _once_more(reaction, due, using)


def try_again(name: str, seqs: Sequence[int], using: str = "default") -> None:
    """Tell the reaction of that name now of these lines it failed at; where there is none any more, nothing is done."""
    reaction = next((one for one in _installed if one.name == name), None)
    if reaction is not None:
        _once_more(reaction, seqs, using)


def _once_more(reaction: Reaction, due: Sequence[int], using: str) -> int:
    for line in Log(using).by_seq(due, in_force=False) if due else ():
        try:
            reaction.react([line])
        except _NOT_THE_LINES_FAULT:
            raise
        except Exception as error:
            _park(reaction, line.seq, error, using)
            continue
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute("DELETE FROM ledger_parked WHERE reaction = %s AND seq = %s", [reaction.name, line.seq])
    return len(due)
