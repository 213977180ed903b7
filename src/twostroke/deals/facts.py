"""What travels between deals and the other rooms. Kinds of lines stand in ``KINDS``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from twostroke.deals.kinds.buying import PAYING, SHOPPING
from twostroke.deals.kinds.selling import DEALING, TALKING
from twostroke.ledger.facts import Kind


class DealStatus(StrEnum):
    """Where a deal ended, or that it has not."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal as its lines leave it. Ids are opaque; instants are ms since 1970 UTC with their precision, or None.

    ``amount_minor`` is in minor units of ``currency``; both None where no line names an amount. ``stage`` is the last
    open stage in the source's words, None where none was ever said.
    """

    subject: str
    status: DealStatus
    stage: str | None
    pipeline: str | None
    name: str | None
    product: str | None
    company: str | None
    person: str | None
    owner: str | None
    amount_minor: int | None
    currency: str | None
    opened_at: int | None
    opened_precision: str
    closed_at: int | None
    closed_precision: str
    expected_close: str | None
    reason: str | None
    source: str


KINDS: tuple[Kind, ...] = (*SHOPPING, *TALKING, *DEALING, *PAYING)
