"""Requests read as events: bytes unpacked within limits, cut into the raw bytes of each event. Pure.

Nothing is believed of a request: not its Content-Type, not its Content-Encoding, not its length.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from twostroke.kit.text import of_whole_characters

LARGEST = 500_000
MOST_EVENTS = 2_500
KEPT = 65_536
# An event is one level around its context.
DEEPEST_CONTEXT = 19
_GZIP = b"\x1f\x8b"
_KEY_NAMES = ("writeKey", "write_key", "api_key", "token")
_KEY_SOMEWHERE = re.compile(rb'"(?:writeKey|write_key|api_key|token)"\s*:\s*"([^"\\]{1,200})"')
# A text without an end is one until the end: else it would be looked for again from each quote within.
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{},]', re.DOTALL)
_BATCH = re.compile(rb'"batch"\s*:\s*\[')
_LONGEST_STAMP = 64


class RequestError(ValueError):
    """A request that cannot be taken: HTTP ``status``, ``code`` for programs, a sentence, and the bytes to keep."""

    def __init__(self, status: int, code: str, sentence: str, kept: bytes = b"") -> None:
        super().__init__(sentence)
        self.status, self.code, self.sentence, self.kept = status, code, sentence, kept[:KEPT]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A request cut into events; ``fills`` are for events that lack them."""

    events: tuple[bytes, ...]
    fills: Mapping[str, Any] = field(default_factory=dict)


def unpacked(body: bytes) -> bytes:
    """The body, unzipped where it is gzip, whatever the headers say. Raises ``RequestError``."""
    if len(body) > LARGEST:
        raise too_large(body)
    if not body.startswith(_GZIP):
        return body
    unzip = zlib.decompressobj(wbits=31)
    try:
        plain = unzip.decompress(body, LARGEST + 1)
    except zlib.error:
        raise RequestError(400, "not_gzip", "The body begins like gzip and cannot be unzipped.", body) from None
    if len(plain) > LARGEST:
        raise too_large(plain)
    if not unzip.eof:
        raise RequestError(400, "not_gzip", "The gzip body ends before it is complete.", plain or body)
    return plain


def too_large(body: bytes) -> RequestError:
    """What is answered to a request longer than the limit, before or after unzipping."""
    return RequestError(
        413, "request_too_large", f"A request may have {LARGEST // 1000} kB: send smaller batches.", body
    )


def cut(body: bytes, *, batch: bool, type_: str = "", sent: str = "") -> Parcel:
    """The events of a body: those of its ``batch``, or the whole body where the address takes one event.

    ``type_`` and ``sent`` are what the address and the headers say of an event that does not say it itself.
    Each event keeps its exact bytes. One that is broken does not take the others with it. Raises ``RequestError``.
    """
    said = _top(body)
    stamps = {"type": type_, "sentAt": _text(said.get("sentAt")) or _text(said.get("sent_at")) or sent}
    fills: dict[str, Any] = {name: text for name, text in stamps.items() if text and len(text) <= _LONGEST_STAMP}
    if not batch:
        return Parcel((body,), fills)
    try:
        events = tuple(map(bytes, msgspec.json.decode(said["batch"], type=list[msgspec.Raw])))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, KeyError):
        events = _cut_by_hand(body)
    if len(events) > MOST_EVENTS:
        raise RequestError(
            413, "too_many_events", f"A batch may have {MOST_EVENTS:,} events: send smaller batches.", body
        )
    if (context := said.get("context")) and (of_all := _of_all(bytes(context), len(events), body)):
        fills["context"] = of_all
    return Parcel(events, fills)


def _of_all(context: bytes, events: int, body: bytes) -> Any:
    """The context that a batch has for all its events. It is kept with each of them, so it counts with each."""
    if len(context) * events > LARGEST or _levels(context) > DEEPEST_CONTEXT:
        raise RequestError(
            413, "request_too_large", "The batch's context counts with each event: send fewer of them, or less.", body
        )
    try:
        return msgspec.json.decode(context)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise RequestError(400, "unparseable", "The batch's context cannot be read: it is no JSON.", body) from None


def _levels(raw: bytes) -> int:
    """How deep JSON is nested, found by counting brackets."""
    depth = deepest = 0
    for token in _TOKENS.finditer(raw):
        depth += (token[0] in (b"[", b"{")) - (token[0] in (b"]", b"}"))
        deepest = max(depth, deepest)
    return deepest


def is_json(body: bytes) -> bool:
    """Whether a body that is to be one event is JSON at all; what is only nested too deep is."""
    try:
        msgspec.json.decode(body)
    except RecursionError:
        return True
    except (msgspec.DecodeError, UnicodeDecodeError):
        whole = of_whole_characters(body)
        return whole != body and is_json(whole)
    return True


def _top(body: bytes) -> Mapping[str, msgspec.Raw]:
    """The fields of an object, unread; empty where it cannot be read as one."""
    try:
        return msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}


def key_of(body: bytes) -> str:
    """The key that a body brings, ``""`` where it brings none."""
    said = _top(body)
    return next((text for name in _KEY_NAMES if (text := _text(said.get(name)))), "") or ("" if said else key_in(body))


def _text(raw: msgspec.Raw | None) -> str:
    try:
        value = None if raw is None else msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    return value if isinstance(value, str) else ""


def key_in(body: bytes) -> str:
    """The key somewhere in a body that cannot be read as a whole."""
    found = _KEY_SOMEWHERE.search(body)
    return "" if found is None else found[1].decode("ascii", "replace")


def _cut_by_hand(body: bytes) -> tuple[bytes, ...]:
    """The elements of ``"batch": […]`` of a body no parser reads whole, found by counting brackets."""
    start = _BATCH.search(body)
    if start is None:
        raise RequestError(400, "unparseable", 'The body is no JSON object with a list of events under "batch".', body)
    events: list[bytes] = []
    depth, begin = 0, start.end()
    for token in _TOKENS.finditer(body, begin):
        mark = token[0]
        if mark in (b"[", b"{"):
            depth += 1
        elif depth == 0 and mark in (b"]", b"}", b","):
            if piece := body[begin : token.start()].strip():
                events.append(piece)
            begin = token.end()
            if mark == b"]":
                return tuple(events)
            if mark == b"}":
                break
        elif mark in (b"]", b"}"):
            depth -= 1
    raise RequestError(400, "unparseable", "The body ends before its list of events does: it was cut off.", body)


def basic_key(header: str) -> str:
    """The write key of an ``Authorization: Basic`` header (its user name; the password is empty), else ``""``."""
    scheme, _, coded = header.partition(" ")
    if scheme.lower() == "bearer":
        return coded.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(coded.strip(), validate=True).decode("utf-8").partition(":")[0]
    except (binascii.Error, ValueError):
        return ""
