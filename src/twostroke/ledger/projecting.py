"""The machine that folds lines into tables.

New lines make *units* dirty (a subject, a record, a closure of identifiers); a dirty unit is folded whole, from its
lines in force, so that arrival order cannot matter. Dirty units are rows, written with the cursor in one transaction
and deleted with the fold in another: a killed projector goes on where it stopped. One projector works at a time,
whoever it is: the web process after a person's act, an import, the worker.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import msgspec
from django.db import InterfaceError, OperationalError, connections, models, transaction

from twostroke.kit.pacing import Pace
from twostroke.kit.time import now_micros
from twostroke.ledger.catalogue import read_properties
from twostroke.ledger.checkpoints import Checkpoints
from twostroke.ledger.databases import in_list, insert_rows, note_dirty
from twostroke.ledger.facts import ZONE, Line, Told, definition_subject
from twostroke.ledger.force import Force
from twostroke.ledger.models import Broken, Dirty
from twostroke.ledger.reading import Log, head_seq, lines_after

CURSOR = "projections"
_ZONE_CURSOR = "projections.zone"  # the newest line about the zone that all days were placed by
_ZONE_SUBJECT = definition_subject(ZONE)
_ERASED = "erasure.done"
_EMPTY_FIRST = -1  # the cursor while all projections are being emptied, so that nobody folds into them
# A lost connection or a full disk says nothing about the unit at hand: the same work is done again later.
_NOT_THE_UNITS_FAULT = (OperationalError, InterfaceError)


class Projection(Protocol):
    """Tables that follow from the log. ``kinds``: fold inputs, None for all. All work happens on ``log.using``."""

    @property
    def name(self) -> str: ...
    @property
    def models(self) -> tuple[type[models.Model], ...]: ...
    @property
    def kinds(self) -> frozenset[str] | None: ...
    def units(self, lines: Sequence[Line], using: str = "default") -> set[str]:
        """The units these lines dirty; called in the transaction that moves the cursor."""

    def fold(self, units: Sequence[str], log: Log) -> set[int] | None:
        """Rewrite all rows of these units; return the seqs of lines whose standing changed, if any."""


@runtime_checkable
class OfSubjects(Protocol):
    """A projection that reads all lines of its units' subjects: how many units a slice has goes by those lines, too."""

    def subjects(self, units: Sequence[str]) -> Sequence[str]:
        """The subject of each unit."""


def tell(lines: Sequence[Line], log: Log, *, personal: bool = True) -> list[Told]:
    """Open the properties (through upcasters) and, where asked, the personal parts of lines."""
    sides = log.personal([line.seq for line in lines if line.personal_digest is not None]) if personal else {}
    return [
        Told(
            line,
            read_properties(line.kind, line.kind_version, msgspec.json.decode(line.properties)),
            sides.get(line.seq, {}),
        )
        for line in lines
    ]


@dataclass(frozen=True)
class SubjectProjection:
    """One table, one row per subject, folded from that subject's own lines by a pure function.

    ``fold_one`` gets the subject's lines in fold order and returns the row's other columns, or None for no row.
    """

    name: str
    model: type[models.Model]
    kinds: frozenset[str] | None
    fold_one: Callable[[Sequence[Told]], Mapping[str, Any] | None]
    personal: bool = True
    subject_kind: str = ""

    @property
    def models(self) -> tuple[type[models.Model], ...]:
        return (self.model,)

    def units(self, lines: Sequence[Line], using: str = "default") -> set[str]:
        del using
        return {line.subject for line in lines if line.subject_kind == self.subject_kind}

    def subjects(self, units: Sequence[str]) -> Sequence[str]:
        return units

    def fold(self, units: Sequence[str], log: Log) -> None:
        lines = log.of_subjects(units, kinds=self.kinds)
        by_subject: dict[str, list[Told]] = {}
        for told in tell(lines, log, personal=self.personal):
            if told.line.subject_kind == self.subject_kind:
                by_subject.setdefault(told.line.subject, []).append(told)
        columns = [field.column for field in self.model._meta.concrete_fields]
        rows = []
        for subject, mine in by_subject.items():
            made = self.fold_one(mine)
            if made is not None:
                row = {"subject": subject, **made}
                rows.append([row[column] for column in columns])
        connection = connections[log.using]
        condition, parameters = in_list(connection, "subject", units)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.model._meta.db_table} WHERE {condition}", parameters)
        insert_rows(connection, self.model._meta.db_table, columns, rows)


# A seller may have a million lines where a deal has three: then one is enough for a slice.
_MOST_LINES = 5_000

_force = Force()
_installed: list[Projection] = [_force]


