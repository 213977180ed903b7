"""The lifecycle as a card: how many have come how far, together or by where they came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from twostroke.metrics.facts import Result, Row
from twostroke.web.charts import Bar, Chart, bars, stacked_bars
from twostroke.web.numbers.reading import card, share, who_address, whole
from twostroke.web.numbers.shapes import Number, NumberRow, NumberTable
from twostroke.web.telling import channel_words, stage_words
from twostroke.web.templatetags.say import grouped

_MOST_BARS = 20


def lifecycle_card(result: Result, *, most: int = _MOST_BARS) -> Number:
    """The card of the metric ``lifecycle``, undivided or by one further dimension; at most ``most`` bars then."""
    stages = _stages(result.rows)
    if not stages:
        return card(result, sentence=_("Nobody on the log has reached a stage yet."), charts=[], tables=[])
    if result.by:
        return _divided(result, result.by[0], stages, most)
    first = whole(result.rows[:1])
    entries = [Bar(_word(row), int(row.measures["count"]), grouped(row.measures["count"])) for row in result.rows]
    rows = [
        NumberRow(
            _word(row),
            [grouped(row.measures["count"]), share(whole([row]), first), grouped(row.measures["here"])],
            who_address(result, row.key),
        )
        for row in result.rows
    ]
    heads = [_("Stage"), _("Reached"), _("Of the first"), _("Went no further")]
    chart = bars(entries, axis=_("Reached this stage or a later one"), says=_("How many have come how far."))
    return card(
        result, sentence=_sentence(result, stages), charts=[chart],
        tables=[NumberTable(_("Lifecycle by stage"), heads, rows, _("Who?"))],
    )  # fmt: skip


def _sentence(result: Result, stages: Sequence[str]) -> str:
    """What stands at both ends, with the step where most are left behind."""
    reached = {stage: whole(_at(result, stage)) for stage in stages}
    first, last = stages[0], stages[-1]
    words = _("%(n)s %(unit)s are on the ladder; %(m)s of them (%(share)s) reached %(last)s.") % {
        "n": grouped(reached[first]),
        "unit": _("people") if result.unit == "persons" else result.unit,
        "m": grouped(reached[last]),
        "share": share(reached[last], reached[first]),
        "last": stage_words(last),
    }
    step = biggest_step(result)
    if step is None:
        return words
    here, there, n = step
    return words + _(" Most are left between %(here)s and %(there)s: %(n)s.") % {
        "here": stage_words(here),
        "there": stage_words(there),
        "n": grouped(n),
    }


def biggest_step(result: Result) -> tuple[str, str, int] | None:
    """The two stages between which most are left behind, and how many; None where nobody is."""
    stages = _stages(result.rows)
    reached = {stage: whole(_at(result, stage)) for stage in stages}
    # A rung nobody stopped at was passed by all who came that far: it parts nobody.
    rungs = [stage for stage in stages if stage == stages[-1] or whole(_at(result, stage), "here")]
    lost = {(a, b): reached[a] - reached[b] for a, b in pairwise(rungs)}
    if not lost or max(lost.values()) <= 0:
        return None
    (here, there), n = max(lost.items(), key=lambda step: step[1])
    return here, there, n


def _at(result: Result, stage: str) -> list[Row]:
    return [row for row in result.rows if row.key["stage"] == stage]


def _divided(result: Result, by: str, stages: Sequence[str], most: int) -> Number:
    cells = _cells(result.rows, by)
    shown = {value: _shown(by, value) for value, _stage in cells}
    values = sorted(shown, key=lambda value: (-whole(cells.get((value, stages[0]), ())), shown[value]))
    # A stage nobody stopped at says nothing that its neighbour does not.
    used = [stage for stage in stages if whole(_at(result, stage), "here")]

    def reached(value: str | None, stage: str) -> int:
        return whole(cells.get((value, stage), ()))

    def stayed(value: str | None, stage: str) -> int:
        return whole(cells.get((value, stage), ()), "here")

    entries = [
        Bar(shown[value], n, grouped(n), stage_words(stage))
        for value in values[:most]
        for stage in stages
        if (n := stayed(value, stage))
    ]
    rows = [
        NumberRow(
            shown[value],
            [
                *(grouped(reached(value, stage)) for stage in used or stages[:1]),
                share(reached(value, stages[-1]), reached(value, stages[0])),
            ],
            who_address(result, {"stage": stages[0], by: value}),
        )
        for value in values
    ]
    chart = _stays(entries, by, used, most if len(values) > most else None)
    last = _("%(stage)s of all") % {"stage": stage_words(stages[-1])}
    heads = [by.capitalize(), *map(stage_words, used or stages[:1]), last]
    table = NumberTable(_("Lifecycle by %(by)s") % {"by": by}, heads, rows, _("Who?"))
    return card(result, sentence=_sentence(result, stages), charts=[chart], tables=[table])


def _cells(rows: Sequence[Row], by: str) -> dict[tuple[str | None, str], list[Row]]:
    """Rows by their value of this dimension, and by stage."""
    found: dict[tuple[str | None, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row.key[by], row.key["stage"] or ""].append(row)
    return found


def _stays(entries: Sequence[Bar], by: str, stages: Sequence[str], cut_to: int | None) -> Chart:
    """Bars cut by the stage people stand at; ``cut_to`` says that only so many values are shown."""
    says = _("How far people came, by %(by)s; each counts where they stand.") % {"by": by}
    if cut_to is not None:
        says += _(" The %(n)d with the most.") % {"n": cut_to}
    return stacked_bars(
        entries, axis=_("People"), series=[stage_words(stage) for stage in stages], title=_("Stands at"), says=says
    )


def _shown(by: str, value: str | None) -> str:
    return (channel_words(value) if by == "channel" else value) or _("none named")


def _stages(rows: Sequence[Row]) -> list[str]:
    """The rungs that somebody reached, in the metric's own order."""
    found = dict.fromkeys(row.key["stage"] or "" for row in rows if int(row.measures["count"]))
    return [stage for stage in found if stage]


def _word(row: Row) -> str:
    return stage_words(row.key["stage"])
