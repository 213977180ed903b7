"""What came in: twostroke imports, or one import's report, or its rejected rows as CSV."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from typing import TYPE_CHECKING

from twostroke.cli.output import Failure, say_json, table

if TYPE_CHECKING:
    from twostroke.intake.queries import ImportState


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("import_id", nargs="?", metavar="IMPORT", help="show this import's report")
    parser.add_argument("--rejected", action="store_true", help="its rejected rows as CSV, each with the reason")
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
        "state": one.state,
        "at": iso(one.created_at),
        "rows": one.rows_done,
        "files": ", ".join(one.files),
    }


def _one(options: argparse.Namespace) -> int:
    from twostroke.cli.import_ import report_text
    from twostroke.intake.queries import one_import, rejected_rows, report_json

    found = one_import(options.import_id)
    if found is None:
        raise Failure(f"there is no import {options.import_id}. See them with: twostroke imports")
    if options.rejected:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["file", "row", "code", "reason", "cells"])
        for row in rejected_rows(found.id):
            cells = json.loads(row.cells)
            writer.writerow([row.file, row.row, row.code, row.reason, *cells])
        return 0
    if found.report is None:
        raise Failure(f"import {found.id} is {found.state}{': ' + found.error if found.error else ''}.")
    if options.json:
        say_json(report_json(found.report))
    else:
        print(f"{found.source}, {found.state}")
        print(report_text(found.report))
    return 0
