"""Bring an export into an installation that does not exist yet: twostroke restore DIR --home NEW

The same lines, ids and state as where it was exported, proven by the state hash. Users are not part of an export: add
them anew.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from twostroke.cli.output import Failure, count, say_json, table


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="what twostroke export --all wrote")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.kit.home import Home

    home = Home.chosen()
    if home.path.exists() and (not home.path.is_dir() or any(home.path.iterdir())):
        raise Failure(f"{home.path} is not empty. Name a new place with --home.")
    home.create(installation_key=_key(options.folder))
    try:
        hashes, seq = _restored(options.folder)
    except BaseException:
        shutil.rmtree(home.path, ignore_errors=True)  # half an installation would look like one
        raise
    if options.json:
        say_json({"home": str(home.path), "seq": seq, "state": hashes})
    else:
        print(f"{count(seq, 'line')} in {home.path}, with the same state as where they came from:")
        print(table([[room, value] for room, value in sorted(hashes.items())]))
        print("Next: twostroke users add EMAIL --role admin, then twostroke up")
    return 0


def _key(folder: Path) -> bytes:
    file = folder / "installation.key"
    try:
        key = bytes.fromhex(file.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise Failure(f"{file} is missing or no key; {folder} must be what export --all wrote.") from error
    return key


def _restored(folder: Path) -> tuple[dict[str, str], int]:
    from twostroke.cli.main import start

    start()
    from django.core.management import call_command

    from twostroke.ledger.queries import head_seq
    from twostroke.ledger.restoring import RestoreError, restore

    call_command("migrate", verbosity=0, interactive=False)
    try:
        return restore(folder), head_seq()
    except RestoreError as error:
        raise Failure(str(error)) from error
