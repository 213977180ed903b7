"""Pipeline: open deals by stage; won and lost beside them."""

from __future__ import annotations

from twostroke.metrics.facts import Dimension, Measure, Metric
from twostroke.metrics.shapes import Ask, Definition
from twostroke.query.lines import in_force, step_where, stepped, value_at
from twostroke.query.words import any_of, ctes, json_text

STAGING = ("deal.opened", "deal.moved", "deal.changed", "deal.reopened")
ENDING = ("deal.won", "deal.lost", "deal.reopened")
DEALING = frozenset({*STAGING, *ENDING})
ASSIGNED = "owner.assigned"
# Further dimensions: the column of the line, or the property, whose last word counts.
_SAID = {
    "owner": "l.actor",
    "product": json_text("l.properties", "product"),
    "pipeline": json_text("l.properties", "pipeline"),
}

METRIC = Metric(
    name="pipeline",
    title="Pipeline",
    question="What is on the table, at which stage, and what is it worth?",
    formula=(
        "Each deal counts once, as its lines in force leave it when taken in the order of their instant, then of the "
        "rank of their kind, source, message and part. A line of which only the day is known stands at its kind's "
        "place in that day (opened first, moved and changed in the middle, won, lost and reopened last), one without "
        "a time where it was received. A deal is won or lost if the last of its won, lost and reopened lines says so, "
        "and open otherwise. Its stage is the last one an opened, moved, changed or reopened line names, its amount "
        "the last one any of its lines names. Rows: open deals by stage and currency; won and lost deals in rows of "
        "their own, never part of the open total. Count: how many deals. Value: the sum of their amounts in the row's "
        "currency. Without value: how many of them name no amount; they stand in the rows of the reporting currency."
    ),
    grains=("deal",),
    horizon="All deals ever on the log, as they stand at the line named in as_of.",
    unit="deals; value in the row's currency",
    caveat=(
        "Stages are those of the source, in its words. Amounts are not weighted by chance and not converted between "
        "currencies. An owner assigned to a deal counts as its owner even if the deal itself names none."
    ),
    version=1,
    key=(
        Dimension("status", "open, won or lost."),
        Dimension("stage", "Stage of an open deal, in the words of its source; empty where none was ever named."),
        Dimension("currency", "Currency of the amounts (ISO 4217)."),
    ),
    dimensions=(
        Dimension("owner", "The colleague who has the deal: the last one its lines name."),
        Dimension("product", "The product the deal is about: the last one its lines name."),
        Dimension("pipeline", "Which pipeline, where a firm has several."),
        Dimension("source", "Where the deal's last line came from."),
    ),
    measures=(
        Measure("count", "How many deals."),
        Measure("value", "Sum of their amounts.", money=True),
        Measure("without_value", "How many of them name no amount."),
    ),
)


def grain(ask: Ask) -> str:
    """One row a deal: subject, status, stage, currency, amount_minor, owner and the dimensions asked for."""
    said = {"owner": _SAID["owner"], **{name: _SAID[name] for name in ask.by if name in _SAID}}
    columns = [
        "l.subject", "l.amount_minor", "l.currency",
        f"CASE WHEN {any_of('l.kind', STAGING)} THEN {json_text('l.properties', 'stage')} END AS stage_said",
        *(f"{value} AS {name}_said" for name, value in said.items()),
    ]  # fmt: skip
    marks = {
        "there": any_of("kind", DEALING), "ended": any_of("kind", ENDING), "staged": "stage_said IS NOT NULL",
        "priced": "amount_minor IS NOT NULL", "newest": "step > 0",
        **{f"{name}_at": f"{name}_said IS NOT NULL" for name in said},
    }  # fmt: skip
    values = [
        value_at("ended", "kind", "ending"),
        value_at("staged", "stage_said", "stage"),
        value_at("priced", "amount_minor", "amount_minor"),
        value_at("priced", "currency", "currency"),
        value_at("newest", "source", "source"),
        *(value_at(f"{name}_at", f"{name}_said", name) for name in said),
    ]
    parts = {
        "told": in_force(columns, kinds=kinds(ask), where=["l.subject_kind = 'deal'"]),
        "placed": stepped("told"),
        "marked": f"SELECT *, {', '.join(step_where(held, mark) for mark, held in marks.items())} FROM placed",
        "folded": f"SELECT subject, {', '.join(values)} FROM marked WHERE there > 0 GROUP BY subject",
    }
    return ctes(parts, _deals(tuple(name for name in ask.by if name != "owner")))


def _deals(by: tuple[str, ...]) -> str:
    status = "CASE f.ending WHEN 'deal.won' THEN 'won' WHEN 'deal.lost' THEN 'lost' ELSE 'open' END"
    stage = "CASE WHEN f.ending IN ('deal.won', 'deal.lost') THEN NULL ELSE f.stage END"
    further = "".join(f", f.{name}" for name in by)
    return (
        f"SELECT f.subject, {status} AS status, {stage} AS stage, "
        f"COALESCE(f.currency, h.reporting_currency) AS currency, f.amount_minor, f.owner{further} "
        "FROM folded AS f CROSS JOIN house AS h"
    )


def kinds(ask: Ask) -> frozenset[str]:
    """The kinds of line a deal follows from."""
    del ask
    return DEALING | {ASSIGNED}


DEFINITION = Definition(
    metric=METRIC,
    grain_sql=grain,
    reads=(
        "source",
        "message_id",
        "part",
        "subject_kind",
        "subject",
        "actor",
        "amount_minor",
        "currency",
        "properties",
    ),
    subject_kinds={"deal": "deal"},
    order=("CASE status WHEN 'open' THEN 1 WHEN 'won' THEN 2 ELSE 3 END", "count DESC", "stage", "currency"),
    kinds=kinds,
    money="value",
    missing="without_value",
    scoped=True,
)