def install(projections: Iterable[Projection]) -> None:
    """Register the projections of the house, in the order they are folded (after the lines in force)."""
    _installed[:] = [_force, *projections]


def installed() -> tuple[Projection, ...]:
    """The projections of the house."""
    return tuple(_installed)


@dataclass(frozen=True, slots=True)
class Behind:
    """How far the tables are behind the log: lines not yet looked at, units not yet folded, units that failed.

    ``seconds``: how long the oldest line waits that was not looked at.
    """

    lines: int
    units: int
    broken: int
    seconds: float = 0.0


def behind(using: str = "default") -> Behind:
    """How far the projections are behind."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_dirty")
        units = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM ledger_broken")
        broken = cursor.fetchone()[0]
        at = max(_cursor(using), 0)
        cursor.execute("SELECT recorded_at FROM ledger_line WHERE seq = %s", [at + 1])
        oldest = cursor.fetchone()
    waits = 0.0 if oldest is None else max(0.0, (now_micros() - oldest[0]) / 1e6)
    return Behind(max(head_seq(using) - at, 0), units, broken, round(waits, 3))


def is_settled(connection: Any) -> bool:
    """Whether, as this connection sees it, every line is taken and every unit folded or known to be broken."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT seq FROM ledger_head) = coalesce((SELECT seq FROM ledger_cursor WHERE name = %s), 0) "
            "AND NOT EXISTS (SELECT 1 FROM ledger_dirty)",
            [CURSOR],
        )
        return bool(cursor.fetchone()[0])


def catch_up(*, using: str = "default", progress: Callable[[int, int], None] | None = None) -> int:
    """Fold all that the log holds beyond the cursor, in transactions of about 25 ms. Returns how many lines were taken.

    ``progress`` is called after each transaction with (lines taken, lines there when it began). Must not run inside a
    transaction of the caller's: it would hold the write lock for all of it.
    """
    goal, taken, pace = head_seq(using) - max(_cursor(using), 0), 0, Pace(500)
    checkpoints = Checkpoints(using)

    def slice_done() -> None:
        checkpoints.between_slices()
        if progress is not None:
            progress(min(taken, goal), goal)

    while True:
        with pace.slice() as size:
            count = _take_lines(size, using)
        taken += count or 0
        if count == 0 and not _fold_dirty(using, slice_done) and head_seq(using) == _cursor(using):
            return taken
        if count != 0:
            slice_done()


def start_again(using: str = "default") -> None:
    """Let the next ``catch_up`` empty all projections and fold the log from its first line."""
    with transaction.atomic(using=using):
        _lock(using)
        _move(_EMPTY_FIRST, using)


def _cursor(using: str, name: str = CURSOR) -> int:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT seq FROM ledger_cursor WHERE name = %s", [name])
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def _move(seq: int, using: str, name: str = CURSOR) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_cursor (name, seq) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
            [name, seq],
        )


def _lock(using: str) -> int:
    """Take the projector's place (held to the end of the transaction) and return the cursor."""
    connection = connections[using]
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_cursor (name, seq) VALUES (%s, 0) ON CONFLICT DO NOTHING", [CURSOR])
        cursor.execute(f"SELECT seq FROM ledger_cursor WHERE name = %s{lock}", [CURSOR])
        return int(cursor.fetchone()[0])


def _take_lines(limit: int, using: str) -> int | None:
    """Note what the next lines dirty. Returns how many there were; None where tables were emptied instead."""
    with transaction.atomic(using=using):
        at = _lock(using)
        if at == _EMPTY_FIRST:
            _empty_some(limit, using)
            return None
        lines = lines_after(at, limit, using)
        if not lines:
            return 0
        lines = _up_to_an_erasure(lines)
        for projection in _installed:
            mark_dirty(projection, lines, using)
        if erased := _erased_by(lines[-1]):
            told = Log(using).by_seq(erased, in_force=False)
            for projection in _installed:
                mark_dirty(projection, told, using)
        zone_line = max((line.seq for line in lines if _tells_zone(line)), default=0)
        if zone_line > _cursor(using, _ZONE_CURSOR):
            # Days begin elsewhere now, so every line known by its day may stand elsewhere: all is folded again.
            _move(zone_line, using, _ZONE_CURSOR)
            _move(0, using)
        else:
            _move(lines[-1].seq, using)
    return len(lines)


def _up_to_an_erasure(lines: list[Line]) -> list[Line]:
    """The lines up to the first that erases: what it names is folded with it, so one is enough for a transaction."""
    for at, line in enumerate(lines):
        if line.kind == _ERASED:
            return lines[: at + 1]
    return lines


