"""What the pages of deals show."""

from __future__ import annotations

from dataclasses import dataclass

from twostroke.deals.facts import Deal
from twostroke.web.stream import Named


@dataclass(frozen=True, slots=True)
class DealRow:
    """A deal with the names of what it points to.

    ``title`` is for lists of all deals; ``short`` for pages that name the company already; ``key`` is the source's own.
    """

    deal: Deal
    title: str
    short: str
    key: str
    company: Named | None
    person: Named | None
    owner: Named | None
    product: Named | None


@dataclass(frozen=True, slots=True)
class Sum:
    """How many deals and what they are worth, each currency by itself: ``EUR 18,400 + USD 300``."""

    count: int
    amounts: str
