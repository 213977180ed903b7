"""What leaves the files connector: tables, what of them cannot be read, and a broken row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from twostroke.intake.facts import Oddity


class UnreadableError(ValueError):
    """A file that cannot be read as tables. The text says which file, why, and what to do."""


def signature_of(path: Path) -> tuple[int, int, int]:
    """Size, time of last change and number of a file; zeros where it is gone."""
    try:
        now = path.stat()
    except OSError:
        return (0, 0, 0)
    return (now.st_size, now.st_mtime_ns, now.st_ino)


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
    time of last change in ms since 1970 UTC. ``record`` is what each row is where the kind of file leaves no doubt.
    ``below`` is what stands below the table and is none of its rows (totals,
    copyright); it is known once all rows have been read.
    """

    name: str
    file: str
    path: Path
    header: tuple[str, ...]
    read_as: str
    open_rows: Callable[[], Iterator[list[str]]] = field(repr=False, compare=False)
    notes: tuple[Oddity, ...] = ()
    dated: int | None = None
    signature: tuple[int, int, int] = (0, 0, 0)
    below: list[str] = field(default_factory=list, repr=False, compare=False)
    record: str = ""

    def is_unchanged(self) -> bool:
        """Whether the file is still the one that was looked at first."""
        return self.signature == signature_of(self.path)

    def rows(self) -> Iterator[list[str]]:
        """The rows below the header, in order, blank lines left out."""
        return self.open_rows()
