"""Holdouts: what became of those who were left out, beside those who were not."""

from __future__ import annotations

from twostroke.metrics.comparing import compared, unanswered
from twostroke.metrics.definitions.pipeline import DEALING, ENDING
from twostroke.metrics.facts import Dimension, Measure, Metric
from twostroke.metrics.shapes import Ask, Definition
from twostroke.query.lines import in_force, last_words, stepped
from twostroke.query.words import any_of, ctes, json_text

ASSIGNED, FIRM, PLACED = "experiment.assigned", "company.described", "order.placed"
# Before the first and after the last instant of any log, in ms.
_FIRST, _LAST = -(10**15), 10**15

METRIC = Metric(
    name="holdouts",
    title="Holdouts",
    question="What did it cause: how many bought of those who were reached, and of those who were left out by chance?",
    formula=(
        "An experiment's buyers are those whom its experiment.assigned lines in force name; of the lines of one "
        "experiment about the same person, company, region or branch the last one counts, in the order of their "
        "instant, then of source, message and part. A person stands for a company: the one the line names, else the "
        "one that the last of the descriptions in force that name the person with a company names; whoever has none "
        "is a buyer alone. A region or a branch of trade that was drawn as a whole stands for all companies whose "
        "last described region or country, or sector, is of that name in small letters, and that were first "
        "described before it began. For each buyer the experiment lasts from the instant of the earliest such line "
        "(from ever, where one has no known time) to the end of the last day any of them names (until now, where "
        "one names none). A buyer named in several arms has an empty arm. Buyers with a deal won before it began "
        "are left out. Deals are those of the pipeline: a deal is that of the company its last line with a company "
        "names, else of whom its lines name; it was opened where the first of its opened lines stands, or its first "
        "line where none says opened, and won where the first of its won lines stands, if it is won. Opened, won, "
        "ordered: how many buyers opened a deal, won one, placed an order (an order.placed line in force of theirs) "
        "while it lasted; later: how many won one only after its end. Count is how many buyers, value the sum of "
        "the amounts of the deals won while it lasted in the reporting currency; without value: how many of these "
        "deals name no amount in it. Rows: by experiment, arm and, where whole regions were drawn, region. "
        "Comparisons: the share of an arm less that of the one held out, with an interval of 95 per cent: by "
        "Wilson's limits, squared and added (Newcombe 1998, Zou and Donner 2008), of regions by Student's t over "
        "the regions' shares. Of an experiment that tries two things at once: what each does over the other's "
        "levels alike, what both do against neither, and how much more that is than the sum of what each does "
        "alone."
    ),
    grains=("buyer",),
    horizon="All experiments on the log up to the line named in as_of, each while it lasted.",
    unit="buyers; value in the row's currency",
    caveat=(
        "It holds only as far as those left out were chosen by chance, and were left out. An interval that holds 0 "
        "does not say that nothing was done, only that it cannot be told apart from nothing. Of twenty comparisons "
        "about one lies outside its interval by chance alone. Companies that came on record while a region was "
        "drawn are not counted there."
    ),
    version=1,
    key=(
        Dimension("experiment", "Name of the experiment."),
        Dimension("arm", "What was drawn, in the words of the list; empty for buyers with people in several arms."),
        Dimension("cluster", "Region or branch that was drawn as a whole; empty where buyers were drawn one by one."),
        Dimension("currency", "The reporting currency (ISO 4217)."),
    ),
    dimensions=(
        Dimension("sector", "Branch of trade of the buyer's company."),
        Dimension("region", "Region of the buyer's company, else its country."),
    ),
    measures=(
        Measure("count", "How many buyers were drawn."),
        Measure("value", "Sum of the amounts of the deals they won while it lasted.", money=True),
        Measure("opened", "How many of them opened a deal while it lasted."),
        Measure("won", "How many of them won one while it lasted."),
        Measure("ordered", "How many of them placed an order while it lasted."),
        Measure("later", "How many of them won a deal only after its end."),
        Measure("without_value", "How many of the deals won name no amount in the reporting currency."),
    ),
)
_SUMS = ("opened", "won", "ordered", "later", "without_value")
_KNOWN = "who AS w ON w.identifier = l.identifier AND w.anonymous = 0"


def grain(ask: Ask) -> str:
    """One row a buyer and experiment: subject, subject_kind, the key, the sums, amount_minor, the dimensions asked."""
    return ctes(_homes() | _firms() | _buyers() | _deals(), _outcomes(ask.by))


