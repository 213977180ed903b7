"""Touches as a card: a bar a month, cut by team; the table below has a row a month."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from twostroke.ledger.facts import Team
from twostroke.metrics.facts import Result, Row
from twostroke.web.charts import Bar, stacked_bars
from twostroke.web.numbers.reading import card, plain_card, whole
from twostroke.web.numbers.shapes import Number, NumberRow, NumberTable
from twostroke.web.telling import GLYPHS
from twostroke.web.templatetags.say import grouped

_MOST_BARS = 18
_MONTH = re.compile(r"\d{4}-\d\d")
_ORDER = (Team.MARKETING.value, Team.SALES.value, Team.CUSTOMER.value)


def touches_card(result: Result) -> Number:
    """The card of the metric ``touches``; by a further dimension it is a plain table."""
    if result.by:
        return plain_card(result)
    if not result.rows:
        return card(result, sentence=_("No touch is on the log yet."), charts=[], tables=[])
    found = {row.key["team"] or "" for row in result.rows}
    teams = [*(team for team in _ORDER if team in found), *sorted(found - set(_ORDER))]
    months = sorted({row.key["month"] or "" for row in result.rows}, reverse=True)

    def of(month: str, team: str) -> list[Row]:
        return [row for row in result.rows if (row.key["month"] or "") == month and row.key["team"] == team]

    named = {team: f"{GLYPHS.get(team, '')} {team}".strip() for team in teams}
    drawn = sorted([month for month in months if month][:_MOST_BARS])
    entries = [
        Bar(month_words(month), n, grouped(n), named[team])
        for month in drawn
        for team in teams
        if (n := whole(of(month, team)))
    ]
    says = _("Touches a month, by team.")
    if len(months) > len(drawn):
        says += _(" The latest %(n)d months.") % {"n": len(drawn)}
    chart = stacked_bars(
        entries, axis=_("Touches"), series=[named[team] for team in teams], title=_("Team"), says=says,
        colours=[f"var(--{team})" if team in GLYPHS else "var(--system)" for team in teams],
    )  # fmt: skip
    rows = [_month(month, [of(month, team) for team in teams]) for month in months]
    heads = [_("Month"), *(named[team] for team in teams), _("Push"), _("Pull"), _("Together")]
    table = NumberTable(_("Touches by month"), heads, rows, "")
    return card(result, sentence=_sentence(result), charts=[chart] if entries else [], tables=[table])


def month_words(month: str | None) -> str:
    """``Nov 2026`` for ``2026-11``; what is no month as it stands."""
    if not month:
        return _("time unknown")
    if not _MONTH.fullmatch(month):
        return month
    return date_format(dt.date(int(month[:4]), int(month[5:]), 1), "M Y")


def _month(month: str, by_team: Sequence[Sequence[Row]]) -> NumberRow:
    rows = [row for mine in by_team for row in mine]
    strokes = [whole(row for row in rows if row.key["stroke"] == stroke) for stroke in ("push", "pull")]
    counts = [*(whole(mine) for mine in by_team), *strokes, whole(rows)]
    return NumberRow(month_words(month), [grouped(n) for n in counts])


def _sentence(result: Result) -> str:
    push, pull = (whole(row for row in result.rows if row.key["stroke"] == stroke) for stroke in ("push", "pull"))
    return _("%(n)s touches are on the log: %(push)s by push, %(pull)s by pull.") % {
        "n": grouped(push + pull),
        "push": grouped(push),
        "pull": grouped(pull),
    }
