"""Files onto the log: read, map, ask, translate, store; every step goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from twostroke.connectors.files import custom, propose, translate
from twostroke.connectors.files.cells import Settings
from twostroke.connectors.files.facts import Table, UnreadableError
from twostroke.connectors.files.findings import MOST_ROWS, findings_of
from twostroke.connectors.files.heard import Heard
from twostroke.connectors.files.mapping import LEFT_OUT, BadMappingError, dump_mapping
from twostroke.connectors.files.mapping import Mapping as FileMapping
from twostroke.connectors.files.oddities import found_in, used_as
from twostroke.connectors.files.propose import Proposal
from twostroke.connectors.files.reading import passed_over, read_tables
from twostroke.connectors.files.remembering import (
    in_effect,
    mapping_file,
    proposed_file,
    read_mapping,
    remember,
    source_name,
    source_of,
    write_text,
)
from twostroke.identity.facts import Minter
from twostroke.identity.queries import minter
from twostroke.intake.actions import (
    ImportBusyError,
    ImportRefusedError,
    Row,
    Storing,
    ask,
    begin_file,
    counted,
    fail,
    finish,
    register,
    sign_of_life,
)
from twostroke.intake.facts import FileReport, ImportReport, Oddity, Question, Verdict
from twostroke.intake.queries import left_out, one_import
from twostroke.kit.time import now_millis
from twostroke.ledger.actions import change_definition
from twostroke.ledger.queries import definition, reporting_currency, zone

# Rows come in in this order, so that those who read along see companies before their deals.
_ORDER = ("colleague", "company", "product", "person", "deal")
EVERY_FILE = "*"

__all__ = [
    "EVERY_FILE",
    "MustAskError",
    "Plan",
    "Wish",
    "mapping_file",
    "plan",
    "proposed_file",
    "run_import",
    "run_registered",
]
Progress = Callable[[int, int], None]


class MustAskError(ImportRefusedError):
    """Files that cannot come in before a person answers ``questions``."""

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__(" ".join(question.text for question in questions))
        self.questions = tuple(questions)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be imported and how.

    ``source``: the name the files' rows are known under, "" to take it from the first path. ``mapping``: a YAML file
    to use instead of the remembered mapping. ``answers``: by question key. ``dated``: per file name (``"*"`` for all
    not named) the file's own date in ms since 1970 UTC, or None for undated; the others have the date of their last
    change.
    """

    paths: tuple[Path, ...]
    source: str = ""
    mapping: Path | None = None
    news: bool = False
    dry_run: bool = False
    by: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    dated: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """Files as they would come in: their source, tables and proposed mapping; what was remembered of them before."""

    source: str
    tables: tuple[Table, ...]
    proposal: Proposal
    remembered: FileMapping | None


def plan(wish: Wish) -> Plan:
    """Read the files and propose a mapping; what was remembered, edited or answered stands. Writes nothing.

    Raises ``UnreadableError`` and ``BadMappingError`` (both ``ValueError``).
    """
    tables = read_tables(wish.paths)
    source = source_name(wish.source) if wish.source.strip() else source_of(wish.paths)
    remembered = read_mapping(wish.mapping or mapping_file(source), must_be=wish.mapping is not None)
    try:
        proposal = propose.propose(
            tables, remembered, source, answers=dict(wish.answers), currency=reporting_currency()
        )
    except (OSError, UnicodeError) as error:
        raise UnreadableError(f"{_changed(tables) or error}") from error
    _agree(proposal)
    return Plan(source, tuple(tables), proposal, remembered)


def _agree(proposal: Proposal) -> None:
    """Keep to the types that custom properties were declared with: a column of another type stays personal."""
    for record, name, column in list(custom.declared(proposal.mapping)):
        there = definition(custom.definition_of(record, name))
        if there is not None and there.get("type") != column.custom:
            column.note = f"{column.note} Declared before as {there.get('type')}: kept as text.".strip()
            column.custom = ""


def _declare(proposal: Proposal) -> None:
    """Say on the log, once, which properties of its own each record has and of which type (LEDGER §1)."""
    for record, name, column in custom.declared(proposal.mapping):
        called = custom.definition_of(record, name)
        if definition(called) is None:
            change_definition(name=called, value={"type": column.custom, "record": record, "label": name})


