"""Take an import back. Its lines stay on the log and stop counting; what other imports said counts again."""

from __future__ import annotations

import argparse

from twostroke.cli.output import Failure, count, say_json


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("import_id", metavar="IMPORT", help="see them with: twostroke imports")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.intake.actions import ImportRefusedError, undo

    try:
        files = undo(import_id=options.import_id)
    except ImportRefusedError as error:
        raise Failure(str(error)) from error
    if options.json:
        say_json({"import": options.import_id, "undone": True, "files": files})
    else:
        print(f"Import {options.import_id} is undone: {count(files, 'file')} no longer count.")
    return 0
