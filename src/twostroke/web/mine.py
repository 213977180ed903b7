"""Whose figures a page shows: the company's, or those of the colleague the member says they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from twostroke.identity.queries import colleague, identifiers
from twostroke.metrics.facts import Scope
from twostroke.team.facts import Member

MINE, COMPANY = "mine", "company"


@dataclass(frozen=True, slots=True)
class Choice:
    """One side of the visible switch between the company's figures and one's own."""

    title: str
    address: str
    here: bool


def scope_of(member: Member) -> Scope | None:
    """What this member owns, under their name in the files; None while they are no colleague of the files."""
    if member.colleague is None:
        return None
    found = colleague(member.colleague)
    if found is None:
        return None
    return Scope(found.name, frozenset(identifiers(found.key, "colleague")))


def scope_asked(request: HttpRequest, member: Member, *, usual: str = COMPANY) -> Scope | None:
    """The scope the address asks for with ``?scope=mine`` or ``?scope=company``, else the ``usual`` one."""
    return scope_of(member) if request.GET.get("scope", usual) == MINE else None


def choices(request: HttpRequest, member: Member, scope: Scope | None) -> Sequence[Choice]:
    """The switch, for members who have something of their own; the rest of the address stays as it is."""
    if scope is None and scope_of(member) is None:
        return []

    def address(value: str) -> str:
        query = request.GET.copy()
        query["scope"] = value
        query.pop("offset", None)
        return f"{request.path}?{query.urlencode()}"

    return [
        Choice(_("Mine"), address(MINE), scope is not None),
        Choice(_("Whole company"), address(COMPANY), scope is None),
    ]