def run_import(
    wish: Wish, *, progress: Progress | None = None, folding: Progress | None = None, import_id: str = ""
) -> ImportReport:
    """Bring files in, or with ``dry_run`` say what would come in. ``progress`` counts rows, ``folding`` lines.

    Raises ``MustAskError`` where a person must answer first, ``UnreadableError`` and ``BadMappingError`` (both
    ``ValueError``) for files and mappings that cannot be used, ``ImportBusyError`` while another process imports the
    same.
    """
    planned = plan(wish)
    source, tables, proposal = planned.source, planned.tables, planned.proposal
    if proposal.open_questions:
        raise MustAskError(proposal.open_questions)
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
        _refuse_changed(tables)
        _keep_mapping(planned, wish, asked_for=bool(import_id))
        if not wish.dry_run:
            _declare(proposal)
        _bring_in(report, tables, proposal, wish, progress)
        report.files += [FileReport(name, why) for name, why in passed_over(wish.paths)]
        finish(report=report, progress=folding)
    except ImportBusyError:
        raise
    except BaseException as error:
        said = _why(error, tables)
        fail(import_id=registered.id, error=said)
        if isinstance(error, OSError | UnicodeError):
            raise UnreadableError(said) from error
        raise
    return report


def _why(error: BaseException, tables: Sequence[Table]) -> str:
    """Why an import stopped, in words that name nobody."""
    if not isinstance(error, Exception):
        return "It was stopped. What is in stays in; the same command goes on with it."
    changed = _changed(tables)
    if changed:
        return changed
    if isinstance(error, OSError):
        return f"{error.filename or 'A file'} cannot be read: {error.strerror or type(error).__name__}."
    if isinstance(error, ImportRefusedError | UnreadableError | BadMappingError):
        return str(error)
    return f"The program met what it did not expect ({type(error).__name__}). The same command goes on with it."


def _changed(tables: Sequence[Table]) -> str:
    changed = next((table.path.name for table in tables if not table.is_unchanged()), "")
    return changed and f"{changed} changed while it was being read. Import it again when nobody writes to it."


def _refuse_changed(tables: Sequence[Table]) -> None:
    said = _changed(tables)
    if said:
        raise UnreadableError(said)


def _keep_mapping(planned: Plan, wish: Wish, *, asked_for: bool) -> None:
    """Remember how the files were understood. A look only proposes; but what a person answered to it is remembered."""
    mapping, source = planned.proposal.mapping, planned.source
    if not wish.dry_run:
        remember(mapping, source, planned.remembered)
        return
    write_text(proposed_file(source), dump_mapping(mapping))
    if asked_for and wish.answers:
        before = read_mapping(mapping_file(source), must_be=False) or FileMapping(source)
        remember(replace(before, answers={**before.answers, **wish.answers}), source, None)


def _fingerprint(tables: Sequence[Table], mapping: FileMapping, wish: Wish) -> str:
    """The same for the same contents, understood and dated in the same way."""
    digest = hashlib.sha256(json.dumps([wish.news, sorted(wish.dated.items()), in_effect(mapping)]).encode())
    for path in dict.fromkeys(table.path for table in tables):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _bring_in(
    report: ImportReport,
    tables: Sequence[Table],
    proposal: Proposal,
    wish: Wish,
    progress: Progress | None,
) -> None:
    given = Settings(currency=reporting_currency(), zone=zone())
    total = sum(proposal.profiles[table.name].rows for table in tables)
    kinds = {entry.name: entry.record for entry in proposal.mapping.tables}
    heard = Heard(now_millis()) if total <= MOST_ROWS else None
    ordered = sorted(enumerate(tables, 1), key=lambda pair: _place(kinds.get(pair[1].name, "")))
    ids: Minter = minter()
    files: dict[int, FileReport] = {}
    done = 0
    for number, table in ordered:
        record = kinds.get(table.name, "none")
        dated = _date_of(table, wish)
        rows = translate.translator(
            proposal.mapping, table, source=report.source, minter=ids, settings=replace(given, written_at=dated),
            tables=tables,
        )  # fmt: skip
        file = files[number] = FileReport(
            table.file, used_as(proposal, table.name), columns=_taken_for(proposal, table)
        )
        if record in translate.BUILDERS:
            storing = begin_file(
                import_id=report.import_id, number=number, name=table.file, record=record, minter=ids,
                file_date=dated, header=table.header,
            )  # fmt: skip
            passing = heard.listening(iter(rows)) if heard is not None else iter(rows)
            for rows_done in _store(storing, passing):
                if progress is not None:
                    progress(done + rows_done, total)
            _refuse_changed([table])
            _count(report, file, storing)
            done += file.rows
        file.oddities += found_in(proposal, table.name, rows, given.currency)
    report.files += [files[number] for number in sorted(files)]
    report.findings = findings_of(heard) if heard is not None else []


