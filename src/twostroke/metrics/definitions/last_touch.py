"""Last touch: what those who bought last clicked on, or where they last met us, before their deal was opened."""

from __future__ import annotations

from twostroke.metrics.definitions.pipeline import DEALING, ENDING
from twostroke.metrics.facts import Dimension, Measure, Metric
from twostroke.metrics.shapes import Ask, Definition
from twostroke.query.lines import in_force, last_words, staff, stepped
from twostroke.query.words import any_of, ctes

TOUCHES = ("ad.clicked", "mail.clicked", "card.taken", "event.attended")

METRIC = Metric(
    name="last_touch",
    title="Last touch",
    question="What had the buyers of won deals last clicked on, or where had they last met us, before the deal opened?",
    formula=(
        "Won deals and their amounts are those of the pipeline. A deal's people are all persons that its lines in "
        "force name, by whatever identifier, and all whom a description in force names with the company that the last "
        "of its lines with a company names; its beginning is where the first of its opened lines stands, or its "
        f"first line where none says opened. Of the lines in force of these persons that say {', '.join(TOUCHES)} at a "
        "known time before that beginning, the last one in the order of their instant, then of the rank of their kind, "
        "source, message and part, is the touch; what a machine did (see machines) is none. Rows: by kind of touch "
        "and currency; empty where no such line is. Count: how many won deals. Value: the sum of their amounts. "
        "Without value: how many of them name no amount."
    ),
    grains=("deal",),
    horizon="All won deals on the log, as they stand at the line named in as_of.",
    unit="won deals; value in the row's currency",
    caveat=(
        "It tells what stood last, not what worked: whoever was about to buy clicks on the firm's own name. Only what "
        "was clicked counts, not what was seen, called or talked about. What an act caused, only a comparison with "
        "people who were left without it can tell."
    ),
    version=2,
    key=(
        Dimension("touch", "Kind of the line that was the last touch; empty where there is none."),
        Dimension("currency", "Currency of the amounts (ISO 4217)."),
    ),
    dimensions=(
        Dimension("campaign", "Campaign that the touch names."),
        Dimension("channel", "Channel that the touch names."),
    ),
    measures=(
        Measure("count", "How many won deals."),
        Measure("value", "Sum of their amounts.", money=True),
        Measure("without_value", "How many of them name no amount."),
    ),
)


def grain(ask: Ask) -> str:
    """One row a won deal: subject, touch, currency, amount_minor and the dimensions asked for."""
    columns = ["l.subject", "l.identifier", "l.company", "l.amount_minor", "l.currency"]
    words = {
        "ending": (any_of("kind", ENDING), "kind"),
        "amount_minor": ("amount_minor IS NOT NULL", "amount_minor"),
        "currency": ("amount_minor IS NOT NULL", "currency"),
        "company": ("company IS NOT NULL", "company"),
    }
    known = "INNER JOIN who AS w ON w.identifier = l.identifier AND w.anonymous = 0"
    parts = {
        "told": in_force(columns, kinds=DEALING, where=["l.subject_kind = 'deal'"]),
        "placed": stepped("told"),
        "folded": last_words("placed", words, only="1 = 1"),
        "begun": (
            "SELECT subject, COALESCE(MIN(CASE WHEN kind = 'deal.opened' THEN instant END), MIN(instant)) AS begins "
            "FROM told GROUP BY subject"
        ),
        "staff": staff(),
        "buyers": (
            "SELECT t.subject, w.key AS person FROM told AS t INNER JOIN who AS w "
            "ON w.identifier = t.identifier AND w.anonymous = 0 "
            "UNION SELECT f.subject, s.person FROM folded AS f INNER JOIN firms AS v ON v.identifier = f.company "
            "INNER JOIN staff AS s ON s.firm = v.key"
        ),
        "touches": in_force(
            ["w.key AS person", "l.channel", "l.campaign"], kinds=TOUCHES, where=["l.happened_at IS NOT NULL"],
            joined=known, without_machines=True,
        ),
        "before": (
            "SELECT b.subject, t.kind, t.channel, t.campaign, t.instant, t.rank, t.source, t.message_id, t.part "
            "FROM buyers AS b INNER JOIN begun AS g ON g.subject = b.subject "
            "INNER JOIN touches AS t ON t.person = b.person AND t.instant < g.begins"
        ),
        "last_one": stepped("before", backwards=True),
    }  # fmt: skip
    further = "".join(f", o.{name}" for name in ask.by)
    return ctes(
        parts,
        "SELECT f.subject, o.kind AS touch, COALESCE(f.currency, h.reporting_currency) AS currency, f.amount_minor"
        f"{further} FROM folded AS f CROSS JOIN house AS h "
        "LEFT JOIN last_one AS o ON o.subject = f.subject AND o.step = 1 WHERE f.ending = 'deal.won'",
    )


def kinds(ask: Ask) -> frozenset[str]:
    """The kinds of line it follows from."""
    del ask
    return DEALING | {*TOUCHES, "person.described"}


DEFINITION = Definition(
    metric=METRIC,
    grain_sql=grain,
    reads=("source", "message_id", "part", "subject_kind", "subject", "identifier", "company", "channel", "campaign",
           "amount_minor", "currency"),
    subject_kinds={"deal": "deal"},
    order=("amount DESC", "touch", "currency"),
    kinds=kinds,
    money="value",
    missing="without_value",
    who={"deal": "person"},
    firms=True,
    verdicts=True,
)  # fmt: skip
