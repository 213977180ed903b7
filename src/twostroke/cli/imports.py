"""What came in: twostroke imports, or one import's report, or its rejected rows as CSV."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from typing import TYPE_CHECKING

from twostroke.cli.output import Failure, say, say_json, table

if TYPE_CHECKING:
    from twostroke.intake.queries import ImportState, RejectedCells


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("import_id", nargs="?", metavar="IMPORT", help="show this import's report")
    parser.add_argument("--rejected", action="store_true", help="its rejected rows as CSV, each with the reason")
    parser.add_argument("--file", metavar="NAME", help="of this file only, where rows of several were rejected")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.intake.queries import imports

    if options.import_id:
        return _one(options)
    found = imports(200)
    if options.json:
        say_json([_summary(one) for one in found])
    elif not found:
        print("Nothing was imported yet. Bring in files with: twostroke import PATH")
    else:
        rows = [[str(value) for value in _summary(one).values()] for one in found]
        print(table([["import", "source", "state", "at", "rows", "files"], *rows]))
    return 0


def _summary(one: ImportState) -> dict[str, object]:
    from twostroke.kit.time import iso

    return {
        "import": one.id,
        "source": one.source,
        "state": "stopped" if one.silent else one.state,
        "at": iso(one.created_at),
        "rows": one.rows_done,
        "files": ", ".join(one.files),
    }


def _one(options: argparse.Namespace) -> int:
    from twostroke.cli.import_ import report_text
    from twostroke.intake.queries import one_import, report_json

    found = one_import(options.import_id)
    if found is None:
        raise Failure(f"there is no import {options.import_id}. See them with: twostroke imports")
    if options.rejected:
        return _rejected(options)
    if found.report is None:
        raise Failure(_no_report(found))
    if options.json:
        say_json(report_json(found.report))
    else:
        print(f"{found.source}, {found.state}{', only looked at' if found.dry_run else ''}")
        say(report_text(found.report))
    return 0


def _no_report(found: ImportState) -> str:
    if found.silent or (found.state == "failed" and not found.dry_run):
        why = found.error or "it was stopped before it was done."
        hint = f"The same command goes on with it; twostroke undo {found.id} takes back what is in."
        return f"import {found.id} has no report: {why} {hint}"
    if found.questions:
        return f"import {found.id} waits for an answer: {' '.join(question.text for question in found.questions)}"
    return f"import {found.id} is {found.state}{': ' + found.error if found.error else ' and has no report yet.'}"


def _rejected(options: argparse.Namespace) -> int:
    """Rejected rows with their file's own header, and the reason in a first column that an import leaves out."""
    from twostroke.intake.facts import REASON
    from twostroke.intake.queries import rejected_rows

    rows = [row for row in rejected_rows(options.import_id) if options.file in (None, row.file)]
    files = list(dict.fromkeys(row.file for row in rows))
    if len(files) > 1:
        raise Failure(f"rows of several files were rejected; name one with --file: {', '.join(files)}", 2)
    if options.json:
        say_json([{**_row_json(row), "cells": json.loads(row.cells)} for row in rows])
        return 0
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if rows:
        writer.writerow([REASON, *rows[0].header])
    for row in rows:
        writer.writerow([f"row {row.row}: {row.reason}", *json.loads(row.cells)])
    return 0


def _row_json(row: RejectedCells) -> dict[str, object]:
    return {"file": row.file, "row": row.row, "code": row.code, "reason": row.reason, "header": list(row.header)}
