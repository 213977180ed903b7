"""What may be asked about what came in."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from twostroke.intake.alive import is_alive
from twostroke.intake.facts import FileReport, ImportReport, Question
from twostroke.intake.models import Import, ImportFile
from twostroke.intake.reception import unpacked
from twostroke.intake.rules import short_record
from twostroke.intake.verdicts import done_by_machines, verdict_table, verdict_table_as_of, verdicts_of
from twostroke.ledger.queries import HeldMessage, acts_about, batch_place, held_rows, records_of

__all__ = [
    "ImportState",
    "RejectedCells",
    "done_by_machines",
    "verdict_table",
    "verdict_table_as_of",
    "verdicts_of",
]


@dataclass(frozen=True, slots=True)
class ImportState:
    """An import as people look at it. Instants are ms since 1970 UTC; ``report`` is None until it is done.

    ``silent``: it says that it runs, and the process that ran it is gone.
    """

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
    silent: bool = False


@dataclass(frozen=True, slots=True)
class RejectedCells:
    """A row that did not come in: its file, number, code, reason in words, its cells as received, its file's header.

    ``cells`` is a JSON list; there may be more or fewer cells than columns.
    """

    file: str
    row: int
    code: str
    reason: str
    cells: bytes
    header: tuple[str, ...] = ()


def original_of(one: HeldMessage) -> str:
    """What was received, as text, without the envelope kept with it; a sentence where it was erased."""
    if one.original is None:
        return "(erased)"
    opened = unpacked(one.original)
    return (one.original if opened is None else opened[1]).decode("utf-8", "replace")


def imports(limit: int = 50) -> list[ImportState]:
    """Imports, the newest first; dry runs left out."""
    return [_state(row) for row in Import.objects.filter(dry_run=False).order_by("-created_at", "-id")[:limit]]


def one_import(import_id: str) -> ImportState | None:
    """One import, dry run or not; None where there is none."""
    row = Import.objects.filter(id=import_id).first()
    return None if row is None else _state(row)


@dataclass(frozen=True, slots=True)
class Staying:
    """Acts that taking an import back leaves: their kind, in words too, and how many of them."""

    kind: str
    words: str
    lines: int


def staying(import_id: str) -> list[Staying]:
    """What taking an import back leaves: acts since about whom or what it named, by kind.

    What people did and what went out stays: a merge by hand, a mail that was sent.
    """
    batches = list(ImportFile.objects.filter(of_id=import_id).values_list("batch", flat=True))
    found = sorted(acts_about(batches).items())
    return [Staying(kind, kind.replace(".", " ").replace("_", " "), lines) for kind, lines in found]


def rejected_rows(import_id: str) -> Iterator[RejectedCells]:
    """Rows of an import that are held back, by file and row."""
    for file in ImportFile.objects.filter(of_id=import_id).order_by("number"):
        header = tuple(msgspec.json.decode(file.header))
        for row, code, reason, original in held_rows(file.batch):
            yield RejectedCells(file.name, row, code, reason, original, header)


def left_out(source: str, name: str, record: str, place: tuple[int, int], here: Container[int]) -> int:
    """How many records the last file of this name had that are not among ``here`` (short ids).

    ``place``: version time and stamp of the file at hand, in microseconds. 0 where the other file is the newer one, or
    was nothing like this one: less than half of its records are here again. The projections must be caught up.
    """
    before = ImportFile.objects.filter(of__source=source, of__state="done", of__dry_run=False, name=name, record=record)
    last = before.order_by("-of__created_at", "-number").first()
    if last is None or batch_place(last.batch) > place:
        return 0
    gone: set[int] = set()
    there = 0
    for short in map(short_record, records_of(last.batch)):
        if short in here:
            there += 1
        else:
            gone.add(short)
    return len(gone) if there >= len(gone) else 0


def files_of_batches(batches: Collection[str]) -> set[str]:
    """The paths of the files that imports with one of these batches were made of."""
    options = Import.objects.filter(id__in=ImportFile.objects.filter(batch__in=batches).values("of_id"))
    return {
        path
        for text in options.values_list("options", flat=True)
        for path in msgspec.json.decode(text).get("paths", ())
    }


def _state(row: Import) -> ImportState:
    files = tuple(ImportFile.objects.filter(of=row).order_by("number").values_list("name", flat=True))
    body = msgspec.json.decode(row.report) if row.report else {}
    asked = tuple(msgspec.convert(one, Question) for one in body.get("questions", ()))
    report = None if not row.report or asked else msgspec.json.decode(row.report, type=ImportReport)
    return ImportState(
        row.id, row.source, row.state, row.dry_run, row.news, row.by, row.created_at, row.touched_at, row.rows_done,
        row.rows_total, files or tuple(msgspec.json.decode(row.options).get("files", ())), report, asked, row.error,
        msgspec.json.decode(row.options), row.state == "running" and not is_alive(row),
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
    return {
        "import": report.import_id,
        "files": [file_report(file) for file in report.files],
        "findings": list(report.findings),
    }
