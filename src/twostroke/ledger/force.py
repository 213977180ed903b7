"""Which lines are in force: of a record said several times exactly one message counts (LEDGER §3).

Units are records, named ``source`` + unit separator + record. A record's messages are those whose id begins with the
record; each is attested by the batch it was stored with and by every batch that confirmed it; batches undone attest
nothing. Lines of the messages that do not count are suppressed. A whole batch (begun, undone) is a unit, too: folding
it makes its records dirty, a thousand at a time, so that undoing a million rows holds the write lock for no longer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import msgspec
from django.db import connections

from twostroke.kit.ids import OPAQUE_LENGTH
from twostroke.ledger import rules
from twostroke.ledger.databases import in_list, insert_rows, note_dirty
from twostroke.ledger.facts import Line
from twostroke.ledger.models import Attestation, Batch, Suppressed
from twostroke.ledger.reading import Log

_SEPARATOR, _BATCH = "\x1f", "\x1e"
_AT_ONCE = 1000
STARTED, CONFIRMED, UNDONE = "import.started", "import.confirmed", "import.undone"
_NOTE_CONFIRMED = (
    "INSERT INTO ledger_attestation (source, record, message_id, batch, row) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT (source, message_id, batch) DO UPDATE SET row = excluded.row "
    "WHERE excluded.row > ledger_attestation.row"
)
# The first line that begins a batch says what it is, whichever arrives first.
_NOTE_STARTED = (
    "INSERT INTO ledger_batch (batch, source, version_time, stamp, undone) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT (batch) DO UPDATE SET source = excluded.source, version_time = excluded.version_time, "
    "stamp = excluded.stamp WHERE ledger_batch.stamp IS NULL OR excluded.stamp < ledger_batch.stamp"
)
_NOTE_UNDONE = (
    "INSERT INTO ledger_batch (batch, source, version_time, stamp, undone) VALUES (%s, '', NULL, NULL, %s) "
    "ON CONFLICT (batch) DO UPDATE SET undone = excluded.undone"
)


def record_of(message_id: str) -> str | None:
    """The record a file row's message belongs to; None for messages of other senders."""
    return message_id[:OPAQUE_LENGTH] if message_id[OPAQUE_LENGTH : OPAQUE_LENGTH + 1] == "." else None


class Force:
    """The projection every other one reads through; it is folded first."""

    name = "ledger.force"
    models = (Batch, Attestation, Suppressed)
    kinds: frozenset[str] | None = None

    def units(self, lines: Sequence[Line], using: str = "default") -> set[str]:
        """Records and batches touched by these lines; notes batches and attestations on the way.

        ``import.confirmed`` names the source of the rows it confirms, or has it; ``import.undone`` may come from
        anywhere.
        """
        touched = {
            f"{line.source}{_SEPARATOR}{record}"
            for line in lines
            if line.batch is not None and line.part == 0 and (record := record_of(line.message_id)) is not None
        }
        for line in lines:
            if line.kind == CONFIRMED:
                touched |= _note_confirmed(line, using)
            elif line.kind in (STARTED, UNDONE):
                touched.add(_note_batch(line, using))
        return touched

    def fold(self, units: Sequence[str], log: Log) -> set[int]:
        """Decide again which messages of these records count. Returns the seqs whose standing changed."""
        by_source: dict[str, list[str]] = defaultdict(list)
        for unit in units:
            if unit.startswith(_BATCH):
                _spread(unit, log.using)
            else:
                source, record = unit.split(_SEPARATOR)
                by_source[source].append(record)
        changed: set[int] = set()
        for source, records in by_source.items():
            changed |= _fold_source(source, records, log.using)
        return changed


def _note_confirmed(line: Line, using: str) -> set[str]:
    told = msgspec.json.decode(line.properties)
    source = told.get("source_name", line.source)
    rows = [(source, mid[:OPAQUE_LENGTH], mid, told["batch"], row or 0) for mid, row in told["rows"]]
    with connections[using].cursor() as cursor:
        cursor.executemany(_NOTE_CONFIRMED, rows)
    return {f"{source}{_SEPARATOR}{row[1]}" for row in rows}


def _note_batch(line: Line, using: str) -> str:
    told = msgspec.json.decode(line.properties)
    with connections[using].cursor() as cursor:
        if line.kind == UNDONE:
            cursor.execute(_NOTE_UNDONE, [told["batch"], True])
            return _unit_of_batch(told["batch"], "line", 0)
        source = told.get("source_name", line.source)
        row = [line.batch, source, told.get("version_time"), line.recorded_at, False]
        cursor.execute(_NOTE_STARTED, row)
    return _unit_of_batch(str(line.batch), "line", 0)


def _unit_of_batch(batch: str, table: str, after: int) -> str:
    return _BATCH.join(("", batch, table, str(after)))


def _spread(unit: str, using: str) -> None:
    """Make the next records of a batch dirty, and what is left of the batch after them."""
    _, batch, table, after = unit.split(_BATCH)
    key = "seq" if table == "line" else "id"
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, source, message_id FROM ledger_{table} WHERE batch = %s AND {key} > %s "
            f"ORDER BY {key} LIMIT {_AT_ONCE}",
            [batch, int(after)],
        )
        found = cursor.fetchall()
    named = [(source, record_of(message_id)) for _, source, message_id in found]
    more = dict.fromkeys(f"{source}{_SEPARATOR}{record}" for source, record in named if record is not None)
    if len(found) == _AT_ONCE:
        more[_unit_of_batch(batch, table, found[-1][0])] = None
    elif table == "line":
        more[_unit_of_batch(batch, "attestation", 0)] = None
    note_dirty(connections[using], Force.name, more)


