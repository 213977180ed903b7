"""Waiting: how long what was to be done waited, by the weekday and the team it came to."""

from __future__ import annotations

from twostroke.metrics.facts import Dimension, Measure, Metric
from twostroke.metrics.shapes import Ask, Definition
from twostroke.query.lines import civil_days, in_force, last_words, on_civil_day, stepped
from twostroke.query.words import ctes, json_text, numbered, text

OPENED, DONE = "task.opened", "task.done"
COLLEAGUE = "colleague.described"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOUR = 3_600_000
# Day 0 of the calendar, 1 January 1970, was a Thursday; days before it count backwards.
_WEEKDAY = "(c.day + 3 + 7 * 200000) % 7"

METRIC = Metric(
    name="waiting",
    title="Waiting",
    question="How long does what is to be done wait, on which days, and with whom?",
    formula=(
        "Each task counts once, as its lines in force leave it. It was opened where the first of its opened lines "
        "stands in time, and done where the first of its done lines does. The weekday is the one of the installation's "
        "zone on which it was opened. Done: how many are done. Within 4 h, within 24 h, later: how many of these "
        "waited at most four hours, more than that and at most 24, or longer. Minutes: what those that are done waited "
        "together, in whole minutes each. A task without a known instant at which it was opened is left out, one whose "
        "done line is earlier or of unknown time counts as waiting. The owner is the last colleague its lines name, "
        "the team the last one a description of that colleague names. Count is how many tasks, and value the same."
    ),
    grains=("task",),
    horizon="All tasks ever on the log, as they stand at the line named in as_of.",
    unit="tasks",
    caveat=(
        "By the clock: nights and free days count. A task ticked off late although the call was made at once waited "
        "all that time; one of which the source tells only that it is done is left out."
    ),
    version=1,
    key=(Dimension("weekday", "Day of the week on which it was opened."),),
    dimensions=(
        Dimension("team", "Team of its owner."),
        Dimension("owner", "The colleague it is with: the last one its lines name."),
        Dimension("month", "Month in which it was opened (2026-11)."),
    ),
    measures=(
        Measure("count", "How many tasks."),
        Measure("value", "The same, as a decimal."),
        Measure("done", "How many of them are done."),
        Measure("within_4h", "How many were done within four hours."),
        Measure("within_24h", "How many were done after more than four hours, and within 24."),
        Measure("later", "How many were done after more than 24 hours."),
        Measure("minutes", "What all that are done waited, together.", parts=60_000),
    ),
)


def grain(ask: Ask) -> str:
    """One row a task: subject, weekday, done, within_4h, within_24h, later, minutes and the dimensions asked for."""
    columns = ["l.subject", "l.actor", "l.happened_at"]
    known = "happened_at IS NOT NULL"
    parts = {
        "told": in_force(columns, kinds=[OPENED, DONE]),
        "placed": stepped("told"),
        "folded": last_words("placed", {"owner": ("actor IS NOT NULL", "actor")}, only="1 = 1"),
        "times": (
            f"SELECT subject, MIN(CASE WHEN kind = {text(OPENED)} AND {known} THEN instant END) AS opened, "
            f"MIN(CASE WHEN kind = {text(DONE)} AND {known} THEN instant END) AS done FROM told GROUP BY subject"
        ),
        "waits": (
            "SELECT subject, opened, CASE WHEN done >= opened THEN done - opened END AS waited FROM times "
            "WHERE opened IS NOT NULL"
        ),
        "days": civil_days("day", "month"),
    }
    if "team" in ask.by:
        said = json_text("l.properties", "team")
        parts["colleagues"] = in_force(
            ["w.key AS subject", f"{said} AS team"], kinds=[COLLEAGUE], where=[f"{said} IS NOT NULL"],
            joined="INNER JOIN who AS w ON w.identifier = l.subject",
        )  # fmt: skip
        parts["last_team"] = stepped("colleagues", backwards=True)
    return ctes(parts, _tasks(ask.by))


def _tasks(by: tuple[str, ...]) -> str:
    told = {"team": "z.team AS team", "month": "c.month AS month", "owner": "f.owner AS owner"}
    further = "".join(f", {told[name]}" for name in by)
    joins = ""
    if "team" in by:
        joins = (
            " LEFT JOIN who AS v ON v.identifier = f.owner LEFT JOIN last_team AS z ON z.subject = v.key AND z.step = 1"
        )
    weekday = " ".join(f"WHEN {number} THEN {text(name)}" for number, name in enumerate(WEEKDAYS))
    day = 24 * _HOUR
    return (
        f"SELECT t.subject, CASE {_WEEKDAY} {weekday} END AS weekday, "
        "CASE WHEN t.waited IS NULL THEN 0 ELSE 1 END AS done, "
        f"CASE WHEN t.waited <= {4 * _HOUR} THEN 1 ELSE 0 END AS within_4h, "
        f"CASE WHEN t.waited > {4 * _HOUR} AND t.waited <= {day} THEN 1 ELSE 0 END AS within_24h, "
        f"CASE WHEN t.waited > {day} THEN 1 ELSE 0 END AS later, "
        "COALESCE(t.waited - t.waited % 60000, 0) AS minutes"
        f"{further} FROM waits AS t INNER JOIN folded AS f ON f.subject = t.subject "
        f"LEFT JOIN days AS c ON {on_civil_day('t.opened', 'c')}{joins}"
    )


def kinds(ask: Ask) -> frozenset[str]:
    """The kinds of line it follows from."""
    return frozenset({OPENED, DONE} | ({COLLEAGUE} if "team" in ask.by else set()))


DEFINITION = Definition(
    metric=METRIC,
    grain_sql=grain,
    reads=("source", "message_id", "part", "subject_kind", "subject", "actor", "properties"),
    subject_kinds={"task": "task"},
    order=(numbered("weekday", {name: number for number, name in enumerate(WEEKDAYS)}), "team", "month"),
    kinds=kinds,
    sums={name: name for name in ("done", "within_4h", "within_24h", "later", "minutes")},
    who={"task": "colleague"},
)
