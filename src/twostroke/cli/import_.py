"""Bring in files of any tool: CSV, workbooks, folders of them.

Looks at whole columns to find separator, encoding, dates and what each column means; asks where nothing proves it;
remembers the answers and the mapping for the source, as YAML you can edit. The same files again change nothing.
Stopped half-way, the same command goes on. `twostroke undo IMPORT` takes it back.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shlex
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twostroke.cli.output import Failure, Progress, count, say, say_json

if TYPE_CHECKING:
    from twostroke.intake.facts import FileReport, ImportReport, Question

ASKS = 3
_PATIENCE = 1.0  # seconds between two slices; longer ago, no slice is being written


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, or folders with files")
    parser.add_argument(
        "--as", dest="source", metavar="NAME", default="", help="name of the source (default: the folder's)"
    )
    parser.add_argument(
        "--mapping", type=Path, metavar="FILE", help="use this mapping (YAML) instead of the remembered one"
    )
    when = parser.add_mutually_exclusive_group()
    when.add_argument("--history", action="store_true", help="what happened before: sets nothing off (the default)")
    when.add_argument("--news", action="store_true", help="what just happened: may set off what listens to it")
    parser.add_argument(
        "--answer", action="append", default=[], metavar="KEY=CHOICE", help="answer a question beforehand"
    )
    parser.add_argument(
        "--file-date", metavar="DAY", help="the files' own date: YYYY-MM-DD, or 'now' for undated files"
    )
    parser.add_argument(
        "--watch", action="store_true", help="stay, and bring in what is put into the folder PATH; Ctrl-C ends it"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would come in; store nothing")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    if options.watch:
        return _watched(options)
    answers = dict(_answer(text) for text in options.answer)
    dated = _dates(options)
    with _Stopping() as stopping:
        return _until_answered(options, answers, dated, stopping)


def _watched(options: argparse.Namespace) -> int:
    from twostroke.cli.watching import watch

    left_out = ("mapping", "answer", "file_date", "dry_run")
    if any(getattr(options, name) for name in left_out) or len(options.paths) != 1:
        raise Failure("--watch takes one folder, and of the other options only --as, --news and --json.", 2)
    return watch(options.paths[0], source=options.source, news=options.news, as_json=options.json)


class _Stopping:
    """Ctrl-C stops between two slices where these follow each other, and at once elsewhere or when it is said twice.

    In the midst of a slice it would break into a database driver, and come out as any error, or as none.
    """

    def __init__(self) -> None:
        self._asked = False
        self._told = 0.0
        self._before: Any = None

    def __enter__(self) -> _Stopping:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._stop)
        return self

    def __exit__(self, *error: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _stop(self, number: int, frame: object) -> None:
        at_once = self._asked or time.monotonic() - self._told > _PATIENCE
        self._asked = True
        if at_once:
            raise KeyboardInterrupt

    def between(self, progress: Progress) -> Callable[[int, int], None]:
        """The same progress, that also stops where it was asked to."""

        def tell(done: int, total: int) -> None:
            self._told = time.monotonic()
            if self._asked:
                raise KeyboardInterrupt
            progress(done, total)

        return tell


def _until_answered(
    options: argparse.Namespace, answers: dict[str, str], dated: dict[str, int | None], stopping: _Stopping
) -> int:
    from twostroke.connectors.files.actions import MustAskError, Wish, run_import

    while True:
        wish = Wish(
            paths=tuple(options.paths), source=options.source, mapping=options.mapping, news=options.news,
            dry_run=options.dry_run, answers=answers, dated=dated,
        )  # fmt: skip
        progress = Progress("Looking" if options.dry_run else "Bringing in")
        folding = Progress("Folding lines")
        try:
            report = run_import(wish, progress=stopping.between(progress), folding=stopping.between(folding))
        except MustAskError as asks:
            progress.end()
            answers |= _ask(asks.questions, options)
            continue
        except ValueError as error:
            progress.end()
            raise Failure(str(error)) from error
        except KeyboardInterrupt:
            progress.end()
            raise
        progress.end()
        options.noted = [("import", report.import_id)]
        _tell(report, options.json)
        return 0


def _answer(text: str) -> tuple[str, str]:
    key, equals, choice = text.rpartition("=")
    if not equals or not key.strip():
        raise Failure(f"--answer takes KEY=CHOICE, not {text!r}.", 2)
    return key.strip(), choice.strip()


def _dates(options: argparse.Namespace) -> dict[str, int | None]:
    """The file date the person named, for every file of the import."""
    from twostroke.connectors.files.actions import EVERY_FILE
    from twostroke.kit.time import day_millis

    if not options.file_date:
        return {}
    if options.file_date == "now":
        return {EVERY_FILE: None}
    try:
        return {EVERY_FILE: day_millis(dt.date.fromisoformat(options.file_date))}
    except ValueError as error:
        raise Failure(f"--file-date takes YYYY-MM-DD or now, not {options.file_date!r}.", 2) from error


def _ask(questions: Sequence[Question], options: argparse.Namespace) -> dict[str, str]:
    if options.json or not sys.stdin.isatty():
        if options.json:
            say_json({"questions": [_question_json(question) for question in questions]})
        told = " ".join(f"{q.file}: {q.text} ({' or '.join(q.choices)})" for q in questions)
        keys = " ".join(f"--answer {shlex.quote(f'{q.key}={q.choices[0]}')}" for q in questions)
        wrong = _not_a_choice(questions, options.answer)
        raise Failure(f"nothing was brought in, a person must answer first. {wrong}{told} Answer with: {keys}", ASKS)
    try:
        return {question.key: _choice(question) for question in questions}
    except EOFError as error:
        raise Failure("nothing was brought in, a person must answer first.", ASKS) from error


def _not_a_choice(questions: Sequence[Question], given: Sequence[str]) -> str:
    """Words about an answer that was given and is none of the choices."""
    said = dict(_answer(text) for text in given)
    wrong = next((said[question.key] for question in questions if question.key in said), None)
    return "" if wrong is None else f"{wrong!r} is none of the choices. "


def _question_json(question: Question) -> dict[str, object]:
    return {
        "key": question.key,
        "file": question.file,
        "text": question.text,
        "choices": list(question.choices),
        "example": question.example,
    }


def _choice(question: Question) -> str:
    say(f"\n{question.file}: {question.text}" + (f" For example: {question.example}" if question.example else ""))
    for number, choice in enumerate(question.choices, 1):
        say(f"  {number}  {choice}")
    while True:
        said = input("Which? ").strip()
        if said.isdigit() and 1 <= int(said) <= len(question.choices):
            return question.choices[int(said) - 1]
        if said in question.choices:
            return said
        print(f"Type a number from 1 to {len(question.choices)}.")


def _tell(report: ImportReport, as_json: bool) -> None:
    from twostroke.intake.queries import report_json

    if as_json:
        say_json(report_json(report))
        return
    from twostroke.connectors.files.actions import mapping_file, proposed_file

    say(report_text(report))
    if report.dry_run:
        print("\nA dry run: nothing was stored. Run it again without --dry-run to bring it in.")
        print(f"How columns were understood: {proposed_file(report.source)}")
        print("To have it otherwise, edit that file and name it with --mapping.")
        return
    lines = count(report.lines, "line")
    print(f"\nImport {report.import_id}: {lines} on the log. Take it back: twostroke undo {report.import_id}")
    print(f"How columns were understood, to edit: {mapping_file(report.source)}")


def report_text(report: ImportReport) -> str:
    """An import's report for people: per file the sum that adds up, then what is odd; at the end what was found."""
    lines = [line for file in report.files for line in _file_lines(file, columns=report.dry_run)]
    if report.findings:
        lines += ["", "What your old CRM never told you"]
        lines += [f"  {number}  {finding}" for number, finding in enumerate(report.findings, 1)]
    return "\n".join(lines)


