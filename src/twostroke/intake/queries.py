"""What may be asked about what came in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from twostroke.intake.facts import FileReport, ImportReport, Question
from twostroke.intake.models import Import, ImportFile
from twostroke.ledger.queries import held_rows


@dataclass(frozen=True, slots=True)
class ImportState:
    """An import as people look at it. Instants are ms since 1970 UTC; ``report`` is None until it is done."""

    id: str
    source: str
    state: str
    dry_run: bool
    news: bool
    by: str
    created_at: int
    touched_at: int
    rows_done: int
    rows_total: int
    files: tuple[str, ...]
    report: ImportReport | None
    questions: tuple[Question, ...]
    error: str
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RejectedCells:
    """A row that did not come in: its file, number, code, reason in words, and its cells as received."""

    file: str
    row: int
    code: str
    reason: str
    cells: bytes


def imports(limit: int = 50) -> list[ImportState]:
    """Imports, the newest first; dry runs left out."""
    return [_state(row) for row in Import.objects.filter(dry_run=False).order_by("-created_at", "-id")[:limit]]


def one_import(import_id: str) -> ImportState | None:
    """One import, dry run or not; None where there is none."""
    row = Import.objects.filter(id=import_id).first()
    return None if row is None else _state(row)


def rejected_rows(import_id: str) -> Iterator[RejectedCells]:
    """Rows of an import that are held back, by file and row."""
    for file in ImportFile.objects.filter(of_id=import_id).order_by("number"):
        for row, code, reason, original in held_rows(file.batch):
            yield RejectedCells(file.name, row, code, reason, original)


def _state(row: Import) -> ImportState:
    files = tuple(ImportFile.objects.filter(of=row).order_by("number").values_list("name", flat=True))
    body = msgspec.json.decode(row.report) if row.report else {}
    asked = tuple(msgspec.convert(one, Question) for one in body.get("questions", ()))
    report = None if not row.report or asked else msgspec.json.decode(row.report, type=ImportReport)
    return ImportState(
        row.id, row.source, row.state, row.dry_run, row.news, row.by, row.created_at, row.touched_at, row.rows_done,
        row.rows_total, files or tuple(msgspec.json.decode(row.options).get("files", ())), report, asked, row.error,
        msgspec.json.decode(row.options),
    )  # fmt: skip


def file_report(report: FileReport) -> dict[str, Any]:
    """A file's report in the stable shape of ``--json``."""
    return {
        "file": report.file,
        "read_as": report.read_as,
        "rows": report.rows,
        "new": report.new,
        "same": report.same,
        "changed": report.changed,
        "rejected": report.rejected,
        "oddities": [
            {"what": o.what, "rows": o.rows, "example": o.example, "suggestion": o.suggestion} for o in report.oddities
        ],
    }


def report_json(report: ImportReport) -> dict[str, Any]:
    """An import's report in the stable shape of ``--json``."""
    return {"import": report.import_id, "files": [file_report(file) for file in report.files]}
