"""What very many lines say of one identifier costs the next line no more than what a few hundred say.

Counted in statements and in steps of SQLite's machine. ``TWOSTROKE_CLAIMS=100000`` runs the proof.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from twostroke.identity import queries
from twostroke.identity.actions import store_identifiers
from twostroke.identity.facts import Minter, device_namespace
from twostroke.identity.suggesting import suggestions
from twostroke.ledger import rebuilding
from twostroke.ledger.actions import append, catch_up
from twostroke.ledger.facts import Draft, Message

pytestmark = pytest.mark.usefixtures("fresh_database")

FEW, MANY = 300, int(os.environ.get("TWOSTROKE_CLAIMS", "1500"))
Claims = Callable[[Minter, int], list[str]]


def a_tablet(made: Minter, number: int) -> list[str]:
    """Everybody at the fair types into it."""
    return [made.mint("email", f"v{number}@fair.example"), made.mint(device_namespace("fair"), "tablet")]


def a_faithful_client(made: Minter, number: int) -> list[str]:
    """One person, whose client says who they are with every page."""
    del number
    return [made.mint("email", "ann@acme.example"), made.mint(device_namespace("site"), "c1")]


def a_pool(made: Minter, number: int) -> list[str]:
    """One mailbox that more and more contacts give as theirs."""
    return [made.record("crm", "contact", str(number)), made.mint("email", "pool@acme.example")]


class Site:
    """Says claims of one sort, and knows what the last one cost."""

    def __init__(self, claims: Claims) -> None:
        self.claims, self.made, self.said = claims, queries.minter(), 0

    def say(self, count: int) -> None:
        while count > 0:
            with transaction.atomic():
                append([self.message() for _ in range(min(count, 500))])
            catch_up()
            count -= 500

    def message(self) -> Message:
        self.said += 1
        ids = self.claims(self.made, self.said)
        store_identifiers(self.made.drain())
        draft = Draft("identity.claimed", "person", ids[0], identifier=ids[0], properties={"ids": ids})
        return Message(self.claims.__name__, f"m{self.said}", f"{self.said}", (draft,))

    def cost_of_one_more(self) -> tuple[int, int]:
        """Statements, and steps of the machine by the hundred (none on PostgreSQL)."""
        statements, steps = 0, 0

        def count(execute: Callable[..., Any], *call: Any) -> Any:
            nonlocal statements
            statements += 1
            return execute(*call)

        def tick() -> int:
            nonlocal steps
            steps += 1
            return 0

        with transaction.atomic():
            append([self.message()])
        on_sqlite = connection.vendor == "sqlite"
        if on_sqlite:
            connection.connection.set_progress_handler(tick, 100)
        with connection.execute_wrapper(count):
            catch_up()
        if on_sqlite:
            connection.connection.set_progress_handler(None, 0)
        return statements, steps


@pytest.mark.parametrize("claims", [a_tablet, a_faithful_client, a_pool])
def test_one_more_claim_costs_what_it_cost_when_there_were_few(
    claims: Claims, capsys: pytest.CaptureFixture[str]
) -> None:
    site = Site(claims)
    site.say(FEW)
    few = site.cost_of_one_more()
    site.say(MANY - FEW)
    many = site.cost_of_one_more()
    with capsys.disabled():
        print(f"\n  {claims.__name__}: statements and steps {few} at {FEW:,} claims, {many} at {site.said:,}", end=" ")
    assert all(after <= 1.2 * before + 5 for before, after in zip(few, many, strict=True))


def test_whose_they_are_is_what_a_slow_reading_says() -> None:
    for claims in (a_tablet, a_faithful_client, a_pool):
        Site(claims).say(80)
    owner = {one.identifier: one for one in queries.who_is_who()}
    made = queries.minter()
    tablet, client = made.mint(device_namespace("fair"), "tablet"), made.mint(device_namespace("site"), "c1")
    assert owner[tablet].anonymous
    assert owner[client].key == made.mint("email", "ann@acme.example")
    pool = made.mint("email", "pool@acme.example")
    assert owner[pool].key == pool
    assert suggestions() == []
    assert rebuilding.check() == []


def test_what_many_lines_say_and_the_rules_refuse_is_told_with_how_many() -> None:
    made = queries.minter()
    one, other, mail = (
        made.record("crm", "contact", "1"),
        made.record("crm", "contact", "2"),
        made.mint("email", "a@b.example"),
    )
    store_identifiers(made.drain())

    def claim(number: int, *ids: str) -> Message:
        draft = Draft("identity.claimed", "person", ids[0], identifier=ids[0], properties={"ids": list(ids)})
        return Message("site", f"m{number}", str(number), (draft,))

    with transaction.atomic():
        append([claim(0, one, mail), *(claim(number, other, mail) for number in range(1, 121))])
    catch_up()
    [suggested] = suggestions()
    assert (suggested.times, len(suggested.evidence)) == (120, 1)
