"""Verbs of intake: begin, go on with, finish, fail and undo imports."""

from __future__ import annotations

import hashlib
import os
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum

from twostroke.identity.facts import Minter
from twostroke.intake.alive import is_alive
from twostroke.intake.facts import FileReport, ImportBusyError, ImportRefusedError, ImportReport, Question
from twostroke.intake.mending import RuleError
from twostroke.intake.models import Import, ImportFile
from twostroke.intake.reception import (
    NOT_STORABLE,
    Reception,
    held,
    install_dialects,
    unstorable,
)
from twostroke.intake.repairing import Alike, discard, preview, repair
from twostroke.intake.rules import Judge, named_in
from twostroke.intake.storing import Row, Storing, import_draft
from twostroke.kit.ids import opaque, uuid7
from twostroke.kit.time import now_micros, now_millis
from twostroke.ledger.actions import HOUSE, append, catch_up
from twostroke.ledger.facts import Message
from twostroke.ledger.queries import batch_place
from twostroke.queue.actions import enqueue

__all__ = [
    "NOT_STORABLE",
    "Alike",
    "ImportBusyError",
    "ImportRefusedError",
    "Reception",
    "Row",
    "RuleError",
    "Storing",
    "Unfinished",
    "ask",
    "begin_file",
    "counted",
    "discard",
    "fail",
    "finish",
    "go_on",
    "held",
    "install_dialects",
    "named_in",
    "preview",
    "register",
    "repair",
    "request",
    "request_undo",
    "sign_of_life",
    "undo",
    "unstorable",
]

