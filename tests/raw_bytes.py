"""The slow, obvious look for words in raw bytes: everything read whole, every encoding tried, nothing clever."""

from __future__ import annotations

import base64
import contextlib
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection


def raw_files() -> dict[str, bytes]:
    """Every file of the home, and the database: its files, or the rows of a server's tables."""
    home: Path = settings.TWOSTROKE_HOME.path
    found = {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    if connection.vendor == "sqlite":
        for tail in ("", "-wal", "-journal"):
            path = Path(connection.settings_dict["NAME"] + tail)
            if path.is_file():
                found[f"database{tail}"] = path.read_bytes()
        return found
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            values = (value for row in cursor.fetchall() for value in row)
            found[table] = b"\n".join(
                bytes(v) if isinstance(v, memoryview | bytes) else str(v).encode() for v in values
            )
    return found


def hits(words: Iterable[str]) -> list[str]:
    """``word in file`` for each word that stands anywhere, in any spelling."""
    words = list(words)
    return [f"{word} in {name}" for name, data in raw_files().items() for word in words if _stands(word, data)]


def _stands(word: str, data: bytes) -> bool:
    return any(spelled.lower() in layer.lower() for layer in _layers(data) for spelled in _spellings(word))


def _spellings(word: str) -> Iterator[bytes]:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        raw = word.encode(encoding)
        yield raw
        for before in (b"", b"x", b"xx"):
            coded = base64.b64encode(before + raw)
            yield coded[4 if before else 0 : -4]


def _layers(data: bytes, depth: int = 0) -> Iterator[bytes]:
    yield data
    if depth == 2:
        return
    at = data.find(b"\x1f\x8b\x08")
    while at >= 0:
        stream = zlib.decompressobj(31)
        with contextlib.suppress(zlib.error):
            yield from _layers(stream.decompress(data[at:]), depth + 1)
        at = data.find(b"\x1f\x8b\x08", at + 1)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield from _layers(packed.read(name), depth + 1)


def packed(text: str) -> dict[str, bytes]:
    """A text as it may lie about: name of a file → bytes."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("inside.csv", text)
    return {
        "utf-8.csv": text.encode(),
        "utf-16.csv": text.encode("utf-16"),
        "base64.txt": base64.b64encode(text.encode()),
        "packed.csv.gz": gzip.compress(text.encode()),
        "zipped.zip": zipped.getvalue(),
    }
