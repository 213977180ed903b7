"""Holdouts as a card: what each experiment did, with how far that can be trusted, and the arms it was counted from."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from twostroke.metrics.facts import Comparison, Result, Row
from twostroke.web.charts import Chart, Range, ranges
from twostroke.web.numbers.reading import UNKNOWN, amounts, card, who_address
from twostroke.web.numbers.shapes import Number, NumberRow, NumberTable
from twostroke.web.templatetags.say import grouped

_MOST_CHARTS = 12


def holdouts_card(result: Result) -> Number:
    """The card of the metric ``holdouts``, undivided or by one further dimension."""
    if not result.rows:
        words = _(
            "No experiment is on the log yet. Bring in a list of who was left out: a column with e-mail addresses or "
            "regions, one with the arm (such as mailed and held out), and from when until when."
        )
        return card(result, sentence=words, charts=[], tables=[])
    charts = [_chart(name, mine) for name, mine in _drawn(result).items()]
    tables = [_compared(result)] if result.comparisons else []
    return card(result, sentence=_sentence(result), charts=charts, tables=[*tables, _arms(result)])


def _experiments(result: Result) -> list[str]:
    return list(dict.fromkeys(str(row.key["experiment"]) for row in result.rows))


def _sentence(result: Result) -> str:
    """What each experiment says of the deals won, or of what else there is; then what cannot be said."""
    if result.by or not result.comparisons:
        told = [_("What was left out beside what was not, by %(by)s.") % {"by": result.by[0]}] if result.by else []
        return " ".join([*told, *result.notes]) or _("No arm can be compared with one that was left out yet.")
    told = []
    for experiment in _experiments(result):
        mine = [one for one in result.comparisons if one.key["experiment"] == experiment]
        outcome = next((name for name in ("won", "opened", "ordered") if any(o.outcome == name for o in mine)), "")
        told += [_told(one, experiment) for one in mine if one.outcome == outcome and _is_simple(one)]
    return " ".join([*told, *result.notes])


def _is_simple(one: Comparison) -> bool:
    """Whether it tells of one thing that was done, not of several together."""
    return " + " not in one.contrast


def _told(one: Comparison, experiment: str) -> str:
    words = {
        "experiment": experiment, "what": one.contrast, "points": points(one.difference), "low": points(one.low),
        "high": points(one.high), "outcome": _outcome(one.outcome),
    }  # fmt: skip
    if one.is_apart:
        return _("%(experiment)s, %(what)s: %(points)s points of buyers who %(outcome)s (%(low)s to %(high)s).") % words
    return _("%(experiment)s, %(what)s: cannot be told apart from nothing, %(low)s to %(high)s points.") % words


def _outcome(name: str) -> str:
    return {"opened": _("opened a deal"), "won": _("won a deal"), "ordered": _("ordered")}[name]


def points(share: str) -> str:
    """A share as points of a hundred with its sign, as people read it."""
    return f"{Decimal(share) * 100:+.1f}".replace("-", "\u2212")


def _drawn(result: Result) -> dict[str, list[Comparison]]:
    """What is drawn together: an experiment, and one part of it where it is divided; orders only where no deals are."""
    found: dict[str, list[Comparison]] = {}
    for one in result.comparisons:
        if "beyond" not in one.contrast:
            found.setdefault(", ".join([str(one.key["experiment"]), *_divided(result, one)]), []).append(one)
    return {
        name: [one for one in mine if one.outcome != "ordered"] or mine
        for name, mine in list(found.items())[:_MOST_CHARTS]
    }


def _chart(name: str, mine: Sequence[Comparison]) -> Chart:
    """A bar from limit to limit for each comparison, and where nothing is."""
    says = _("%(what)s: how many points more or less of the buyers, with the limits of 95 per cent.") % {"what": name}
    return ranges([_range(one) for one in mine], axis=_("Points"), says=says)


def _range(one: Comparison) -> Range:
    low, value, high = (float(Decimal(share) * 100) for share in (one.low, one.difference, one.high))
    text = _("%(points)s (%(low)s to %(high)s)") % {
        "points": points(one.difference), "low": points(one.low), "high": points(one.high),
    }  # fmt: skip
    return Range(f"{one.contrast}, {one.outcome}", low, value, high, text, one.is_apart)


def _divided(result: Result, one: Comparison) -> list[str]:
    return [one.key[name] or _("none named") for name in result.by]


def _compared(result: Result) -> NumberTable:
    rows = [
        NumberRow(
            ", ".join([str(one.key["experiment"]), *_divided(result, one), one.contrast]),
            [
                _outcome(one.outcome), grouped(one.of), points(one.difference),
                _("%(low)s to %(high)s") % {"low": points(one.low), "high": points(one.high)},
                _("yes") if one.is_apart else _("no: cannot be told apart"),
            ],
        )
        for one in result.comparisons
    ]  # fmt: skip
    heads = [_("What was done"), _("Buyers who"), _("Of"), _("Points"), _("95 per cent"), _("More than chance")]
    return NumberTable(_("What it did, against those left out"), heads, rows, "")


def _arms(result: Result) -> NumberTable:
    rows = [
        NumberRow(
            _label(result, row),
            [
                *(grouped(row.measures[name]) for name in ("count", "opened", "won", "ordered", "later")),
                amounts([row]) or UNKNOWN,
            ],
            who_address(result, {name: value for name, value in row.key.items() if value or name != "cluster"}),
        )
        for row in result.rows
    ]
    heads = [_("Arm"), _("Buyers"), _("Opened"), _("Won"), _("Ordered"), _("Won later"), _("Worth")]
    return NumberTable(_("What became of each arm"), heads, rows, _("Who?"))


def _label(result: Result, row: Row) -> str:
    parts: Sequence[str | None] = [
        row.key["experiment"], row.key["arm"] or _("several arms"), row.key["cluster"],
        *(row.key[name] or _("none named") for name in result.by),
    ]  # fmt: skip
    return ", ".join(part for part in parts if part)
