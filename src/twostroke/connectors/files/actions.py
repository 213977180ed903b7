"""Files onto the log: read, map, ask, translate, store; every step goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.conf import settings

from twostroke.connectors.files import propose, translate
from twostroke.connectors.files.cells import Settings
from twostroke.connectors.files.facts import Table
from twostroke.connectors.files.mapping import Mapping as FileMapping
from twostroke.connectors.files.mapping import dump_mapping, load_mapping
from twostroke.connectors.files.oddities import found_in
from twostroke.connectors.files.propose import Proposal
from twostroke.connectors.files.reading import passed_over, read_tables
from twostroke.identity.facts import Minter
from twostroke.identity.queries import minter
from twostroke.intake.actions import (
    ImportRefusedError,
    Row,
    Storing,
    ask,
    begin_file,
    counted,
    fail,
    finish,
    register,
)
from twostroke.intake.facts import FileReport, ImportReport, Oddity, Question, Verdict
from twostroke.intake.queries import one_import
from twostroke.kit.pacing import Pace
from twostroke.kit.text import slug
from twostroke.ledger.queries import reporting_currency, zone

# Rows come in in this order, so that those who read along see companies before their deals.
_ORDER = ("colleague", "company", "product", "person", "deal")


class MustAskError(ImportRefusedError):
    """Files that cannot come in before a person answers ``questions``."""

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__(" ".join(question.text for question in questions))
        self.questions = tuple(questions)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be imported and how.

    ``source``: the name the files' rows are known under, "" to take it from the first path. ``mapping``: a YAML file
    to use instead of the remembered mapping. ``answers``: by question key. ``dated``: per file name the file's own
    date in ms since 1970 UTC, or None for undated; files not named have the date of their last change.
    """

    paths: tuple[Path, ...]
    source: str = ""
    mapping: Path | None = None
    news: bool = False
    dry_run: bool = False
    by: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    dated: Mapping[str, int | None] = field(default_factory=dict)


def source_of(paths: Sequence[Path]) -> str:
    """The source's name where nobody gave one: the folder's, or the only file's, as a slug."""
    first = paths[0]
    named = first.name if first.is_dir() else (first.stem if len(paths) == 1 else first.resolve().parent.name)
    return slug(named, 40) or "files"


def mapping_file(source: str) -> Path:
    """Where the mapping of a source is remembered, for people to edit."""
    folder: Path = settings.TWOSTROKE_HOME.mappings
    return folder / f"{slug(source, 40)}.yaml"


def plan(wish: Wish) -> tuple[list[Table], Proposal]:
    """Read the files and propose a mapping; what was remembered, edited or answered stands. Writes nothing."""
    source = wish.source or source_of(wish.paths)
    tables = read_tables(wish.paths)
    file = wish.mapping or mapping_file(source)
    remembered = load_mapping(file.read_text("utf-8")) if wish.mapping or file.is_file() else None
    proposal = propose.propose(tables, remembered, source, answers=dict(wish.answers), currency=reporting_currency())
    return tables, proposal


def run_import(wish: Wish, *, progress: Callable[[int, int], None] | None = None, import_id: str = "") -> ImportReport:
    """Bring files in, or with ``dry_run`` say what would come in.

    Raises ``MustAskError`` where a person must answer first, ``Unreadable`` and ``BadMapping`` (both ``ValueError``)
    for files and mappings that cannot be used, ``ImportRefusedError`` while another process imports the same.
    """
    source = slug(wish.source, 40) or source_of(wish.paths)
    tables, proposal = plan(wish)
    if proposal.open_questions:
        raise MustAskError(proposal.open_questions)
    remember(proposal.mapping, source)
    registered = register(
        source=source,
        fingerprint=_fingerprint(tables, proposal.mapping, wish),
        news=wish.news,
        dry_run=wish.dry_run,
        by=wish.by,
        options={"files": [table.file for table in tables], "paths": [str(path) for path in wish.paths]},
        rows_total=sum(proposal.profiles[table.name].rows for table in tables),
        import_id=import_id,
    )
    report = ImportReport(registered.id, source, dry_run=wish.dry_run)
    try:
        _bring_in(report, tables, proposal, wish, progress)
    except BaseException as error:
        fail(import_id=registered.id, error=f"{type(error).__name__}: {error}")
        raise
    for path in passed_over(wish.paths):
        report.files.append(FileReport(path.name, "not a table: passed over"))
    finish(report=report)
    return report


