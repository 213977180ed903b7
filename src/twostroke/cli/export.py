"""The whole record as plain files: twostroke export --all --out DIR

The log with everything personal, the truth beside it and all tables that follow, each as JSON lines, CSV and Parquet,
and the installation's key. `twostroke restore DIR` brings it into an empty installation, to the same state.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from twostroke.cli.output import Failure, count, say_json


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", required=True, help="everything: nothing less can be restored")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="an empty folder, made if missing")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.ledger.exporting import ExportError, export
    from twostroke.ledger.rebuilding import RebuildError

    try:
        done = export(options.out)
    except (ExportError, RebuildError, OSError) as error:
        raise Failure(str(error)) from error
    if options.json:
        say_json({"folder": str(options.out), "seq": done.seq, "rows": done.rows, "state": done.state})
    else:
        print(f"{count(done.seq, 'line')} and {count(len(done.rows), 'table')} in {options.out}.")
        print("It holds everything personal and the installation's key: keep it as you keep the installation.")
    return 0
