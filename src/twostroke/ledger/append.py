"""The only writer of the log: messages in, lines in commit order out.

The head row is held from the first look at what is stored to the end of the caller's transaction, so that ``seq`` is
gapless and in commit order on both databases (LEDGER §1, §6). Called within ``transaction.atomic()``, as its last act:
everybody else who appends waits. The outside head is written after the commit.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from twostroke.kit.canonical import canonical_json
from twostroke.kit.ids import uuid7
from twostroke.kit.time import now_micros
from twostroke.ledger import rules
from twostroke.ledger.addressed import may_hold_address, without_addresses
from twostroke.ledger.catalogue import current
from twostroke.ledger.databases import in_list, insert_rows
from twostroke.ledger.facts import LINE_COLUMNS, Draft, Held, Message, Outcome
from twostroke.ledger.heads import write_head

CONFLICT = "conflict"
_FLAT = frozenset({str, int, bool, type(None)})
_encode_flat = msgspec.json.Encoder(order="deterministic").encode  # sorts as RFC 8785 does where keys are ASCII
HELD = "#held"  # beside the sources in a commit's tallies: the hash of what it held back
_CONFLICT_REASON = "another message with this id and other content is already stored"


class InvalidMessageError(ValueError):
    """A message that cannot be a line. Doors check before they append; reaching this is a fault of the program."""


@dataclass(slots=True)
class _Work:
    """What one call writes."""

    seq: int
    stamp: int
    lines: list[tuple[Any, ...]] = field(default_factory=list)
    encoded: list[bytes] = field(default_factory=list)
    personal: list[tuple[int, str, str]] = field(default_factory=list)
    held: list[tuple[Any, ...]] = field(default_factory=list)
    held_digests: list[bytes] = field(default_factory=list)
    tally: dict[str, Counter[str]] = field(default_factory=dict)
    commit_number: int = 0
    last_stamp: int = 0

    def take_stamp(self, given: int | None) -> int:
        """The next stamp: later than every one before, whether the clock gives it or an earlier log."""
        stamp = self.stamp + 1 if given is None else given
        if stamp <= self.last_stamp:
            raise InvalidMessageError(f"the stamp {stamp} is not later than {self.last_stamp}: replay in commit order")
        self.last_stamp = stamp
        self.stamp = max(self.stamp, stamp)
        return stamp

    def count(self, source: str, outcome: Outcome) -> None:
        self.tally.setdefault(source, Counter())[outcome.value] += 1


def append(
    messages: Sequence[Message], *, held: Sequence[Held] = (), repaired: Sequence[str] = (), using: str = "default"
) -> list[Outcome]:
    """Store, count as duplicates, or quarantine ``messages``; quarantine ``held``. One outcome per message, in order.

    ``repaired`` names the source of each message that leaves quarantine with this call: it is counted out there, so
    that moving it to stored or duplicate keeps the accounts. Must run inside a transaction (``RuntimeError``
    otherwise). Raises ``InvalidMessageError`` for a draft that breaks the catalogue, a name no database can hold or a
    stamp that goes back; then nothing is written.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("append must be called inside a transaction")
    for message in messages:
        _refuse_malformed(message)
    head = _take_head(connection)
    work = _Work(seq=head[0], stamp=max(now_micros(), head[1] + 1) - 1, commit_number=head[2] + 1, last_stamp=head[1])
    known = known_hashes(connection, messages)
    outcomes = [_take_in(work, message, known) for message in messages]
    for one in held:
        _hold(work, one)
    for source in repaired:
        work.tally.setdefault(source, Counter())[Outcome.QUARANTINED.value] -= 1
    if work.tally:
        _write(connection, work, head)
    return outcomes


def _take_head(connection: Any) -> tuple[int, int, int, str]:
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT seq, recorded_at, commit_number, hash FROM ledger_head WHERE id = 1{lock}")
        found: tuple[int, int, int, str] = cursor.fetchone()
    return found


def known_hashes(connection: Any, messages: Sequence[Message]) -> dict[tuple[str, str], str]:
    """The body hash of each of these messages' names that is on the log, by source and message id."""
    by_source: dict[str, list[str]] = {}
    for message in messages:
        by_source.setdefault(message.source, []).append(message.message_id)
    known: dict[tuple[str, str], str] = {}
    with connection.cursor() as cursor:
        for source, ids in by_source.items():
            condition, parameters = in_list(connection, "message_id", ids)
            cursor.execute(
                f"SELECT message_id, body_hash FROM ledger_line WHERE source = %s AND {condition} AND part = 0",
                [source, *parameters],
            )
            known.update({(source, message_id): body for message_id, body in cursor.fetchall()})
    return known


def _take_in(work: _Work, message: Message, known: dict[tuple[str, str], str]) -> Outcome:
    name = (message.source, message.message_id)
    there = known.get(name)
    if there is None:
        _store(work, message)
        known[name] = message.body_hash
        outcome = Outcome.STORED
    elif there == message.body_hash:
        outcome = Outcome.DUPLICATE
    else:
        body, where = _as_bytes(message), (message.message_id, message.batch, message.row)
        _hold(work, Held(message.source, CONFLICT, _CONFLICT_REASON, body, *where))
        return Outcome.QUARANTINED
    work.count(message.source, outcome)
    return outcome


def _as_bytes(message: Message) -> bytes:
    """A whole message as it came, else as canonical JSON: what a repair needs to bring it in again."""
    if message.original is not None:
        return message.original
    told = _said(message) | {"drafts": [_said(draft) for draft in message.drafts]}
    return canonical_json(told)


