"""Names and addresses for opaque ids, in bulk: what stands where a line or a deal only has an id."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from twostroke.deals import queries
from twostroke.identity import queries as identity
from twostroke.ledger.facts import Told
from twostroke.web.stream import Named

_PAGES = {"person": "person", "company": "company"}


def named(
    *,
    persons: Collection[str] = (),
    companies: Collection[str] = (),
    colleagues: Collection[str] = (),
    records: Collection[str] = (),
) -> dict[str, Named]:
    """A name for each id, with the address of its page where it has one; ids that nothing is known of keep a word.

    ``records`` are deals, products and other records: they are called as their source calls them.
    """
    found = _of_kind("person", persons, _("somebody")) | _of_kind("company", companies, _("a company"))
    found |= _of_kind("colleague", colleagues, _("a colleague"))
    return found | {id_: Named(name) for id_, name in identity.names_of(list(records)).items() if name}


def _of_kind(kind: str, ids: Collection[str], nameless: str) -> dict[str, Named]:
    page = _PAGES.get(kind)
    found = identity.keys_and_names_of({id_ for id_ in ids if id_}, kind)
    return {
        id_: Named(name or nameless, reverse(page, args=[key]) if page and key is not None else "")
        for id_, (key, name) in found.items()
    }


def names_in(lines: Iterable[Told]) -> dict[str, Named]:
    """Names for everybody and everything these lines point to."""
    lines = list(lines)
    deals = {one.line.subject for one in lines if one.line.subject_kind == "deal"} | _said(lines, "deal")
    found = named(
        persons=_ids(one.line.identifier for one in lines),
        companies=_ids(one.line.company for one in lines),
        colleagues=_ids(one.line.actor for one in lines),
        records=deals | _said(lines, "product"),
    )
    return found | _named_deals(deals, found)


def _named_deals(ids: Collection[str], records: Mapping[str, Named]) -> dict[str, Named]:
    """Deals by their own name, else as their source calls the record; with an address where they are known."""
    called = {deal.subject: deal.name for deal in queries.deals(queries.Filter(subjects=list(ids)), limit=len(ids))}
    nameless = Named(_("deal"))
    return {
        id_: Named(
            called.get(id_) or records.get(id_, nameless).name, reverse("deal", args=[id_]) if id_ in called else ""
        )
        for id_ in ids
    }


def _said(lines: Iterable[Told], name: str) -> set[str]:
    return {str(one.properties[name]) for one in lines if one.properties.get(name)}


def _ids(found: Iterable[str | None]) -> set[str]:
    return {id_ for id_ in found if id_}
