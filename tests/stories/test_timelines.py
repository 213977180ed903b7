"""The referee on what happened: every touch of every person, and every move of every deal, at its time."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

from tests.stories.firms import Firm, minute, owners
from twostroke.identity.models import Identifier
from twostroke.identity.timelines import timeline
from twostroke.metrics.queries import compute

# What the tools do not tell apart: a call nobody answered is a call with that outcome, a visit a meeting with a place.
TOLD_AS = {"call.missed": "call.made", "visit.made": "meeting.held"}
# Of persons; deals and money are judged by themselves.
TOUCHES = {"call.made", "mail.sent", "meeting.held", "meeting.booked", "ticket.opened", "card.taken", "task.opened"}
STAGES = {
    "hubspot": {"deal": "Needs found", "tasting": "Tasting held", "proposal": "Proposal sent"},
    "salesforce": {"deal": "Needs Analysis", "tasting": "Value Proposition", "proposal": "Proposal/Price Quote"},
}


def test_every_touch_of_every_person_is_on_their_timeline_at_its_minute(firm: Firm) -> None:
    expected: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    for row in firm.clean:
        kind = TOLD_AS.get(row["kind"], row["kind"])
        if kind in TOUCHES:
            expected[row["person"]][kind, minute(row["at"])] += 1
    told: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    whose = {key: firm.names[name] for name, key in owners().items()}
    for key, persons in whose.items():
        for entry in timeline(key, "person"):
            if entry.kind in TOUCHES and entry.at is not None:
                assert len(persons) == 1, f"a touch of nobody in particular: {entry}"
                told[next(iter(persons))][entry.kind, minute(entry.at)] += 1
    assert sum(sum(mine.values()) for mine in expected.values()) > 1000
    for person in expected.keys() | told.keys():
        assert told[person] == expected[person], person


def test_every_move_of_every_deal_is_on_its_timeline_at_its_minute(firm: Firm) -> None:
    deals = dict(Identifier.objects.filter(namespace=f"record:{firm.crm}:deal").values_list("value", "id"))
    expected: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in firm.clean:
        if row["kind"].startswith("deal."):
            expected[row["key"] if firm.crm == "hubspot" else row["key"][:15]].add((row["kind"], minute(row["at"])))
    assert len(expected) > 20
    for deal, moves in expected.items():
        told = {(entry.kind, minute(entry.at)) for entry in timeline(deals[deal], "deal") if entry.at is not None}
        assert moves <= told, deal


def test_the_pipeline_is_that_of_the_truth_to_the_cent(firm: Firm) -> None:
    expected: dict[tuple[str, str | None], tuple[int, Decimal]] = {}
    for stage in ("deal", "tasting", "proposal", "won", "lost"):
        mine = [Decimal(row["amount_minor"]) / 100 for row in firm.table("companies") if row["deal"] == stage]
        key = (stage, None) if stage in ("won", "lost") else ("open", STAGES[firm.crm][stage])
        if mine:
            expected[key] = (len(mine), sum(mine, Decimal(0)))
    told = {
        (str(row.key["status"]), row.key["stage"]): (row.measures["count"], Decimal(row.measures["value"]))
        for row in compute("pipeline").rows
    }
    assert told == expected


def test_those_who_came_furthest_are_those_of_the_truth(firm: Firm) -> None:
    """Customers by person, where the CRM says who took part in a deal; by company in any case."""
    won = {row["company"] for row in firm.table("companies") if row["deal"] == "won"}
    assert compute("lifecycle", grain="company").total("count", stage="customer") == len(won)
    recorded = {
        person for name, persons in firm.names.items() if name[0] == "record:hubspot:contact" for person in persons
    }
    buyers = [row for row in firm.table("people") if row["company"] in won and row["person"] in recorded]
    if firm.crm == "hubspot":
        assert compute("lifecycle").total("count", stage="customer") == len(buyers)
