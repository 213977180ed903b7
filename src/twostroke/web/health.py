"""Is it running: one address for supervisors and monitors."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from twostroke.ledger.projecting import behind
from twostroke.ledger.queries import head_seq
from twostroke.ledger.tail import parked
from twostroke.ledger.verify import last_verified
from twostroke.queue.queries import oldest_due_seconds
from twostroke.web.access import open_to_all


@open_to_all("a supervisor has no password; counts name nobody")
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Whether the database answers, and how far behind the rest is; what is wrong with 503.

    ``lines``: how many are on the log. ``behind``: how many of them, and how many units, the tables do not show yet,
    and for how many seconds the oldest waits; ``parked``: lines at which a reaction failed. ``jobs``: seconds the
    oldest due job waits for a worker. ``disk``; ``verified``: the last whole reading of the log. A broken unit is no
    reason to restart the server, so the answer stays 200 and says how many there are.
    """
    try:
        lines, late, waits, failed = head_seq(), behind(), oldest_due_seconds(), len(parked())
    except DatabaseError as error:
        return JsonResponse({"database": type(error).__name__}, status=503)
    told = {"lines": late.lines, "units": late.units, "broken": late.broken, "oldest_seconds": late.seconds}
    told["parked"] = failed
    rest = {"disk": {"free_bytes": settings.TWOSTROKE_HOME.free_bytes()}, "verified": last_verified()}
    jobs = {"oldest_due_seconds": waits}
    return JsonResponse({"database": "ok", "lines": lines, "behind": told, "jobs": jobs, **rest})
