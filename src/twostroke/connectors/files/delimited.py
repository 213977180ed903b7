"""Text with separators (RFC 4180 and what is really written): dialect, records, broken rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from twostroke.connectors.files.encodings import Encoding
from twostroke.connectors.files.facts import Broken, UnreadableError
from twostroke.connectors.files.places import Place

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SAMPLE = 4_000_000
_LONGEST_CELL = 1 << 24
_LONGEST_RECORD = 2_000  # lines; beyond it a quote was opened that nobody closed
_MOST_BROKEN = 200

# The csv module's own limit (131,072 characters) is per process; the body of a long mail is longer.
csv.field_size_limit(_LONGEST_CELL)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How records are written. ``skip`` physical lines (``sep=;``) come before the first record."""

    separator: str
    escape: str | None = None
    skip: int = 0
    width: int = 1

    def reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Records of ``lines``."""
        return csv.reader(lines, delimiter=self.separator, escapechar=self.escape, doublequote=True, strict=False)


class _RunawayError(Exception):
    """A record that does not end."""


def dialect_of(text: str, *, whole: bool) -> Dialect:
    """The dialect in which ``text`` is regular. ``whole`` says that it ends where the file ends."""
    skip = 0
    first = text[: text.find("\n") + 1 or len(text)].strip().lower()
    if first.startswith("sep=") and len(first) == 5 and first[4] in SEPARATORS:
        return Dialect(first[4], None, 1, _regularity(text, Dialect(first[4], None, 1), whole)[2])
    tried = [Dialect(separator, None, skip) for separator in SEPARATORS]
    # Where doubled quotes explain every character, a backslash before one is a backslash.
    if '\\"' in text and not (whole and any(_is_strict(text, dialect) for dialect in tried)):
        tried += [replace(dialect, escape="\\") for dialect in tried]
    scored = [(_regularity(text, dialect, whole), -place, dialect) for place, dialect in enumerate(tried)]
    (_, _, width), _, best = max(scored, key=lambda entry: (entry[0][:2], entry[1]))
    return Dialect(best.separator, best.escape, skip, width)


def _is_strict(text: str, dialect: Dialect) -> bool:
    """Whether the text is a table of one width to its last character, with quotes doubled (RFC 4180)."""
    lines = io.StringIO(text, newline="")
    for _ in range(dialect.skip):
        next(lines, None)
    try:
        widths = {len(cells) for cells in csv.reader(lines, delimiter=dialect.separator, strict=True) if cells}
    except csv.Error:
        return False
    return len(widths) == 1 and widths.pop() > 1


def _regularity(text: str, dialect: Dialect, whole: bool) -> tuple[float, int, int]:
    """Share of records with the usual number of cells (0 where a separator separates nothing), cells, cells."""
    if dialect.separator not in text:
        return 0.0, 0, 1
    lines = io.StringIO(text, newline="")
    for _ in range(dialect.skip):
        next(lines, None)
    widths: Counter[int] = Counter()
    first = last = 0
    stray = 0
    quoted = '"' in text and dialect.escape is None
    for cells in dialect.reader(lines):
        if cells:
            last = len(cells)
            first = first or last
            widths[last] += 1
            # A cell that still begins with a quote, or holds quote-comma, was cut at the wrong character.
            stray += quoted and any('"' in cell and (cell[0] == '"' or cell[-1] == '"') for cell in cells)
    if not whole and last and len(widths) > 1:
        widths[last] -= 1
    if not widths:
        return 0.0, 0, 0
    width, count = max(((w, n) for w, n in widths.items() if n), key=lambda item: (item[1], item[0]))
    if width == 1:
        return 0.0, 0, 1
    total = sum(widths.values())
    regular = (count - 0.5 * stray) / total
    # The header knows its separator: one that does not stand in the first record is a character of the values.
    return (regular if first > 1 else regular / 10), width, width


def sample_of(place: Place, encoding: Encoding) -> tuple[str, bool]:
    """The beginning of the text (all of it up to four million characters) and whether that is the whole."""
    with place.text(encoding.codec, encoding.errors) as file:
        text = file.read(_SAMPLE)
        return text.replace("\0", ""), file.read(1) == ""


def records(place: Place, encoding: Encoding, dialect: Dialect) -> Iterator[list[str]]:
    """Every record of the file, streaming. Blank lines are left out; a row that never ends comes as ``Broken``."""
    with place.text(encoding.codec, encoding.errors) as file:
        lines: Iterator[str] = iter(file)
        for _ in range(dialect.skip):
            next(lines, None)
        yield from _records(lines, dialect, place)


def _records(lines: Iterator[str], dialect: Dialect, place: Place) -> Iterator[list[str]]:
    broken = 0
    while True:
        pending: list[str] = []
        held: list[str] | None = None
        try:
            for cells in dialect.reader(_feed(lines, pending)):
                if held is not None:
                    yield held
                    held = None
                if len(pending) > 1:
                    # Only a record of several lines can be a quote that was never closed before the file ended.
                    held = cells
                    kept = pending.copy()
                elif cells:
                    yield cells
                pending.clear()
            if held is None or _closed(kept, dialect):
                if held is not None:
                    yield held
                return
            pending = kept
        except _RunawayError:
            pass
        broken += 1
        if broken > _MOST_BROKEN:
            raise UnreadableError(
                f"{place.name}: more than {_MOST_BROKEN} rows open a quotation mark that is never closed. "
                "Export the file again with quotation marks doubled inside cells."
            )
        yield Broken(pending[0].rstrip("\r\n"), "a quotation mark is opened and never closed")
        lines = chain(pending[1:], lines)


def _feed(lines: Iterator[str], pending: list[str]) -> Iterator[str]:
    for line in lines:
        pending.append(line)
        if len(pending) > _LONGEST_RECORD:
            raise _RunawayError
        yield line.replace("\0", "") if "\0" in line else line


def _closed(lines: list[str], dialect: Dialect) -> bool:
    """Whether the record of these lines ends where they end."""
    strict = csv.reader(lines, delimiter=dialect.separator, escapechar=dialect.escape, strict=True)
    try:
        for _ in strict:
            pass
    except csv.Error as error:
        return "unexpected end of data" not in str(error)
    return True
