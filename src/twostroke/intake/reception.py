"""One event as it came: its limits, its envelope kept with it, and its message for the log."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.conf import settings
from msgspec import structs

from twostroke.identity.facts import Minter
from twostroke.identity.queries import minter as fresh_minter
from twostroke.intake.facts import Dialect, Envelope, Reader, RefusedError
from twostroke.kit.ids import mac
from twostroke.kit.text import of_whole_characters
from twostroke.ledger.facts import Draft, Held, Message, Trust
from twostroke.ledger.queries import complaints, stored_hashes

LONGEST_EVENT = 32_768
DEEPEST = 20
NOT_JSON, TOO_LONG, TOO_DEEP, NOT_STORABLE = "not_json", "too_long", "too_deep", "not_storable"
_FORMAT = 1
# A message that is on the log already is only counted: what its lines would be is not looked at.
_NEVER_STORED = Draft("action.taken", "person", "nobody")
_dialects: dict[str, Dialect] = {}


def install_dialects(dialects: Mapping[str, Dialect]) -> None:
    """From now on these, and only these, dialects are read. Called once, by the wiring."""
    _dialects.clear()
    _dialects.update(dialects)


@dataclass(slots=True)
class Reception:
    """Turns events into messages, with one minter for all. For one thread; make a new one once somebody was erased."""

    minter: Minter = field(default_factory=fresh_minter)
    _readers: dict[tuple[str, str, Trust], Reader] = field(default_factory=dict)

    def reader(self, envelope: Envelope) -> Reader:
        """The reader for events in this envelope."""
        name = (envelope.dialect, envelope.source, envelope.trust)
        found = self._readers.get(name)
        if found is None:
            found = self._readers[name] = _dialects[envelope.dialect](envelope.source, envelope.trust, self.minter)
        return found

    def message(self, envelope: Envelope, raw: bytes) -> Message:
        """The event as a message for the log, its bytes kept with it. Raises ``RefusedError``."""
        event = filled(parsed(raw), envelope)
        found = self.reader(envelope).message(event, received_at=envelope.received_at)
        return structs.replace(found, original=packed(envelope, raw))

    def said_again(self, envelope: Envelope, raws: Sequence[bytes]) -> list[Message | None]:
        """Of events that cannot be read: those that came in before, after a repair, as messages the log knows.

        A repaired message keeps the hash of what was received, so its sender's retries are duplicates (LEDGER §1).
        """
        reader = self.reader(envelope)
        found = [self._named(reader, envelope, raw) for raw in raws]
        known = stored_hashes([one for one in found if one is not None])
        return [
            one if one is not None and known.get((one.source, one.message_id)) == one.body_hash else None
            for one in found
        ]

    def _named(self, reader: Reader, envelope: Envelope, raw: bytes) -> Message | None:
        event = filled(leniently(raw), envelope)
        body = _hash_as_received(reader, event, raw)
        try:
            name = reader.name_on_log(event, body)
        except RefusedError:
            return None
        return Message(envelope.source, name, body, (_NEVER_STORED,), envelope.trust)

    def mended(self, envelope: Envelope, raw: bytes, mended: Any, *, news: bool) -> Message:
        """A mended event as a message with the hash of what was received, so that a retry of that is its duplicate.

        What its request said for it is in ``mended`` already. Raises ``RefusedError``.
        """
        reader = self.reader(envelope)
        _refuse_unfit(mended)
        body = _hash_as_received(reader, filled(leniently(raw), envelope), raw)
        found = reader.message(mended, received_at=envelope.received_at, name=body)
        return structs.replace(found, body_hash=body, original=packed(envelope, raw), news=news)


def _hash_as_received(reader: Reader, event: Any, raw: bytes) -> str:
    """The hash of an event as it came; of one that has none (NaN, no object) that of its bytes."""
    try:
        return reader.body_hash(event)
    except RefusedError:
        return mac(settings.TWOSTROKE_KEY, b"bytes\n" + raw)


def parsed(raw: bytes) -> Any:
    """An event's bytes as a value. Raises ``RefusedError`` for what is no JSON, over-long or too deep."""
    if len(raw) > LONGEST_EVENT:
        raise RefusedError(TOO_LONG, f"It is longer than {LONGEST_EVENT // 1024} kB: send less with each event.")
    try:
        event = _decoded(raw)
    except RecursionError:
        raise _too_deep() from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise RefusedError(
            NOT_JSON, "It is no JSON (RFC 8259): it holds NaN, a stray quote, or bytes that are no UTF-8."
        ) from None
    # With so few brackets it cannot be deep: nearly every event is spared the walk through it.
    if raw.count(b"{") + raw.count(b"[") > DEEPEST and not _is_shallow(event, DEEPEST):
        raise _too_deep()
    return event


