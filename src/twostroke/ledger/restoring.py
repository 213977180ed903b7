"""An export brought into an empty installation: the truth row by row, then everything that follows folded anew."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from twostroke.kit.canonical import sha256_of_file
from twostroke.ledger import state
from twostroke.ledger.databases import insert_rows
from twostroke.ledger.exporting import FORMAT, JOINED, LOG, MANIFEST, models_of
from twostroke.ledger.facts import LINE_COLUMNS
from twostroke.ledger.heads import write_head
from twostroke.ledger.projecting import catch_up
from twostroke.ledger.reading import head_seq

_AT_ONCE = 2000


class RestoreError(RuntimeError):
    """An export that cannot be brought in; the text says why, and what to do."""


def manifest_of(folder: Path) -> dict[str, Any]:
    """What an export says of itself, its files proven whole. Raises ``RestoreError``."""
    try:
        told: dict[str, Any] = msgspec.json.decode((folder / MANIFEST).read_bytes())
    except (OSError, msgspec.MsgspecError) as error:
        raise RestoreError(f"{folder} is no export: it has no {MANIFEST} that can be read.") from error
    if told.get("format") != FORMAT:
        raise RestoreError(
            f"{folder} was written by another version ({told.get('version')}): bring it in with that one."
        )
    for name, digest in told["sha256"].items():
        file = folder / "jsonl" / f"{name}.jsonl"
        if not file.is_file() or sha256_of_file(file) != digest:
            raise RestoreError(f"{file} is missing or not as it was written: take another copy of the export.")
    return told


def restore(folder: Path, *, progress: Callable[[str], None] | None = None) -> dict[str, str]:
    """Bring an export into this installation, whose log must be empty. Returns the hash of each room's state.

    Raises ``RestoreError`` where something is here already, or where the state is not the one exported.
    """
    told = manifest_of(folder)
    if head_seq():
        raise RestoreError("This installation has a log already. Restore into an empty one.")
    newer = [step for step in told["steps"] if tuple(step) not in MigrationRecorder(connection).applied_migrations()]
    if newer:
        raise RestoreError(
            f"The export is of a newer Twostroke ({'.'.join(newer[-1])} is unknown here). Install that one."
        )
    for model in models_of("truth"):
        table = model._meta.db_table
        if table in JOINED or table == "ledger_head":
            continue
        if progress is not None:
            progress(table)
        _bring(table, _rows(folder, table), model._meta.concrete_fields)
    if progress is not None:
        progress(LOG)
    _bring_log(folder)
    _reset_numbers()
    catch_up()
    found = state.state_hash()
    if found != told["state"]:
        rooms = ", ".join(room for room, digest in told["state"].items() if found.get(room) != digest)
        raise RestoreError(f"The record came in, but what follows from it differs from the export ({rooms}).")
    return found


def _rows(folder: Path, table: str) -> Iterator[dict[str, Any]]:
    with (folder / "jsonl" / f"{table}.jsonl").open("rb") as lines:
        for line in lines:
            yield msgspec.json.decode(line)


def _bring(table: str, rows: Iterator[Mapping[str, Any]], fields: Sequence[Any]) -> None:
    names = [field.column for field in fields]
    packed = {field.column for field in fields if field.get_internal_type() == "BinaryField"}
    while chunk := list(islice(rows, _AT_ONCE)):
        ready = [[_unpacked(row[name], name in packed) for name in names] for row in chunk]
        with transaction.atomic():
            insert_rows(connection, table, names, ready)


def _unpacked(value: Any, packed: bool) -> Any:
    return base64.b64decode(value) if packed and value is not None else value


def _bring_log(folder: Path) -> None:
    """Lines with their side rows; the head comes last, so that a log half brought in is none."""
    rows = _rows(folder, LOG)
    while chunk := list(islice(rows, _AT_ONCE)):
        sides = [(row["seq"], row["salt"], row["personal"]) for row in chunk if row["salt"] is not None]
        with transaction.atomic():
            insert_rows(
                connection, "ledger_line", LINE_COLUMNS, [[row[name] for name in LINE_COLUMNS] for row in chunk]
            )
            insert_rows(connection, "ledger_personal", ("seq", "salt", "content"), sides)
    [head] = _rows(folder, "ledger_head")
    if not head["commit_number"]:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_head SET seq = %s, recorded_at = %s, commit_number = %s, hash = %s WHERE id = 1",
            [head["seq"], head["recorded_at"], head["commit_number"], head["hash"]],
        )
    write_head(head["commit_number"], head["seq"], head["hash"])


def _reset_numbers() -> None:
    """Let new rows go on counting after those brought in."""
    for statement in connection.ops.sequence_reset_sql(no_style(), models_of("truth")):
        with connection.cursor() as cursor:
            cursor.execute(statement)
