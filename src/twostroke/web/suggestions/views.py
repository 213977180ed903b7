"""Setup → Who is who: who may be one, with what says so; one answer joins them, the other keeps them apart."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from twostroke.identity import actions, queries, suggesting
from twostroke.identity.facts import Subject, Suggested
from twostroke.team.actions import note
from twostroke.team.facts import Act, May, Member
from twostroke.web.access import NOT_YOURS, needs
from twostroke.web.paging import offset_of, page_of
from twostroke.web.people.reading import identified
from twostroke.web.people.shapes import Identified

_AT_ONCE = 20
_MOST_SHOWN = 6
KINDS = {"people": "person", "companies": "company"}


@dataclass(frozen=True, slots=True)
class Side:
    """One of a pair: name, address of the page, and what they are known by."""

    key: str
    name: str
    address: str
    known: list[Identified]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who may be one."""

    said: Suggested
    sides: tuple[Side, Side]


@needs(May.MERGE)
@require_safe
def suggestions(request: HttpRequest, member: Member, of: str) -> HttpResponse:
    """The pairs of people or companies that wait for an answer."""
    del member
    kind = _kind(of)
    total = suggesting.how_many(kind)
    offset = offset_of(request, total)
    found = suggesting.suggestions(kind, limit=_AT_ONCE, offset=offset)
    return render(
        request,
        "web/suggestions/list.html",
        {
            "of": of,
            "page": page_of(request, _pairs(kind, found), total=total, offset=offset, at_once=_AT_ONCE),
            "merged": request.session.pop("merged", None),
            "others": {name: suggesting.how_many(one) for name, one in KINDS.items() if name != of},
        },
    )


@needs(May.MERGE)
@require_POST
def join(request: HttpRequest, member: Member, of: str) -> HttpResponse:
    """They are one."""
    return _answered(request, member, of, one_is_the_other=True)


@needs(May.MERGE)
@require_POST
def part(request: HttpRequest, member: Member, of: str) -> HttpResponse:
    """They are not one."""
    return _answered(request, member, of, one_is_the_other=False)


@needs(May.MERGE)
@require_POST
def take_back(request: HttpRequest, member: Member, of: str) -> HttpResponse:
    """Take a merge back that was just made."""
    try:
        actions.unmerge(by=member.colleague, merge=request.POST.get("merge", ""))
        note(member, Act.CHANGED, _kind(of), how="web take a merge back")
        messages.success(request, _("They are two again."))
    except actions.ActError as error:
        messages.error(request, str(error))
    return redirect("suggestions", of)


def _answered(request: HttpRequest, member: Member, of: str, *, one_is_the_other: bool) -> HttpResponse:
    kind, pair = _kind(of), {"one": request.POST.get("one", ""), "other": request.POST.get("other", "")}
    by = member.colleague
    try:
        if one_is_the_other:
            # Whoever joins a pair that lines speak for again, though it was parted once, knows of it: the page says so.
            name = actions.merge(by=by, kind=kind, lift=True, **pair)
            request.session["merged"] = name
            messages.success(request, _("They are one now."))
        else:
            actions.keep_apart(by=by, kind=kind, **pair)
            messages.success(request, _("They stay two, and are not asked about again unless a later line says so."))
        for key in pair.values():
            note(member, Act.CHANGED, kind, key, how=f"web {'join' if one_is_the_other else 'keep apart'}")
    except actions.ActError as error:
        messages.error(request, str(error))
    return redirect("suggestions", of)


def _kind(of: str) -> str:
    if of not in KINDS:
        raise Http404(NOT_YOURS)
    return KINDS[of]


def _pairs(kind: str, found: list[Suggested]) -> list[Pair]:
    keys = {key for one in found for key in (one.key_one, one.key_other)}
    read = queries.persons if kind == "person" else queries.companies
    subjects: dict[str, Subject] = {one.key: one for one in read(keys)}

    def side(key: str, name: str) -> Side:
        known = subjects[key].identifiers if key in subjects else ()
        return Side(key, name or key, reverse(kind, args=[key]), identified(known[:_MOST_SHOWN]))

    return [Pair(one, (side(one.key_one, one.name_one), side(one.key_other, one.name_other))) for one in found]
