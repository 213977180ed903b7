"""The first page of Setup."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from twostroke.identity.facts import Colleague
from twostroke.identity.queries import colleagues, key_of, keys_of
from twostroke.kit.text import folded
from twostroke.team.actions import ColleagueTakenError, claim_colleague
from twostroke.team.facts import May, Member
from twostroke.team.queries import members
from twostroke.team.rules import may
from twostroke.web.access import NOT_YOURS, needs


@needs()
@require_safe
def setup(request: HttpRequest, member: Member) -> HttpResponse:
    """What this member may set: everybody their own password, some the imports and who is here."""
    people = members() if may(member.role, May.SET_UP) else []
    there = colleagues()
    names = {one.key: one.name for one in there}
    present = keys_of({one.colleague for one in people if one.colleague}, "colleague")
    return render(
        request,
        "web/setup/setup.html",
        {
            "people": [(one, names.get(present.get(one.colleague or "", ""), "")) for one in people],
            "colleagues": there,
            "me": key_of(member.colleague, "colleague") if member.colleague else None,
            "likely": _likely(member, there),
        },
    )


def _likely(member: Member, there: Sequence[Colleague]) -> str | None:
    """The key of the colleague who has this member's address or name, to be offered, never taken for granted."""
    for one in there:
        addresses = {(known.value or "").lower() for known in one.identifiers}
        if member.email in addresses or folded(one.name) == folded(member.name):
            return one.key
    return None


@needs()
@require_POST
def set_colleague(request: HttpRequest, member: Member) -> HttpResponse:
    """Note which of the sellers that files name this member is, or that they are none of them."""
    chosen = request.POST.get("colleague", "")
    key = key_of(chosen, "colleague") if chosen else None
    if chosen and key is None:
        raise Http404(NOT_YOURS)
    try:
        claim_colleague(member=member, colleague=key)
    except ColleagueTakenError as taken:
        messages.error(request, str(taken))
    else:
        messages.success(
            request,
            _("What is under that name is yours now: My day, deals and pipeline show it.")
            if key
            else _("You are nobody of the files now: you see the whole company's."),
        )
    return redirect("setup")
