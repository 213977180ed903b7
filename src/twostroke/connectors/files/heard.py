"""What an import said of deals and people as a whole, kept while its rows stream by: what findings are counted from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from twostroke.intake.facts import RejectedRow, TranslatedRow
from twostroke.kit.time import DAY_MS
from twostroke.ledger.facts import Draft, Precision

Row = TranslatedRow | RejectedRow


@dataclass(slots=True)
class Deal:
    """A deal as its lines leave it. Times are in ms since 1970 UTC; ``due`` is a day as ``2026-03-01``."""

    opened: int | None = None
    ended: int | None = None
    verdict: str = "open"
    due: str = ""
    amount: int | None = None
    currency: str = ""
    company: str | None = None
    product: str = ""
    source: str = ""
    reason: str = ""

    @property
    def days(self) -> float | None:
        """From beginning to end, in days; None where one of the two is not known or comes before the other."""
        if self.opened is None or self.ended is None or self.ended < self.opened:
            return None
        return (self.ended - self.opened) / DAY_MS


@dataclass(slots=True)
class Person:
    """A person as the lines leave them: what brought them, whether they bought, whether anything was done."""

    source: str = ""
    bought: bool = False
    ids: tuple[str, ...] = ()


@dataclass(slots=True)
class Heard:
    """Deals, people, list prices and names by opaque id, and whom an act concerned.

    ``until`` is now, in ms since 1970 UTC: a later date is a slip or a plan. ``newest`` is the newest day up to it.
    """

    until: int
    deals: dict[str, Deal] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    prices: dict[str, tuple[int, str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    companies: set[str] = field(default_factory=set)
    acts: Counter[str] = field(default_factory=Counter)
    newest: int = 0

    def listening(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The same rows, heard as they pass."""
        for row in rows:
            if isinstance(row, TranslatedRow):
                for draft in row.drafts:
                    if (hear := _HEARD.get(draft.kind)) is not None:
                        hear(self, draft)
            yield row

    def _deal(self, draft: Draft) -> Deal:
        deal = self.deals.get(draft.subject)
        if deal is None:
            deal = self.deals[draft.subject] = Deal()
        if draft.amount_minor is not None and draft.currency:
            deal.amount, deal.currency = draft.amount_minor, draft.currency
        deal.company = draft.company or deal.company
        told: Mapping[str, Any] = draft.properties
        deal.product = told.get("product") or deal.product
        deal.source = told.get("found_by") or deal.source
        deal.due = told.get("expected_close") or deal.due
        return deal

    def opened(self, draft: Draft) -> None:
        """A deal began."""
        deal, when = self._deal(draft), _known(draft)
        if when is not None:
            deal.opened = when if deal.opened is None else min(when, deal.opened)
            self._came(when)

    def ended(self, draft: Draft) -> None:
        """A deal was won or lost; of two ends the later one counts."""
        deal, when = self._deal(draft), _known(draft)
        if when is None or deal.ended is None or when >= deal.ended:
            deal.verdict, deal.ended = draft.kind.partition(".")[2], when
            deal.reason = draft.properties.get("reason", "") or deal.reason
        if when is not None:
            self._came(when)

    def _came(self, when: int) -> None:
        if self.newest < when <= self.until:
            self.newest = when

    def described(self, draft: Draft) -> None:
        """A person: by what they came."""
        person = self.persons.setdefault(draft.subject, Person())
        person.source = draft.properties.get("first_source") or person.source

    def claimed(self, draft: Draft) -> None:
        """The ids of a person."""
        if draft.subject_kind == "person":
            self.persons.setdefault(draft.subject, Person()).ids = tuple(draft.properties["ids"])

    def reached(self, draft: Draft) -> None:
        """A stage of the lifecycle: only that of a customer counts here."""
        if draft.properties.get("stage") == "customer":
            self.persons.setdefault(draft.subject, Person()).bought = True

    def priced(self, draft: Draft) -> None:
        """The list price of a product."""
        if draft.amount_minor is not None and draft.currency:
            self.prices[draft.subject] = (draft.amount_minor, draft.currency)

    def named(self, draft: Draft) -> None:
        """The name of a product."""
        self.names[draft.subject] = str(draft.properties.get("name", ""))

    def founded(self, draft: Draft) -> None:
        """A company some row says more of than its name, or at least that."""
        self.companies.add(draft.subject)

    def acted(self, draft: Draft) -> None:
        """A call, meeting, visit or mail with somebody."""
        if draft.identifier:
            self.acts[draft.identifier] += 1


def _known(draft: Draft) -> int | None:
    return None if draft.precision is Precision.UNKNOWN else draft.happened_at


_HEARD = {
    "deal.opened": Heard.opened,
    "deal.won": Heard.ended,
    "deal.lost": Heard.ended,
    "price.set": Heard.priced,
    "person.described": Heard.described,
    "identity.claimed": Heard.claimed,
    "stage.reached": Heard.reached,
    "product.described": Heard.named,
    "company.described": Heard.founded,
    **dict.fromkeys(
        ("call.made", "meeting.held", "meeting.booked", "visit.made", "mail.sent", "mail.replied"), Heard.acted
    ),
}
