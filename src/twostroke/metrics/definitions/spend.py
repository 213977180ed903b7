"""Spend: what marketing cost, by day, channel and campaign, in the reporting currency."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from twostroke.metrics.facts import Dimension, Measure, Metric, Row
from twostroke.metrics.rates import LONGEST_REST
from twostroke.metrics.shapes import Ask, Definition
from twostroke.query.lines import civil_days, in_force, last_words, on_civil_day, stepped
from twostroke.query.words import any_of, ctes, json_text

SPENT = "spend.recorded"
RATE = "rate.recorded"
_WORDS = ("channel", "campaign", "content", "source")

METRIC = Metric(
    name="spend",
    title="Spend",
    question="What did marketing cost, where and when?",
    formula=(
        "Each spend counts once, as the last of its spend.recorded lines in force says, taken in the order of their "
        "instant, then of source, message and part. Its day is the one it names, or the day of the installation's "
        "zone its instant falls on; an amount that covers several days stands on the first. An amount in another "
        "currency is converted into the reporting currency by the rate of its day: the newest rate not after that day "
        f"and at most {LONGEST_REST} days older that names both currencies, else the same the other way round, else "
        "two rates of one day against a third currency (of several the first by name); of equal age these are "
        "taken in this order, and of one pair and day the last line in force counts. The amount in minor units times "
        "the rate, taken to fourteen decimal places, is rounded to whole minor units, half away from zero. An amount "
        "no rate reaches, or one without a day, stays in its own currency, in a row of its own. Count: how many "
        "spends. Value: the sum of their amounts. Converted: how many of them came from another currency. Impressions "
        "and clicks: what they name, together."
    ),
    grains=("spend",),
    horizon="All days on the log up to the line named in as_of.",
    unit="spends; value in the row's currency",
    caveat=(
        "What nobody recorded: salaries, tools, agencies come in only where a list of costs names them. Impressions "
        "and clicks are the platforms' own counts. Rows in another currency than the reporting one could not be "
        "converted: bring in rates of their days. A rate that can be none (a smallest unit worth nothing, or more than "
        "99,999 of the other) converts nothing."
    ),
    version=1,
    key=(Dimension("currency", "Currency of the amounts (ISO 4217): the reporting one, unless no rate was found."),),
    dimensions=(
        Dimension("day", "Day (2026-11-24); empty where the time is not known."),
        Dimension("month", "Month (2026-11); empty where the time is not known."),
        Dimension("channel", "Channel, normalised."),
        Dimension("campaign", "Campaign, in the words of the platform."),
        Dimension("content", "Ad or group of ads, in the words of the platform."),
        Dimension("platform", "Where it was spent."),
        Dimension("source", "Where the spend's last line came from."),
    ),
    measures=(
        Measure("count", "How many spends."),
        Measure("value", "Sum of their amounts.", money=True),
        Measure("impressions", "How often it was shown for that money, as the platforms say."),
        Measure("clicks", "How often it was clicked for that money, as the platforms say."),
        Measure("converted", "How many of the amounts were converted from another currency."),
    ),
)


def grain(ask: Ask) -> str:
    """One row a spend: subject, currency, amount_minor, converted, impressions, clicks and the dimensions asked for."""
    platform = ["platform"] if "platform" in ask.by else []
    columns = [
        "l.subject", "l.happened_at", "l.channel", "l.campaign", "l.content", "l.amount_minor", "l.currency",
        *(f"CAST({json_text('l.properties', name)} AS BIGINT) AS {name}" for name in ("impressions", "clicks")),
        *(f"{json_text('l.properties', name)} AS {name}" for name in platform),
    ]  # fmt: skip
    said = ("happened_at", *_WORDS, "amount_minor", "currency", "impressions", "clicks", "instant", *platform)
    parts = {
        "told": in_force(columns, kinds=[SPENT]),
        "placed": stepped("told"),
        "folded": last_words(
            "placed", {name: ("step > 0", name) for name in said}, only=any_of("kind", [SPENT])
        ),
        "days": civil_days("day_ms", "date", "month"),
        "dated": (
            "SELECT f.*, CASE WHEN f.happened_at IS NULL THEN NULL ELSE d.day_ms END AS day_ms, "
            "CASE WHEN f.happened_at IS NULL THEN NULL ELSE d.date END AS day, "
            "CASE WHEN f.happened_at IS NULL THEN NULL ELSE d.month END AS month "
            f"FROM folded AS f LEFT JOIN days AS d ON {on_civil_day('f.instant', 'd')}"
        ),
    }  # fmt: skip
    return ctes(parts, _spends(ask.by))


def _spends(by: tuple[str, ...]) -> str:
    amount = "CAST(s.amount_minor AS DECIMAL(19, 0))"
    further = "".join(f", s.{name}" for name in by)
    return (
        "SELECT s.subject, CASE WHEN r.factor IS NULL THEN s.currency ELSE h.reporting_currency END AS currency, "
        f"CASE WHEN r.factor IS NULL THEN {amount} ELSE ROUND({amount} * r.factor, 0) END AS amount_minor, "
        "CASE WHEN r.factor IS NULL THEN 0 ELSE 1 END AS converted, "
        "COALESCE(s.impressions, 0) AS impressions, COALESCE(s.clicks, 0) AS clicks"
        f"{further} FROM dated AS s CROSS JOIN house AS h LEFT JOIN rates AS r "
        "ON r.currency = s.currency AND s.day_ms >= r.first_ms AND s.day_ms < r.until_ms"
    )


def notes(rows: Sequence[Row], reporting: str) -> tuple[str, ...]:
    """What could not be converted, by currency."""
    left: dict[str, Decimal] = {}
    for row in rows:
        currency = row.key["currency"] or reporting
        if currency != reporting:
            left[currency] = left.get(currency, Decimal(0)) + Decimal(str(row.measures["value"]))
    return tuple(
        f"{currency} {amount:,} could not be converted into {reporting}: no rate of its day is on the log. Bring in "
        "rates of these days, such as a central bank's eurofxref-hist.csv."
        for currency, amount in sorted(left.items())
    )


DEFINITION = Definition(
    metric=METRIC,
    grain_sql=grain,
    reads=("source", "message_id", "part", "subject", "channel", "campaign", "content", "amount_minor", "currency",
           "properties"),
    subject_kinds={"spend": "spend"},
    order=("day", "month", "amount DESC", "currency"),
    kinds=lambda ask: frozenset({SPENT, RATE}),
    sums={"impressions": "impressions", "clicks": "clicks", "converted": "converted"},
    money="value",
    converts=SPENT,
    notes=notes,
)  # fmt: skip