def _place(record: str) -> int:
    return _ORDER.index(record) if record in _ORDER else len(_ORDER)


def _date_of(table: Table, wish: Wish) -> int | None:
    """The file's own date as it was named: by what people call it, by its name on disk, for all files; else its own."""
    for name in (table.file, table.path.name, EVERY_FILE):
        if name in wish.dated:
            return wish.dated[name]
    return table.dated


def _taken_for(proposal: Proposal, table: Table) -> list[tuple[str, str]]:
    """What each column was taken for, those left out not named."""
    known = proposal.mapping.table(table.name)
    return [(column.header, column.role) for column in known.columns if column.role != LEFT_OUT] if known else []


def _store(storing: Storing, rows: Iterator[Row]) -> Iterator[int]:
    """Store the rows in slices; those already in are only passed over. Yields how many rows are done."""
    done, already, told = 0, storing.rows_in, time.monotonic()
    while done < already:
        some = list(islice(rows, min(2000, already - done)))
        if not some:
            break
        storing.pass_over(some)
        done += len(some)
        told = _tell(storing, told)
        yield done
    while some := list(islice(rows, storing.pace.size)):
        storing.take(some)
        done += len(some)
        told = _tell(storing, told, done) if storing.dry_run else told
        yield done


def _tell(storing: Storing, told: float, done: int | None = None) -> float:
    """A sign of life while nothing is written, once a second."""
    now = time.monotonic()
    if now - told < 1:
        return told
    sign_of_life(import_id=storing.import_id, rows_done=done)
    return now


def _count(report: ImportReport, file: FileReport, storing: Storing) -> None:
    if storing.dry_run:
        file.new, file.same = storing.counts[Verdict.NEW], storing.counts[Verdict.SAME]
        file.changed, file.rejected = storing.counts[Verdict.CHANGED], storing.counts[Verdict.REJECTED]
        file.rows = file.new + file.same + file.changed + file.rejected
    else:
        report.lines += counted(file, storing.batch)
    for reason, rows in storing.refused.items():
        file.oddities.append(
            Oddity(
                "rejected: " + reason.rstrip("."), rows, suggestion="Mend it in the file and bring the file in again."
            )
        )
    if storing.judge.older:
        file.oddities.append(
            Oddity(
                "rows of a file older than what is known of them: kept as history, the newer values stay",
                storing.judge.older,
                suggestion="If this file says what is true now, import it again with --file-date now.",
            )
        )
    gone = left_out(report.source, file.file, storing.record, storing.judge.place, storing.here)
    if gone:
        file.oddities.append(
            Oddity(
                "records of the last file of this name are not in this one; nothing was deleted, they still count",
                gone,
                suggestion="An export of everything leaves out what was deleted or merged in the source.",
            )
        )


def run_registered(import_id: str) -> None:
    """Run an import that a person requested: a look first, or for real. Used by the worker.

    Questions and failures are noted with the import, where the person looks; a failure of files or mapping is final.
    Raises ``ImportBusyError`` where another process is at this very import: then that one has it.
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
    except ImportBusyError as busy:
        if busy.import_id == import_id:
            raise
        fail(import_id=import_id, error=str(busy))
    except ValueError as error:
        fail(import_id=import_id, error=_why(error, ()))
