"""Pure decisions of the log: how lines are spelled, chained and ordered, and which message of a record counts."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from twostroke.kit.time import DAY_MS, day_bounds
from twostroke.ledger.facts import Line, Place, Precision

NO_HASH = "0" * 64
_encode = msgspec.json.Encoder().encode


def line_bytes(line: Sequence[Any]) -> bytes:
    """A line as it enters the chain: its columns in order, as a JSON array in UTF-8."""
    return _encode(line)


def commit_hash(key: bytes, previous: str, number: int, recorded_at: int, tallies: str, lines: Iterable[bytes]) -> str:
    """The chain's next link: HMAC-SHA-256 (RFC 2104) over the link before, the commit's own row and its lines."""
    said = b"\n".join((_encode([previous, number, recorded_at, tallies]), *lines))
    return hmac.digest(key, said, "sha256").hex()


def personal_digest(salt: str, content: str) -> str:
    """SHA-256 of salt and content: what the line keeps of its personal part."""
    return hashlib.sha256(f"{salt}\n{content}".encode()).hexdigest()


def held_digest(*said: str | int | None) -> bytes:
    """What the chain keeps of a quarantined message: its columns but id and state, content as its digest."""
    return _encode(said)


def held_hash(digests: Iterable[bytes]) -> str:
    """SHA-256 over the quarantined messages of one commit, in their order."""
    return hashlib.sha256(b"\n".join(digests)).hexdigest()


def content_digest(key: bytes, reason: str, original: bytes) -> str:
    """HMAC-SHA-256 of what a quarantined message says; keyed, or it could be guessed after the content was erased."""
    return hmac.new(key, _encode(reason) + b"\n" + original, hashlib.sha256).hexdigest()


class OrderKey(NamedTuple):
    """Where a line stands within its subject; depends on nothing but the line, the catalogue and the zone."""

    at: int
    rank: int
    source: str
    message_id: str
    part: int


def order_key(zone: str, rank_and_place: Mapping[str, tuple[int, Place]]) -> Callable[[Line], OrderKey]:
    """A sort key for lines of one subject.

    A line of unknown time stands at its stamp; a day-precise one at its kind's place in that civil day of ``zone``.
    """
    places: dict[tuple[int, Place], int] = {}

    def day_place(number: int, place: Place) -> int:
        found = places.get((number, place))
        if found is None:
            start, end = day_bounds(number, zone)
            found = {Place.FIRST: start, Place.MIDDLE: (start + end) // 2, Place.LAST: end - 1}[place]
            places[number, place] = found
        return found

    def key(line: Line) -> OrderKey:
        rank, place = rank_and_place[line.kind]
        if line.happened_at is None:
            at = line.recorded_at // 1000
        elif line.precision == Precision.DAY:
            at = day_place(line.happened_at // DAY_MS, place)
        else:
            at = line.happened_at
        return OrderKey(at, rank, line.source, line.message_id, line.part)

    return key


class Attested(NamedTuple):
    """A claim to be what a record says now: later version first, then later import, then lower row in the file."""

    version_time: int
    stamp: int
    row: int
    message_id: str


def places(attestations: Iterable[Attested]) -> dict[str, Attested]:
    """Each message with the greatest place it holds.

    A message said again under the same version time keeps its first place: that of the first import that said it so.
    Within one file a later row is a later word.
    """
    first: dict[tuple[str, int], Attested] = {}
    for one in attestations:
        before = first.setdefault((one.message_id, one.version_time), one)
        if (one.stamp, -one.row) < (before.stamp, -before.row):
            first[one.message_id, one.version_time] = one
    found: dict[str, Attested] = {}
    for one in first.values():
        found[one.message_id] = max(one, found.get(one.message_id, one))
    return found


def counting(attestations: Iterable[Attested]) -> str | None:
    """The message that counts among those attested by batches not undone; None where nothing attests the record."""
    best = max(places(attestations).values(), default=None)
    return None if best is None else best.message_id


def version_time(file_date: int | None, stamp: int) -> int:
    """The earlier of the file's date and the import's stamp (microseconds); an undated file is true when received."""
    return stamp if file_date is None else min(file_date, stamp)
