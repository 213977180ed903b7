"""Files that are no tables of cells: JSON lines, calendars, notes. Each becomes a table whose record is certain.

What a file is, its content says, whatever it is called. JSON lines may be packed by gzip (RFC 1952), as archives of
messages are.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import PurePath
from typing import IO, cast

from twostroke.connectors.files import calendars, prose
from twostroke.connectors.files.facts import Broken, Table, UnreadableError
from twostroke.connectors.files.places import Place

MESSAGE, MEETING, NOTE = "message", "meeting", "note"
DOCUMENTS = frozenset({MESSAGE, MEETING, NOTE})
_HEAD = 256 << 10
_LONGEST_LINE = 4 << 20
_GZIP = b"\x1f\x8b\x08"
_MARKDOWN = frozenset({".md", ".markdown", ".mdown"})
_PLAIN = frozenset({"", ".txt", ".text"})
# Fields that only messages of Segment's shape have: one of them, beside the type, is enough.
_TELLING = frozenset({"messageId", "userId", "anonymousId", "groupId", "originalTimestamp", "receivedAt", "sentAt"})


def document_of(place: Place, signature: tuple[int, int, int]) -> Table | None:
    """The table of a file that is a document, None for a file that is none.

    Raises ``UnreadableError`` for JSON that is no list of messages and for text without notes, and ``OSError``.
    """
    kind = kind_of(place)
    if kind == MESSAGE:
        return _messages(place, signature)
    if kind == MEETING:
        return calendars.table_of(place, signature)
    if kind == NOTE:
        return prose.table_of(place, signature)
    if kind == "json":
        raise UnreadableError(
            f"{place.name} is JSON, but not one Segment message a line. Write one message a line "
            "(jq -c '.[]' FILE does it for a list), or export a table as CSV."
        )
    if kind == "prose":
        raise UnreadableError(
            f"{place.name} is text without dated headings. Begin each note with a line such as "
            "“## 2026-03-02 · Name, Company”."
        )
    return None


def kind_of(place: Place) -> str:
    """What a file is by its first 256 kB: a document's record, ``json``, ``prose``, or ``""``. Raises ``OSError``."""
    with place.open() as file:
        head = file.read(_HEAD)
    if head.startswith(_GZIP):
        return MESSAGE if _has_messages(_unpacked(place)) else ""
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if bare[:15].upper() == b"BEGIN:VCALENDAR":
        return MEETING
    suffix = PurePath(place.name).suffix.lower()
    if bare[:1] in (b"{", b"["):
        return MESSAGE if bare[:1] == b"{" and _has_messages(bare) else "json" if _is_json(suffix, bare) else ""
    if suffix in _MARKDOWN:
        return NOTE if prose.has_dated_headings(_text(head)) else "prose"
    return NOTE if suffix in _PLAIN and prose.is_dated_prose(_text(head)) else ""


def _text(head: bytes) -> str:
    return head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")


def _is_json(suffix: str, bare: bytes) -> bool:
    return suffix in (".json", ".jsonl", ".ndjson") or bare[1:].lstrip()[:1] in (b'"', b"{", b"]")


def _has_messages(head: bytes) -> bool:
    """Whether one of the first lines is a message; the first may be broken, the last may be cut."""
    for line in head.split(b"\n")[:50]:
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(told, dict) and ("type" in told or "event" in told) and _TELLING & told.keys():
            return True
    return False


def _unpacked(place: Place) -> bytes:
    """The beginning of what is packed, as far as it can be unpacked."""
    head = b""
    try:
        with place.open() as packed, gzip.open(packed, "rb") as file:
            while len(head) < _HEAD and (more := file.read1(1 << 13)):
                head += more
    except (OSError, EOFError, zlib.error):
        pass
    return head


def _messages(place: Place, signature: tuple[int, int, int]) -> Table:
    with place.open() as file:
        packed = file.read(3) == _GZIP
    return Table(
        place.name.split(".")[0] or place.stem, place.name, place.path, ("message",),
        "JSON lines, UTF-8" + (", gzip" if packed else ""),
        lambda: _unpacked_lines(place) if packed else _lines_of(place), signature=signature, record=MESSAGE,
    )  # fmt: skip


def _lines_of(place: Place) -> Iterator[list[str]]:
    with place.open() as file:
        yield from _lines(file)


def _unpacked_lines(place: Place) -> Iterator[list[str]]:
    try:
        with place.open() as packed, gzip.open(packed, "rb") as file:
            yield from _lines(cast("IO[bytes]", file))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableError(
            f"{place.name} is a damaged archive: it ends or breaks off. Download it again."
        ) from error


def _lines(file: IO[bytes]) -> Iterator[list[str]]:
    """A row a line, blank ones left out. A line too long for a message is read to its end and given as broken."""
    while line := file.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
            while (more := file.readline(_LONGEST_LINE)) and not more.endswith(b"\n"):
                pass
            yield Broken(line[:200].decode("utf-8", "replace"), "it is longer than 4 MB")
        elif text := line.removeprefix(b"\xef\xbb\xbf").strip():
            yield _row(text)


def _row(text: bytes) -> list[str]:
    try:
        return [text.decode("utf-8")]
    except UnicodeDecodeError:
        return Broken(text.decode("utf-8", "replace"), "it is no UTF-8")