def _fold_source(source: str, records: Sequence[str], using: str) -> set[int]:
    connection = connections[using]
    stored = _stored_lines(connection, source, records)
    confirmed = _confirmed(connection, source, records)
    batches = _batches(connection, _named(stored, confirmed))
    should: set[int] = set()
    every: set[int] = set()
    for record, rows in stored.items():
        every |= {seq for seq, _, _, _ in rows}
        counts = rules.counting(_attested(rows, confirmed.get(record, ()), batches))
        should |= {seq for seq, message_id, batch, _ in rows if batch is not None and message_id != counts}
    return _write_suppressed(connection, every, should)


_Stored = tuple[int, str, str | None, int | None]


def _stored_lines(connection: Any, source: str, records: Sequence[str]) -> dict[str, list[_Stored]]:
    found: dict[str, list[_Stored]] = defaultdict(list)
    if connection.vendor == "postgresql":
        listed, given = "unnest(%s::text[]) AS r(value)", list[Any]([list(records)])
    else:
        listed, given = "json_each(%s) AS r", [msgspec.json.encode(list(records)).decode()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.value, l.seq, l.message_id, l.batch, l.row FROM {listed} CROSS JOIN ledger_line l "
            "WHERE l.source = %s AND l.message_id >= r.value || '.' AND l.message_id < r.value || '/'",
            [*given, source],
        )
        for record, seq, message_id, batch, row in cursor.fetchall():
            found[record].append((seq, message_id, batch, row))
    return found


def _named(stored: dict[str, list[_Stored]], confirmed: dict[str, list[tuple[str, str, int]]]) -> set[str]:
    """The batches that said any of this."""
    said = {batch for rows in stored.values() for _, _, batch, _ in rows if batch is not None}
    return said | {batch for rows in confirmed.values() for _, batch, _ in rows}


def _batches(connection: Any, names: Collection[str]) -> dict[str, tuple[int, int]]:
    """Version time and stamp, in microseconds, of those of these batches that have begun and are not undone."""
    condition, parameters = in_list(connection, "batch", sorted(names))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT batch, version_time, stamp FROM ledger_batch WHERE {condition} AND undone = %s",
            [*parameters, False],
        )
        return {
            batch: (rules.version_time(None if file_date is None else file_date * 1000, stamp), stamp)
            for batch, file_date, stamp in cursor.fetchall()
            if stamp is not None
        }


def _confirmed(connection: Any, source: str, records: Sequence[str]) -> dict[str, list[tuple[str, str, int]]]:
    condition, parameters = in_list(connection, "record", records)
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT record, message_id, batch, row FROM ledger_attestation WHERE source = %s AND {condition}",
            [source, *parameters],
        )
        for record, message_id, batch, row in cursor.fetchall():
            found[record].append((message_id, batch, row))
    return found


def _attested(
    rows: Iterable[_Stored], confirmed: Iterable[tuple[str, str, int]], batches: dict[str, tuple[int, int]]
) -> Iterable[rules.Attested]:
    for _, message_id, batch, row in rows:
        if batch in batches:
            yield rules.Attested(*batches[batch], row or 0, message_id)
    for message_id, by, row in confirmed:
        if by in batches:
            yield rules.Attested(*batches[by], row, message_id)


def batch_place(batch: str, using: str = "default") -> tuple[int, int]:
    """Version time and stamp of a batch, in microseconds. Raises ``LookupError`` if it has not begun on the log."""
    found = _batches(connections[using], [batch]).get(batch)
    if found is None:
        raise LookupError(f"no batch {batch} in force")
    return found


def known_records(
    source: str, records: Sequence[str], *, leave_out: str = "", using: str = "default"
) -> dict[str, tuple[str | None, dict[str, tuple[int, int, int, str]]]]:
    """What is stored of each of these records, the batch ``leave_out`` aside; records never said are left out.

    Per record: the message that counts (None where every batch that said it is undone), and each attested message's
    greatest place (version time, stamp, row, batch). The projections must be caught up.
    """
    connection = connections[using]
    stored, confirmed = _stored_lines(connection, source, records), _confirmed(connection, source, records)
    batches = _batches(connection, _named(stored, confirmed) - {leave_out})
    by_stamp = {stamp: batch for batch, (_, stamp) in batches.items()}
    found: dict[str, tuple[str | None, dict[str, tuple[int, int, int, str]]]] = {}
    for record, rows in stored.items():
        again = confirmed.get(record, [])
        if {batch for _, _, batch, _ in rows} | {by for _, by, _ in again} <= {leave_out, None}:
            continue
        held = rules.places(_attested(rows, again, batches))
        best = max(held.values(), default=None)
        places = {one.message_id: (one.version_time, one.stamp, one.row, by_stamp[one.stamp]) for one in held.values()}
        found[record] = (None if best is None else best.message_id, places)
    return found


def records_of(batch: str, using: str = "default") -> Iterator[str]:
    """The records a batch said something of, some more than once. The projections must be caught up."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT message_id FROM ledger_line WHERE batch = %s AND part = 0", [batch])
        yield from (record for (name,) in cursor if (record := record_of(name)) is not None)
        cursor.execute("SELECT record FROM ledger_attestation WHERE batch = %s", [batch])
        yield from (record for (record,) in cursor)


def _write_suppressed(connection: Any, every: set[int], should: set[int]) -> set[int]:
    condition, parameters = in_list(connection, "seq", sorted(every))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT seq FROM ledger_suppressed WHERE {condition}", parameters)
        there = {row[0] for row in cursor.fetchall()}
        gone = sorted(there - should)
        if gone:
            condition, parameters = in_list(connection, "seq", gone)
            cursor.execute(f"DELETE FROM ledger_suppressed WHERE {condition}", parameters)
    insert_rows(connection, "ledger_suppressed", ("seq",), [(seq,) for seq in sorted(should - there)])
    return there ^ should
