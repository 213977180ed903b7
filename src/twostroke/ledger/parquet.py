"""One sealed file of the lake: its columns, how it is written, and how one knows that it is still what was written."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from twostroke.kit.canonical import canonical_json, sha256_of_file
from twostroke.ledger.catalogue import Catalogue, current, read_properties
from twostroke.ledger.facts import LINE_COLUMNS

# What only proves a line stays in the log: it would be a third of every file, and no question asks for it.
_PROOF = ("body_hash", "personal_digest")
_WHOLE = {
    "seq": pa.int64(), "part": pa.int32(), "row": pa.int64(), "kind_version": pa.int16(), "observed": pa.int8(),
    "news": pa.int8(), "happened_at": pa.int64(), "recorded_at": pa.int64(), "amount_minor": pa.int64(),
}  # fmt: skip
STORED: tuple[str, ...] = tuple(column for column in LINE_COLUMNS if column not in _PROOF)
# The stamp in milliseconds lies beside the stamp: engines divide whole numbers each in their own way.
SCHEMA = pa.schema([*((column, _WHOLE.get(column, pa.string())) for column in STORED), ("recorded_ms", pa.int64())])
_ROW_GROUP = 50_000


def shape(catalogue: Catalogue | None = None) -> str:
    """A digest of what a file holds: its columns, the versions properties are read as. Other shapes are not read."""
    versions = {kind.name: kind.version for kind in catalogue or current() if kind.version > 1}
    said = canonical_json([[column, str(SCHEMA.field(column).type)] for column in SCHEMA.names] + [versions])
    return hashlib.sha256(said).hexdigest()[:12]


def as_table(rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> pa.Table:
    """Rows of these stored columns as a table; ``recorded_ms`` is added where ``recorded_at`` is, properties are read
    as the newest version of their kind has them."""
    read = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in columns]
    named = dict(zip(columns, read, strict=True))
    if {"properties", "kind", "kind_version"} <= named.keys():
        named["properties"] = _newest(named)
    if "recorded_at" in named:
        named["recorded_ms"] = [stamp // 1000 for stamp in named["recorded_at"]]
    fields = [SCHEMA.field(column) for column in named]
    return pa.Table.from_arrays([pa.array(named[f.name], f.type) for f in fields], schema=pa.schema(fields))


def _newest(named: dict[str, list[Any]]) -> list[str]:
    versions = {(kind.name, kind.version) for kind in current()}
    if versions.issuperset(zip(named["kind"], named["kind_version"], strict=True)):
        return named["properties"]
    told = zip(named["kind"], named["kind_version"], named["properties"], strict=True)
    return [
        said
        if (kind, version) in versions
        else canonical_json(read_properties(kind, version, msgspec.json.decode(said))).decode()
        for kind, version, said in told
    ]


def write(folder: Path, first: int, last: int, tables: Iterable[pa.Table]) -> tuple[str, str]:
    """Write these lines as one file of the lake, whole or not at all. Returns its name and its SHA-256.

    Lines are sorted by kind, then seq: questions about few kinds then skip most of the file.
    """
    table = pa.concat_tables(tables).sort_by([("kind", "ascending"), ("seq", "ascending")])
    made = f"{first:012d}-{last:012d}.{shape()}.{secrets.token_hex(4)}.parquet"
    draft = folder / f".{made}.draft"
    try:
        pq.write_table(table, draft, compression="zstd", row_group_size=_ROW_GROUP)
        digest = sha256_of_file(draft)
        _sync(draft)
        draft.rename(folder / made)
    finally:
        draft.unlink(missing_ok=True)
    _sync(folder)
    return made, digest


def is_whole(path: Path, digest: str) -> bool:
    """Whether the file is there with that SHA-256. A file untouched since the last look is not read again."""
    try:
        seen = path.stat()
    except FileNotFoundError:
        return False
    return _digest_of(path, seen.st_size, seen.st_mtime_ns, seen.st_ino) == digest


@lru_cache(maxsize=4096)
def _digest_of(path: Path, size: int, changed: int, inode: int) -> str:
    del size, changed, inode
    return sha256_of_file(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
