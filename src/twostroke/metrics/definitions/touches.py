"""Touches: what both teams did towards people, month by month."""

from __future__ import annotations

from twostroke.metrics.facts import TRUST, Dimension, Measure, Metric
from twostroke.metrics.shapes import Ask, Definition
from twostroke.query.lines import civil_days, in_force, on_civil_day
from twostroke.query.words import ctes

METRIC = Metric(
    name="touches",
    title="Touches",
    question="How often did which team touch people, by push and by pull?",
    formula=(
        "Each line in force with a stroke (push or pull) that is not of the system counts once, in the month of the "
        "installation's zone it happened in; a line without a known time has no month. What "
        "a machine did (see machines) is left out. Count: how many such lines, by "
        "month, team and stroke. Value is the count."
    ),
    grains=("line",),
    horizon="All months on the log up to the line named in as_of.",
    unit="touches",
    caveat=(
        "A touch is a line, not a person: a mail to a thousand people is a thousand touches. Effort and cost are not "
        "weighed. Where it is open whether a human or a machine did it, it counts."
    ),
    version=2,
    key=(
        Dimension("month", "Month in the installation's zone (2026-11); empty where the time is not known."),
        Dimension("team", "Who acted."),
        Dimension("stroke", "Push or pull."),
    ),
    dimensions=(
        Dimension("kind", "Kind of line."),
        Dimension("channel", "Channel of the line, where it names one."),
        TRUST,
    ),
    measures=(Measure("count", "How many touches."), Measure("value", "The same, as a decimal.")),
)


def grain(ask: Ask) -> str:
    """One row a touch: subject (its name on the log), month, team, stroke and the dimensions asked for."""
    columns = ["l.event_id AS subject", "l.team", "l.stroke", "l.channel", "l.trust", "l.happened_at"]
    parts = {
        "told": in_force(columns, where=["l.stroke IN ('push', 'pull')", "l.team <> 'system'"], without_machines=True),
        "days": civil_days("month"),
    }
    further = "".join(f", t.{name}" for name in ask.by)
    return ctes(
        parts,
        "SELECT t.subject, CASE WHEN t.happened_at IS NULL THEN NULL ELSE d.month END AS month, t.team, t.stroke"
        f"{further} FROM told AS t LEFT JOIN days AS d ON {on_civil_day('t.instant', 'd')}",
    )


DEFINITION = Definition(
    metric=METRIC,
    grain_sql=grain,
    reads=("event_id", "source", "message_id", "part", "team", "stroke", "channel", "trust"),
    subject_kinds={"line": "line"},
    order=("month", "team", "stroke", "count DESC"),
    kinds=lambda ask: None,
    verdicts=True,
)
