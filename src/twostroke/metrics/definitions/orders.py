"""Orders: what was ordered, week by week or month by month, and for how much."""

from __future__ import annotations

from twostroke.metrics.facts import Dimension, Measure, Metric
from twostroke.metrics.shapes import Ask, Definition
from twostroke.query.lines import civil_days, in_force, last_words, on_civil_day, stepped
from twostroke.query.words import any_of, ctes

PLACED, CHANGED, CANCELLED = "order.placed", "order.changed", "order.cancelled"
_IN_TIME = ("week", "month")

METRIC = Metric(
    name="orders",
    title="Orders",
    question="How much was ordered, and when?",
    formula=(
        "Each order counts once, however many tools tell it, as long as one of its lines in force says that it was "
        "placed, and unless the last of those that say placed, changed or cancelled says cancelled. Lines are taken in "
        "the order of their instant, then of the rank of their kind, source, message and part. Its time is that of the "
        "first line that says placed, in the week and month of the installation's zone; its amount the last one a line "
        "names. Rows: by currency of the amounts. Count: how many orders. Value: the sum of their amounts. Without "
        "value: how many of them name no amount; they stand in the rows of the reporting currency."
    ),
    grains=("order",),
    horizon="All orders ever on the log, as they stand at the line named in as_of.",
    unit="orders; value in the row's currency",
    caveat=(
        "Amounts are not converted between currencies; what was refunded is not taken off. A week or month that the "
        "log ends in is not whole."
    ),
    version=1,
    key=(Dimension("currency", "Currency of the amounts (ISO 4217)."),),
    dimensions=(
        Dimension("week", "Week in which it was placed (2026-W48, ISO 8601); empty where the time is not known."),
        Dimension("month", "Month in which it was placed (2026-11); empty where the time is not known."),
        Dimension("channel", "The last channel its lines name."),
        Dimension("source", "Where the order's last line came from."),
    ),
    measures=(
        Measure("count", "How many orders."),
        Measure("value", "Sum of their amounts.", money=True),
        Measure("without_value", "How many of them name no amount."),
    ),
)


def grain(ask: Ask) -> str:
    """One row an order: subject, currency, amount_minor and the dimensions asked for."""
    columns = ["l.subject", "l.happened_at", "l.amount_minor", "l.currency", "l.channel"]
    words = {
        "standing": (any_of("kind", [PLACED, CHANGED, CANCELLED]), "kind"),
        "amount_minor": ("amount_minor IS NOT NULL", "amount_minor"),
        "currency": ("amount_minor IS NOT NULL", "currency"),
        "channel": ("channel IS NOT NULL", "channel"),
        "source": ("step > 0", "source"),
    }
    parts = {
        "told": in_force(columns, kinds=kinds(ask), where=["l.subject_kind = 'order'"]),
        "placed": stepped("told"),
        "folded": last_words("placed", words, only=any_of("kind", [PLACED])),
        "placings": f"SELECT * FROM told WHERE {any_of('kind', [PLACED])}",
        "first_placing": stepped("placings"),
        "days": civil_days(*_IN_TIME),
    }
    return ctes(parts, _orders(ask.by))


def _orders(by: tuple[str, ...]) -> str:
    told = {name: f"CASE WHEN p.happened_at IS NULL THEN NULL ELSE d.{name} END AS {name}" for name in _IN_TIME}
    further = "".join(f", {told.get(name, f'f.{name}')}" for name in by)
    return (
        "SELECT f.subject, COALESCE(f.currency, h.reporting_currency) AS currency, f.amount_minor"
        f"{further} FROM folded AS f CROSS JOIN house AS h "
        "INNER JOIN first_placing AS p ON p.subject = f.subject AND p.step = 1 "
        f"LEFT JOIN days AS d ON {on_civil_day('p.instant', 'd')} WHERE f.standing <> '{CANCELLED}'"
    )


def kinds(ask: Ask) -> frozenset[str]:
    """The kinds of line an order follows from."""
    del ask
    return frozenset({PLACED, CHANGED, CANCELLED})


DEFINITION = Definition(
    metric=METRIC,
    grain_sql=grain,
    reads=("source", "message_id", "part", "subject_kind", "subject", "channel", "amount_minor", "currency"),
    subject_kinds={"order": "order"},
    order=("week", "month", "count DESC", "currency"),
    kinds=kinds,
    money="value",
    missing="without_value",
)
