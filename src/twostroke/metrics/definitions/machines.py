"""Machines: which page views, openings and clicks were people's, which machines', and which nobody can tell."""

from __future__ import annotations

from twostroke.intake.facts import RULES, hit_kinds
from twostroke.ledger.catalogue import current
from twostroke.metrics.facts import TRUST, Dimension, Measure, Metric
from twostroke.metrics.shapes import Ask, Definition
from twostroke.query.lines import in_force
from twostroke.query.words import ctes, json_text

METRIC = Metric(
    name="machines",
    title="Humans and machines",
    question="Which page views, forms, openings and clicks did people do, which machines, and which are open?",
    formula=(
        "Each line in force of a kind that keeps the names of the software (page views, forms, mails opened and "
        "clicked, and the like) counts once, by verdict and reason. A machine: whoever sent it says so (said); its "
        "software calls itself a crawler or scanner (crawler) or is a browser steered by a program (steered); a link "
        "followed within 10 seconds of the mail's delivery (scanned); different links of one mail within a second "
        "(burst); a mail opened within 10 seconds of a machine's click in it (swept); 10 different pages of one device "
        "within 10 seconds, where nobody but the device was named (pace). Unsure: a programming library (library); a "
        "mail provider's proxy (proxy); software that is no known browser (odd); a mail opened within 5 seconds of its "
        "delivery (soon); a link followed within a minute of it without the mail having been opened (blind); no "
        "software named (unnamed). Else a human: a browser (browser), or whoever sent it says so (said). Rows: by "
        f"verdict and reason. Value is the count. Rules of edition {RULES}; names of software from the list of "
        "crawler-user-agents."
    ),
    grains=("line",),
    horizon="All such lines on the log up to the line named in as_of.",
    unit="hits",
    caveat=(
        "A machine that looks like a browser and takes its time is taken for a human. People are taken for machines as "
        "rarely as can be: what is only odd is open, and what is open counts as people's in other numbers. A device "
        "that more than 5,000 lines name is not judged by its pace."
    ),
    version=1,
    key=(
        Dimension("verdict", "human, machine or unsure."),
        Dimension("reason", "Why: a word explained in the formula."),
    ),
    dimensions=(
        Dimension("kind", "Kind of line."),
        Dimension("channel", "Channel of the line, where it names one."),
        TRUST,
    ),
    measures=(Measure("count", "How many hits."), Measure("value", "The same, as a decimal.")),
)


def grain(ask: Ask) -> str:
    """One row a hit: subject (its name on the log), verdict, reason and the dimensions asked for."""
    agent = json_text("l.properties", "agent")
    columns = [
        "l.event_id AS subject", "l.channel", "l.trust",
        f"COALESCE(v.verdict, CASE WHEN {agent} IS NULL THEN 'unsure' ELSE 'human' END) AS verdict",
        f"COALESCE(v.reason, CASE WHEN {agent} IS NULL THEN 'unnamed' ELSE 'browser' END) AS reason",
    ]  # fmt: skip
    told = in_force(columns, kinds=kinds(ask), joined="LEFT JOIN verdicts AS v ON v.seq = l.seq")
    further = "".join(f", {name}" for name in ask.by)
    return ctes({"told": told}, f"SELECT subject, verdict, reason{further} FROM told")


def kinds(ask: Ask) -> frozenset[str]:
    """The kinds of line that are judged."""
    del ask
    return hit_kinds(current())


DEFINITION = Definition(
    metric=METRIC,
    grain_sql=grain,
    reads=("event_id", "source", "message_id", "part", "channel", "trust", "properties"),
    subject_kinds={"line": "line"},
    order=("verdict", "count DESC", "reason"),
    kinds=kinds,
    verdicts=True,
)
