"""Pipeline: open deals by stage; won and lost beside them."""

from __future__ import annotations

from twostroke.metrics.facts import Dimension, Measure, Metric
from twostroke.metrics.shapes import Ask, Definition
from twostroke.query.lines import in_force, last_words, stepped
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
    """One row a deal: subject, status, stage, currency, amount_minor and the dimensions asked for."""
    further = tuple(dict.fromkeys([*ask.by, *(["owner"] if ask.scoped else [])]))
    said = {name: _SAID[name] for name in further if name in _SAID}
    columns = [
        "l.subject",
        "l.amount_minor",
        "l.currency",
        f"CASE WHEN {any_of('l.kind', STAGING)} THEN {json_text('l.properties', 'stage')} END AS stage_said",
        *(f"{value} AS {name}_said" for name, value in said.items()),
    ]
    words = {
        "ending": (any_of("kind", ENDING), "kind"),
        "stage": ("stage_said IS NOT NULL", "stage_said"),
        "amount_minor": ("amount_minor IS NOT NULL", "amount_minor"),
        "currency": ("amount_minor IS NOT NULL", "currency"),
        **({"source": ("step > 0", "source")} if "source" in further else {}),
        **{name: (f"{name}_said IS NOT NULL", f"{name}_said") for name in said},
    }
    parts = {
        "told": in_force(columns, kinds=kinds(ask), where=["l.subject_kind = 'deal'"]),
        "placed": stepped("told"),
        "folded": last_words("placed", words, only=any_of("kind", DEALING)),
    }
    return ctes(parts, _deals(further))


def _deals(further: tuple[str, ...]) -> str:
    status = "CASE f.ending WHEN 'deal.won' THEN 'won' WHEN 'deal.lost' THEN 'lost' ELSE 'open' END"
    stage = "CASE WHEN f.ending IN ('deal.won', 'deal.lost') THEN NULL ELSE f.stage END"
    return (
        f"SELECT f.subject, {status} AS status, {stage} AS stage, "
        f"COALESCE(f.currency, h.reporting_currency) AS currency, f.amount_minor"
        f"{''.join(f', f.{name}' for name in further)} FROM folded AS f CROSS JOIN house AS h"
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
