"""Is it running: one address for supervisors and monitors."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from twostroke.ledger.projecting import behind
from twostroke.ledger.queries import head_seq
from twostroke.web.access import open_to_all


@open_to_all("a supervisor has no password; counts name nobody")
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """``{"database": "ok", "lines", "behind": {"lines", "units", "broken"}}``; what is wrong with 503.

    ``lines`` is how many are on the log; ``behind`` how many of them, and how many units, the tables do not show yet.
    A broken unit is no reason to restart the server, so the answer stays 200 and says how many there are.
    """
    try:
        lines, late = head_seq(), behind()
    except DatabaseError as error:
        return JsonResponse({"database": type(error).__name__}, status=503)
    told = {"lines": late.lines, "units": late.units, "broken": late.broken}
    return JsonResponse({"database": "ok", "lines": lines, "behind": told})