def _taken_for(file: FileReport) -> list[str]:
    """What each column was taken for: where a wrong guess is seen before it counts."""
    known = [f"{header} → {role}" for header, role in file.columns if role]
    kept = [header for header, role in file.columns if not role]
    told = [f"columns: {', '.join(known)}"] if known else []
    told += [f"kept under their own names: {', '.join(kept)}"] if kept else []
    return [f"    {line}" for line in told]


def _file_lines(file: FileReport, *, columns: bool) -> list[str]:
    sums = " + ".join(f"{getattr(file, name):,} {name}" for name in ("new", "same", "changed", "rejected"))
    lines = [f"{file.file}: {count(file.rows, 'row')} = {sums}", f"    read as {file.read_as}"]
    if not file.rows:
        # Files that only name what others point to, that were left out or are no tables bring no rows to be summed up.
        lines = [f"{file.file}: {file.read_as}"]
    if columns and file.rows:
        lines += _taken_for(file)
    for oddity in file.oddities:
        rows = f"{count(oddity.rows, 'row')}: " if oddity.rows else ""
        example = f" For example: {oddity.example}." if oddity.example else ""
        lines.append(
            f"  ! {rows}{oddity.what.rstrip('.')}.{example}{' ' + oddity.suggestion if oddity.suggestion else ''}"
        )
    return lines
