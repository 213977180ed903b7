"""The home page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from twostroke.ledger.queries import head_seq
from twostroke.team.facts import Member, Role
from twostroke.web.access import needs
from twostroke.web.home.reading import home_of

# What each role opens in the morning: the title, and the blocks in their order.
_PAGES = {
    Role.SALES: (_("My day"), ("pipeline", "deals", "touches", "lifecycle")),
    Role.MARKETING: (_("The market"), ("lifecycle", "touches", "odd", "pipeline")),
    Role.LEADER: (_("The engine"), ("pipeline", "lifecycle", "touches", "deals")),
    Role.ADMIN: (_("Is it true, is it running"), ("accounts", "odd", "imports", "pipeline", "lifecycle")),
}


@needs()
@require_safe
def home(request: HttpRequest, member: Member) -> HttpResponse:
    """What there is to see this morning, for this role; on an empty log one clear next step."""
    if head_seq() == 0:
        return render(request, "web/home/empty.html")
    title, blocks = _PAGES[member.role]
    return render(request, "web/home/home.html", {"title": title, "blocks": blocks, "home": home_of(member)})
