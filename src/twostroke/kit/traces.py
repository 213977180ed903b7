"""Words found in raw bytes, however they were written: the proof that an erasure left nothing behind.

Looked for in UTF-8, UTF-16 and the single-byte encodings, as JSON, URLs and HTML spell them, in base64 at each of its
three alignments (RFC 4648), inside gzip (RFC 1952) wherever it begins, inside ZIP members and in Parquet columns. Of
each pattern one rare group of four bytes is looked up in a table for every place of the data at once.
"""

from __future__ import annotations

import base64
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from twostroke.kit.text import folded

SHORTEST = 6
_CHUNK = 4 << 20
_LARGEST_INSIDE = 256 << 20
_DEEPEST = 3
_BITS = 20
_GZIP = b"\x1f\x8b\x08"
_COMMON = b"\x00etaoinsrhldcu@.:/\"', 0\\"
_BASE64 = re.compile(rb"[A-Za-z0-9+/\-_\r\n]{12,}={0,2}")
_SINGLE = ("latin-1", "cp1252", "cp1250")


class Traces:
    """Finds which of ``words`` (at least ``SHORTEST`` characters each; shorter ones are left out) stand in bytes."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(sorted({word for word in words if len(word) >= SHORTEST}))
        self._by_gram: dict[bytes, list[tuple[int, bytes, str]]] = {}
        self._table = np.zeros(1 << _BITS, dtype=bool)
        self._longest = 4
        for word in self.words:
            for pattern in _patterns(word):
                self._longest = max(self._longest, len(pattern))
                at = min(range(len(pattern) - 3), key=lambda start: _commonness(pattern[start : start + 4]))
                gram = pattern[at : at + 4]
                self._by_gram.setdefault(gram, []).append((at, pattern, word))
                self._table[_slots(np.frombuffer(gram, np.uint8))] = True

    def in_text(self, text: str) -> set[str]:
        """The words that stand in a text."""
        return self.in_bytes(text.encode("utf-8", "surrogatepass"))

    def in_bytes(self, data: bytes, depth: int = 0) -> set[str]:
        """The words that stand in ``data``, or in what is packed in it."""
        found: set[str] = set()
        for start in range(0, max(1, len(data)), _CHUNK):
            found |= self._plain(data[start : start + _CHUNK + self._longest].lower())
        if depth < _DEEPEST:
            for inside in _unpacked(data):
                found |= self.in_bytes(inside, depth + 1)
        return found

    def in_file(self, path: Path) -> set[str]:
        """The words that stand in a file or in what is packed in it; none in a file that has gone meanwhile."""
        found: set[str] = set()
        try:
            with path.open("rb") as file:
                head = file.read(4)
                if head == b"PK\x03\x04" and path.stat().st_size <= _LARGEST_INSIDE:
                    return self.in_bytes(head + file.read())
                if head == b"PAR1":
                    found |= self._in_parquet(path)
                file.seek(0)
                before = b""
                while chunk := file.read(_CHUNK):
                    found |= self._plain((before + chunk).lower())
                    before = chunk[-self._longest :]
                found |= self._in_gzip(path)
        except FileNotFoundError:
            pass
        return found

    def _plain(self, data: bytes) -> set[str]:
        if len(data) < 4 or not self.words:
            return set()
        places = np.nonzero(self._table[_slots(np.frombuffer(data, np.uint8))])[0]
        found: set[str] = set()
        for place in places.tolist():
            for at, pattern, word in self._by_gram.get(data[place : place + 4], ()):
                if word not in found and place >= at and data.startswith(pattern, place - at):
                    found.add(word)
        return found

    def _in_gzip(self, path: Path) -> set[str]:
        """What stands in gzip streams that begin anywhere in a file, however large the file is."""
        found: set[str] = set()
        with path.open("rb") as file:
            at, before = 0, b""
            while chunk := file.read(_CHUNK):
                window = before + chunk
                place = window.find(_GZIP)
                while place >= 0:
                    with path.open("rb") as stream:
                        stream.seek(at - len(before) + place)
                        for inside in _inflated(iter(lambda s=stream: s.read(1 << 16), b"")):  # type: ignore[misc]
                            found |= self._plain(inside.lower())
                    place = window.find(_GZIP, place + 1)
                at, before = at + len(chunk), chunk[-2:]
        return found

    def _in_parquet(self, path: Path) -> set[str]:
        found: set[str] = set()
        file = pq.ParquetFile(path)
        texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
        for batch in file.iter_batches(columns=texts):
            for column in batch.columns:
                values = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
                joined = "\n".join(str(value) for value in values.unique().to_pylist() if value is not None)
                found |= self._plain(joined.encode("utf-8", "surrogatepass").lower())
        return found


def readings(data: bytes, depth: int = 0) -> Iterator[str]:
    """The texts that ``data`` may be: as UTF-8, as UTF-16, out of base64, out of gzip and ZIP."""
    yield data.decode("utf-8", "replace")
    if b"\x00" in data:
        for name in ("utf-16-le", "utf-16-be"):
            yield data.decode(name, "replace")
    if depth < _DEEPEST:
        for inside in _unpacked(data):
            yield from readings(inside, depth + 1)
        for coded in _BASE64.findall(data):
            bare = coded.translate(None, b"\r\n=").translate(bytes.maketrans(b"-_", b"+/"))
            yield from readings(
                base64.b64decode(bare + b"=" * (-len(bare) % 4) if len(bare) % 4 != 1 else bare[:-1]), depth + 1
            )


def _is_text(kind: Any) -> bool:
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(value) or pa.types.is_large_string(value) or pa.types.is_binary(value))


def _slots(data: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The place in the table of each group of four bytes, one for every place of the data but the last three."""
    wide = data.astype(np.uint32)
    group = wide[:-3] | wide[1:-2] << np.uint32(8) | wide[2:-1] << np.uint32(16) | wide[3:] << np.uint32(24)
    slots: np.ndarray[Any, Any] = (group * np.uint32(2_654_435_761)) >> np.uint32(32 - _BITS)
    return slots


