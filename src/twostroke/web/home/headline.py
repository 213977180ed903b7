"""The leader's morning in three sentences, each by rule from a number that stands below it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twostroke.ledger.facts import Team
from twostroke.metrics.facts import Result, Row
from twostroke.web.home.shapes import Clause
from twostroke.web.numbers.lifecycle import biggest_step
from twostroke.web.numbers.reading import amounts, share, whole
from twostroke.web.numbers.touches import month_words
from twostroke.web.telling import stage_words
from twostroke.web.templatetags.say import grouped


def headline(pipeline: Result, lifecycle: Result, touches: Result) -> list[Clause]:
    """What was won and is open, where people stay behind, who acted in the latest month; without what is not known."""
    said = [("pipeline", _money(pipeline)), ("lifecycle", _left(lifecycle)), ("touches", _acted(touches))]
    return [Clause(text, reverse("number", args=[name])) for name, text in said if text]


def _money(pipeline: Result) -> str:
    by: dict[str, list[Row]] = {"open": [], "won": [], "lost": []}
    for row in pipeline.rows:
        by.setdefault(row.key["status"] or "", []).append(row)
    open_, won, decided = whole(by["open"]), whole(by["won"]), whole(by["won"]) + whole(by["lost"])
    if not open_ and not decided:
        return ""
    words = []
    if decided:
        words.append(
            _("%(won)s won, %(share)s of what was decided")
            % {"won": amounts(by["won"]) or grouped(won), "share": share(won, decided)}
        )
    if open_:
        deals = ngettext("%(n)s deal", "%(n)s deals", open_) % {"n": grouped(open_)}
        worth = amounts(by["open"])
        words.append(
            _("%(worth)s open in %(deals)s") % {"worth": worth, "deals": deals} if worth
            else _("%(deals)s open") % {"deals": deals}
        )  # fmt: skip
    return "; ".join(words) + "."


def _left(lifecycle: Result) -> str:
    step = biggest_step(lifecycle)
    if step is None:
        return ""
    here, there, n = step
    return ngettext(
        "Most stay behind between %(here)s and %(there)s: %(n)s person.",
        "Most stay behind between %(here)s and %(there)s: %(n)s people.",
        n,
    ) % {"here": stage_words(here), "there": stage_words(there), "n": grouped(n)}


def _acted(touches: Result) -> str:
    months = [row.key["month"] for row in touches.rows if row.key["month"]]
    if not months:
        return ""
    latest = max(months)
    of = {
        team: whole(row for row in touches.rows if row.key["month"] == latest and row.key["team"] == team.value)
        for team in (Team.MARKETING, Team.SALES, Team.CUSTOMER)
    }
    return _("In %(month)s marketing touched %(m)s times, sales %(s)s times; customers moved %(c)s times.") % {
        "month": month_words(latest),
        "m": grouped(of[Team.MARKETING]),
        "s": grouped(of[Team.SALES]),
        "c": grouped(of[Team.CUSTOMER]),
    }
