"""The lake: a copy of the log as plain Parquet files beside a hot tail, for questions about the many.

Files are sealed by ``seq``, listed in a table and never by looking into the folder; a lost or spoilt file is made anew
from the log. The personal side table never comes here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
from django.conf import settings
from django.db import connections, transaction

from twostroke.ledger import civil, parquet, past
from twostroke.ledger.catalogue import current
from twostroke.ledger.databases import in_list
from twostroke.ledger.facts import CURRENCY, ZONE, definition_subject
from twostroke.ledger.models import Segment
from twostroke.ledger.projecting import CURSOR as PROJECTIONS
from twostroke.ledger.reading import NOT_A_PERSON, head_seq
from twostroke.query.engines import DuckDB
from twostroke.query.relations import Parted, Relation
from twostroke.query.words import any_of

SEALED = "lake"
HOTTEST = 50_000
SEGMENT = 250_000
_AT_ONCE = 10_000
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Folded:
    """How far the tables that follow from the log have come, and whether nothing waits to be folded again."""

    seq: int
    settled: bool


def folded(using: str = "default") -> Folded:
    """Where numbers stand that must agree with the tables: the seq they are folded up to."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT 1 FROM ledger_dirty LIMIT 1")
        settled = cursor.fetchone() is None
    return Folded(_cursor(PROJECTIONS, using), settled)


def seal(*, hottest: int | None = None, segment: int | None = None, using: str = "default") -> int:
    """Seal lines into files of at most ``segment`` rows until at most ``hottest`` are left outside. Returns how many.

    Without them as ``SEGMENT`` and ``HOTTEST`` say.

    The log is read in pieces outside of any transaction (lines never change); only the row of the file and the
    watermark are written together. Must not run inside a transaction of the caller's.
    """
    at_most, left = SEGMENT if segment is None else segment, HOTTEST if hottest is None else hottest
    sealed = 0
    while True:
        first, head = _cursor(SEALED, using) + 1, head_seq(using)
        last = min(head, first + at_most - 1)
        if head - first + 1 <= left:
            return sealed
        file, digest = parquet.write(_folder(), first, last, _read(first, last, using))
        if _enter(first, last, file, digest, using):
            sealed += last - first + 1
        else:  # another process sealed the same lines first
            (_folder() / file).unlink(missing_ok=True)


def drop(using: str = "default") -> None:
    """Forget every file of the lake; the next question or ``seal`` makes them anew from the log."""
    with transaction.atomic(using=using):
        _lock(using)
        files = list(Segment.objects.using(using).values_list("file", flat=True))
        Segment.objects.using(using).all().delete()
        _move(0, using)
    for file in files:
        (_folder() / file).unlink(missing_ok=True)


def relations(
    *,
    up_to: int,
    kinds: Collection[str] | None = None,
    columns: Iterable[str] = parquet.STORED,
    past_force: bool | Relation = False,
    using: str = "default",
) -> dict[str, Relation]:
    """The log up to the seq ``up_to`` as relations: lines, suppressed, kinds, calendar (see ``query.lines``).

    ``kinds`` and ``columns`` say what will be asked for at most; the tail is read no wider. ``past_force`` tells the
    lines not in force from the lines up to ``up_to`` alone, or is that relation where the caller has it; else the
    tables say it as they stand. Seals first where the tail has grown too long, unless the caller is in a transaction.
    """
    if not connections[using].in_atomic_block:
        seal(using=using)
    segments = _segments(using)
    wanted = dict.fromkeys((*columns, "happened_at", "precision", "recorded_at"))
    lines = _lines(segments, up_to, kinds, tuple(wanted), using)
    if not isinstance(past_force, bool):
        suppressed = past_force
    elif past_force:
        suppressed = past.suppressed_as_of(_lines(segments, up_to, None, past.COLUMNS, using))
    else:
        suppressed = _suppressed(up_to, using)
    zone = str(definition_as_of(ZONE, up_to, using) or "UTC")
    return {"lines": lines, "suppressed": suppressed, "kinds": _kinds(), "calendar": _calendar(lines, kinds, zone)}


def definition_as_of(name: str, up_to: int, using: str = "default") -> Any:
    """What ``name`` meant at the seq ``up_to``, by the newest ``definition.changed`` up to it; None where none is."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT properties FROM ledger_line l WHERE subject = %s AND {NOT_A_PERSON} "
            "AND kind = 'definition.changed' AND seq <= %s "
            "ORDER BY recorded_at DESC, source DESC, message_id DESC LIMIT 1",
            [definition_subject(name), up_to],
        )
        found = cursor.fetchone()
    return None if found is None else msgspec.json.decode(found[0])["value"]


def reporting_currency_as_of(up_to: int, using: str = "default") -> str:
    """The reporting currency at the seq ``up_to``; EUR until it is set."""
    return str(definition_as_of(CURRENCY, up_to, using) or "EUR")


def stamp_of(seq: int, using: str = "default") -> int | None:
    """When the line ``seq`` was recorded, in microseconds since 1970 UTC; None where there is no such line."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT recorded_at FROM ledger_line WHERE seq = %s", [seq])
        found = cursor.fetchone()
    return None if found is None else int(found[0])


def _folder() -> Path:
    folder: Path = settings.TWOSTROKE_HOME.lake
    return folder


