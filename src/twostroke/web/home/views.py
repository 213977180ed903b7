"""The home page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from twostroke.ledger.queries import head_seq
from twostroke.team.facts import Member, Role
from twostroke.web.access import needs
from twostroke.web.home.reading import home_of
from twostroke.web.home.shapes import Layout, laid_out
from twostroke.web.mine import COMPANY, MINE, choices, scope_asked

# What each role opens in the morning: the title, and rows of columns of blocks.
_PAGES: dict[Role, tuple[Any, Layout]] = {
    Role.SALES: (_("My day"), ((("pipeline",), ("deals",)), (("touches",),), (("lifecycle",),))),
    Role.MARKETING: (_("The market"), ((("lifecycle",), ("odd", "pipeline")), (("touches",),))),
    Role.LEADER: (_("The engine"), ((("pipeline", "deals"), ("lifecycle",)), (("touches",),))),
    Role.ADMIN: (
        _("Is it true, is it running"),
        ((("accounts",),), (("odd", "imports"), ("pipeline",)), (("lifecycle",),)),
    ),
}


@needs()
@require_safe
def home(request: HttpRequest, member: Member) -> HttpResponse:
    """What there is to see this morning, for this role; on an empty log one clear next step."""
    if head_seq() == 0:
        return render(request, "web/home/empty.html")
    title, layout = _PAGES[member.role]
    scope = scope_asked(request, member, usual=MINE if member.role is Role.SALES else COMPANY)
    blocks = home_of(member, scope)
    context = {
        "title": title,
        "rows": laid_out(layout, blocks),
        "home": blocks,
        "scopes": choices(request, member, scope) if member.role is Role.SALES else [],
    }
    return render(request, "web/home/home.html", context)