def _homes() -> dict[str, str]:
    """The company each person stands for: the one that the last description that names one names."""
    joined = f"INNER JOIN {_KNOWN} INNER JOIN firms AS v ON v.identifier = l.company"
    return {
        "named_at": in_force(["w.key AS subject", "v.key AS firm"], kinds=["person.described"], joined=joined),
        "named_in_order": stepped("named_at", backwards=True),
        "home": "SELECT subject AS person, firm FROM named_in_order WHERE step = 1",
    }


def _firms() -> dict[str, str]:
    """Companies as they are described: region, country, sector, and since when."""
    told = {name: json_text("l.properties", name) for name in ("region", "country", "sector")}
    joined = "INNER JOIN firms AS v ON v.identifier = l.company"
    words = {name: (f"{name} IS NOT NULL", name) for name in told}
    return {
        "described": in_force(
            ["v.key AS subject", *(f"{said} AS {name}" for name, said in told.items())], kinds=[FIRM], joined=joined
        ),
        "described_in_order": stepped("described"),
        "firm": last_words("described_in_order", words, only="1 = 1"),
        "since": "SELECT subject, MIN(instant) AS instant FROM described GROUP BY subject",
        "places": (
            "SELECT subject, 'region' AS what, LOWER(region) AS place FROM firm "
            "UNION SELECT subject, 'region', LOWER(country) FROM firm "
            "UNION SELECT subject, 'sector', LOWER(sector) FROM firm"
        ),
    }


def _buyers() -> dict[str, str]:
    """Each buyer of each experiment with arm, region and the time it lasts."""
    said = {name: json_text("l.properties", name) for name in ("experiment", "arm", "region", "sector", "until")}
    columns = [
        "w.key AS person", "v.key AS named", "l.happened_at", *(f"{sql} AS {name}" for name, sql in said.items()),
        f"COALESCE(w.key, v.key, LOWER({said['region']}), LOWER({said['sector']})) AS about",
    ]  # fmt: skip
    joined = f"LEFT JOIN {_KNOWN} LEFT JOIN firms AS v ON v.identifier = l.company"
    begins = f"CASE WHEN t.happened_at IS NULL THEN {_FIRST} ELSE t.instant END"
    time = f"{begins} AS begins, COALESCE(d.last_ms, {_LAST}) AS ends"
    days = "LEFT JOIN calendar AS d ON d.date = t.until"
    return {
        "told": in_force(columns, kinds=[ASSIGNED], joined=joined),
        "in_order": stepped("told", "experiment, about", backwards=True),
        "assigned": f"SELECT t.*, {time} FROM in_order AS t {days} WHERE t.step = 1",
        "drawn": (
            "SELECT a.experiment, a.arm, NULL AS cluster, a.begins, a.ends, "
            "COALESCE(a.named, h.firm, a.person) AS subject, "
            "CASE WHEN COALESCE(a.named, h.firm) IS NULL THEN 'person' ELSE 'company' END AS subject_kind "
            "FROM assigned AS a LEFT JOIN home AS h ON h.person = a.person "
            "WHERE a.person IS NOT NULL OR a.named IS NOT NULL "
            "UNION ALL SELECT a.experiment, a.arm, COALESCE(a.region, a.sector), a.begins, a.ends, p.subject, "
            "'company' FROM assigned AS a INNER JOIN places AS p "
            "ON p.what = CASE WHEN a.region IS NULL THEN 'sector' ELSE 'region' END "
            "AND p.place = LOWER(COALESCE(a.region, a.sector)) "
            "INNER JOIN since AS s ON s.subject = p.subject AND s.instant < a.begins "
            "WHERE a.person IS NULL AND a.named IS NULL"
        ),
        "buyers": (
            "SELECT experiment, subject, MIN(subject_kind) AS subject_kind, "
            "CASE WHEN MIN(arm) = MAX(arm) THEN MIN(arm) END AS arm, "
            "CASE WHEN MIN(cluster) = MAX(cluster) THEN MIN(cluster) END AS cluster, "
            "MIN(begins) AS begins, MAX(ends) AS ends FROM drawn GROUP BY experiment, subject"
        ),
    }  # fmt: skip


