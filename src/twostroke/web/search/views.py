"""What the palette asks while one types."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from twostroke.team.facts import Member
from twostroke.web.access import needs


@needs()
@require_safe
def search(request: HttpRequest, member: Member) -> JsonResponse:
    """``{"found": [{"title", "more", "kind", "address"}]}`` for ``?q=``, only what the member may see."""
    return JsonResponse({"found": []})
