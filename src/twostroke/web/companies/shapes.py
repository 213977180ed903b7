"""What the pages of companies show."""

from __future__ import annotations

from dataclasses import dataclass

from twostroke.web.deals.shapes import Sum


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """A company as a row of the list."""

    id: str
    name: str
    under: str
    sector: str | None
    employees: int | None
    open: Sum
    won: Sum
    lost: Sum
    people: int
