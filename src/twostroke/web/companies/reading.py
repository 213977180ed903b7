"""Companies as pages show them, from the doors of identity and deals."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from twostroke.deals import queries as deals
from twostroke.deals.facts import Deal, DealStatus
from twostroke.identity import queries as identity
from twostroke.identity.facts import DOMAIN, Company
from twostroke.kit.text import folded
from twostroke.web.companies.shapes import CompanyRow
from twostroke.web.deals.reading import sum_of
from twostroke.web.deals.shapes import Sum
from twostroke.web.freshness import Kept

MOST_DEALS = 100_000
_by_name: Kept[tuple[str, ...]] = Kept(follows=identity.edition)


def keys_by_name() -> Sequence[str]:
    """The keys of all companies, by name."""
    # Sorting all of them is too much for every look at the list, and for every line that says nothing of anybody.
    return _by_name.get("keys", _sorted_keys)


def _sorted_keys() -> tuple[str, ...]:
    names = identity.names_of(identity.all_keys("company"), "company")
    return tuple(sorted(names, key=lambda key: (not names[key], folded(names[key]), key)))


def deals_of(company: Company) -> list[Deal]:
    """All deals with this company, under any of its identifiers, the newest opened first."""
    return deals.deals(deals.Filter(companies=[one.id for one in company.identifiers]), limit=MOST_DEALS)


def rows_of(keys: Sequence[str]) -> list[CompanyRow]:
    """A row for each of these companies, in the order given."""
    found = {one.key: one for one in identity.companies(keys)}
    ids = {known.id: key for key, one in found.items() for known in one.identifiers}
    theirs: dict[str, list[Deal]] = {key: [] for key in found}
    for deal in deals.deals(deals.Filter(companies=list(ids)), limit=MOST_DEALS):
        theirs[ids[deal.company or ""]].append(deal)
    people = identity.people_of_each(list(found))
    return [_row(found[key], theirs[key], len(people[key])) for key in keys if key in found]


def _row(company: Company, theirs: Sequence[Deal], people: int) -> CompanyRow:
    sector, employees = company.value("sector"), company.value("employees")

    def sum_at(status: DealStatus) -> Sum:
        return sum_of(deal for deal in theirs if deal.status is status)

    return CompanyRow(
        id=company.key,
        name=company.name or _("Without a name"),
        under=_under(company),
        sector=None if sector is None else str(sector),
        employees=None if employees is None else int(employees),
        open=sum_at(DealStatus.OPEN),
        won=sum_at(DealStatus.WON),
        lost=sum_at(DealStatus.LOST),
        people=people,
    )


def _under(company: Company) -> str:
    """Country and domain, unless the company is called so."""
    domain = next((one.value for one in company.identifiers if one.namespace == DOMAIN and one.value), "")
    parts = (str(company.value("country") or ""), domain)
    return " · ".join(part for part in parts if part and part != company.name)
