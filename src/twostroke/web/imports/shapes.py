"""What the pages of imports show."""

from __future__ import annotations

from dataclasses import dataclass

from twostroke.intake.queries import ImportState


@dataclass(frozen=True, slots=True)
class Sums:
    """Rows of all files of an import: ``rows == new + same + changed + rejected``."""

    rows: int = 0
    new: int = 0
    same: int = 0
    changed: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class ImportRow:
    """An import as a row of the list; counts are None until it is done."""

    state: ImportState
    word: str
    files: str
    new: int | None
    same: int | None
    changed: int | None
    rejected: int | None
