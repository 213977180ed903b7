"""Everything known of one person, for them to read and to take along: twostroke export-person PERSON --out DIR

Writes person.json (all of it, for programs) and person.html (one page, for reading) into DIR.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from twostroke.cli.output import Failure, count, say, say_json


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("reference", metavar="PERSON", help="an e-mail, phone, record id, name, or the person's own id")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write; made if missing")
    parser.add_argument("--json", action="store_true", help="stable output for programs")


def run(options: argparse.Namespace) -> int:
    from twostroke.cli.erase import person_meant
    from twostroke.identity.actions import ActError, everything_of
    from twostroke.identity.page import as_told, page
    from twostroke.kit.time import iso, now_millis

    try:
        known = everything_of(person_meant(options.reference))
    except ActError as error:
        raise Failure(str(error)) from error
    options.noted = [("person", known.key)]
    made = iso(now_millis())
    stores = [{"room": room, "what": what, "items": items} for (room, what), items in known.items.items()]
    whole = {"person": known.key, "name": known.name, "made_at": made, "known": stores}
    files = {
        "person.json": json.dumps(whole, ensure_ascii=False, indent=1) + "\n",
        "person.html": page(known.name, made[:10], as_told(known.items.items())),
    }
    _write(options.out, files)
    total = sum(len(items) for items in known.items.values())
    if options.json:
        say_json({"person": known.key, "things": total, "files": [str(options.out / name) for name in files]})
    else:
        say(f"{known.name or known.key}: {count(total, 'thing')} known, in {options.out / 'person.html'} for reading")
        print(f"and in {options.out / 'person.json'} for programs. Both are personal: send them to nobody else.")
    return 0


def _write(folder: Path, files: dict[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            place = folder / name
            place.touch(mode=0o600)
            place.write_text(text, "utf-8")
    except OSError as error:
        raise Failure(f"{folder}: nothing could be written there ({error.strerror}).") from error
