"""Deals as pages show them, from the doors of deals and identity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from twostroke.deals.facts import Deal
from twostroke.web.deals.shapes import DealRow, Sum
from twostroke.web.naming import named
from twostroke.web.templatetags.say import money


def rows_of(deals: Sequence[Deal]) -> list[DealRow]:
    """The deals with names; a deal that has none goes by its company or product, else by its key."""
    names = named(
        persons={deal.person for deal in deals if deal.person},
        companies={deal.company for deal in deals if deal.company},
        colleagues={deal.owner for deal in deals if deal.owner},
        records={deal.subject for deal in deals} | {deal.product for deal in deals if deal.product},
    )

    def row(deal: Deal) -> DealRow:
        company, product = names.get(deal.company or ""), names.get(deal.product or "")
        key = names[deal.subject].name if deal.subject in names else ""
        return DealRow(
            deal=deal,
            title=deal.name or (company.name if company else "") or key or _("Deal without a name"),
            short=deal.name or (product.name if product else "") or key or _("Deal without a name"),
            key=key,
            company=company,
            person=names.get(deal.person or ""),
            owner=names.get(deal.owner or ""),
            product=product,
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
