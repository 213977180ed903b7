"""Which lines were not in force at a past seq, told from the lines up to it alone (LEDGER §2, §3).

The tables of the log know the present only. Here the same rule is asked in SQL of the lake: of a record exactly one
message counts, the one with the greatest attestation among batches not undone, where a message said again under the
same version time keeps its first place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import pyarrow as pa

from twostroke.kit.ids import OPAQUE_LENGTH
from twostroke.ledger import rules
from twostroke.ledger.force import CONFIRMED, STARTED, UNDONE
from twostroke.query.engines import DuckDB
from twostroke.query.relations import Relation
from twostroke.query.words import any_of

COLUMNS = ("seq", "source", "message_id", "part", "row", "batch", "kind", "recorded_at", "properties")
SUPPRESSED = pa.schema([("seq", pa.int64())])
_BATCHES = pa.schema([("batch", pa.string()), ("version_time", pa.int64()), ("stamp", pa.int64())])
_CONFIRMED = pa.schema(
    [("source", pa.string()), ("message_id", pa.string()), ("batch", pa.string()), ("row", pa.int64())]
)
_RECORD = f"SUBSTRING(message_id, 1, {OPAQUE_LENGTH})"
_OF_FILES = f"batch IS NOT NULL AND SUBSTRING(message_id, {OPAQUE_LENGTH + 1}, 1) = '.'"
_ABOUT_IMPORTS = any_of("kind", (STARTED, CONFIRMED, UNDONE))
_IMPORTS = f"SELECT kind, source, batch, recorded_at, properties FROM lines WHERE {_ABOUT_IMPORTS} ORDER BY seq"
_SQL = f"""
WITH said AS (SELECT seq, source, message_id, batch, COALESCE("row", 0) AS place FROM lines WHERE {_OF_FILES}),
attested AS (
  SELECT source, message_id, batch, place FROM said
  UNION ALL SELECT source, message_id, batch, "row" AS place FROM confirmed
),
first_said AS (
  SELECT a.source, a.message_id, a.place, b.version_time, b.stamp, ROW_NUMBER() OVER (
    PARTITION BY a.source, a.message_id, b.version_time ORDER BY b.stamp, a.place DESC) AS said
  FROM attested AS a INNER JOIN batches AS b ON b.batch = a.batch
),
ranked AS (
  SELECT source, message_id, ROW_NUMBER() OVER (
    PARTITION BY source, {_RECORD} ORDER BY version_time DESC, stamp DESC, place DESC, message_id DESC) AS place
  FROM first_said WHERE said = 1
),
counting AS (SELECT source, message_id FROM ranked WHERE place = 1)
SELECT s.seq FROM said AS s LEFT JOIN counting AS c ON c.source = s.source AND c.message_id = s.message_id
WHERE c.message_id IS NULL ORDER BY s.seq
"""


def suppressed_as_of(lines: Relation) -> pa.Table:
    """The seqs among ``lines`` (every line up to a seq, with ``COLUMNS``) that were not in force then."""
    engine = DuckDB()
    batches, confirmed = _batches(engine.run(_IMPORTS, {"lines": lines}).rows)
    answer = engine.run(_SQL, {"lines": lines, "batches": batches, "confirmed": confirmed})
    return pa.table({"seq": pa.array([row[0] for row in answer.rows], pa.int64())}, schema=SUPPRESSED)


def _batches(import_lines: Iterable[tuple[Any, ...]]) -> tuple[pa.Table, pa.Table]:
    started: dict[str, tuple[int, int]] = {}
    undone: set[str] = set()
    rows: dict[tuple[str, str, str], int] = {}
    for kind, source, batch, recorded_at, properties in import_lines:
        said = msgspec.json.decode(properties)
        if kind == STARTED:
            dated = said.get("version_time")
            place = rules.version_time(None if dated is None else dated * 1000, recorded_at), recorded_at
            started[batch] = min(place, started.get(batch, place), key=lambda one: one[1])
        elif kind == UNDONE:
            undone.add(said["batch"])
        else:
            for message_id, row in said["rows"]:
                name = said.get("source_name", source), message_id, said["batch"]
                rows[name] = max(row or 0, rows.get(name, 0))
    standing = [(batch, *times) for batch, times in started.items() if batch not in undone]
    return _table(standing, _BATCHES), _table([(*key, row) for key, row in rows.items()], _CONFIRMED)


def _table(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [() for _ in schema]
    return pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)
