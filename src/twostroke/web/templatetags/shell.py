"""The frame around every page: navigation, theme, who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from twostroke.team.facts import May, Member
from twostroke.team.rules import may
from twostroke.web import demo
from twostroke.web.access import member_asking

register = template.Library()

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the navigation. ``words`` are other names people look for it under; ``key`` follows ``g``."""

    name: str
    title: str | Promise
    words: str | Promise
    key: str
    act: May | None = None
    top: bool = True


PLACES = (
    Place("home", _("Home"), _("start dashboard dashboards overview today my day"), "h"),
    Place("people", _("People"), _("contacts persons leads prospects visitors"), "p", May.SEE_PEOPLE),
    Place("companies", _("Companies"), _("accounts organisations organizations firms customers"), "c", May.SEE_PEOPLE),
    Place("deals", _("Deals"), _("opportunities pipeline sales board"), "d", May.SEE_DEALS),
    Place("numbers", _("Numbers"), _("metrics reports analytics charts dashboards figures kpi"), "n", May.SEE_NUMBERS),
    Place("setup", _("Setup"), _("settings preferences administration account"), "s"),
    Place(
        "imports", _("Imports"), _("bring in files upload csv excel workbook crm export"), "i", May.IMPORT, top=False
    ),
    Place("password", _("Change password"), _("sign in security account"), "", top=False),
)


def _member(context: Context) -> Member | None:
    request = context.get("request")
    return member_asking(request) if isinstance(request, HttpRequest) else None


@register.simple_tag(takes_context=True)
def places(context: Context) -> list[dict[str, Any]]:
    """The places this member may go, each with its address and whether the page lies within it."""
    member = _member(context)
    if member is None:
        return []
    path = context["request"].path
    found = []
    for place in PLACES:
        if place.act is not None and not may(member.role, place.act):
            continue
        address = reverse(place.name)
        here = path == address if address == "/" else path.startswith(address)
        found.append({"place": place, "address": address, "here": here})
    return found


@register.simple_tag(takes_context=True)
def signed_in(context: Context) -> Member | None:
    """The member who looks at the page, or None."""
    return _member(context)


@register.simple_tag(takes_context=True)
def demo_parts(context: Context) -> list[demo.Part]:
    """Whom the member may look as with one press: empty but for the cast of a demo."""
    return demo.parts(_member(context))


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """The theme this browser chose: auto, light or dark."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "auto") if isinstance(request, HttpRequest) else "auto"
    return chosen if chosen in THEMES else "auto"


@register.simple_tag(takes_context=True)
def allowed(context: Context, act: str) -> bool:
    """Whether the member may do ``act`` (a value of ``May``): for leaving out what they could not use."""
    member = _member(context)
    return member is not None and may(member.role, May(act))