RUN = "import.run"
UNDO = "import.undo"
Progress = Callable[[int, int], None]


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

    ``import_id``: the import a person requested, where one did. Raises ``ImportBusyError`` while another process is
    still at it, or at the same files under another name.
    """
    if source == HOUSE:
        raise ImportRefusedError(f"“{HOUSE}” is the name of this program's own lines. Give the source another name.")
    now = now_millis()
    try:
        with transaction.atomic():
            row = _requested(import_id) if import_id else _unfinished(source, fingerprint, dry_run)
            resumed = row is not None and row.state in ("running", "failed") and not dry_run
            if row is None:
                row = Import(id=uuid7(now, os.urandom(10)), created_at=now, by=by, dry_run=dry_run)
                row.options = msgspec.json.encode(options or {}).decode()
            elif row.state == "running" and is_alive(row):
                raise _busy(row.id)
            if not dry_run:
                _refuse_twins(row.id, source, fingerprint)
            row.source, row.fingerprint, row.news, row.rows_total = source, fingerprint, news, rows_total
            row.state, row.process, row.host = "running", os.getpid(), socket.gethostname()
            row.touched_at, row.error, row.report = now, "", ""
            row.rows_done = ImportFile.objects.filter(of=row).aggregate(rows=Sum("rows_in"))["rows"] or 0
            row.save()
    except IntegrityError as error:  # on PostgreSQL two may have looked before either wrote
        raise _busy("of the same files") from error
    return Unfinished(row.id, resumed)


def _busy(which: str) -> ImportBusyError:
    return ImportBusyError(
        f"These files are being imported right now (import {which}). Wait for it; see: twostroke imports", which
    )


def _requested(import_id: str) -> Import:
    row = Import.objects.select_for_update().filter(id=import_id).first()
    if row is None:
        raise ImportRefusedError(f"There is no import {import_id}. See them with: twostroke imports")
    return row


def _unfinished(source: str, fingerprint: str, dry_run: bool) -> Import | None:
    if dry_run:
        return None
    found = Import.objects.select_for_update().filter(
        source=source, fingerprint=fingerprint, state__in=("running", "failed"), dry_run=False
    )
    return found.order_by("-created_at").first()


def _refuse_twins(import_id: str, source: str, fingerprint: str) -> None:
    """Another import of the same files that runs is waited for; one whose process is gone has failed."""
    twins = Import.objects.filter(source=source, fingerprint=fingerprint, state="running", dry_run=False)
    for twin in twins.exclude(id=import_id):
        if is_alive(twin):
            raise _busy(twin.id)
        Import.objects.filter(id=twin.id).update(state="failed", error=STOPPED, process=None)


STOPPED = "It was stopped before it was done. What is in stays in; the same command goes on with it."


def begin_file(
    *,
    import_id: str,
    number: int,
    name: str,
    record: str,
    minter: Minter,
    file_date: int | None = None,
    header: Sequence[str] = (),
) -> Storing:
    """Open a file's batch, or find it again: what takes its rows in, and knows how many are in already (``rows_in``).

    ``record`` is the type of record its rows are: equal keys of two types are two records. ``file_date``: ms since 1970
    UTC of the file's own date, None for undated files (LEDGER §3). ``header``: its columns, for rejected rows.
    """
    of = Import.objects.get(id=import_id)
    batch = hashlib.sha256(f"{import_id}:{number}".encode()).hexdigest()[:32]
    if of.dry_run:
        catch_up(progress=_beating(import_id))
        stamp = now_micros()
        place = (stamp if file_date is None else min(file_date * 1000, stamp), stamp)
        return Storing(of.id, of.source, record, batch, of.news, minter, Judge(place), dry_run=True)
    with transaction.atomic():
        columns = msgspec.json.encode(list(header)).decode()
        given = {"of": of, "number": number, "name": name, "record": record, "header": columns}
        file, _ = ImportFile.objects.get_or_create(batch=batch, defaults=given)
        append([_started(of, batch, number, name, file_date)])
    catch_up(progress=_beating(import_id))
    judge = Judge(batch_place(batch), older=file.older)
    return Storing(of.id, of.source, record, batch, of.news, minter, judge, rows_in=file.rows_in)


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


def sign_of_life(*, import_id: str, rows_done: int | None = None) -> None:
    """Say that somebody is at this import, and on a look how far it is."""
    done = {} if rows_done is None else {"rows_done": rows_done}
    Import.objects.filter(id=import_id, state="running").update(touched_at=now_millis(), **done)


def _beating(import_id: str, progress: Progress | None = None) -> Progress:
    """A progress that also gives a sign of life, at most once a second."""
    last = time.monotonic()

    def beat(done: int, total: int) -> None:
        """Say how far it is, and that it lives."""
        nonlocal last
        if time.monotonic() - last > 1:
            sign_of_life(import_id=import_id)
            last = time.monotonic()
        if progress is not None:
            progress(done, total)

    return beat


def counted(report: FileReport, batch: str) -> int:
    """Put the counts that stand in the register, those of earlier runs included, into the file's report.

    Returns how many lines the log gained by this file.
    """
    row = ImportFile.objects.get(batch=batch)
    report.rows, report.new, report.same = row.rows_in, row.new, row.same
    report.changed, report.rejected = row.changed, row.rejected
    return row.lines


def finish(*, report: ImportReport, progress: Progress | None = None) -> None:
    """Close an import with its report, and fold what it brought (``progress``: lines folded, lines there).

    Raises ``ImportBusyError`` where it was undone in the meantime.
    """
    catch_up(progress=_beating(report.import_id, progress))
    closed = Import.objects.filter(id=report.import_id, state="running").update(
        state="done", report=msgspec.json.encode(report).decode(), touched_at=now_millis(), process=None
    )
    if not closed:
        raise ImportBusyError(f"Import {report.import_id} was undone while it ran.", report.import_id)


def fail(*, import_id: str, error: str) -> None:
    """Note why an import stopped. What is in stays in; the same command goes on with it."""
    Import.objects.filter(id=import_id, state__in=("queued", "running", "failed")).update(
        state="failed", error=error, touched_at=now_millis(), process=None
    )


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
        _enqueue(row.id)
    return row.id


def _enqueue(import_id: str) -> None:
    enqueue(kind=RUN, payload={"import_id": import_id}, dedupe_key=f"{RUN}:{import_id}")


def go_on(*, import_id: str, answers: Mapping[str, str] | None = None, for_real: bool = False) -> None:
    """Look again with these answers, or (``for_real``) bring in what the dry run showed.

    Raises ``ImportRefusedError`` for an import that is not waiting for that.
    """
    with transaction.atomic():
        row = _requested(import_id)
        ready = ("done",) if for_real else ("asking", "done", "failed")
        if row.state not in ready or not row.dry_run:
            raise ImportRefusedError(f"Import {import_id} is {row.state}: it cannot be started again.")
        options = msgspec.json.decode(row.options)
        options["answers"] = {**options.get("answers", {}), **(answers or {})}
        row.options, row.state, row.touched_at = msgspec.json.encode(options).decode(), "queued", now_millis()
        row.dry_run = not for_real
        row.report, row.error, row.rows_done = "", "", 0
        row.save()
        _enqueue(row.id)


def ask(*, import_id: str, questions: Sequence[Question]) -> None:
    """Note what only a person can answer before this import can go on."""
    body = {"questions": [msgspec.to_builtins(question) for question in questions]}
    Import.objects.filter(id=import_id).update(
        state="asking", report=msgspec.json.encode(body).decode(), touched_at=now_millis(), process=None
    )


def request_undo(*, import_id: str, by: str = "") -> None:
    """Have the worker take an import back; nobody waits for it. Raises ``ImportRefusedError`` as ``undo`` does."""
    with transaction.atomic():
        _begin_undo(import_id)
        enqueue(kind=UNDO, payload={"import_id": import_id, "by": by}, dedupe_key=f"{UNDO}:{import_id}")


def _begin_undo(import_id: str) -> Import:
    of = _requested(import_id)
    if of.dry_run:
        raise ImportRefusedError(f"Import {import_id} was only looked at: nothing of it came in.")
    if of.state == "undone":
        raise ImportRefusedError(f"Import {import_id} was undone before.")
    if of.state == "running" and is_alive(of):
        raise ImportRefusedError(f"Import {import_id} is still running. Stop it first, then undo it.")
    # From here on nobody goes on with it: whoever tries finds it no longer running.
    Import.objects.filter(id=of.id).update(state="undoing", touched_at=now_millis(), process=None)
    return of


def undo(*, import_id: str, by: str = "") -> int:
    """Take an import back: its lines stop counting, what other imports said counts again. Returns how many files.

    One that stopped half-way can be taken back, too. Raises ``ImportRefusedError`` for an import that is unknown, was
    undone before, or is still running. Stopped in the middle, the same call goes on.
    """
    with transaction.atomic():
        of = _begin_undo(import_id)
    files = list(ImportFile.objects.filter(of=of).order_by("number"))
    for file in files:
        told: dict[str, object] = {"batch": file.batch, "source_name": of.source}
        draft = import_draft("import.undone", of.id, told, {"by": by} if by else None)
        body = opaque(settings.TWOSTROKE_KEY, "undone", file.batch)
        with transaction.atomic():
            append([Message(HOUSE, f"undone:{file.batch}", body, (draft,), news=False)])
    catch_up()
    Import.objects.filter(id=of.id).update(state="undone", touched_at=now_millis())
    return len(files)
