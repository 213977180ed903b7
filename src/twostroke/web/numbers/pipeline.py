"""The pipeline as a card: open deals by stage; won and lost beside, never in its total."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twostroke.metrics.facts import Result, Row
from twostroke.web.charts import Bar, Chart, bars, stacked_bars
from twostroke.web.naming import named
from twostroke.web.numbers.reading import UNKNOWN, amounts, card, share, who_address, whole
from twostroke.web.numbers.shapes import Number, NumberRow, NumberTable
from twostroke.web.templatetags.say import grouped

_MOST_BARS = 20


def pipeline_card(result: Result) -> Number:
    """The card of the metric ``pipeline``, undivided or by one further dimension."""
    if not result.rows:
        return card(result, sentence=_("No deal is on the log yet."), charts=[], tables=[])
    if result.by:
        chart, table = _divided(result, result.by[0])
        return card(result, sentence=_sentence(result), charts=[chart], tables=[table])
    return card(result, sentence=_sentence(result), charts=[_by_stage(result)], tables=_tables(result))


def _of(result: Result, status: str) -> list[Row]:
    return [row for row in result.rows if row.key["status"] == status]


def _sentence(result: Result) -> str:
    open_, won, lost = (_of(result, status) for status in ("open", "won", "lost"))
    n, worth, without = whole(open_), amounts(open_), whole(open_, "without_value")
    words = ngettext("%(n)s deal is open", "%(n)s deals are open", n) % {"n": grouped(n)}
    if worth:
        words += _(", worth %(worth)s") % {"worth": worth}
    if without == n == 1:
        words += _("; it names no amount")
    elif without == n and n:
        words += _("; none of them names an amount")
    elif without:
        words += ngettext("; %(n)s of them names no amount", "; %(n)s of them name no amount", without) % {
            "n": grouped(without)
        }
    return words + _(". Beside it: %(won)s won%(worth)s and %(lost)s lost; of those decided %(share)s were won.") % {
        "won": grouped(whole(won)),
        "worth": _(" for %(worth)s") % {"worth": amounts(won)} if amounts(won) else "",
        "lost": grouped(whole(lost)),
        "share": share(whole(won), whole(won) + whole(lost)),
    }


def _by_stage(result: Result) -> Chart:
    rows = _of(result, "open")
    currencies = {row.key["currency"] for row in rows}
    if len(currencies) == 1 and amounts(rows):
        entries = [Bar(_stage(row), float(str(row.measures["value"])), amounts([row]) or UNKNOWN) for row in rows]
        axis = _("Value of open deals in %(currency)s") % {"currency": currencies.pop()}
    else:
        # Amounts of several currencies have no common length; neither have deals that name none.
        by_stage: dict[str, int] = {}
        for row in rows:
            by_stage[_stage(row)] = by_stage.get(_stage(row), 0) + int(row.measures["count"])
        entries = [Bar(stage, count, grouped(count)) for stage, count in by_stage.items()]
        axis = _("Open deals")
    return bars(entries, axis=axis, says=_("Open deals by the stage they stand at."), colour="var(--sales)")


def _tables(result: Result) -> list[NumberTable]:
    heads = [_("Deals"), _("Value"), _("Without value")]
    open_ = _of(result, "open")
    total = NumberRow(_("Open, together"), _cells(open_), who_address(result, {"status": "open"}))
    beside = [
        NumberRow(word, _cells(_of(result, status)), who_address(result, {"status": status}))
        for status, word in (("won", _("Won")), ("lost", _("Lost")))
    ]
    stages = [NumberRow(_labelled(row, open_), _cells([row]), who_address(result, row.key)) for row in open_]
    return [
        NumberTable(_("Pipeline: open deals by stage"), [_("Stage"), *heads], stages, _("Which?"), total),
        NumberTable(_("Beside it: what was decided"), [_("Outcome"), *heads], beside, _("Which?")),
    ]


def _divided(result: Result, by: str) -> tuple[Chart, NumberTable]:
    values = list(dict.fromkeys(row.key[by] for row in result.rows))
    names = _names(by, [value for value in values if value])
    shown = {value: (names.get(value, value) if value else _("none named")) for value in values}

    def of(value: str | None, status: str) -> list[Row]:
        return [row for row in _of(result, status) if row.key[by] == value]

    values.sort(key=lambda value: (-whole(of(value, "won")) - whole(of(value, "open")), shown[value]))
    statuses = (("open", _("open")), ("won", _("won")), ("lost", _("lost")))
    entries = [
        Bar(shown[value], whole(of(value, status)), grouped(whole(of(value, status))), word)
        for value in values[:_MOST_BARS]
        for status, word in statuses
    ]
    says = _("Deals by outcome; the %(n)d with the most.") % {"n": min(len(values), _MOST_BARS)}
    chart = stacked_bars(
        entries,
        axis=_("Deals"),
        series=[word for _status, word in statuses],
        title=_("Outcome"),
        says=says,
        colours=("var(--sales)", "var(--customer)", "var(--line-strong)"),
    )
    rows = [
        NumberRow(
            shown[value],
            [
                grouped(whole(of(value, "open"))),
                amounts(of(value, "open")) or UNKNOWN,
                grouped(whole(of(value, "won"))),
                amounts(of(value, "won")) or UNKNOWN,
                grouped(whole(of(value, "lost"))),
                share(whole(of(value, "won")), whole(of(value, "won")) + whole(of(value, "lost"))),
            ],
            who_address(result, {by: value}),
        )
        for value in values
    ]
    heads = [_("Open"), _("Open value"), _("Won"), _("Won value"), _("Lost"), _("Won of decided")]
    return chart, NumberTable(_("Deals"), [by.capitalize(), *heads], rows, _("Which?"))


def _names(by: str, values: Sequence[str]) -> dict[str, str]:
    if by == "owner":
        found = named(colleagues=values)
    elif by == "product":
        found = named(records=values)
    else:
        return {}
    return {id_: one.name for id_, one in found.items()}


def _cells(rows: Sequence[Row]) -> list[str]:
    return [grouped(whole(rows)), amounts(rows) or UNKNOWN, grouped(whole(rows, "without_value"))]


def _stage(row: Row) -> str:
    return row.key["stage"] or _("no stage")


def _labelled(row: Row, rows: Sequence[Row]) -> str:
    currencies = {one.key["currency"] for one in rows}
    return f"{_stage(row)}, {row.key['currency']}" if len(currencies) > 1 else _stage(row)
