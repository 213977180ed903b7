"""Is it running: one address for supervisors and monitors."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from twostroke.web.access import open_to_all


@open_to_all("a supervisor has no password; counts name nobody")
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """``{"database": "ok"}`` with 200, or what is wrong with 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        return JsonResponse({"database": type(error).__name__}, status=503)
    return JsonResponse({"database": "ok"})
