"""The first page of Setup."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from twostroke.team.facts import May, Member
from twostroke.team.queries import members
from twostroke.team.rules import may
from twostroke.web.access import needs


@needs()
@require_safe
def setup(request: HttpRequest, member: Member) -> HttpResponse:
    """What this member may set: everybody their own password, some the imports and who is here."""
    people = members() if may(member.role, May.SET_UP) else []
    return render(request, "web/setup/setup.html", {"people": people})