def _cursor(name: str, using: str) -> int:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT seq FROM ledger_cursor WHERE name = %s", [name])
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def _lock(using: str) -> int:
    connection = connections[using]
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_cursor (name, seq) VALUES (%s, 0) ON CONFLICT DO NOTHING", [SEALED])
        cursor.execute(f"SELECT seq FROM ledger_cursor WHERE name = %s{lock}", [SEALED])
        return int(cursor.fetchone()[0])


def _move(seq: int, using: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("UPDATE ledger_cursor SET seq = %s WHERE name = %s", [seq, SEALED])


def _enter(first: int, last: int, file: str, digest: str, using: str) -> bool:
    with transaction.atomic(using=using):
        if _lock(using) != first - 1:
            return False
        Segment.objects.using(using).create(
            first_seq=first, last_seq=last, file=file, rows=last - first + 1, sha256=digest
        )
        _move(last, using)
    return True


def _read(
    first: int, last: int, using: str, columns: Sequence[str] = parquet.STORED, kinds: Collection[str] | None = None
) -> Iterator[pa.Table]:
    """Lines ``first`` to ``last`` in pieces, each a table; at least one piece, so that there is always a schema."""
    names = ", ".join(f'l."{column}"' for column in columns)
    more, values = ("", []) if kinds is None else in_list(connections[using], "l.kind", sorted(kinds))
    condition = f" AND {more}" if more else ""
    yield parquet.as_table([], columns)
    for start in range(first, last + 1, _AT_ONCE):
        end = min(last, start + _AT_ONCE - 1)
        with connections[using].cursor() as cursor:
            cursor.execute(
                f"SELECT {names} FROM ledger_line l WHERE l.seq BETWEEN %s AND %s{condition} ORDER BY l.seq",
                [start, end, *values],
            )
            yield parquet.as_table(cursor.fetchall(), columns)


def _segments(using: str) -> list[Segment]:
    """The sealed files, each whole: what is lost, spoilt or of an old shape is written anew."""
    found = list(Segment.objects.using(using).order_by("first_seq"))
    return [segment if _stands(segment) else _mended(segment, using) for segment in found]


def _stands(segment: Segment) -> bool:
    return f".{parquet.shape()}." in segment.file and parquet.is_whole(_folder() / segment.file, segment.sha256)


def _mended(segment: Segment, using: str) -> Segment:
    old = segment.file
    first, last = segment.first_seq, segment.last_seq
    segment.file, segment.sha256 = parquet.write(_folder(), first, last, _read(first, last, using))
    with transaction.atomic(using=using):
        Segment.objects.using(using).filter(first_seq=first, file=old).update(file=segment.file, sha256=segment.sha256)
    (_folder() / old).unlink(missing_ok=True)
    return segment


def _lines(
    segments: Sequence[Segment], up_to: int, kinds: Collection[str] | None, columns: tuple[str, ...], using: str
) -> Parted:
    within = [segment for segment in segments if segment.first_seq <= up_to]
    sealed = max((segment.last_seq for segment in within), default=0)
    needed = dict.fromkeys(("seq", "kind", *columns))
    if "properties" in needed:
        needed["kind_version"] = None
    tail = pa.concat_tables(_read(sealed + 1, up_to, using, tuple(needed), kinds))
    return Parted(tuple(str(_folder() / segment.file) for segment in within), tail, ("seq", up_to))


def _suppressed(up_to: int, using: str) -> pa.Table:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT seq FROM ledger_suppressed WHERE seq <= %s", [up_to])
        found = [row[0] for row in cursor.fetchall()]
    return pa.table({"seq": pa.array(found, pa.int64())}, schema=past.SUPPRESSED)


def _kinds() -> pa.Table:
    rows = [(kind.name, kind.rank, str(kind.place), str(kind.team), str(kind.stroke)) for kind in current()]
    name, rank, place, team, stroke = (list(column) for column in zip(*rows, strict=True))
    return pa.table({"kind": name, "rank": pa.array(rank, pa.int32()), "place": place, "team": team, "stroke": stroke})


def _calendar(lines: Parted, kinds: Collection[str] | None, zone: str) -> pa.Table:
    """The days these lines can fall on: one span, and the far days that single lines name."""
    low, high = civil.FIRST * _DAY_MS, (civil.LAST + 1) * _DAY_MS
    inside = f"happened_at BETWEEN {low} AND {high - 1}"
    asked = "1 = 1" if kinds is None else any_of("kind", kinds)
    engine = DuckDB()
    *ends, far = engine.run(
        f"SELECT MIN(CASE WHEN {inside} THEN happened_at END), MAX(CASE WHEN {inside} THEN happened_at END), "
        f"MIN(recorded_ms), MAX(recorded_ms), COUNT(CASE WHEN NOT ({inside}) THEN 1 END) FROM lines WHERE {asked}",
        {"lines": lines},
    ).rows[0]
    beyond = set[int]()
    if far:
        days = f"SELECT DISTINCT happened_at - happened_at % {_DAY_MS} FROM lines WHERE {asked} AND NOT ({inside})"
        # The remainder rounds towards zero, and a zone's day may begin up to a day before or after that of UTC.
        beyond = {at // _DAY_MS + d for (at,) in engine.run(days, {"lines": lines}).rows for d in (-2, -1, 0, 1)}
    instants = [at for at in ends if at is not None]
    if not instants:
        return civil.calendar(zone, 0, -1, beyond)
    return civil.calendar(zone, min(instants) // _DAY_MS - 1, max(instants) // _DAY_MS + 1, beyond)