def _said(one: Message | Draft) -> dict[str, Any]:
    return {name: value for name in one.__struct_fields__ if (value := getattr(one, name)) not in (None, {}, ())}


def _refuse_malformed(message: Message) -> None:
    """Names become text columns, keys of JSON and parts of units: no control characters, no halves of characters."""
    for name in (message.source, message.message_id, message.batch, message.body_hash):
        if name is not None and not (name and name.isprintable()):
            raise InvalidMessageError("a message needs a source, an id and a hash as printable text")
    if not message.drafts:
        raise InvalidMessageError(f"message {message.message_id} of {message.source} has no lines")


def _store(work: _Work, message: Message) -> None:
    catalogue = current()
    stamp = work.take_stamp(message.recorded_at)
    millis, news, trust = stamp // 1000, 1 if message.news else 0, str(message.trust)
    random = os.urandom(26 * len(message.drafts))
    for part, draft in enumerate(message.drafts):
        kind = catalogue.written(draft)
        if kind is None:
            raise InvalidMessageError(f"{draft.kind}: {' '.join(catalogue.check(draft))}")
        properties = _text(draft, draft.properties) if draft.properties else "{}"
        if may_hold_address(draft, properties):
            draft = without_addresses(draft)  # noqa: PLW2901
            properties = _text(draft, draft.properties) if draft.properties else "{}"
        work.seq += 1
        salted = random[26 * part : 26 * part + 26]
        digest = _personal(work, draft, salted[10:].hex()) if draft.personal else None
        line = (
            work.seq, uuid7(millis, salted[:10]), message.source, message.message_id, part, message.row,
            message.body_hash, draft.kind, kind.version, kind.observed,
            str(draft.team) if draft.team else kind.team, str(draft.stroke) if draft.stroke else kind.stroke, news,
            draft.happened_at, str(draft.precision), stamp, draft.identifier, draft.company, draft.actor,
            draft.subject_kind, draft.subject, draft.channel, draft.campaign, draft.content,
            draft.amount_minor, draft.currency, trust, message.batch, draft.supersedes,
            properties, digest,
        )  # fmt: skip
        work.lines.append(line)
        work.encoded.append(rules.line_bytes(line))


def _personal(work: _Work, draft: Draft, salt: str) -> str:
    content = _text(draft, draft.personal)
    work.personal.append((work.seq, salt, content))
    return rules.personal_digest(salt, content)


def _text(draft: Draft, fields: Mapping[str, Any]) -> str:
    """Canonical JSON. Most fields are flat and plain, which is seen here faster than by the general rule."""
    try:
        for name, value in fields.items():
            if type(value) not in _FLAT or not name.isascii():
                return canonical_json(fields).decode()
        return _encode_flat(fields).decode()
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        # Never with the value: it may be personal.
        raise InvalidMessageError(f"{draft.kind} has a field that JSON cannot hold") from error


def _hold(work: _Work, held: Held) -> None:
    stamp = work.take_stamp(None)
    digest = rules.content_digest(settings.TWOSTROKE_KEY, held.reason, held.original)
    place = (held.source, held.message_id, held.batch, held.row, held.code)
    work.held.append((work.commit_number, *place, held.reason, held.original, digest, stamp, "held"))
    work.held_digests.append(rules.held_digest(*place, digest, stamp))
    work.count(held.source, Outcome.QUARANTINED)


_HELD_COLUMNS = (
    "commit_number", "source", "message_id", "batch", "row", "code", "reason", "original", "original_digest",
    "recorded_at", "state",
)  # fmt: skip
_TALLY = (
    "INSERT INTO ledger_tally (source, received, stored, duplicate, quarantined) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT (source) DO UPDATE SET received = ledger_tally.received + excluded.received, "
    "stored = ledger_tally.stored + excluded.stored, duplicate = ledger_tally.duplicate + excluded.duplicate, "
    "quarantined = ledger_tally.quarantined + excluded.quarantined"
)


def _write(connection: Any, work: _Work, head: tuple[int, int, int, str]) -> None:
    first_seq, number, previous = head[0] + 1, work.commit_number, head[3]
    counts: dict[str, Any] = {source: dict(sorted(tally.items())) for source, tally in sorted(work.tally.items())}
    if work.held:
        counts[HELD] = rules.held_hash(work.held_digests)
    tallies = canonical_json(counts).decode()
    stamp = work.last_stamp
    link = rules.commit_hash(settings.TWOSTROKE_KEY, previous, number, stamp, tallies, work.encoded)
    insert_rows(connection, "ledger_line", LINE_COLUMNS, work.lines)
    insert_rows(connection, "ledger_personal", ("seq", "salt", "content"), work.personal)
    insert_rows(connection, "ledger_quarantined", _HELD_COLUMNS, work.held)
    with connection.cursor() as cursor:
        for source, tally in work.tally.items():
            stored, duplicate, quarantined = (tally[outcome.value] for outcome in Outcome)
            cursor.execute(_TALLY, [source, stored + duplicate + quarantined, stored, duplicate, quarantined])
        cursor.execute(
            "INSERT INTO ledger_commit (number, first_seq, last_seq, recorded_at, tallies, hash) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            [number, first_seq, work.seq, stamp, tallies, link],
        )
        cursor.execute(
            "UPDATE ledger_head SET seq = %s, recorded_at = %s, commit_number = %s, hash = %s WHERE id = 1",
            [work.seq, stamp, number, link],
        )
    if connection.alias == DEFAULT_DB_ALIAS:  # the home's one head is of the home's one log
        # Robust: what is committed stays committed, and a head left behind is what verify can say.
        transaction.on_commit(lambda: write_head(number, work.seq, link), using=connection.alias, robust=True)
