"""What files of the home hold of a person: originals that people uploaded, and the mappings' notes.

An original is removed whole as soon as anything in it is about the person: what it said is on the log, and whoever has
it elsewhere can bring it in again. Rewriting it would make it look like something the source once wrote.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from twostroke.connectors.files.mapping import BadMappingError, load_mapping
from twostroke.connectors.files.remembering import in_effect, write_text
from twostroke.intake.queries import files_of_batches
from twostroke.kit.personal import Sought, Store

_LEFT_BEHIND = 600.0


def stores() -> tuple[Store, ...]:
    """The stores of this room."""
    return (
        Store(
            room="files",
            what="original files that people uploaded",
            erasing="each original with something about them is removed whole; it can be brought in again",
            show=lambda who: [{"file": _told(path)} for path in _uploads(who)],
            erase=_erase_uploads,
        ),
        Store(
            room="files",
            what="mappings: notes with examples, and values to replace",
            erasing="notes go from a mapping that quotes them; how columns are read stays",
            show=lambda who: [{"mapping": _told(path)} for path in _mappings(who)],
            erase=_erase_mappings,
        ),
        Store(
            room="files",
            what="copies that work which was stopped left behind",
            erasing="removed, if nothing has touched them for ten minutes",
            show=lambda who: [],
            erase=_erase_scratch,
        ),
    )


def _told(path: Path) -> str:
    return str(path.relative_to(settings.TWOSTROKE_HOME.path))


def _uploads(who: Sought) -> Iterator[Path]:
    uploads: Path = settings.TWOSTROKE_HOME.uploads
    brought = {Path(path).resolve() for path in files_of_batches(who.batches)}
    for path in sorted(uploads.rglob("*")):
        if path.is_file() and (path.resolve() in brought or who.is_named_in(path.name) or who.traces.in_file(path)):
            yield path


def _erase_uploads(who: Sought) -> int:
    gone = list(_uploads(who))
    for path in gone:
        path.unlink(missing_ok=True)
        if path.parent != settings.TWOSTROKE_HOME.uploads and not any(path.parent.iterdir()):
            path.parent.rmdir()
    return len(gone)


def _mappings(who: Sought) -> Iterator[Path]:
    folder: Path = settings.TWOSTROKE_HOME.mappings
    for path in sorted(folder.iterdir()):
        if path.is_file() and who.may_be_in(path.read_text("utf-8", "replace")):
            yield path


def _erase_mappings(who: Sought) -> int:
    gone = list(_mappings(who))
    for path in gone:
        if path.name.endswith(".proposed.yaml"):
            path.unlink()
            continue
        try:
            bare = in_effect(load_mapping(path.read_text("utf-8", "replace")))
        except BadMappingError:
            path.unlink()  # what nobody can read maps nothing
            continue
        # Comments go with the notes; what still names the person is a value somebody wrote in.
        write_text(path, "".join(line for line in bare.splitlines(keepends=True) if not who.is_named_in(line)))
    return len(gone)


def _erase_scratch(who: Sought) -> int:
    del who
    folder: Path = settings.TWOSTROKE_HOME.scratch
    old = [path for path in folder.iterdir() if time.time() - path.stat().st_mtime > _LEFT_BEHIND]
    for path in old:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(old)
