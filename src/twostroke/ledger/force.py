"""Which lines are in force: of a record said several times exactly one message counts (LEDGER §3).

Units are records, named ``source`` + unit separator + record. A record's messages are those whose id begins with the
record; each is attested by the batch it was stored with and by every batch that confirmed it; batches undone attest
nothing. Lines of the messages that do not count are suppressed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.db import connections

from twostroke.kit.ids import OPAQUE_LENGTH
from twostroke.ledger import rules
from twostroke.ledger.databases import in_list, insert_rows
from twostroke.ledger.facts import Line
from twostroke.ledger.models import Attestation, Batch, Suppressed
from twostroke.ledger.reading import Log

_SEPARATOR = "\x1f"
STARTED, CONFIRMED, UNDONE = "import.started", "import.confirmed", "import.undone"


def record_of(message_id: str) -> str | None:
    """The record a file row's message belongs to; None for messages of other senders."""
    return message_id[:OPAQUE_LENGTH] if message_id[OPAQUE_LENGTH : OPAQUE_LENGTH + 1] == "." else None


class Force:
    """The projection every other one reads through; it is folded first."""

    name = "ledger.force"
    models = (Batch, Attestation, Suppressed)
    kinds: frozenset[str] | None = None

    def units(self, lines: Sequence[Line], using: str = "default") -> set[str]:
        """Records touched by these lines; notes batches and attestations on the way."""
        touched = {
            f"{line.source}{_SEPARATOR}{record}"
            for line in lines
            if line.batch is not None and line.part == 0 and (record := record_of(line.message_id)) is not None
        }
        for line in lines:
            if line.kind == CONFIRMED:
                touched |= self._note_confirmed(line, using)
            elif line.kind in (STARTED, UNDONE):
                touched |= self._note_batch(line, using)
        return touched

    def _note_confirmed(self, line: Line, using: str) -> set[str]:
        told = msgspec.json.decode(line.properties)
        source = told["source_name"]
        rows = [
            Attestation(source=source, record=mid[:OPAQUE_LENGTH], message_id=mid, batch=told["batch"], row=row)
            for mid, row in told["rows"]
        ]
        Attestation.objects.using(using).bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["source", "message_id", "batch"],
            update_fields=["row"],
        )
        return {f"{source}{_SEPARATOR}{row.record}" for row in rows}

    def _note_batch(self, line: Line, using: str) -> set[str]:
        told = msgspec.json.decode(line.properties)
        name = told["batch"] if line.kind == UNDONE else line.batch
        source = told["source_name"]
        batch, _ = Batch.objects.using(using).get_or_create(batch=name, defaults={"source": source})
        if line.kind == UNDONE:
            batch.undone = True
        else:
            batch.stamp, batch.version_time = line.recorded_at, told.get("version_time")
        batch.save(using=using)
        return self._records_of_batch(source, str(name), using)

    def _records_of_batch(self, source: str, batch: str, using: str) -> set[str]:
        with connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT message_id FROM ledger_line WHERE batch = %s UNION "
                "SELECT message_id FROM ledger_attestation WHERE batch = %s",
                [batch, batch],
            )
            records = {record_of(row[0]) for row in cursor.fetchall()}
        return {f"{source}{_SEPARATOR}{record}" for record in records if record is not None}

    def fold(self, units: Sequence[str], log: Log) -> set[int]:
        """Decide again which messages of these records count. Returns the seqs whose standing changed."""
        by_source: dict[str, list[str]] = defaultdict(list)
        for unit in units:
            source, record = unit.split(_SEPARATOR)
            by_source[source].append(record)
        changed: set[int] = set()
        for source, records in by_source.items():
            changed |= self._fold_source(source, records, log.using)
        return changed

    def _fold_source(self, source: str, records: Sequence[str], using: str) -> set[int]:
        connection = connections[using]
        stored = _stored_lines(connection, source, records)
        batches = _batches(connection)
        confirmed = _confirmed(connection, source, records)
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


def _batches(connection: Any) -> dict[str, tuple[int, int]]:
    """Version time and stamp, in microseconds, of every batch that is not undone (of all batches: they are few)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT batch, version_time, stamp FROM ledger_batch WHERE undone = %s", [False])
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
    found = _batches(connections[using]).get(batch)
    if found is None:
        raise LookupError(f"no batch {batch} in force")
    return found


def known_records(
    source: str, records: Sequence[str], *, leave_out: str = "", using: str = "default"
) -> dict[str, tuple[str | None, dict[str, tuple[int, int, int, str]]]]:
    """What is stored of each of these records, the batch ``leave_out`` aside; records never said are left out.

    Per record: the message that counts (None where every batch that said it is undone), and each attested message's
    greatest attestation (version time, stamp, row, batch). The projections must be caught up.
    """
    connection = connections[using]
    batches, confirmed = _batches(connection), _confirmed(connection, source, records)
    found: dict[str, tuple[str | None, dict[str, tuple[int, int, int, str]]]] = {}
    for record, rows in _stored_lines(connection, source, records).items():
        said = [(message_id, batch, row or 0) for _, message_id, batch, row in rows if batch is not None]
        said = [one for one in said + confirmed.get(record, []) if one[1] != leave_out]
        attested: dict[str, tuple[int, int, int, str]] = {}
        for message_id, batch, row in said:
            if batch in batches:
                place = (*batches[batch], row, batch)
                attested[message_id] = max(place, attested.get(message_id, place))
        if said:
            found[record] = (max(attested, key=lambda m: (*attested[m][:3], m), default=None), attested)
    return found


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
