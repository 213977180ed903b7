"""What the home pages show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from twostroke.intake.facts import Oddity
from twostroke.intake.queries import ImportState
from twostroke.ledger.facts import Accounting
from twostroke.web.deals.shapes import DealRow
from twostroke.web.numbers.shapes import Number
from twostroke.web.stream import StreamLine

# Rows of columns of blocks, by name.
Layout = Sequence[Sequence[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the strip at the top, with the page it leads to."""

    label: str
    value: str
    address: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence of the headline, with the number it was taken from."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class TeamTouches:
    """The latest lines of one team, so that both can be seen side by side."""

    team: str
    lines: Sequence[StreamLine]


@dataclass(frozen=True, slots=True)
class Odd:
    """Something odd in a file of the latest imports, with the import it came with."""

    source: str
    import_id: str
    file: str
    oddity: Oddity


@dataclass(frozen=True, slots=True)
class Home:
    """All blocks there is something to say in; empty ones are left out of the page."""

    headline: Sequence[Clause]
    figures: Sequence[Figure]
    pipeline: Number | None
    lifecycle: Number | None
    deals: Sequence[DealRow]
    touches: Sequence[TeamTouches]
    odd: Sequence[Odd]
    more_odd: int
    imports: Sequence[ImportState]
    accounts: Sequence[Accounting]
    # Messages that wait to be mended; rows of files are mended in their file.
    held: int = 0
    # What a reaction or a projection failed at, and since when (ms since 1970 UTC): nothing moves it but a person.
    waiting: int = 0
    waiting_since: int | None = None


def laid_out(layout: Layout, home: Home) -> Layout:
    """The layout without blocks that have nothing to say, and without the columns and rows this empties."""
    kept = [[[block for block in column if getattr(home, block)] for column in row] for row in layout]
    return [columns for row in kept if (columns := [column for column in row if column])]