def _commonness(gram: bytes) -> int:
    return sum(len(_COMMON) - _COMMON.index(byte) if byte in _COMMON else 0 for byte in gram)


def _patterns(word: str) -> set[bytes]:
    """How a word may stand in bytes, all in lower case as the data is."""
    spelled = {word, word.lower(), folded(word), json.dumps(word)[1:-1], json.dumps(word, ensure_ascii=False)[1:-1]}
    spelled |= {quote(word, safe=""), html.escape(word)}
    found: set[bytes] = set()
    for text in spelled:
        wide = text.encode("utf-16-le", "surrogatepass")
        found |= {text.encode("utf-8", "surrogatepass"), wide, text.encode("utf-16-be", "surrogatepass")}
        for name in _SINGLE if not text.isascii() else ():
            found.add(text.encode(name, "ignore") if _fits(text, name) else b"")
    for text in (word, word.lower()):
        for raw in (text.encode("utf-8", "surrogatepass"), text.encode("utf-16-le", "surrogatepass")):
            found |= set(_in_base64(raw))
    return {pattern.lower() for pattern in found if len(pattern) >= SHORTEST}


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """The characters of base64 that depend on ``raw`` alone, for each place it may begin at within three bytes."""
    for before in range(3):
        coded = base64.b64encode(b"\x00" * before + raw)
        first = (before * 8 + 5) // 6
        last = (before + len(raw)) * 8 // 6
        yield coded[first:last]
        yield coded[first:last].translate(bytes.maketrans(b"+/", b"-_"))


def _unpacked(data: bytes) -> Iterator[bytes]:
    if data.startswith(b"PK\x03\x04"):
        yield from _members(data)
        return
    place = data.find(_GZIP)
    while place >= 0:
        yield b"".join(_inflated(data[at : at + (1 << 16)] for at in range(place, len(data), 1 << 16)))
        place = data.find(_GZIP, place + 1)


def _members(data: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for entry in packed.infolist():
                yield entry.filename.encode("utf-8", "surrogatepass")
                if entry.file_size <= _LARGEST_INSIDE:
                    yield packed.read(entry)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError):
        return


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What a gzip stream holds, up to where it ends or breaks, in pieces that overlap by nothing but are large."""
    stream, kept, total = zlib.decompressobj(31), b"", 0
    try:
        for chunk in chunks:
            kept += stream.decompress(chunk)
            if len(kept) >= _CHUNK:
                total += len(kept)
                yield kept
                kept = kept[-4096:]
            if stream.eof or total > _LARGEST_INSIDE:
                break
    except zlib.error:
        pass
    if kept:
        yield kept
