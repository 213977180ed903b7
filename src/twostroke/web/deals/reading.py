"""Deals as pages show them, from the doors of deals and identity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from twostroke.deals.facts import Deal
from twostroke.web.deals.shapes import DealRow, Sum
from twostroke.web.naming import named
from twostroke.web.templatetags.say import money


def rows_of(deals: Sequence[Deal]) -> list[DealRow]:
    """The deals with names; a deal that has none is called after its company, else after its key."""
    names = named(
        persons={deal.person for deal in deals if deal.person},
        companies={deal.company for deal in deals if deal.company},
        colleagues={deal.owner for deal in deals if deal.owner},
        records={deal.subject for deal in deals} | {deal.product for deal in deals if deal.product},
    )

    def row(deal: Deal) -> DealRow:
        company, key = names.get(deal.company or ""), names.get(deal.subject)
        called = deal.name or (company.name if company else "") or (key.name if key else "") or _("Deal without a name")
        return DealRow(
            deal=deal,
            title=called,
            company=company,
            person=names.get(deal.person or ""),
            owner=names.get(deal.owner or ""),
            product=names.get(deal.product or ""),
        )

    return [row(deal) for deal in deals]


def sum_of(deals: Iterable[Deal]) -> Sum:
    """Count and worth; currencies are never added together."""
    count, amounts = 0, dict[str, int]()
    for deal in deals:
        count += 1
        if deal.amount_minor is not None and deal.currency is not None:
            amounts[deal.currency] = amounts.get(deal.currency, 0) + deal.amount_minor
    return Sum(count, " + ".join(money(amounts[currency], currency) for currency in sorted(amounts)))
