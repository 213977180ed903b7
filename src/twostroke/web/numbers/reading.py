"""Metrics as cards, from their door: sentences, charts and tables with links to those behind each figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from twostroke.metrics import queries as metrics
from twostroke.metrics.facts import Metric, Result, Row, Scope
from twostroke.web.charts import Chart
from twostroke.web.freshness import Kept
from twostroke.web.mine import MINE
from twostroke.web.naming import named
from twostroke.web.numbers.shapes import Number, NumberRow, NumberTable
from twostroke.web.stream import Named
from twostroke.web.telling import channel_words, label, title_of
from twostroke.web.templatetags.say import grouped

UNKNOWN = "\u2013"
_MOST_ROWS = 200
_results: Kept[Result] = Kept()


def computed(name: str, *, by: Sequence[str] = (), as_of: int | None = None, scope: Scope | None = None) -> Result:
    """A metric's result, computed once for each state of the log. Raises ``MetricRefusedError``."""
    question = (name, tuple(by), as_of, scope)
    return _results.get(question, lambda: metrics.compute(name, by=by, as_of=as_of, scope=scope))


def card(result: Result, *, sentence: str, charts: Sequence[Chart], tables: Sequence[NumberTable]) -> Number:
    """The card of a result: what every metric's card has, around what is particular to it."""
    metric = result.metric
    return Number(
        name=metric.name,
        title=metric.title,
        scope=result.scope.name if result.scope else _("Whole company"),
        sentence=sentence,
        seq=result.as_of.seq,
        at=int(dt.datetime.fromisoformat(result.as_of.at).timestamp() * 1000),
        charts=charts,
        tables=tables,
        definition=_definition(metric),
        sql=metrics.sql(metric.name, by=result.by, grain=result.grain),
        leaves_out=(metric.caveat,),
        query="".join(f"{urlencode(one)}&" for one in (_divided_by(result), _scoped(result)) if one),
    )


def plain_card(result: Result) -> Number:
    """The card of a metric without a page of its own: every row with its key and measures; ``_MOST_ROWS`` at most."""
    metric = result.metric
    keys = [name for name in (*(one.name for one in metric.key), *result.by) if name != "currency"]
    measures = [one for one in metric.measures if one.name != "value" or one.money]
    owners = named(colleagues={row.key["owner"] or "" for row in result.rows}) if "owner" in keys else {}
    rows = [
        NumberRow(
            label=", ".join(_value_words(key, row.key[key], owners) for key in keys)
            or str(row.key.get("currency") or UNKNOWN),
            cells=[
                amounts([row], one.name) or UNKNOWN if one.money else grouped(row.measures[one.name])
                for one in measures
            ],
            who=who_address(result, row.key),
        )
        for row in result.rows[:_MOST_ROWS]
    ]
    heads = [", ".join(label(key) for key in keys) or label("currency"), *(label(one.name) for one in measures)]
    table = NumberTable(_caption(metric.title, len(result.rows)), heads, rows, _("Which?"))
    sentence = f"{metric.question} {grouped(result.total('count'))} {result.unit.partition(';')[0]}."
    return card(result, sentence=sentence, charts=[], tables=[table] if rows else [])


def _caption(title: str, many: int) -> str:
    if many <= _MOST_ROWS:
        return title
    return _("%(title)s: the first %(n)d of %(many)d; all of them as CSV") % {
        "title": title, "n": _MOST_ROWS, "many": many,
    }  # fmt: skip


def _value_words(key: str, value: str | None, owners: Mapping[str, Named]) -> str:
    """A value of a key as people read it; ``owners`` has the names of colleagues."""
    if not value:
        return _("none") if key == "touch" else UNKNOWN
    if key == "owner" and value in owners:
        return owners[value].name
    if key == "touch":
        return title_of(value, {})
    return channel_words(value) if key in ("channel", "team") else value


def who_address(result: Result, key: Mapping[str, str | None]) -> str:
    """Where those behind the rows with this key are listed; unknown values are written as empty ones."""
    if result.metric.name == "touches":
        return ""
    query = {name: value or "" for name, value in key.items()} | _scoped(result)
    return f"{reverse('number-who', args=[result.metric.name])}?{urlencode(query)}"


def _divided_by(result: Result) -> dict[str, str]:
    return {"by": result.by[0]} if result.by else {}


def _scoped(result: Result) -> dict[str, str]:
    return {"scope": MINE} if result.scope else {}


def amounts(rows: Iterable[Row], measure: str = "value") -> str:
    """The money of rows, each currency by itself; empty where nothing is worth anything."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        currency = row.key.get("currency") or ""
        sums[currency] = sums.get(currency, Decimal(0)) + Decimal(str(row.measures[measure]))
    return " + ".join(f"{currency}\u00a0{grouped(sums[currency])}" for currency in sorted(sums) if sums[currency])


def whole(rows: Iterable[Row], measure: str = "count") -> int:
    """The sum of a measure that counts."""
    return sum(int(row.measures[measure]) for row in rows)


def share(part: int, of: int) -> str:
    """A share in per cent with one decimal; an en dash of nothing."""
    return f"{grouped(round(Decimal(100 * part) / of, 1))}\u00a0%" if of else UNKNOWN


def _definition(metric: Metric) -> list[tuple[str, str]]:
    said = [
        (_("Question"), metric.question),
        (_("How it is counted"), metric.formula),
        (_("Over what time"), metric.horizon),
        (_("Unit"), metric.unit),
        (_("Version"), str(metric.version)),
    ]
    return [*said, *((label(one.name), one.meaning) for one in metric.measures)]
