"""The whole record as plain files: the log with its personal parts, the truth beside it, and the tables that follow.

Each table in three formats: JSON lines (exact, what ``restoring`` reads), CSV (for spreadsheets), Parquet (for
warehouses). All of it is one moment of the log. The files hold everything personal, and the installation's key.
"""

from __future__ import annotations

import base64
import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.migrations.recorder import MigrationRecorder

from twostroke import __version__
from twostroke.kit.canonical import sha256_of_file
from twostroke.kit.text import harmless_cell
from twostroke.kit.time import iso, now_millis
from twostroke.ledger import state
from twostroke.ledger.rebuilding import settled

FORMAT = 1
LOG = "log"
MANIFEST, KEY = "manifest.json", "installation.key"
FORMATS = ("jsonl", "csv", "parquet")
# The log holds these two, joined.
JOINED = ("ledger_line", "ledger_personal")
_AT_ONCE = 5000
_encode = msgspec.json.Encoder().encode


class Exported(NamedTuple):
    """What was written: rows by table, the line the record ends with, the hash of each room's state."""

    rows: dict[str, int]
    seq: int
    state: dict[str, str]


class ExportError(RuntimeError):
    """Nothing could be written; the text says why."""


def export(folder: Path, *, progress: Callable[[str], None] | None = None, using: str = "default") -> Exported:
    """Write everything into ``folder``, which must be empty or not there yet. Raises ``ExportError``."""
    _make(folder)
    with settled(using) as live:
        rows = {}
        for name, columns, read in _tables(live):
            if progress is not None:
                progress(name)
            rows[name] = _write(folder, name, columns, read)
        state_file = folder / ".state"
        chosen = [model for model in state.projections() if getattr(model, "hashed", ())]
        state.write_counted(state_file, live, chosen)
        hashes = state.hash_of(state_file)
        state_file.unlink()
        seq, steps = _head(live), sorted(map(list, MigrationRecorder(live).applied_migrations()))
    key: bytes = settings.TWOSTROKE_KEY
    _keep(folder / KEY, key.hex() + "\n")
    digests = {name: sha256_of_file(folder / "jsonl" / f"{name}.jsonl") for name in rows}
    manifest = {
        "format": FORMAT, "version": __version__, "made_at": iso(now_millis()), "seq": seq, "rows": rows,
        "state": hashes, "steps": steps, "sha256": digests,
    }  # fmt: skip
    _keep(folder / MANIFEST, msgspec.json.format(_encode(manifest)).decode() + "\n")
    return Exported(rows, seq, hashes)


def _make(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportError(f"{folder} is not empty. Name a folder that is, or one that is not there yet.")
    try:
        for name in ("", *FORMATS):
            (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ExportError(f"{folder}: nothing can be written there ({error.strerror}).") from error


def _keep(file: Path, text: str) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)


def _head(live: Any) -> int:
    with live.cursor() as cursor:
        cursor.execute("SELECT seq FROM ledger_head WHERE id = 1")
        return int(cursor.fetchone()[0])


Columns = Mapping[str, pa.DataType]
Rows = Iterator[Sequence[Any]]


def models_of(nature: str) -> list[type[models.Model]]:
    """The models of this nature, by table."""
    found = [model for model in apps.get_models() if getattr(model, "nature", "") == nature]
    return sorted(found, key=lambda model: model._meta.db_table)


def _tables(live: Any) -> Iterator[tuple[str, Columns, Rows]]:
    for model in [*models_of("truth"), *models_of("projection")]:
        table = model._meta.db_table
        if table in JOINED:
            continue
        fields = {field.column: kind_of(field) for field in model._meta.concrete_fields}
        order = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if field.primary_key)
        yield table, fields, _read(live, f"SELECT {_names(fields)} FROM {table} ORDER BY {order}")
    line = apps.get_model("ledger", "Line")
    fields = {field.column: kind_of(field) for field in line._meta.concrete_fields}
    joined = {**fields, "salt": pa.string(), "personal": pa.string()}
    names = ", ".join(f'l."{name}"' for name in fields)
    yield (
        LOG,
        joined,
        _read(
            live,
            f"SELECT {names}, p.salt, p.content FROM ledger_line l LEFT JOIN ledger_personal p ON p.seq = l.seq "
            "ORDER BY l.seq",
        ),
    )


def _names(fields: Columns) -> str:
    return ", ".join(f'"{name}"' for name in fields)


def kind_of(field: Any) -> pa.DataType:
    """The type of a column outside of the database."""
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return pa.bool_()
    if kind == "BinaryField":
        return pa.binary()
    return pa.int64() if "Integer" in kind or "Auto" in kind or kind == "RowNumber" else pa.string()


def _read(live: Any, sql: str) -> Rows:
    with live.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from rows


def _write(folder: Path, name: str, columns: Columns, rows: Rows) -> int:
    """One table in the three formats at once, in one pass. Returns how many rows."""
    schema = pa.schema(list(columns.items()))
    total = 0
    with ExitStack() as files:
        lines = files.enter_context((folder / "jsonl" / f"{name}.jsonl").open("wb"))
        sheet = files.enter_context((folder / "csv" / f"{name}.csv").open("w", newline="", encoding="utf-8"))
        parquet = files.enter_context(
            pq.ParquetWriter(folder / "parquet" / f"{name}.parquet", schema, compression="zstd")
        )
        writer = csv.writer(sheet)
        writer.writerow(columns)
        while chunk := list(islice(rows, _AT_ONCE)):
            typed = [[_typed(value, kind) for value, kind in zip(row, columns.values(), strict=True)] for row in chunk]
            told = [[_told(value) for value in row] for row in typed]
            lines.writelines(_encode(dict(zip(columns, row, strict=True))) + b"\n" for row in told)
            writer.writerows([harmless_cell(value) for value in row] for row in told)
            arrays = [
                pa.array(column, kind) for column, kind in zip(zip(*typed, strict=True), columns.values(), strict=True)
            ]
            parquet.write_table(pa.Table.from_arrays(arrays, schema=schema))
            total += len(chunk)
    return total


def _typed(value: Any, kind: pa.DataType) -> Any:
    if value is None:
        return None
    if pa.types.is_boolean(kind):
        return bool(value)
    return bytes(value) if pa.types.is_binary(kind) else value


def _told(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
