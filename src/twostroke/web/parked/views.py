"""The list of what waits; try again, or give up for one of a few reasons."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from twostroke.ledger.parking import GivenUp, Sort, give_up, how_many_wait, retry, waiting
from twostroke.team.actions import note
from twostroke.team.facts import Act, May, Member
from twostroke.web.access import needs

SHOWN = 100


@needs(May.SET_UP)
@require_safe
def parked(request: HttpRequest, member: Member) -> HttpResponse:
    """What waits, the oldest first, each with its error in words."""
    del member
    found = waiting(limit=SHOWN)[:SHOWN]
    many, _since = how_many_wait()
    rows = [(one, one.since // 1000, None if one.again_at is None else one.again_at // 1000) for one in found]
    context = {"waiting": rows, "more": many - len(found), "reasons": list(GivenUp), "line": Sort.LINE}
    return render(request, "web/parked/list.html", context)


@needs(May.SET_UP)
@require_POST
def again(request: HttpRequest, member: Member) -> HttpResponse:
    """Try one, or all that are shown, now."""
    keys = set(request.POST.getlist("key"))
    still = {one.key for one in retry(keys)}
    for key in sorted(keys):
        note(member, Act.CHANGED, "parked", key[:80], how="web try again", works=key not in still)
    if still:
        words = ngettext("%(n)d still waits.", "%(n)d still wait.", len(still)) % {"n": len(still)}
        messages.error(request, words)
    else:
        messages.success(request, _("Done: it waits no more."))
    return redirect("parked")


@needs(May.SET_UP)
@require_POST
def leave(request: HttpRequest, member: Member) -> HttpResponse:
    """Give one parked line up, for a reason."""
    reason = request.POST.get("reason", "")
    if reason not in set(GivenUp):
        messages.error(request, _("Say why: choose one of the reasons."))
        return redirect("parked")
    for one in give_up({request.POST.get("key", "")}):
        note(member, Act.CHANGED, "parked", one.key, how="web give up", reaction=one.whose, line=one.seq, reason=reason)
        messages.success(request, _("Given up: %(reason)s.") % {"reason": reason})
    return redirect("parked")
