"""Conversion: of the deals that reached a stage, how many went on, were lost there, still stand there."""

from __future__ import annotations

from twostroke.metrics.definitions.pipeline import ASSIGNED, DEALING, ENDING, STAGING
from twostroke.metrics.facts import Dimension, Measure, Metric
from twostroke.metrics.shapes import Ask, Definition
from twostroke.query.lines import civil_days, in_force, last_words, on_civil_day, stepped
from twostroke.query.words import any_of, ctes, json_text, text

LOST = "deal.lost"
FIRM = "company.described"

METRIC = Metric(
    name="conversion",
    title="Conversion",
    question="Of the deals that reached a stage, how many went on, how many were lost there, and why?",
    formula=(
        "Deals and their lines are those of the pipeline, taken in the same order. A deal reached each stage that an "
        "opened, moved, changed or reopened line of it names, once, when the first such line stands. It stands at the "
        "last stage so named. Went on: deals that stand at another stage now, or were won. Lost: deals that were lost "
        "while they stood at this one. Here: open deals that stand at it. Count is all three together, and value the "
        "same. Won: how many of all of them were won in the end. The month is the one of the installation's zone in "
        "which the stage was reached; the reason is the last one a lost line of the deal names, where it was lost at "
        "this stage; the sector is the last one a description names of the company that the deal's last line with a "
        "company names."
    ),
    grains=("stage of a deal",),
    horizon="All deals ever on the log, as they stand at the line named in as_of.",
    unit="stages that deals reached",
    caveat=(
        "Reasons are those that sellers wrote down. Deals that reached a stage lately had less time to go on. A stage "
        "that was skipped was not reached. A deal of which no line names a stage is left out."
    ),
    version=1,
    key=(Dimension("stage", "Stage that was reached, in the words of its source."),),
    dimensions=(
        Dimension("sector", "Branch of trade of the deal's company."),
        Dimension("month", "Month in which the stage was reached (2026-11)."),
        Dimension("reason", "Why it was lost at this stage, as the source says; empty for all others."),
        Dimension("owner", "The colleague who has the deal: the last one its lines name."),
        Dimension("pipeline", "Which pipeline, where a firm has several."),
    ),
    measures=(
        Measure("count", "How many deals reached the stage."),
        Measure("value", "The same, as a decimal."),
        Measure("went_on", "How many stand at another stage now, or were won."),
        Measure("lost", "How many were lost at it."),
        Measure("here", "How many stand at it, open."),
        Measure("won", "How many were won in the end."),
    ),
)


def grain(ask: Ask) -> str:
    """One row a deal and stage it reached: subject, stage, went_on, lost, here, won and the dimensions asked for."""
    columns = [
        "l.subject", "l.company", "l.actor",
        f"CASE WHEN {any_of('l.kind', STAGING)} THEN {json_text('l.properties', 'stage')} END AS stage_said",
        f"CASE WHEN l.kind = {text(LOST)} THEN {json_text('l.properties', 'reason')} END AS reason_said",
        f"{json_text('l.properties', 'pipeline')} AS pipeline_said",
    ]  # fmt: skip
    words = {
        "ending": (any_of("kind", ENDING), "kind"),
        "stage": ("stage_said IS NOT NULL", "stage_said"),
        "reason": ("reason_said IS NOT NULL", "reason_said"),
        "owner": ("actor IS NOT NULL", "actor"),
        "pipeline": ("pipeline_said IS NOT NULL", "pipeline_said"),
        "company": ("company IS NOT NULL", "company"),
    }
    parts = {
        "told": in_force(columns, kinds=DEALING | {ASSIGNED}, where=["l.subject_kind = 'deal'"]),
        "placed": stepped("told"),
        "folded": last_words("placed", words, only=any_of("kind", DEALING)),
        "reached": (
            "SELECT subject, stage_said AS stage, MIN(instant) AS instant FROM placed WHERE stage_said IS NOT NULL "
            "GROUP BY subject, stage_said"
        ),
    }
    if "sector" in ask.by:
        parts |= _sectors()
    if "month" in ask.by:
        parts["days"] = civil_days("month")
    return ctes(parts, _stages(ask.by))


def _sectors() -> dict[str, str]:
    said = json_text("l.properties", "sector")
    joined = "INNER JOIN who AS w ON w.identifier = l.company"
    return {
        "firms": in_force(["w.key AS subject", f"{said} AS sector"], kinds=[FIRM], where=[f"{said} IS NOT NULL"],
                          joined=joined),
        "last_sector": stepped("firms", backwards=True),
    }  # fmt: skip


def _stages(by: tuple[str, ...]) -> str:
    at_it = "r.stage = f.stage"
    open_still = "(f.ending IS NULL OR f.ending = 'deal.reopened')"
    lost = f"{at_it} AND f.ending = {text(LOST)}"
    told = {
        "sector": "z.sector AS sector",
        "month": "d.month AS month",
        "reason": f"CASE WHEN {lost} THEN f.reason END AS reason",
    }
    further = "".join(f", {told.get(name, f'f.{name}')}" for name in by)
    joins = ""
    if "sector" in by:
        joins += (
            " LEFT JOIN who AS v ON v.identifier = f.company "
            "LEFT JOIN last_sector AS z ON z.subject = v.key AND z.step = 1"
        )
    if "month" in by:
        joins += f" LEFT JOIN days AS d ON {on_civil_day('r.instant', 'd')}"
    return (
        f"SELECT r.subject, r.stage, CASE WHEN {lost} OR ({at_it} AND {open_still}) THEN 0 ELSE 1 END AS went_on, "
        f"CASE WHEN {lost} THEN 1 ELSE 0 END AS lost, CASE WHEN {at_it} AND {open_still} THEN 1 ELSE 0 END AS here, "
        f"CASE WHEN f.ending = 'deal.won' THEN 1 ELSE 0 END AS won{further} "
        f"FROM reached AS r INNER JOIN folded AS f ON f.subject = r.subject{joins}"
    )


def kinds(ask: Ask) -> frozenset[str]:
    """The kinds of line it follows from."""
    return DEALING | {ASSIGNED} | ({FIRM} if "sector" in ask.by else frozenset())


DEFINITION = Definition(
    metric=METRIC,
    grain_sql=grain,
    reads=("source", "message_id", "part", "subject_kind", "subject", "actor", "company", "properties"),
    subject_kinds={"stage of a deal": "deal"},
    order=("count DESC", "stage", "month"),
    kinds=kinds,
    sums={"went_on": "went_on", "lost": "lost", "here": "here", "won": "won"},
    who={"stage of a deal": "company"},
)
