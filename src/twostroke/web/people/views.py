"""The list of people with its search, and the profile."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from twostroke.deals import queries as deals
from twostroke.identity import queries as identity
from twostroke.kit.time import now_millis
from twostroke.ledger.queries import Log
from twostroke.relay.queries import furthest, standings
from twostroke.team.facts import May, Member
from twostroke.team.rules import may
from twostroke.web.access import NOT_YOURS, needs
from twostroke.web.deals.reading import rows_of as deal_rows
from twostroke.web.export import as_file, wanted_format
from twostroke.web.lines import by_people, stream_for, told_about
from twostroke.web.naming import named
from twostroke.web.paging import AT_ONCE, list_template, offset_of, page_of
from twostroke.web.people.reading import company_of, identified, keys_by_name, owner_of, rows_of, values_of
from twostroke.web.people.shapes import PersonRow
from twostroke.web.sofar import so_far

_MOST_FOUND = 200
_MOST_BESIDE = 8


@needs(May.SEE_PEOPLE)
@require_safe
def people(request: HttpRequest, member: Member) -> HttpResponse:
    """Everybody by name, or those found for ``?q=``; with ``?format=`` all of them as a file."""
    words = request.GET.get("q", "").strip()
    keys = _found(words) if words else list(keys_by_name())
    format_ = wanted_format(request, member)
    if format_ is not None:
        return as_file("people", format_, [_exported(row) for row in rows_of(keys)])
    offset = offset_of(request, len(keys))
    rows = rows_of(keys[offset : offset + AT_ONCE])
    context = {
        "page": page_of(request, rows, total=len(keys), offset=offset),
        "q": words,
        "everybody": identity.count(),
        "query": request.GET.urlencode(),
    }
    return render(request, list_template(request, "people"), context)


def _found(words: str) -> list[str]:
    hits = identity.resolve(words)
    if len(hits) > 1:
        hits = identity.search(words, limit=_MOST_FOUND, kinds=("person", "company")) or hits
    keys = [hit.id for hit in hits if hit.kind == "person"]
    theirs = identity.people_of_each([hit.id for hit in hits if hit.kind == "company"])
    return list(dict.fromkeys([*keys, *(key for people in theirs.values() for key in people)]))[:_MOST_FOUND]


@needs(May.SEE_PEOPLE)
@require_safe
def person(request: HttpRequest, member: Member, key: str) -> HttpResponse:
    """The profile: so far in one sentence, the stream of both teams, what is known and where from."""
    found = identity.person(key)
    if found is None:
        raise Http404(NOT_YOURS)
    if found.key != key:
        return redirect("person", found.key)
    ids = [one.id for one in found.identifiers]
    lines = told_about(Log().of_identifiers(ids))
    standing = furthest(standings(ids).values())
    stage = None if standing is None else standing.stage.value
    # An id that nobody has names nobody, as no id does.
    company, owner = company_of(found) or "", owner_of([told.line for told in lines]) or ""
    names = named(companies=[company], colleagues=[owner])
    beside = [one for one in identity.people_of(company) if one != key][:_MOST_BESIDE] if company else []
    context: dict[str, Any] = {
        "name": found.name or key,
        "stage": stage,
        "company": names.get(company),
        "owner": names.get(owner),
        "clauses": so_far(by_people(lines), now=now_millis(), stage=stage),
        "stream": stream_for(request, lines, about={*ids, company}),
        "traits": values_of(found.traits),
        "consents": found.consents,
        "identifiers": identified(found.identifiers),
        "colleagues": list(named(persons=beside).values()),
        "deals": _deals_of(member, ids),
    }
    return render(request, "web/people/one.html", context)


def _deals_of(member: Member, ids: list[str]) -> list[Any]:
    if not may(member.role, May.SEE_DEALS):
        return []
    return deal_rows(deals.deals(deals.Filter(persons=ids), limit=_MOST_BESIDE))


def _exported(row: PersonRow) -> dict[str, Any]:
    return {
        "person": row.name,
        "key": row.id,
        "company": row.company.name if row.company else None,
        "stage": row.stage,
        "marketing_touches": row.marketing.count,
        "marketing_last_at": row.marketing.last,
        "sales_touches": row.sales.count,
        "sales_last_at": row.sales.last,
        "customer_acts": row.customer.count,
        "customer_last_at": row.customer.last,
        "owner": row.owner.name if row.owner else None,
        "channel": row.channel,
    }
