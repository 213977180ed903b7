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
from twostroke.ledger.actions import HOUSE, append, catch_up
from twostroke.ledger.facts import Message
from twostroke.ledger.queries import batch_place

__all__ = [
    "ImportRefusedError",
    "Row",
    "Storing",
    "Unfinished",
    "ask",
    "begin_file",
    "counted",
    "fail",
    "finish",
    "go_on",
    "register",
    "request",
    "undo",
]

RUN = "import.run"
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
    rows_total: int = 0,
    import_id: str = "",
) -> Unfinished:
    """Register an import that starts now, or find the unfinished one of the same files and mapping to go on with.

    ``import_id``: the import a person requested, where one did. Raises ``ImportRefusedError`` while another process is
    still at it.
    """
    now = now_millis()
    with transaction.atomic():
        row = _requested(import_id) if import_id else _unfinished(source, fingerprint, dry_run)
        resumed = row is not None and row.state in ("running", "failed") and not dry_run
        if row is None:
            row = Import(id=uuid7(now, os.urandom(10)), created_at=now, by=by, dry_run=dry_run)
            row.options = msgspec.json.encode(options or {}).decode()
        elif row.state == "running" and _alive(row, now):
            raise ImportRefusedError(
                f"These files are being imported right now (import {row.id}). Wait for it, or look at Setup, Imports."
            )
        row.source, row.fingerprint, row.news, row.rows_total = source, fingerprint, news, rows_total
        row.state, row.process, row.touched_at, row.error, row.rows_done = "running", os.getpid(), now, "", 0
        row.save()
    return Unfinished(row.id, resumed)


def _requested(import_id: str) -> Import:
    row = Import.objects.select_for_update().filter(id=import_id).first()
    if row is None:
        raise ImportRefusedError(f"There is no import {import_id}.")
    return row


def _unfinished(source: str, fingerprint: str, dry_run: bool) -> Import | None:
    if dry_run:
        return None
    found = Import.objects.select_for_update().filter(
        source=source, fingerprint=fingerprint, state__in=("running", "failed"), dry_run=False
    )
    return found.order_by("-created_at").first()


def _alive(row: Import, now: int) -> bool:
    if now - row.touched_at > LEASE_MS or row.process == os.getpid():
        return False
    try:
        os.kill(int(row.process or 0), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return row.process not in (None, 0)


def begin_file(
    *, import_id: str, number: int, name: str, record: str, minter: Minter, file_date: int | None = None
) -> tuple[Storing, int]:
    """Open a file's batch, or find it again. Returns what takes its rows in, and how many rows are in already.

    ``record`` is the type of record its rows are: equal keys of two types are two records. ``file_date``: ms since 1970 UTC of the file's own date, None for undated files (LEDGER §3).
    """
    of = Import.objects.get(id=import_id)
    batch = hashlib.sha256(f"{import_id}:{number}".encode()).hexdigest()[:32]
    if of.dry_run:
        stamp = now_micros()
        place = (stamp if file_date is None else min(file_date * 1000, stamp), stamp)
        return Storing(of.id, of.source, record, batch, of.news, minter, Judge(place), dry_run=True), 0
    with transaction.atomic():
        file, _ = ImportFile.objects.get_or_create(batch=batch, defaults={"of": of, "number": number, "name": name})
        append([_started(of, batch, number, name, file_date)])
    catch_up()
    judge = Judge(batch_place(batch), older=file.older)
    storing = Storing(of.id, of.source, record, batch, of.news, minter, judge)
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
    return Message(HOUSE, f"started:{batch}", body, (draft,), news=False, batch=batch)


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


def _enqueue(**job: Any) -> None:
    from twostroke.queue.actions import enqueue

    enqueue(**job)


def request(*, source: str, options: Mapping[str, Any], by: str, news: bool = False) -> str:
    """Register files a person brought, to be looked at first (a dry run) by the worker. Returns the import's id.

    ``options``: ``paths`` (list of file paths), ``files`` (their names for people), ``dated`` (file name → ms or None).
    """
    now = now_millis()
    with transaction.atomic():
        row = Import.objects.create(
            id=uuid7(now, os.urandom(10)), source=source, state="queued", news=news, dry_run=True, by=by,
            fingerprint="", created_at=now, touched_at=now, options=msgspec.json.encode(options).decode(),
        )  # fmt: skip
        _enqueue(kind=RUN, payload={"import_id": row.id}, dedupe_key=f"{RUN}:{row.id}")
    return row.id


def go_on(*, import_id: str, answers: Mapping[str, str] | None = None, for_real: bool = False) -> None:
    """Look again with these answers, or (``for_real``) bring in what the dry run showed."""
    with transaction.atomic():
        row = _requested(import_id)
        if row.state not in ("asking", "done", "failed") or not row.dry_run:
            raise ImportRefusedError(f"Import {import_id} is {row.state}: it cannot be started again.")
        options = msgspec.json.decode(row.options)
        options["answers"] = {**options.get("answers", {}), **(answers or {})}
        row.options, row.state, row.touched_at = msgspec.json.encode(options).decode(), "queued", now_millis()
        row.dry_run = not for_real
        row.report, row.error, row.rows_done = "", "", 0
        row.save()
        _enqueue(kind=RUN, payload={"import_id": row.id}, dedupe_key=f"{RUN}:{row.id}")


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
        draft = import_draft("import.undone", of.id, {"batch": file.batch, "source_name": of.source}, {"by": by} if by else None)
        body = opaque(settings.TWOSTROKE_KEY, "undone", file.batch)
        with transaction.atomic():
            append([Message(HOUSE, f"undone:{file.batch}", body, (draft,), news=False)])
    catch_up()
    Import.objects.filter(id=of.id).update(state="undone", touched_at=now_millis())
    return len(files)
