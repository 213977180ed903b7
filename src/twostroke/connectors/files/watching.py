"""A folder that is watched: what lies still in it comes in; what cannot come in is put aside with the reason.

What came in is remembered in the folder itself, so that a watch that is started again goes on where it was.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from twostroke.connectors.files.actions import MustAskError, Wish, plan, run_import
from twostroke.connectors.files.facts import UnreadableError, signature_of
from twostroke.connectors.files.reading import can_come_in, read_tables
from twostroke.connectors.files.remembering import source_name, write_text
from twostroke.intake.facts import ImportBusyError, ImportReport, Question
from twostroke.kit.text import slug

REST_MS = 5_000
PARKED = "parked"
_MEMORY = ".twostroke/seen.json"
Signature = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Group:
    """Files that lie still and belong together: those of one folder, which is their source."""

    source: str
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Parked:
    """A file put aside: where it lies now, why, and what a person must answer, if that is why."""

    path: Path
    reason: str
    questions: tuple[Question, ...] = ()


@dataclass(slots=True)
class Brought:
    """What became of a group."""

    report: ImportReport | None = None
    parked: list[Parked] = field(default_factory=list)


class Watch:
    """A watched folder. ``look`` often, ``bring_in`` what it finds; instants are ms since 1970 UTC.

    Files of the folder itself are of the source ``source`` (else of the folder's name), those of a folder in it of
    that folder's name. Hidden files, and what was put aside, are left alone.
    """

    def __init__(self, folder: Path, *, source: str = "", news: bool = False) -> None:
        self.folder = folder.resolve()
        self._source, self._news = source, news
        self._seen = self._remembered()
        self._restless: dict[Path, tuple[Signature, int]] = {}

    def look(self, now: int) -> list[Group]:
        """The groups that lie still for five seconds and have something new."""
        groups: dict[str, list[Path]] = {}
        moving: set[str] = set()
        for path in self._new():
            source = self._source_of(path)
            groups.setdefault(source, []).append(path)
            if not self._lies_still(path, now):
                moving.add(source)
        return [Group(source, tuple(paths)) for source, paths in groups.items() if source not in moving]

    def bring_in(self, group: Group, progress: Callable[[int, int], None] | None = None) -> Brought:
        """Bring a group in. Files that keep the others from coming in are put aside, with the reason beside them.

        Raises ``ImportBusyError`` while the same files are being imported elsewhere: look again later.
        """
        brought = Brought()
        paths = [path for path in group.paths if path.exists()]
        # Of what came in the signature before counts: who writes on meanwhile has something new.
        signatures = {path: signature_of(path) for path in paths}
        while paths:
            wish = Wish(tuple(paths), source=group.source, news=self._news, by="watch")
            try:
                brought.report = run_import(wish, progress=progress)
                break
            except ImportBusyError:
                raise
            except MustAskError as asks:
                aside = {path: _asked_of(path, asks.questions, wish) for path in paths}
                aside = {path: asked for path, asked in aside.items() if asked} or dict.fromkeys(paths, asks.questions)
                brought.parked += [self._park(path, str(asks), group.source, asked) for path, asked in aside.items()]
            except ValueError as error:
                wrong = _unreadable(paths) or dict.fromkeys(paths, str(error))
                aside = dict.fromkeys(wrong, ())
                brought.parked += [self._park(path, reason, group.source) for path, reason in wrong.items()]
            paths = [path for path in paths if path not in aside]
        self._remember({path: signatures[path] for path in paths})
        return brought

    def _new(self) -> Iterator[Path]:
        for path in sorted(self.folder.rglob("*")):
            parts = path.relative_to(self.folder).parts
            if parts[0] == PARKED or any(part.startswith((".", "~$")) for part in parts):
                continue
            try:
                if not path.is_file() or self._seen.get(path) == signature_of(path)[:2]:
                    continue
                if can_come_in(path):
                    yield path
            except OSError:  # gone meanwhile, or not to be read yet
                continue

    def _lies_still(self, path: Path, now: int) -> bool:
        signature = signature_of(path)
        before = self._restless.get(path)
        if before is None or before[0] != signature:
            changed = signature[1] // 1_000_000
            # Its own time of change counts where it was not seen changing, and no clock that runs ahead.
            self._restless[path] = before = signature, (now if before else min(changed, now))
        return now - before[1] >= REST_MS

    def _source_of(self, path: Path) -> str:
        parts = path.relative_to(self.folder).parts
        named = parts[0] if len(parts) > 1 else self._source or self.folder.name
        return source_name(named) if slug(named) else "files"

    def _park(self, path: Path, reason: str, source: str, questions: tuple[Question, ...] = ()) -> Parked:
        """Move a file aside and write beside it why, and what brings it in."""
        place = self.folder / PARKED / path.relative_to(self.folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)
        self._restless.pop(path, None)
        note = place.with_name(f"{place.name}.why.txt")
        note.write_text(_note(place, path, reason, source, questions), "utf-8")
        return Parked(place, reason, questions)

    def _remembered(self) -> dict[Path, tuple[int, int]]:
        try:
            told = json.loads((self.folder / _MEMORY).read_text("utf-8"))
            return {self.folder / name: (int(size), int(changed)) for name, (size, changed) in told.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, AttributeError):  # not ours, or broken: everything comes in once more
            return {}

    def _remember(self, signatures: dict[Path, Signature]) -> None:
        self._seen |= {path: signature[:2] for path, signature in signatures.items()}
        self._seen = {path: signature for path, signature in self._seen.items() if path.exists()}
        for path in signatures:
            self._restless.pop(path, None)
        file = self.folder / _MEMORY
        file.parent.mkdir(exist_ok=True)
        told = {str(path.relative_to(self.folder)): list(signature) for path, signature in sorted(self._seen.items())}
        with contextlib.suppress(OSError):  # it comes in once more then, and counts once
            write_text(file, json.dumps(told))


def _asked_of(path: Path, questions: tuple[Question, ...], wish: Wish) -> tuple[Question, ...]:
    """The questions that are about this file."""
    names = {name for table in plan(wish).tables if table.path == path for name in (table.name, table.file)}
    return tuple(question for question in questions if question.file in names)


def _unreadable(paths: list[Path]) -> dict[Path, str]:
    """Those that cannot be read by themselves, with the reason."""
    wrong = {}
    for path in paths:
        try:
            read_tables([path])
        except UnreadableError as error:
            wrong[path] = str(error)
    return wrong


def _note(place: Path, path: Path, reason: str, source: str, questions: tuple[Question, ...]) -> str:
    lines = [f"{path.name} did not come in.", "", reason, ""]
    if questions:
        answers = " ".join(f"--answer '{question.key}={question.choices[0]}'" for question in questions)
        lines += [
            "Answer on the command line; the answer is remembered, and the next file of its kind comes in by itself:",
            "",
            f"    twostroke import '{place}' --as {source} {answers}",
            "",
            *(f"{question.key}: {' or '.join(question.choices)}" for question in questions),
        ]
    else:
        lines.append(f"Mend it and put it back: {path}")
    return "\n".join(lines) + "\n"
