"""Events: of those who came to a fair or a webinar, how many bought, and how long after."""

from __future__ import annotations

from twostroke.metrics.facts import Dimension, Measure, Metric
from twostroke.metrics.shapes import Ask, Definition
from twostroke.query.lines import in_force, staff
from twostroke.query.words import ctes, json_text

CAME = ("card.taken", "event.attended")
WON = "deal.won"
_DAY = 86_400_000

METRIC = Metric(
    name="events",
    title="Events",
    question="Of those who came to a fair or a webinar, how many bought, and how long after?",
    formula=(
        "Each person counts once for each event that a card.taken or event.attended line in force of theirs names, in "
        "small letters; they came where the first such line stands. They bought where the first deal.won line in force "
        "stands after that which names them, or a company that a description in force names them with. Within 90 days, "
        "within 180 days, later: how many bought up to 90 days (of 24 hours) after they came, after more than that and "
        "up to 180, or later still. Days: what all who bought took, together, in whole days each. Count is how many "
        "came, and value the same. Lines of unknown time are left out."
    ),
    grains=("visit of a person",),
    horizon="All events ever on the log up to the line named in as_of.",
    unit="visits",
    caveat=(
        "That somebody bought after an event does not say that they bought because of it. Two tools that write an "
        "event's name differently tell of two events. Of those who came lately not all have had the time."
    ),
    version=1,
    key=(Dimension("event", "Name of the event, in small letters; empty where none is named."),),
    dimensions=(),
    measures=(
        Measure("count", "How many came."),
        Measure("value", "The same, as a decimal."),
        Measure("bought", "How many of them bought after that."),
        Measure("within_90d", "How many bought within 90 days."),
        Measure("within_180d", "How many bought after more than 90 days, and within 180."),
        Measure("later", "How many bought after more than 180 days."),
        Measure("days", "What all who bought took, together.", parts=_DAY),
    ),
)


def grain(ask: Ask) -> str:
    """One row a person and event: subject, event, bought, within_90d, within_180d, later, days."""
    del ask
    joined = "INNER JOIN who AS w ON w.identifier = l.identifier AND w.anonymous = 0"
    known = ["l.happened_at IS NOT NULL"]
    named = f"LOWER({json_text('l.properties', 'event')}) AS event"
    parts = {
        "told": in_force(["w.key AS subject", named], kinds=CAME, where=known, joined=joined),
        "came": "SELECT subject, event, MIN(instant) AS at FROM told GROUP BY subject, event",
        "staff": staff(),
        "won_by": in_force(["l.identifier", "l.company"], kinds=[WON], where=known),
        "wins": (
            "SELECT w.key AS subject, d.instant FROM won_by AS d INNER JOIN who AS w ON w.identifier = d.identifier "
            "UNION SELECT s.person, d.instant FROM won_by AS d INNER JOIN firms AS v ON v.identifier = d.company "
            "INNER JOIN staff AS s ON s.firm = v.key"
        ),
        "after": (
            "SELECT c.subject, c.event, MIN(s.instant) - MIN(c.at) AS took FROM came AS c LEFT JOIN wins AS s "
            "ON s.subject = c.subject AND s.instant > c.at GROUP BY c.subject, c.event"
        ),
    }
    return ctes(
        parts,
        "SELECT subject, event, CASE WHEN took IS NULL THEN 0 ELSE 1 END AS bought, "
        f"CASE WHEN took <= {90 * _DAY} THEN 1 ELSE 0 END AS within_90d, "
        f"CASE WHEN took > {90 * _DAY} AND took <= {180 * _DAY} THEN 1 ELSE 0 END AS within_180d, "
        f"CASE WHEN took > {180 * _DAY} THEN 1 ELSE 0 END AS later, "
        f"COALESCE(took - took % {_DAY}, 0) AS days FROM after",
    )


def kinds(ask: Ask) -> frozenset[str]:
    """The kinds of line it follows from."""
    del ask
    return frozenset({*CAME, WON, "person.described"})


DEFINITION = Definition(
    metric=METRIC,
    grain_sql=grain,
    reads=("source", "message_id", "part", "identifier", "company", "properties"),
    subject_kinds={"visit of a person": "person"},
    order=("count DESC", "event"),
    kinds=kinds,
    sums={name: name for name in ("bought", "within_90d", "within_180d", "later", "days")},
    who={"visit of a person": "person"},
    firms=True,
)
