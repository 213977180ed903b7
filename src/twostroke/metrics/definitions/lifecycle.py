"""Lifecycle: how many persons (or companies) have come how far."""

from __future__ import annotations

from twostroke.metrics.facts import Dimension, Measure, Metric
from twostroke.metrics.shapes import Ask, Definition
from twostroke.query.lines import in_force, stepped
from twostroke.query.words import ctes, json_text, numbered, text

LADDER = ("subscriber", "lead", "mql", "sal", "sql", "opportunity", "customer", "evangelist")
REACHED = "stage.reached"
# What an act says by itself, where no source announced a stage.
IMPLIED = {
    "form.submitted": "lead",
    "card.taken": "lead",
    "signup.completed": "lead",
    "meeting.requested": "lead",
    "deal.opened": "opportunity",
    "deal.won": "customer",
    "order.placed": "customer",
}
_RUNG = {stage: number for number, stage in enumerate(LADDER, 1)}
_KINDS = frozenset({REACHED, *IMPLIED})
_HEARD = "person.described"

METRIC = Metric(
    name="lifecycle",
    title="Lifecycle",
    question="How many persons have come how far, and where did they come from?",
    formula=(
        "Each person counts once, however many identifiers name them, as long as a line in force that names one of "
        f"these identifiers says a stage of the lifecycle: {', '.join(LADDER)}, in this order. A stage is said by a "
        "stage.reached line (other stages say nothing), and by itself by "
        + ", ".join(f"{kind} ({stage})" for kind, stage in IMPLIED.items())
        + ". The furthest stage counts, and with it every stage before it: the count is of those who reached this "
        "stage or a later one, here counts those who went no further. A stage that no line of anybody counted says is "
        "left out. Value is the count. The channel is the one named "
        "by the first of the person's lines in force that names any, in the order of their instant, then of the rank "
        "of their kind, source, message and part; a line without a time stands where it was received. What "
        "a machine did (see machines) says no stage and names no channel. Heard is what "
        "the last of their descriptions says of how they heard of us. Counted by company, the same holds of the lines "
        "that name it."
    ),
    grains=("person", "company"),
    horizon="All persons ever on the log, as they stand at the line named in as_of.",
    unit="persons",
    caveat=(
        "Visitors nobody knows by mail, phone or record are no persons here. Somebody who went back a stage still "
        "counts as having reached it. Who skipped a stage counts as having passed it."
    ),
    version=3,
    key=(Dimension("stage", "The stage of the lifecycle that was reached."),),
    dimensions=(
        Dimension("channel", "The first channel that the person's lines name, as it was tracked."),
        Dimension("heard", "How they say they heard of us: self-reported. Persons only."),
    ),
    measures=(
        Measure("count", "How many reached this stage or a later one."),
        Measure("value", "The same, as a decimal."),
        Measure("here", "How many of them went no further."),
    ),
)


def grain(ask: Ask) -> str:
    """One row a person and stage reached: subject, stage, here and the dimensions asked for."""
    column = "company" if ask.grain == "company" else "identifier"
    joined = f"INNER JOIN who AS w ON w.identifier = l.{column} AND w.anonymous = 0"
    whose = "w.key AS subject"
    said = numbered(json_text("l.properties", "stage"), _RUNG)
    rung = f"CASE WHEN l.kind = {text(REACHED)} THEN {said} ELSE {numbered('l.kind', _implied())} END AS rung"
    parts = {
        "told": in_force([whose, rung], kinds=_KINDS, joined=joined, without_machines=True),
        "standing": "SELECT subject, MAX(rung) AS furthest FROM told WHERE rung IS NOT NULL GROUP BY subject",
        "said": "SELECT DISTINCT rung FROM told WHERE rung IS NOT NULL",
        "ladder": " UNION ALL ".join(f"SELECT {number} AS rung, {text(s)} AS stage" for s, number in _RUNG.items()),
    }
    if "channel" in ask.by:
        named = ["l.channel IS NOT NULL", "l.channel <> ''"]
        parts["channels"] = in_force([whose, "l.channel"], where=named, joined=joined, without_machines=True)
        parts["first_channel"] = stepped("channels")
    if "heard" in ask.by:
        heard = json_text("l.properties", "heard_of_us_by")
        parts["hearsay"] = in_force(
            [whose, f"{heard} AS heard"], kinds=[_HEARD], where=[f"{heard} IS NOT NULL"], joined=joined
        )
        parts["last_heard"] = stepped("hearsay", backwards=True)
    return ctes(parts, _persons(ask.by))


def _implied() -> dict[str, int]:
    return {kind: _RUNG[stage] for kind, stage in IMPLIED.items()}


def _persons(by: tuple[str, ...]) -> str:
    tables = {"channel": ("first_channel", "a"), "heard": ("last_heard", "b")}
    further = "".join(f", {tables[name][1]}.{name}" for name in by)
    joins = " ".join(
        f"LEFT JOIN {tables[name][0]} AS {tables[name][1]} "
        f"ON {tables[name][1]}.subject = s.subject AND {tables[name][1]}.step = 1"
        for name in by
    )
    return (
        "SELECT s.subject, r.stage, CASE WHEN r.rung = s.furthest THEN 1 ELSE 0 END AS here"
        f"{further} FROM standing AS s INNER JOIN ladder AS r ON r.rung <= s.furthest "
        f"INNER JOIN said AS u ON u.rung = r.rung {joins}"
    )


def kinds(ask: Ask) -> frozenset[str] | None:
    """The kinds it reads: all of them where the first channel is asked for."""
    if "channel" in ask.by:
        return None
    return _KINDS | ({_HEARD} if "heard" in ask.by else frozenset())


DEFINITION = Definition(
    metric=METRIC,
    grain_sql=grain,
    reads=("source", "message_id", "part", "identifier", "company", "channel", "properties"),
    subject_kinds={"person": "person", "company": "company"},
    order=(numbered("stage", _RUNG), "count DESC", "channel", "heard"),
    kinds=kinds,
    sums={"here": "here"},
    who={"person": "person", "company": "company"},
    verdicts=True,
    units={"person": "persons", "company": "companies"},
)
