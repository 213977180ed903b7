"""Spend as a card: a bar a channel, campaign, month or day; the table below has a row each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from twostroke.metrics.facts import Result, Row
from twostroke.web.charts import Bar, Chart, bars
from twostroke.web.numbers.reading import UNKNOWN, amounts, card, computed, who_address, whole
from twostroke.web.numbers.shapes import Number, NumberRow, NumberTable
from twostroke.web.numbers.touches import month_words
from twostroke.web.templatetags.say import grouped

_MOST_BARS = 20
_MOST_ROWS = 100
_IN_TIME = frozenset({"day", "month"})


def spend_card(result: Result) -> Number:
    """The card of the metric ``spend``; undivided it is told by channel."""
    if not result.rows:
        words = _("No spend is on the log yet. Bring in the reports of the advertising platforms.")
        return card(result, sentence=words, charts=[], tables=[])
    divided = result if result.by else computed("spend", by=["channel"], as_of=result.as_of.seq)
    by = divided.by[0]
    values = list(dict.fromkeys(row.key[by] for row in divided.rows))
    rows_of = {value: [row for row in divided.rows if row.key[by] == value] for value in values}
    if by in _IN_TIME:
        values.sort(key=lambda value: value or "", reverse=True)
    chart = _chart(by, values, rows_of)
    rows = [_row(divided, by, value, rows_of[value]) for value in values[:_MOST_ROWS]]
    table = NumberTable(_caption(by, len(values)), _heads(by), rows, _("Which?"))
    return card(result, sentence=_sentence(result), charts=[chart] if chart else [], tables=[table])


def _sentence(result: Result) -> str:
    words = _("%(worth)s were spent, in %(n)s entries") % {
        "worth": amounts(result.rows) or UNKNOWN,
        "n": grouped(whole(result.rows)),
    }
    converted = whole(result.rows, "converted")
    if converted:
        words += _("; %(n)s of them came from another currency and count at the rate of their day") % {
            "n": grouped(converted)
        }
    return f"{words}. {' '.join(result.notes)}".strip()


def _chart(by: str, values: Sequence[str | None], rows_of: dict[str | None, list[Row]]) -> Chart | None:
    """Bars of the amounts; none where several currencies have no common length."""
    currencies = {row.key["currency"] for rows in rows_of.values() for row in rows}
    if len(currencies) != 1:
        return None
    shown = [value for value in values[:_MOST_BARS] if value] if by in _IN_TIME else values[:_MOST_BARS]
    if by in _IN_TIME:
        shown = sorted(value for value in shown if value)
    entries = [
        Bar(_label(by, value), float(str(rows_of[value][0].measures["value"])), amounts(rows_of[value]) or UNKNOWN)
        for value in shown
    ]
    says = _("What was spent, by %(by)s.") % {"by": by}
    if len(values) > len(entries):
        says += (
            _(" The latest %(n)d.") % {"n": len(entries)}
            if by in _IN_TIME
            else _(" The %(n)d largest.") % {"n": len(entries)}
        )
    axis = _("Spend in %(currency)s") % {"currency": currencies.pop()}
    return bars(entries, axis=axis, says=says, colour="var(--marketing)") if entries else None


def _caption(by: str, many: int) -> str:
    if many <= _MOST_ROWS:
        return _("Spend by %(by)s") % {"by": by}
    return _("Spend by %(by)s: the first %(n)d of %(many)d; all of them as CSV") % {
        "by": by, "n": _MOST_ROWS, "many": many,
    }  # fmt: skip


def _heads(by: str) -> list[str]:
    return [by.capitalize(), _("Entries"), _("Spent"), _("Impressions"), _("Clicks")]


def _row(result: Result, by: str, value: str | None, rows: Sequence[Row]) -> NumberRow:
    cells = [
        grouped(whole(rows)), amounts(rows) or UNKNOWN, grouped(whole(rows, "impressions")),
        grouped(whole(rows, "clicks")),
    ]  # fmt: skip
    return NumberRow(_label(by, value), cells, who_address(result, {by: value}))


def _label(by: str, value: str | None) -> str:
    if not value:
        return _("time unknown") if by in _IN_TIME else _("none named")
    if by == "month":
        return month_words(value)
    if by == "day":
        return date_format(dt.date.fromisoformat(value), "j M Y")
    return value