def remember(mapping: FileMapping, source: str) -> Path:
    """Write the mapping of a source where people can edit it, and where the next import finds it."""
    file = mapping_file(source)
    text = dump_mapping(mapping)
    if not file.is_file() or file.read_text("utf-8") != text:
        draft = file.with_suffix(".draft")
        draft.write_text(text, "utf-8")
        draft.replace(file)
    return file


def _fingerprint(tables: Sequence[Table], mapping: FileMapping, wish: Wish) -> str:
    digest = hashlib.sha256(json.dumps([wish.news, dump_mapping(mapping)]).encode())
    for path in dict.fromkeys(table.path for table in tables):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _bring_in(
    report: ImportReport,
    tables: Sequence[Table],
    proposal: Proposal,
    wish: Wish,
    progress: Callable[[int, int], None] | None,
) -> None:
    given = Settings(currency=reporting_currency(), zone=zone())
    total = sum(proposal.profiles[table.name].rows for table in tables)
    kinds = {entry.name: entry.record for entry in proposal.mapping.tables}
    ordered = sorted(enumerate(tables, 1), key=lambda pair: _place(kinds.get(pair[1].name, "")))
    ids: Minter = minter()
    files: dict[int, FileReport] = {}
    done = 0
    for number, table in ordered:
        record = kinds.get(table.name, "none")
        rows = translate.translator(
            proposal.mapping, table, source=report.source, minter=ids, settings=given, tables=tables
        )
        file = FileReport(
            table.file, f"{record}, {table.read_as}" if record != "none" else f"left out, {table.read_as}"
        )
        files[number] = file
        if record in translate.BUILDERS:
            dated = wish.dated.get(table.file, table.dated)
            storing, already = begin_file(
                import_id=report.import_id, number=number, name=table.file, record=record, minter=ids, file_date=dated
            )
            for rows_done in _store(storing, iter(rows), already):
                if progress is not None:
                    progress(done + rows_done, total)
            _count(file, storing)
            _say_older(file, storing.judge.older)
            report.lines += storing.lines
            done += file.rows
        file.oddities += found_in(proposal, table.name, rows, given.currency)
    report.files += [files[number] for number in sorted(files)]


def _place(record: str) -> int:
    return _ORDER.index(record) if record in _ORDER else len(_ORDER)


def _store(storing: Storing, rows: Iterator[Row], already: int) -> Iterator[int]:
    """Store the rows in slices; those already in are only passed over. Yields how many rows are done."""
    done = 0
    while done < already:
        some = list(islice(rows, min(2000, already - done)))
        if not some:
            break
        storing.pass_over(some)
        done += len(some)
    pace = Pace()
    while True:
        some = list(islice(rows, pace.size))
        if not some:
            return
        with pace.slice():
            storing.take(some)
        done += len(some)
        yield done


def _count(file: FileReport, storing: Storing) -> None:
    if not storing.dry_run:
        counted(file, storing.batch)
        return
    file.new, file.same = storing.counts[Verdict.NEW], storing.counts[Verdict.SAME]
    file.changed, file.rejected = storing.counts[Verdict.CHANGED], storing.counts[Verdict.REJECTED]
    file.rows = file.new + file.same + file.changed + file.rejected


def _say_older(file: FileReport, older: int) -> None:
    if older:
        file.oddities.append(
            Oddity(
                "rows of a file older than what is known of them: kept as history, the newer values stay",
                older,
                suggestion="If this file says what is true now, import it again with --file-date now.",
            )
        )


def run_registered(import_id: str) -> None:
    """Run an import that a person requested: a look first, or for real. Used by the worker.

    Questions and failures are noted with the import, where the person looks; a failure of files or mapping is final.
    """
    state = one_import(import_id)
    if state is None or state.state not in ("queued", "running", "failed"):
        return
    options = state.options
    wish = Wish(
        paths=tuple(Path(path) for path in options["paths"]),
        source=state.source,
        news=state.news,
        dry_run=state.dry_run,
        by=state.by,
        answers=options.get("answers", {}),
        dated=options.get("dated", {}),
    )
    try:
        run_import(wish, import_id=import_id)
    except MustAskError as asks:
        ask(import_id=import_id, questions=asks.questions)
    except ValueError as error:
        fail(import_id=import_id, error=str(error))
