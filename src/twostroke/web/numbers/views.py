"""Numbers: all of them on one page, each on its own, and those behind a figure."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from twostroke.metrics import queries as metrics
from twostroke.metrics.facts import MetricRefusedError, Result
from twostroke.team.facts import May, Member
from twostroke.web.access import NOT_YOURS, needs
from twostroke.web.export import as_file, wanted_format
from twostroke.web.mine import MINE, choices, scope_asked
from twostroke.web.numbers.behind import title_of_key, told
from twostroke.web.numbers.holdouts import holdouts_card
from twostroke.web.numbers.lifecycle import lifecycle_card
from twostroke.web.numbers.pipeline import pipeline_card
from twostroke.web.numbers.reading import computed, plain_card
from twostroke.web.numbers.shapes import Number, Split
from twostroke.web.numbers.spend import spend_card
from twostroke.web.numbers.touches import touches_card
from twostroke.web.paging import AT_ONCE, offset_of, page_of

_CARDS = {
    "pipeline": pipeline_card, "lifecycle": lifecycle_card, "touches": touches_card, "spend": spend_card,
    "holdouts": holdouts_card,
}  # fmt: skip


def number_of(result: Result) -> Number:
    """The card of a metric's result."""
    return _CARDS.get(result.metric.name, plain_card)(result)


@needs(May.SEE_NUMBERS)
@require_safe
def numbers(request: HttpRequest, member: Member) -> HttpResponse:
    """Every number there is; those that have nothing to count yet stand last."""
    results = [computed(metric.name) for metric in metrics.metrics()]
    results.sort(key=lambda result: not result.rows)
    return render(request, "web/numbers/list.html", {"numbers": [number_of(result) for result in results]})


@needs(May.SEE_NUMBERS)
@require_safe
def number(request: HttpRequest, member: Member, name: str) -> HttpResponse:
    """One number, divided ``?by=``, as of line ``?as_of=``; as CSV or JSON with ``?format=``."""
    by = [request.GET["by"]] if request.GET.get("by") else []
    try:
        one = metrics.metric(name)
    except MetricRefusedError as refused:
        raise Http404(NOT_YOURS) from refused
    try:
        scope = scope_asked(request, member) if metrics.can_be_scoped(name) else None
        result = computed(name, by=by, as_of=_as_of(request), scope=scope)
    except MetricRefusedError as refused:
        messages.error(request, str(refused))
        return redirect("number", name)
    format_ = wanted_format(request, member)
    if format_ is not None:
        return _as_file(result, format_)
    here = reverse("number", args=[name])
    kept = f"scope={MINE}" if scope else ""
    splits = [Split(_("Together"), f"{here}?{kept}", not by)] + [
        Split(_("by %(dimension)s") % {"dimension": one_.name}, f"{here}?by={one_.name}&{kept}", one_.name in by)
        for one_ in one.dimensions
    ]
    card = number_of(result)
    context = {
        "numbers": [card],
        "one": card,
        "bys": splits,
        "scopes": choices(request, member, scope) if metrics.can_be_scoped(name) else [],
    }
    return render(request, "web/numbers/list.html", context)


def _as_of(request: HttpRequest) -> int | None:
    asked = request.GET.get("as_of", "")
    return int(asked) if asked.isdecimal() and len(asked) < 16 else None


def _as_file(result: Result, format_: str) -> HttpResponse:
    if format_ == "json":
        answer = JsonResponse(result.as_json(), json_dumps_params={"indent": 1, "ensure_ascii": False})
        answer.headers["Content-Disposition"] = f'attachment; filename="{result.metric.name}.json"'
        return answer
    return as_file(result.metric.name, "csv", [{**row.key, **row.measures} for row in result.rows])


@needs(May.SEE_NUMBERS, May.SEE_PEOPLE, May.SEE_DEALS)
@require_safe
def who(request: HttpRequest, member: Member, name: str) -> HttpResponse:
    """Those behind the rows of a number with this key; an empty value means that none is named."""
    try:
        one = metrics.metric(name)
    except MetricRefusedError as refused:
        raise Http404(NOT_YOURS) from refused
    there = {dimension.name for dimension in (*one.key, *one.dimensions)}
    key: dict[str, str | None] = {field: request.GET.get(field) or None for field in request.GET if field in there}
    scope = scope_asked(request, member) if metrics.can_be_scoped(name) else None
    found = metrics.people(name, key=key, limit=None, scope=scope)
    format_ = wanted_format(request, member)
    if format_ is not None:
        return as_file(f"{name}-who", format_, _exported(found))
    offset = offset_of(request, len(found))
    page = page_of(request, told(found[offset : offset + AT_ONCE]), total=len(found), offset=offset)
    context: dict[str, Any] = {
        "name": name,
        "number_title": one.title,
        "title": title_of_key(one.title, key),
        "scope": scope,
        "says": _("Counted from these, and from nothing else."),
        "page": page,
        "query": request.GET.urlencode(),
    }
    return render(request, "web/numbers/who.html", context)


def _exported(found: Any) -> list[dict[str, Any]]:
    return [
        {"subject": one.subject, "name": row.name, **one.key, **one.measures}
        for one, row in zip(found, told(found), strict=True)
    ]
