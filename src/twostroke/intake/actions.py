"""Verbs of intake: begin, go on with, finish, fail and undo imports."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction

from twostroke.identity.facts import Minter
from twostroke.intake.facts import FileReport, ImportReport, Question
from twostroke.intake.models import Import, ImportFile
from twostroke.intake.rules import Judge
from twostroke.intake.storing import Row, Storing, import_draft
from twostroke.kit.ids import opaque, uuid7
from twostroke.kit.time import now_micros, now_millis
from twostroke.ledger.actions import append, catch_up
from twostroke.ledger.facts import Message
from twostroke.ledger.queries import batch_place

__all__ = ["ImportRefusedError", "Row", "Storing", "Unfinished", "begin_file", "fail", "finish", "register", "undo"]

# An import nobody touched for this long belongs to a process that is gone.
LEASE_MS = 30_000


class ImportRefusedError(ValueError):
    """An import that cannot start, go on or be undone; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An import as registered: new, or found where an earlier run stopped."""

    id: str
    resumed: bool


def register(
    *,
    source: str,
    fingerprint: str,
    news: bool,
    dry_run: bool = False,
    by: str = "",
    options: Mapping[str, Any] | None = None,
) -> Unfinished:
    """Register an import, or find the unfinished one of the same files and mapping to go on with.

    Raises ``ImportRefusedError`` while another process is still at it.
    """
    now = now_millis()
    with transaction.atomic():
        found = Import.objects.filter(
            source=source, fingerprint=fingerprint, state__in=("running", "failed"), dry_run=dry_run
        )
        there = found.select_for_update().order_by("-created_at").first()
        if there is not None and not dry_run:
            if there.state == "running" and there.process != os.getpid() and _alive(there, now):
                raise ImportRefusedError(
                    f"These files are being imported right now (import {there.id}). Wait for it, or look at Setup, Imports."
                )
            there.state, there.process, there.touched_at, there.error = "running", os.getpid(), now, ""
            there.rows_done = 0
            there.save()
            return Unfinished(there.id, resumed=True)
        made = Import.objects.create(
            id=uuid7(now, os.urandom(10)), source=source, state="running", news=news, dry_run=dry_run, by=by,
            fingerprint=fingerprint, created_at=now, touched_at=now, process=os.getpid(),
            options=msgspec.json.encode(options or {}).decode(),
        )  # fmt: skip
    return Unfinished(made.id, resumed=False)


def _alive(row: Import, now: int) -> bool:
    if now - row.touched_at > LEASE_MS:
        return False
    try:
        os.kill(int(row.process or 0), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return row.process not in (None, 0)


def begin_file(
    *, import_id: str, number: int, name: str, minter: Minter, file_date: int | None = None
) -> tuple[Storing, int]:
    """Open a file's batch, or find it again. Returns what takes its rows in, and how many rows are in already.

    ``file_date``: ms since 1970 UTC of the file's own date, None for undated files (LEDGER §3).
    """
    of = Import.objects.get(id=import_id)
    batch = hashlib.sha256(f"{import_id}:{number}".encode()).hexdigest()[:32]
    if of.dry_run:
        stamp = now_micros()
        place = (stamp if file_date is None else min(file_date * 1000, stamp), stamp)
        return Storing(of.id, of.source, batch, of.news, minter, Judge(place), dry_run=True), 0
    with transaction.atomic():
        file, _ = ImportFile.objects.get_or_create(batch=batch, defaults={"of": of, "number": number, "name": name})
        append([_started(of, batch, number, name, file_date)])
    catch_up()
    storing = Storing(of.id, of.source, batch, of.news, minter, Judge(batch_place(batch), older=file.older))
    return storing, file.rows_in


def _started(of: Import, batch: str, number: int, name: str, file_date: int | None) -> Message:
    properties: dict[str, object] = {
        "import": of.id,
        "file_no": number,
        "source_name": of.source,
        "history": not of.news,
    }
    if file_date is not None:
        properties["version_time"] = file_date
    draft = import_draft("import.started", of.id, properties, {"file_name": name})
    body = opaque(settings.TWOSTROKE_KEY, "started", batch)
    return Message(of.source, f"started:{batch}", body, (draft,), news=False, batch=batch)


def counted(report: FileReport, batch: str) -> FileReport:
    """The file's report with the counts that stand in the register, those of earlier runs included."""
    row = ImportFile.objects.get(batch=batch)
    report.rows, report.new, report.same = row.rows_in, row.new, row.same
    report.changed, report.rejected = row.changed, row.rejected
    return report


def finish(*, report: ImportReport) -> None:
    """Close an import with its report, and fold what it brought."""
    catch_up()
    Import.objects.filter(id=report.import_id).update(
        state="done", report=msgspec.json.encode(report).decode(), touched_at=now_millis(), process=None
    )


def fail(*, import_id: str, error: str) -> None:
    """Note why an import stopped. What is in stays in; the same command goes on with it."""
    Import.objects.filter(id=import_id).update(state="failed", error=error, touched_at=now_millis(), process=None)


def ask(*, import_id: str, questions: Sequence[Question]) -> None:
    """Note what only a person can answer before this import can go on."""
    body = {"questions": [msgspec.to_builtins(question) for question in questions]}
    Import.objects.filter(id=import_id).update(
        state="asking", report=msgspec.json.encode(body).decode(), touched_at=now_millis(), process=None
    )


def undo(*, import_id: str, by: str = "") -> int:
    """Take an import back: its lines stop counting, what other imports said counts again. Returns how many files.

    Raises ``ImportRefusedError`` for an unknown, unfinished or already undone import.
    """
    of = Import.objects.filter(id=import_id, dry_run=False).first()
    if of is None:
        raise ImportRefusedError(f"There is no import {import_id}. See them with: twostroke imports")
    if of.state == "undone":
        raise ImportRefusedError(f"Import {import_id} was undone before.")
    if of.state == "running" and _alive(of, now_millis()):
        raise ImportRefusedError(f"Import {import_id} is still running. Stop it first, then undo it.")
    files = list(ImportFile.objects.filter(of=of).order_by("number"))
    for file in files:
        draft = import_draft("import.undone", of.id, {"batch": file.batch}, {"by": by} if by else None)
        body = opaque(settings.TWOSTROKE_KEY, "undone", file.batch)
        with transaction.atomic():
            append([Message(of.source, f"undone:{file.batch}", body, (draft,), news=False)])
    catch_up()
    Import.objects.filter(id=of.id).update(state="undone", touched_at=now_millis())
    return len(files)