def _deals() -> dict[str, str]:
    """Deals and orders by buyer: when they were opened, won and placed, and their amounts."""
    columns = ["l.subject", "l.identifier", "l.company", "l.amount_minor", "l.currency"]
    words = {
        "ending": (any_of("kind", ENDING), "kind"),
        "amount_minor": ("amount_minor IS NOT NULL", "amount_minor"),
        "currency": ("amount_minor IS NOT NULL", "currency"),
        "company": ("company IS NOT NULL", "company"),
    }
    joined = (
        f"LEFT JOIN {_KNOWN} LEFT JOIN firms AS v ON v.identifier = l.company LEFT JOIN home AS h ON h.person = w.key"
    )
    return {
        "of_deals": in_force(columns, kinds=DEALING, where=["l.subject_kind = 'deal'"]),
        "deals_in_order": stepped("of_deals"),
        "deal": last_words("deals_in_order", words, only="1 = 1"),
        "times": (
            "SELECT subject, COALESCE(MIN(CASE WHEN kind = 'deal.opened' THEN instant END), MIN(instant)) AS opened, "
            "MIN(CASE WHEN kind = 'deal.won' THEN instant END) AS won FROM of_deals GROUP BY subject"
        ),
        "whose": (
            "SELECT d.subject AS deal, v.key AS subject FROM deal AS d INNER JOIN firms AS v "
            "ON v.identifier = d.company "
            "UNION SELECT o.subject, COALESCE(h.firm, w.key) FROM of_deals AS o INNER JOIN who AS w "
            "ON w.identifier = o.identifier AND w.anonymous = 0 LEFT JOIN home AS h ON h.person = w.key "
            "INNER JOIN deal AS d ON d.subject = o.subject AND d.company IS NULL"
        ),
        "theirs": (
            "SELECT w.subject, t.opened, CASE WHEN d.ending = 'deal.won' THEN t.won END AS won, "
            "CASE WHEN d.currency = h.reporting_currency THEN d.amount_minor END AS amount_minor "
            "FROM whose AS w INNER JOIN deal AS d ON d.subject = w.deal INNER JOIN times AS t ON t.subject = w.deal "
            "CROSS JOIN house AS h"
        ),
        "orders": in_force(["COALESCE(v.key, h.firm, w.key) AS subject"], kinds=[PLACED], joined=joined),
    }


def _outcomes(by: tuple[str, ...]) -> str:
    opened = "t.opened >= b.begins AND t.opened <= b.ends"
    won = "t.won >= b.begins AND t.won <= b.ends"
    dealt = (
        "SELECT b.experiment, b.subject, MAX(CASE WHEN t.won < b.begins THEN 1 ELSE 0 END) AS before, "
        f"MAX(CASE WHEN {opened} THEN 1 ELSE 0 END) AS opened, MAX(CASE WHEN {won} THEN 1 ELSE 0 END) AS won, "
        "MAX(CASE WHEN t.won > b.ends THEN 1 ELSE 0 END) AS later, "
        f"SUM(CASE WHEN {won} THEN COALESCE(t.amount_minor, 0) ELSE 0 END) AS amount_minor, "
        f"SUM(CASE WHEN {won} AND t.amount_minor IS NULL THEN 1 ELSE 0 END) AS without_value "
        "FROM buyers AS b LEFT JOIN theirs AS t ON t.subject = b.subject GROUP BY b.experiment, b.subject"
    )
    ordering = (
        "SELECT b.experiment, b.subject FROM buyers AS b INNER JOIN orders AS o ON o.subject = b.subject "
        "AND o.instant >= b.begins AND o.instant <= b.ends GROUP BY b.experiment, b.subject"
    )
    told = {"sector": "f.sector AS sector", "region": "COALESCE(f.region, f.country) AS region"}
    further = "".join(f", {told[name]}" for name in by)
    return (
        "SELECT b.subject, b.subject_kind, b.experiment, b.arm, b.cluster, h.reporting_currency AS currency, "
        "o.opened, o.won, CASE WHEN p.subject IS NULL THEN 0 ELSE 1 END AS ordered, "
        "CASE WHEN o.won = 1 THEN 0 ELSE o.later END AS later, o.without_value, o.amount_minor"
        f"{further} FROM buyers AS b CROSS JOIN house AS h "
        f"INNER JOIN ({dealt}) AS o ON o.experiment = b.experiment AND o.subject = b.subject "
        f"LEFT JOIN ({ordering}) AS p ON p.experiment = b.experiment AND p.subject = b.subject "
        "LEFT JOIN firm AS f ON f.subject = b.subject WHERE o.before = 0"
    )


def kinds(ask: Ask) -> frozenset[str]:
    """The kinds of line it follows from."""
    del ask
    return DEALING | {ASSIGNED, FIRM, PLACED, "person.described"}


DEFINITION = Definition(
    metric=METRIC,
    grain_sql=grain,
    reads=("source", "message_id", "part", "subject_kind", "subject", "identifier", "company", "amount_minor",
           "currency", "properties"),
    subject_kinds={"buyer": ""},
    order=("experiment", "arm", "cluster"),
    kinds=kinds,
    sums={name: name for name in _SUMS},
    money="value",
    who={"buyer": "person"},
    firms=True,
    notes=lambda rows, currency: unanswered(rows),
    compares=compared,
)  # fmt: skip