def _erased_by(line: Line) -> list[int]:
    return list(msgspec.json.decode(line.properties).get("seqs", ())) if line.kind == _ERASED else []


def _tells_zone(line: Line) -> bool:
    return line.kind == "definition.changed" and line.subject == _ZONE_SUBJECT


def _empty_some(limit: int, using: str) -> None:
    """Delete up to ``limit`` rows of the projections; where none is left, begin at the first line."""
    connection = connections[using]
    tables: list[type[models.Model]] = [model for projection in _installed for model in projection.models]
    tables += [Dirty, Broken]
    for model in tables:
        table, key = model._meta.db_table, model._meta.pk.column
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} LIMIT {limit})")
            if cursor.rowcount > 0:
                return
    _move(0, using, _ZONE_CURSOR)
    _move(0, using)


def mark_dirty(projection: Projection, lines: Sequence[Line], using: str) -> None:
    """Note the units of ``projection`` that these lines dirty, within the caller's transaction.

    A line that cannot be read this way is noted as broken by its seq: it must not keep all others from being folded.
    """
    mine = lines if projection.kinds is None else [line for line in lines if line.kind in projection.kinds]
    if not mine:
        return
    try:
        with transaction.atomic(using=using):
            note_dirty(connections[using], projection.name, sorted(projection.units(mine, using)))
    except _NOT_THE_UNITS_FAULT:
        raise
    except Exception as error:
        if len(mine) == 1:
            _mark_broken(projection, f"line {mine[0].seq}", error, using)
            return
        middle = len(mine) // 2
        mark_dirty(projection, mine[:middle], using)
        mark_dirty(projection, mine[middle:], using)


def _fold_dirty(using: str, slice_done: Callable[[], None]) -> bool:
    """Fold units until none is dirty. Returns whether any was."""
    any_dirty = False
    for projection in _installed:
        pace, some = Pace(100), True
        while some:
            with pace.slice() as size:
                some = _fold_some(projection, size, using)
            any_dirty |= some
            if some:
                slice_done()
    return any_dirty


def _fold_some(projection: Projection, size: int, using: str) -> bool:
    with transaction.atomic(using=using):
        if _lock(using) == _EMPTY_FIRST:
            return False
        with connections[using].cursor() as cursor:
            cursor.execute(
                # In the order of the index: sorting a million waiting units anew for every slice outweighs folding.
                "SELECT id, unit FROM ledger_dirty WHERE projection = %s ORDER BY unit LIMIT %s",
                [projection.name, size],
            )
            found = cursor.fetchall()
        if not found:
            return False
        if isinstance(projection, OfSubjects):
            subjects = projection.subjects([unit for _, unit in found])
            found = found[: Log(using).few_enough(subjects, _MOST_LINES)]
        _fold_units(projection, [unit for _, unit in found], using)
        condition, parameters = in_list(connections[using], "id", [row[0] for row in found])
        with connections[using].cursor() as cursor:
            cursor.execute(f"DELETE FROM ledger_dirty WHERE {condition}", parameters)
    return True


def _fold_units(projection: Projection, units: Sequence[str], using: str) -> None:
    log = Log(using)
    try:
        with transaction.atomic(using=using):
            changed = projection.fold(units, log)
    except _NOT_THE_UNITS_FAULT:
        raise
    except Exception as error:  # a fold may fail in any way; the unit is then named, never passed over
        if len(units) > 1:
            middle = len(units) // 2
            _fold_units(projection, units[:middle], using)
            _fold_units(projection, units[middle:], using)
            return
        _mark_broken(projection, units[0], error, using)
        return
    _clear_broken(projection, units, using)
    if changed:
        lines = log.by_seq(sorted(changed), in_force=False)
        for other in _installed:
            if other is not projection:
                mark_dirty(other, lines, using)


def _mark_broken(projection: Projection, unit: str, error: Exception, using: str) -> None:
    # Without the error's own words: they may quote what the unit holds, and this row is not erased with it.
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = ", ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
    with connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_broken (projection, unit, error, since) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (projection, unit) DO UPDATE SET error = excluded.error",
            [projection.name, unit, f"{type(error).__name__} in {where}", now_micros()],
        )


def _clear_broken(projection: Projection, units: Sequence[str], using: str) -> None:
    condition, parameters = in_list(connections[using], "unit", units)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT 1 FROM ledger_broken LIMIT 1")
        if cursor.fetchone() is not None:
            cursor.execute(
                f"DELETE FROM ledger_broken WHERE projection = %s AND {condition}", [projection.name, *parameters]
            )
