"""The same table as CSV or JSON, for those who may take data out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from twostroke.kit.text import harmless_cell
from twostroke.team.facts import May, Member
from twostroke.team.rules import may
from twostroke.web.access import NOT_YOURS

FORMATS = ("csv", "json")
LONGEST = 100_000


def wanted_format(request: HttpRequest, member: Member) -> str | None:
    """``csv`` or ``json`` where ``?format=`` asks for it; 404 for members who may take nothing out."""
    asked = request.GET.get("format")
    if asked is None or asked not in FORMATS:
        return None
    if not may(member.role, May.EXPORT):
        raise Http404(NOT_YOURS)
    return asked


def as_file(name: str, format_: str, rows: Sequence[Mapping[str, Any]]) -> HttpResponse:
    """``rows`` (all with the same keys) as a download called ``name``."""
    if format_ == "json":
        answer: HttpResponse = JsonResponse(
            {"rows": list(rows)}, json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
    else:
        answer = HttpResponse(csv_text(rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{format_}"'
    return answer


def csv_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """RFC 4180, with a header; text that a spreadsheet would run as a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer: Any = None
    for row in rows:
        if writer is None:
            writer = csv.writer(out)
            writer.writerow(row.keys())
        writer.writerow([harmless_cell(value) for value in row.values()])
    return out.getvalue()
