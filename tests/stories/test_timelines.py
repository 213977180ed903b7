"""The referee on what happened: every touch of every person, and every move of every deal, at its time."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from tests.stories.firms import Firm, minute, owners
from twostroke.identity.models import Identifier
from twostroke.identity.timelines import timeline
from twostroke.metrics.queries import compute

# Whole firms come in: once is enough, since both databases are held to the same state elsewhere.
pytestmark = pytest.mark.sqlite

# What the tools do not tell apart: a call nobody answered is a call with that outcome, a visit a meeting with a place.
TOLD_AS = {"call.missed": "call.made", "visit.made": "meeting.held", "product.added": "cart.changed"}
# Of persons; deals and money are judged by themselves.
TOUCHES = {
    "call.made", "mail.sent", "meeting.held", "meeting.booked", "ticket.opened", "card.taken", "task.opened",
    "page.viewed", "form.submitted", "order.placed", "cart.changed", "action.taken",
    "mail.delivered", "mail.opened", "mail.clicked", "mail.bounced", "mail.unsubscribed",
}  # fmt: skip
# Machines open and click, too, and colleagues a mail was forwarded to: the tools' files have them as the reader's.
ALSO_BY_MACHINES = {"mail.opened", "mail.clicked"}
STAGES = {
    "hubspot": {"deal": "Needs found", "tasting": "Tasting held", "proposal": "Proposal sent"},
    "salesforce": {"deal": "Needs Analysis", "tasting": "Value Proposition", "proposal": "Proposal/Price Quote"},
}
Touch = tuple[str, str]


def lived(firm: Firm) -> dict[int, Counter[Touch]]:
    """What truly happened to each person, as (kind, minute)."""
    found: dict[int, Counter[Touch]] = defaultdict(Counter)
    for row in firm.clean:
        kind = TOLD_AS.get(row["kind"], row["kind"])
        if kind in TOUCHES:
            found[row["person"]][kind, minute(row["at"])] += 1
    return found


def told_of(firm: Firm) -> tuple[dict[int, Counter[Touch]], set[int]]:
    """What the timelines tell of each person, visitors nobody knows among them; and who shares one with another."""
    persons: dict[str, set[int]] = defaultdict(set)
    for name, key in owners(anonymous=True).items():
        if len(firm.names.get(name, ())) == 1:
            persons[key] |= firm.names[name]
    found: dict[int, Counter[Touch]] = defaultdict(Counter)
    for key, mine in persons.items():
        for entry in timeline(key, "person"):
            if entry.kind in TOUCHES and entry.at is not None:
                found[min(mine)][entry.kind, minute(entry.at)] += 1
    return found, {person for mine in persons.values() if len(mine) > 1 for person in mine}


def test_every_touch_of_every_person_is_on_their_timeline_at_its_minute(firm: Firm) -> None:
    expected, (told, mixed) = lived(firm), told_of(firm)
    assert sum(sum(mine.values()) for mine in expected.values()) > 5000
    assert len(mixed) <= 2 * len(firm.dirt.get("forwarded", ()))
    beyond: Counter[str] = Counter()
    for person in (expected.keys() | told.keys()) - mixed:
        assert expected[person] - told[person] == Counter(), person
        for (kind, at), more in (told[person] - expected[person]).items():
            assert kind in ALSO_BY_MACHINES, (person, kind, at)
            beyond[kind] += more
    account = firm.truth("accounting")["segment/mail.jsonl"]
    damaged = sum(
        n for kind, n in account.items() if kind in ("of_which_scanners_damaged", "of_which_forwarded_damaged")
    )
    assert abs(sum(beyond.values()) - (account["scanners"] + account.get("forwarded", 0) - damaged)) <= len(mixed)


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
    """Customers by company; and by person, where the CRM says who took part in a deal. Whoever ordered in the webshop
    without ever having said an address there is somebody of their own, and so is whose address the CRM misspells."""
    won = {row["company"] for row in firm.table("companies") if row["deal"] == "won"}
    assert compute("lifecycle", grain="company").total("count", stage="customer") == len(won)
    recorded = {
        person for name, persons in firm.names.items() if name[0] == "record:hubspot:contact" for person in persons
    }
    buyers = {row["person"] for row in firm.table("people") if row["company"] in won and row["person"] in recorded}
    ordered = {row["person"] for row in firm.clean if row["kind"] == "order.placed"}
    misspelt = firm.dirt.get("typo", set())
    apart = {person for person in ordered if person not in firm.named_on_the_site or person in misspelt}
    if firm.crm == "hubspot":
        expected = len(buyers | (ordered - apart)) + len(apart)
        assert compute("lifecycle").total("count", stage="customer") == expected
