"""The only writer of the log: messages in, lines in commit order out.

One transaction does it all, and its last acts are taking the head row and writing, so that ``seq`` is gapless and in
commit order on both databases (LEDGER §1, §6). Called within ``transaction.atomic()``; the outside head is written
after the commit.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.conf import settings
from django.db import connections, transaction

from twostroke.kit.canonical import canonical_json
from twostroke.kit.ids import uuid7
from twostroke.kit.time import now_micros
from twostroke.ledger import rules
from twostroke.ledger.catalogue import current
from twostroke.ledger.databases import in_list, insert_rows
from twostroke.ledger.facts import LINE_COLUMNS, Draft, Held, Message, Outcome
from twostroke.ledger.heads import write_head

CONFLICT = "conflict"
_CONFLICT_REASON = "another message with this id and other content is already stored"
_decode_object = msgspec.json.decode


class InvalidMessageError(ValueError):
    """A draft breaks the catalogue. Doors check before they append; reaching this is a fault of the program."""


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

    def count(self, source: str, outcome: Outcome) -> None:
        self.tally.setdefault(source, Counter())[outcome.value] += 1


def append(
    messages: Sequence[Message], *, held: Sequence[Held] = (), repaired: Sequence[str] = (), using: str = "default"
) -> list[Outcome]:
    """Store, count as duplicates, or quarantine ``messages``; quarantine ``held``. One outcome per message, in order.

    ``repaired`` names the source of each message that leaves quarantine with this call: it is counted out there, so
    that moving it to stored or duplicate keeps the accounts. Must run inside a transaction (``RuntimeError``
    otherwise). Raises ``InvalidMessageError`` if a draft breaks the catalogue; then nothing is written.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("append must be called inside a transaction")
    head = _take_head(connection)
    work = _Work(seq=head[0], stamp=max(now_micros(), head[1] + 1) - 1, commit_number=head[2] + 1)
    known = _known_hashes(connection, messages)
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


def _known_hashes(connection: Any, messages: Sequence[Message]) -> dict[tuple[str, str], str]:
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
        body = canonical_json([_draft_json(draft) for draft in message.drafts])
        _hold(
            work, Held(message.source, CONFLICT, _CONFLICT_REASON, body, message.message_id, message.batch, message.row)
        )
        return Outcome.QUARANTINED
    work.count(message.source, outcome)
    return outcome


def _draft_json(draft: Draft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in Draft.__dataclass_fields__ if getattr(draft, name) not in (None, {})}


def _store(work: _Work, message: Message) -> None:
    catalogue = current()
    if not message.drafts:
        raise InvalidMessageError(f"message {message.message_id} of {message.source} has no lines")
    work.stamp = max(work.stamp + 1, message.recorded_at or 0) if message.recorded_at is None else message.recorded_at
    millis = work.stamp // 1000
    random = os.urandom(26 * len(message.drafts))
    for part, draft in enumerate(message.drafts):
        complaints = catalogue.check(draft)
        if complaints:
            raise InvalidMessageError(f"{draft.kind}: {' '.join(complaints)}")
        kind = catalogue.kind(draft.kind)
        work.seq += 1
        salted = random[26 * part : 26 * part + 26]
        digest = _personal(work, draft.personal, salted[10:].hex()) if draft.personal else None
        line = (
            work.seq, uuid7(millis, salted[:10]), message.source, message.message_id, part, message.row,
            message.body_hash, draft.kind, kind.version, 0 if kind.decided else 1,
            str(draft.team or kind.team), str(draft.stroke or kind.stroke), 1 if message.news else 0,
            draft.happened_at, str(draft.precision), work.stamp, draft.identifier, draft.company, draft.actor,
            draft.subject_kind, draft.subject, draft.channel, draft.campaign, draft.content,
            draft.amount_minor, draft.currency, str(message.trust), message.batch, draft.supersedes,
            canonical_json(draft.properties).decode() if draft.properties else "{}", digest,
        )  # fmt: skip
        work.lines.append(line)
        work.encoded.append(rules.line_bytes(line))


def _personal(work: _Work, personal: Mapping[str, Any], salt: str) -> str:
    content = canonical_json(personal).decode()
    work.personal.append((work.seq, salt, content))
    return rules.personal_digest(salt, content)


def _hold(work: _Work, held: Held) -> None:
    work.stamp += 1
    digest = hashlib.sha256(held.original).hexdigest()
    work.held.append(
        (work.commit_number, held.source, held.message_id, held.batch, held.row, held.code, held.reason, held.original,
         digest, work.stamp, "held")
    )  # fmt: skip
    work.held_digests.append(rules.held_digest(held.source, held.code, held.message_id, digest))
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
    first_seq, _, number, previous = head[0] + 1, head[1], head[2] + 1, head[3]
    counts: dict[str, Any] = {source: dict(sorted(tally.items())) for source, tally in sorted(work.tally.items())}
    if work.held:
        counts["#held"] = hashlib.sha256(b"\n".join(work.held_digests)).hexdigest()
    tallies = canonical_json(counts).decode()
    link = rules.commit_hash(settings.TWOSTROKE_KEY, previous, number, work.stamp, tallies, work.encoded)
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
            [number, first_seq, work.seq, work.stamp, tallies, link],
        )
        cursor.execute(
            "UPDATE ledger_head SET seq = %s, recorded_at = %s, commit_number = %s, hash = %s WHERE id = 1",
            [work.seq, max(work.stamp, head[1]), number, link],
        )
    transaction.on_commit(lambda: write_head(number, work.seq, link), using=connection.alias)
