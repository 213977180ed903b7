"""What leaves the files connector: tables, what of them cannot be read, and a broken row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from twostroke.intake.facts import Oddity


class UnreadableError(ValueError):
    """A file that cannot be read as tables. The text says which file, why, and what to do."""


class Broken(list[str]):
    """A row that could not be taken apart: one cell, its raw text, and why."""

    def __init__(self, raw: str, reason: str) -> None:
        super().__init__([raw])
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file. ``rows()`` starts anew at each call and streams; a row is a list of cells, or ``Broken``.

    ``name`` is unique within what was read together; ``file`` is what people call it. ``read_as`` says encoding,
    separator and header in plain words. ``notes`` are oddities of the reading itself. ``dated`` is the file's own
    time of last change in ms since 1970 UTC.
    """

    name: str
    file: str
    path: Path
    header: tuple[str, ...]
    read_as: str
    open_rows: Callable[[], Iterator[list[str]]] = field(repr=False, compare=False)
    notes: tuple[Oddity, ...] = ()
    dated: int | None = None

    def rows(self) -> Iterator[list[str]]:
        """The rows below the header, in order, blank lines left out."""
        return self.open_rows()
