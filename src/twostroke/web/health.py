"""Is it running: one address for supervisors and monitors."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from twostroke.ledger.queries import head_seq
from twostroke.ledger.standing import standing
from twostroke.queue.queries import oldest_due_seconds
from twostroke.web.access import open_to_all


@open_to_all("a supervisor has no password; counts name nobody")
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Whether the database answers, and how far behind the rest is; what is wrong with 503.

    ``lines``: how many are on the log. ``jobs``: seconds the oldest due job waits for a worker. The rest is what each
    server tells (``standing``). A broken unit is no reason to restart the server, so the answer stays 200 and says how
    many there are.
    """
    try:
        told = {"lines": head_seq(), "jobs": {"oldest_due_seconds": oldest_due_seconds()}, **standing()}
    except DatabaseError as error:
        return JsonResponse({"database": type(error).__name__}, status=503)
    return JsonResponse({"database": "ok", **told})