def _decoded(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # JavaScript cuts texts in the middle of an emoji and sends what is left.
        return msgspec.json.decode(of_whole_characters(raw))


def _refuse_unfit(event: Any) -> None:
    """The same limits for an event that was mended."""
    try:
        parsed(json.dumps(event, allow_nan=False).encode("utf-8", "surrogatepass"))
    except ValueError as error:
        if isinstance(error, RefusedError):
            raise
        raise RefusedError(NOT_JSON, "It still holds a number that JSON cannot say, such as NaN.") from None


def leniently(raw: bytes) -> Any:
    """The same for eyes that look closer: NaN is read, broken characters are marked. None where nothing helps."""
    try:
        return json.loads(of_whole_characters(raw).decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return None


def filled(event: Any, envelope: Envelope) -> Any:
    """The event with what its request says for all its events, where it says nothing else itself."""
    if not isinstance(event, dict) or not envelope.fills:
        return event
    found = {**{name: value for name, value in envelope.fills.items() if event.get(name) is None}, **_said(event)}
    of_all, own = envelope.fills.get("context"), event.get("context")
    if isinstance(of_all, dict) and isinstance(own, dict):
        found["context"] = {**of_all, **own}
    return found


def _said(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if value is not None}


def packed(envelope: Envelope, raw: bytes) -> bytes:
    """Envelope and bytes as they are kept: the envelope as one line of JSON, then every byte as it came."""
    head = {
        "intake": _FORMAT,
        "source": envelope.source,
        "dialect": envelope.dialect,
        "trust": envelope.trust.value,
        "received_at": envelope.received_at,
        "fills": dict(envelope.fills),
    }
    return msgspec.json.encode(head) + b"\n" + raw


def unpacked(original: bytes) -> tuple[Envelope, bytes] | None:
    """The envelope and bytes of what is kept; None for what came by another door, such as a row of a file."""
    if not original.startswith(b'{"intake":'):
        return None
    head, _, raw = original.partition(b"\n")
    try:
        said = msgspec.json.decode(head)
        envelope = Envelope(
            said["source"], said["dialect"], Trust(said["trust"]), said["received_at"], said.get("fills", {})
        )
    except (msgspec.MsgspecError, KeyError, ValueError):
        return None
    return envelope, raw


def held(envelope: Envelope, raw: bytes, refused: RefusedError) -> Held:
    """The event as it is held back."""
    return Held(envelope.source, refused.code, refused.reason, packed(envelope, raw))


def unstorable(message: Message) -> RefusedError | None:
    """Why the log cannot hold this message, though its dialect could read it; None where it can."""
    wrong = next((complaint for draft in message.drafts for complaint in complaints(draft)), None)
    return None if wrong is None else RefusedError(NOT_STORABLE, wrong)


def _too_deep() -> RefusedError:
    return RefusedError(TOO_DEEP, f"It is nested more than {DEEPEST} levels deep: send it flatter.")


def _is_shallow(value: Any, levels: int) -> bool:
    if isinstance(value, dict):
        return levels > 0 and all(_is_shallow(one, levels - 1) for one in value.values())
    if isinstance(value, list):
        return levels > 0 and all(_is_shallow(one, levels - 1) for one in value)
    return True
