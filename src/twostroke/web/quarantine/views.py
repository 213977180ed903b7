"""The counts, one reason with its messages, and the repair: looked at first, then done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from twostroke.intake.actions import Alike, RuleError, discard, preview, repair
from twostroke.intake.facts import Mend, Repair, Rule
from twostroke.intake.queries import original_of
from twostroke.ledger.queries import HeldCount, held_counts, held_messages
from twostroke.team.facts import May, Member
from twostroke.web.access import NOT_YOURS, needs

STEPS = 3
SHOWN = 10
_LONGEST_SHOWN = 2000
_MENDS = (
    ("", gettext_lazy("nothing")),
    (Mend.RENAME.value, gettext_lazy("rename a field")),
    (Mend.DATE.value, gettext_lazy("read a date")),
    (Mend.MAP.value, gettext_lazy("replace a value")),
    (Mend.DROP.value, gettext_lazy("drop a field")),
)


@needs(May.SET_UP)
@require_safe
def quarantine(request: HttpRequest, member: Member) -> HttpResponse:
    """How much is held back, by source and reason."""
    rows = [{"count": one, "reason": _reason(one), "last": one.last // 1000} for one in held_counts()]
    return render(request, "web/quarantine/list.html", {"rows": rows})


@needs(May.SET_UP)
@require_http_methods(["GET", "POST"])
def reason(request: HttpRequest, member: Member, source: str, code: str) -> HttpResponse:
    """The messages held for one reason. Sent: a look at what a repair would do, the repair, or that they go."""
    alike = Alike(source=source, code=code)
    said = request.POST
    result: Repair | None = None
    wrong = ""
    if request.method == "POST" and said.get("act") == "discard":
        gone = discard(alike)
        messages.success(request, ngettext("%(n)d message given up.", "%(n)d messages given up.", gone) % {"n": gone})
        return redirect("quarantine")
    if request.method == "POST":
        try:
            rules = _rules(said)
            if said.get("act") == "do":
                return _done(request, repair(alike, rules), source, code)
            result = preview(alike, rules)
        except RuleError as error:
            wrong = str(error)
    found = next((one for one in held_counts() if (one.source, one.code) == (source, code)), None)
    if found is None:
        raise Http404(NOT_YOURS)
    return render(request, "web/quarantine/reason.html", _page(found, said, result, wrong))


def _page(found: HeldCount, said: Any, result: Repair | None, wrong: str) -> dict[str, Any]:
    some = held_messages(source=found.source, code=found.code, limit=SHOWN)
    return {
        "count": found,
        "reason": some[0].reason if some else "",
        "messages_held": [(one, original_of(one)[:_LONGEST_SHOWN]) for one in some],
        "mends": _MENDS,
        "steps": [{name: said.get(f"{name}-{n}", "") for name in ("mend", "field", "was", "to")} for n in range(STEPS)],
        "result": result,
        "still": [(n, result.why[code]) for code, n in sorted(result.still.items())] if result else [],
        "wrong": wrong,
    }


def _done(request: HttpRequest, done: Repair, source: str, code: str) -> HttpResponse:
    told = {"in": done.stored + done.duplicate, "still": sum(done.still.values())}
    messages.success(request, _("%(in)d came in, %(still)d stay held.") % told)
    return redirect("quarantine-reason", source, code) if told["still"] else redirect("quarantine")


def _rules(said: Any) -> list[Rule]:
    steps = [[said.get(f"{name}-{n}", "").strip() for name in ("mend", "field", "was", "to")] for n in range(STEPS)]
    known = {mend.value for mend in Mend}
    return [Rule(Mend(mend), field, to, was) for mend, field, was, to in steps if mend in known]


def _reason(one: HeldCount) -> str:
    first = held_messages(source=one.source, code=one.code, limit=1)
    return first[0].reason if first else ""
