"""The home page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from twostroke.team.facts import Member
from twostroke.web.access import needs


@needs()
@require_safe
def home(request: HttpRequest, member: Member) -> HttpResponse:
    """What there is to see this morning, for this role."""
    return render(request, "web/home/home.html", {})
