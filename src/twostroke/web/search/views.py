"""What the palette asks while one types."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from twostroke.deals import queries as deals
from twostroke.identity import queries as identity
from twostroke.identity.facts import Hit
from twostroke.team.facts import May, Member
from twostroke.team.rules import may
from twostroke.web.access import needs

_MOST = 12


@needs()
@require_safe
def search(request: HttpRequest, member: Member) -> JsonResponse:
    """``{"found": [{"title", "more", "kind", "address"}]}`` for ``?q=``, only what the member may see."""
    words = request.GET.get("q", "").strip()
    hits = identity.resolve(words)[:_MOST] if words else []
    return JsonResponse({"found": [entry for hit in hits if (entry := _entry(hit, member)) is not None]})


def _entry(hit: Hit, member: Member) -> dict[str, str] | None:
    if hit.kind in {"person", "company"} and may(member.role, May.SEE_PEOPLE):
        words = {"person": _("person"), "company": _("company")}
        return {"title": hit.name, "more": "", "kind": words[hit.kind], "address": reverse(hit.kind, args=[hit.id])}
    if hit.kind == "deal" and may(member.role, May.SEE_DEALS):
        deal = deals.deal(hit.id)
        if deal is not None:
            return {
                "title": deal.name or hit.name,
                "more": deal.stage or "",
                "kind": _("deal"),
                "address": reverse("deal", args=[hit.id]),
            }
    return None
