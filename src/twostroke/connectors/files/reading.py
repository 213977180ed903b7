"""From paths to tables: what kind of file it is, in which encoding and dialect, where its header stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePath

from twostroke.connectors.files import delimited, workbooks
from twostroke.connectors.files.documents import DOCUMENTS, document_of, kind_of
from twostroke.connectors.files.encodings import encoding_of
from twostroke.connectors.files.facts import Broken, Table, UnreadableError, signature_of
from twostroke.connectors.files.footers import without_footer
from twostroke.connectors.files.places import Place, members
from twostroke.connectors.files.vocabulary import is_known_header
from twostroke.intake.facts import Oddity

_TEXT_SUFFIXES = {".csv", ".tsv", ".tab", ".txt", ".psv", ".dat"}
_DATUM = re.compile(
    r"[-+(]?[$€£]?\s?\d[\d\s.,'%)]*$"  # a number
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?$"  # a date
    r"|\S+@\S+\.\S+$|https?://"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    re.IGNORECASE,
)
_FLAGS = {"true", "false", "yes", "no", "null"}
_PREAMBLE = 20


def read_tables(paths: Sequence[Path]) -> list[Table]:
    """All tables of files and folders, in order. Raises ``UnreadableError`` with what to do instead."""
    names: set[str] = set()
    labels: set[str] = set()
    tables = []
    for path in _files(paths):
        signature = signature_of(path)
        try:
            for place, dated in _places(path):
                for table in _tables(place, signature):
                    unique, shown = _unlike(table.name, names), _unlike(table.file, labels)
                    tables.append(replace(table, name=unique, file=shown, dated=dated))
        except OSError as error:
            raise UnreadableError(f"{path}: it cannot be read ({error.strerror or error}).") from error
        except UnicodeError as error:
            raise UnreadableError(f"{path}: it changed while it was being read. Try again.") from error
    return tables


def _unlike(name: str, names: set[str]) -> str:
    """The name, or the name and a number where it is taken."""
    copy, unique = 2, name
    while unique in names:
        unique, copy = f"{name} ({copy})", copy + 1
    names.add(unique)
    return unique


def passed_over(paths: Sequence[Path]) -> list[tuple[str, str]]:
    """Name and reason of files in the given folders and archives that are no tables, and are not read."""
    left = [(path.name, _why_not(path)) for path in _walk(paths) if not _is_table_file(Place(path))]
    archives = [path for path in paths if path.is_file() and workbooks.workbook_kind(Place(path)) == "archive"]
    inside = [place for path in archives for place, _ in members(path) if not _is_table_file(place)]
    return left + [(place.name, _NO_TABLE) for place in inside]


_NO_TABLE = "not a table: passed over"


def _why_not(path: Path) -> str:
    try:
        archive = workbooks.workbook_kind(Place(path)) == "archive"
    except OSError:
        return _NO_TABLE
    # Beside an archive there often lies what came out of it.
    return "an archive: passed over; name it to bring in what is in it" if archive else _NO_TABLE


def _places(path: Path) -> list[tuple[Place, int | None]]:
    """A file with its date, or the tables of an archive, dated by themselves and never later than it."""
    changed = path.stat().st_mtime_ns // 1_000_000
    if workbooks.workbook_kind(Place(path)) != "archive":
        return [(Place(path), changed)]
    found = [(place, min(dated or changed, changed)) for place, dated in members(path) if _is_table_file(place)]
    if not found:
        raise UnreadableError(f"No table in {path.name}. An archive of CSV files or workbooks can come in.")
    return list(found)


def _files(paths: Sequence[Path]) -> list[Path]:
    listed = []
    for path in paths:
        if not _exists(path):
            raise UnreadableError(f"{path}: there is no such file.")
        if not path.is_dir() and not path.is_file():
            raise UnreadableError(f"{path} is no file but a pipe or a device. Save what it gives as a file first.")
        listed += [p for p in _walk([path]) if _is_table_file(Place(p))] if path.is_dir() else [path]
    listed = _each_once(listed)
    if not listed:
        raise UnreadableError(f"No table in {', '.join(str(path) for path in paths)}. Name CSV files or workbooks.")
    return listed


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long, a loop of links, a zero byte
        return False


def _each_once(paths: Sequence[Path]) -> list[Path]:
    """Without those that were named before, by whatever path: rows of one file must not stand for two files."""
    seen: dict[tuple[int, int], Path] = {}
    for path in paths:
        now = path.stat()
        seen.setdefault((now.st_dev, now.st_ino), path)
    return list(seen.values())


def _walk(paths: Sequence[Path]) -> list[Path]:
    """The files of folders, without hidden ones, those in hidden folders, and what programs leave lying there."""
    return [
        path
        for folder in paths
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if not any(part.startswith((".", "~$", "__MACOSX")) for part in path.relative_to(folder).parts)
        and path.is_file()
    ]


def can_come_in(path: Path) -> bool:
    """Whether a file is one that an import reads: a table, a document, or an archive of them. Raises ``OSError``."""
    place = Place(path)
    return _is_table_file(place) or workbooks.workbook_kind(place) == "archive"


def _is_table_file(place: Place) -> bool:
    if PurePath(place.name).suffix.lower() in _TEXT_SUFFIXES:
        return True
    try:
        return workbooks.workbook_kind(place) == "workbook" or kind_of(place) in DOCUMENTS
    except OSError:  # not to be read, and not by its name a table: passed over
        return False


class _Source:
    """How to get at all records of one table, the header among them."""

    def __init__(self, records: Callable[[], Iterator[list[str]]], words: str, width: int = 0) -> None:
        self.records, self.words, self.width = records, words, width
        self.notes: list[Oddity] = []


def _tables(place: Place, signature: tuple[int, int, int]) -> Iterator[Table]:
    document = document_of(place, signature)
    if document is not None:
        yield document
        return
    for name, label, source in _sources(place):
        yield _table(name, label, place.path, source, signature)


def _sources(place: Place) -> list[tuple[str, str, _Source]]:
    if workbooks.workbook_kind(place) == "workbook":
        return [entry for entry in (_sheet(place, *sheet) for sheet in workbooks.sheets(place)) if entry is not None]
    return [(place.stem, place.name, _text_source(place))]


def _sheet(place: Place, name: str, sheet: object, hidden: bool) -> tuple[str, str, _Source] | None:
    if next(workbooks.sheet_rows(sheet), None) is None:
        return None
    words = f"workbook, sheet “{name}”" + (" (hidden)" if hidden else "")
    widths = [len(row) for row in islice(workbooks.sheet_rows(sheet), 50)]
    source = _Source(lambda: workbooks.sheet_rows(sheet), words, max(widths))
    return (f"{place.stem} {name}", f"{place.name} · {name}", source)


def _text_source(place: Place) -> _Source:
    with place.open() as file:
        head = file.read(4096)
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"SQLite format", b"PAR1")):
        raise UnreadableError(f"{place.name} is a file of another kind, no table. Export it as CSV or as a workbook.")
    encoding = encoding_of(place)
    text, whole = delimited.sample_of(place, encoding)
    dialect = delimited.dialect_of(text, whole=whole)
    one = dialect.width <= 1
    words = f"{'one column' if one else delimited.SEPARATORS[dialect.separator]}, {encoding.words}"
    source = _Source(lambda: delimited.records(place, encoding, dialect), words, dialect.width)
    if encoding.odd_bytes:
        what = "bytes that are no UTF-8 were read as Windows-1252"
        source.notes.append(Oddity(what, encoding.odd_bytes, "", "Export the file again as UTF-8 if names look wrong."))
    if "�" in text:
        rows = sum(1 for line in text.splitlines() if "�" in line)
        bad = next(line for line in text.splitlines() if "�" in line)[:80]
        source.notes.append(
            Oddity("letters were lost before this file was written (�)", rows, bad, "Export it again as UTF-8.")
        )
    return source


def _table(name: str, label: str, path: Path, source: _Source, signature: tuple[int, int, int]) -> Table:
    top = list(islice(source.records(), 200))
    skip = _header_place(top, source.width)
    rows = top[skip:]
    has_header = bool(rows) and _is_header(rows[0], rows[1:])
    if not rows:
        header: tuple[str, ...] = ()
    elif has_header:
        header = _header(rows[0], max(len(rows[0]), 1))
    else:
        header = tuple(f"column {n + 1}" for n in range(max(source.width, len(rows[0]))))
    start = skip + 1 if has_header else skip
    words = "empty" if not rows else source.words + ("" if has_header else ", no header")
    notes = list(source.notes)
    if skip:
        above = " ".join(cell for cell in top[0] if cell.strip())[:80]
        notes.append(Oddity("lines above the header were left out", skip, above))
    below = list[str]()

    def rows_of() -> Iterator[list[str]]:
        return without_footer(islice(source.records(), start, None), len(header), below)

    return Table(name, label, path, header, words, rows_of, tuple(notes), None, signature, below)


def _header_place(top: Sequence[list[str]], width: int) -> int:
    """How many lines of title stand above the header: those much narrower than the table."""
    for place, row in enumerate(top[:_PREAMBLE]):
        filled = sum(1 for cell in row if cell.strip())
        if len(row) >= width and (filled > width / 2 or filled == width):
            return place
    return 0


def _is_header(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    cells = [cell.strip() for cell in first]
    if isinstance(first, Broken) or not any(cells):
        return False
    known = sum(1 for cell in cells if is_known_header(cell))
    if known * 2 >= len(cells):
        return True
    if any(_DATUM.match(cell) or cell.lower() in _FLAGS for cell in cells):
        return False
    recurring = sum(
        1 for place, cell in enumerate(cells) if any(len(r) > place and r[place].strip() == cell for r in below)
    )
    return known > 0 or recurring * 2 <= len(cells) or not below


def _header(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """Header names, unique, none empty."""
    names: list[str] = []
    for place in range(width):
        bare = cells[place].strip().lstrip("﻿") if place < len(cells) else ""
        name = bare or f"column {place + 1}"
        copy = 2
        while name in names:
            name, copy = f"{bare or 'column'} ({copy})", copy + 1
        names.append(name)
    return tuple(names)
