"""Touches as a card: a bar a month, cut by team; the table below has a row a month."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from twostroke.ledger.facts import Team
from twostroke.metrics.facts import Result, Row
from twostroke.web.charts import Bar, Chart, stacked_bars
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
    cut = _Cut.of(result.rows)
    drawn = sorted([month for month in cut.months if month][:_MOST_BARS])
    charts = [_chart(cut, drawn)] if drawn else []
    return card(result, sentence=_sentence(result), charts=charts, tables=[_table(cut)])


@dataclass(frozen=True, slots=True)
class _Cut:
    """Rows cut by month (the newest first, ``""`` for an unknown one) and team (as they are always shown)."""

    months: Sequence[str]
    teams: Sequence[str]
    cells: Mapping[tuple[str, str], Sequence[Row]]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> _Cut:
        cells: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            cells[row.key["month"] or "", row.key["team"] or ""].append(row)
        teams = {team for _month, team in cells}
        ordered = [*(team for team in _ORDER if team in teams), *sorted(teams.difference(_ORDER))]
        return cls(sorted({month for month, _team in cells}, reverse=True), ordered, cells)

    def cell(self, month: str, team: str) -> Sequence[Row]:
        """The rows of a month and team, none where nobody touched."""
        return self.cells.get((month, team), ())


def _named(team: str) -> str:
    return f"{GLYPHS.get(team, '')} {team}".strip()


def _chart(cut: _Cut, months: Sequence[str]) -> Chart:
    entries = [
        Bar(month_words(month), n, grouped(n), _named(team))
        for month in months
        for team in cut.teams
        if (n := whole(cut.cell(month, team)))
    ]
    says = _("Touches a month, by team.")
    if len(cut.months) > len(months):
        says += _(" The latest %(n)d months.") % {"n": len(months)}
    return stacked_bars(
        entries, axis=_("Touches"), series=[_named(team) for team in cut.teams], title=_("Team"), says=says,
        colours=[f"var(--{team})" if team in GLYPHS else "var(--system)" for team in cut.teams],
    )  # fmt: skip


def _table(cut: _Cut) -> NumberTable:
    rows = [_month(month, [cut.cell(month, team) for team in cut.teams]) for month in cut.months]
    heads = [_("Month"), *map(_named, cut.teams), _("Push"), _("Pull"), _("Together")]
    return NumberTable(_("Touches by month"), heads, rows, "")


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
