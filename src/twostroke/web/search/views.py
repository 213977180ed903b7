"""What the palette asks while one types."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from twostroke.deals import queries as deals
from twostroke.deals.facts import Deal
from twostroke.identity import queries as identity
from twostroke.identity.facts import Hit
from twostroke.team.facts import May, Member
from twostroke.team.rules import may
from twostroke.web.access import needs

_MOST = 12
_PAGES = {"person": gettext_lazy("person"), "company": gettext_lazy("company")}


@needs()
@require_safe
def search(request: HttpRequest, member: Member) -> JsonResponse:
    """``{"found": [{"title", "more", "kind", "address"}]}`` for ``?q=``, only what the member may see."""
    words = request.GET.get("q", "").strip()
    hits = identity.resolve(words)[:_MOST] if words else []
    named = deals.Filter(subjects=[hit.id for hit in hits if hit.kind == "deal"])
    known = {deal.subject: deal for deal in deals.deals(named, limit=_MOST)} if may(member.role, May.SEE_DEALS) else {}
    found = [
        _deal(hit, known[hit.id]) if hit.id in known else _one(hit)
        for hit in hits
        if hit.id in known or (hit.kind in _PAGES and may(member.role, May.SEE_PEOPLE))
    ]
    return JsonResponse({"found": found})


def _one(hit: Hit) -> dict[str, str]:
    return {"title": hit.name, "more": "", "kind": str(_PAGES[hit.kind]), "address": reverse(hit.kind, args=[hit.id])}


def _deal(hit: Hit, deal: Deal) -> dict[str, str]:
    return {
        "title": deal.name or hit.name,
        "more": deal.stage or "",
        "kind": _("deal"),
        "address": reverse("deal", args=[hit.id]),
    }
