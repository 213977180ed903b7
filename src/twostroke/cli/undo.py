"""Take an import back. Its lines stay on the log and stop counting; what other imports said counts again."""

from __future__ import annotations

import argparse

from twostroke.cli.output import Failure, count, say_json


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("import_id", metavar="IMPORT", help="see them with: twostroke imports")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.intake.actions import ImportRefusedError, undo
    from twostroke.intake.queries import staying

    try:
        files = undo(import_id=options.import_id)
    except ImportRefusedError as error:
        raise Failure(str(error)) from error
    if options.json:
        stays = [{"kind": one.kind, "lines": one.lines} for one in staying(options.import_id)]
        say_json({"import": options.import_id, "undone": True, "files": files, "stays": stays})
    else:
        print(f"Import {options.import_id} is undone: {count(files, 'file')} no longer count.")
        for one in staying(options.import_id):
            print(f"  ! What was done about the same ones since stays: {one.words}, {count(one.lines, 'line')}.")
    return 0
