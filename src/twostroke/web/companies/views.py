"""The list of companies with its search, and one company."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from twostroke.deals.facts import DealStatus
from twostroke.identity import queries as identity
from twostroke.kit.time import now_millis
from twostroke.ledger.queries import Log
from twostroke.relay.queries import furthest, standings
from twostroke.team.facts import May, Member
from twostroke.team.rules import may
from twostroke.web.access import NOT_YOURS, needs
from twostroke.web.companies.reading import deals_of, keys_by_name, rows_of
from twostroke.web.companies.shapes import CompanyRow
from twostroke.web.deals.reading import rows_of as deal_rows
from twostroke.web.deals.reading import sum_of
from twostroke.web.export import as_file, wanted_format
from twostroke.web.lines import by_people, stream_for, told_about
from twostroke.web.naming import named
from twostroke.web.paging import AT_ONCE, list_template, offset_of, page_of
from twostroke.web.people.reading import identified, values_of
from twostroke.web.sofar import so_far

_MOST_FOUND = 200
_MOST_BESIDE = 12


@needs(May.SEE_PEOPLE)
@require_safe
def companies(request: HttpRequest, member: Member) -> HttpResponse:
    """All companies by name, or those found for ``?q=``; with ``?format=`` all of them as a file."""
    words = request.GET.get("q", "").strip()
    keys = _found(words) if words else list(keys_by_name())
    format_ = wanted_format(request, member)
    if format_ is not None:
        return as_file("companies", format_, [_exported(row) for row in rows_of(keys)])
    offset = offset_of(request, len(keys))
    context = {
        "page": page_of(request, rows_of(keys[offset : offset + AT_ONCE]), total=len(keys), offset=offset),
        "q": words,
        "everybody": identity.count("company"),
        "query": request.GET.urlencode(),
    }
    return render(request, list_template(request, "companies"), context)


def _found(words: str) -> list[str]:
    hits = identity.search(words, limit=_MOST_FOUND, kinds=("company",)) or identity.resolve(words)
    return [hit.id for hit in hits if hit.kind == "company"]


@needs(May.SEE_PEOPLE)
@require_safe
def company(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """A company: everybody there, its deals, and one stream of everything that names it."""
    found = identity.company(key)
    if found is None:
        raise Http404(NOT_YOURS)
    if found.key != key:
        return redirect("company", found.key)
    ids = [one.id for one in found.identifiers]
    people = identity.people_of(key)
    lines = told_about(_lines_of(ids, people))
    standing = furthest(standings(ids).values())
    stage = None if standing is None else standing.stage.value
    deals = deals_of(found) if may(member.role, May.SEE_DEALS) else []
    context: dict[str, Any] = {
        "name": found.name or key,
        "stage": stage,
        "clauses": so_far(by_people(lines), now=now_millis(), stage=stage),
        "stream": stream_for(request, lines, about=ids),
        "traits": values_of(found.traits),
        "identifiers": identified(found.identifiers),
        "people": list(named(persons=people[:_MOST_BESIDE]).values()),
        "more_people": max(0, len(people) - _MOST_BESIDE),
        "deals": deal_rows(deals[:_MOST_BESIDE]),
        "more_deals": max(0, len(deals) - _MOST_BESIDE),
        **{status.value: sum_of(deal for deal in deals if deal.status is status) for status in DealStatus},
    }
    return render(request, "web/companies/one.html", context)


def _lines_of(ids: list[str], people: list[str]) -> list[Any]:
    """Lines that name the company, are about it, or are of its people; in fold order, each once."""
    log = Log()
    theirs = [one for person in identity.persons(people) for one in (known.id for known in person.identifiers)]
    lines = [*log.of_companies(ids), *log.of_subjects(ids), *log.of_identifiers(theirs)]
    return sorted({line.seq: line for line in lines}.values(), key=log.order_key)


def _exported(row: CompanyRow) -> dict[str, Any]:
    return {
        "company": row.name,
        "key": row.id,
        "sector": row.sector,
        "employees": row.employees,
        "people": row.people,
        "open_deals": row.open.count,
        "open_value": row.open.amounts,
        "won_deals": row.won.count,
        "won_value": row.won.amounts,
        "lost_deals": row.lost.count,
    }
