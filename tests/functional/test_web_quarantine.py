"""Quarantine on the web: counted, looked at, mended for all alike, given up; by the administrator alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.cast import ADA, LEA, MARA, SAM
from tests.intake_steps import Served, accounts, page, serving
from twostroke.ledger.queries import held_counts
from twostroke.team.queries import audited

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Person

pytestmark = pytest.mark.usefixtures("fresh_database")
SignedIn = Callable[["Person"], "Client"]
GROUP = "/setup/quarantine/web/no_type/"
MAP = {"mend-0": "map", "field-0": "type", "was-0": "pageview", "to-0": "page"}


@pytest.fixture
def web(fresh_database: None) -> Iterator[Served]:
    with serving() as served:
        served.batch(*[{**page(n), "type": "pageview"} for n in range(35)])
        yield served


def test_the_administrators_home_says_how_many_wait_to_be_mended(web: Served, signed_in: SignedIn) -> None:
    web.batch(page(100))
    ada = signed_in(ADA)
    assert "Repair 35" in ada.get("/").content.decode()
    listed = ada.get("/setup/quarantine/").content.decode()
    assert GROUP in listed
    assert "Its type is missing" in listed


def test_a_repair_is_looked_at_and_then_done(web: Served, signed_in: SignedIn) -> None:
    ada = signed_in(ADA)
    looked = ada.post(GROUP, {**MAP, "act": "look"}).content.decode()
    assert "Of 35, 35 would come in and 0 are known already." in looked
    assert accounts() == (35, 0, 0, 35)
    done = ada.post(GROUP, {**MAP, "act": "do"}, follow=True).content.decode()
    assert "35 came in, 0 stay held." in done
    assert accounts() == (35, 35, 0, 0)


def test_what_makes_no_sense_is_said_beside_the_form(web: Served, signed_in: SignedIn) -> None:
    answer = signed_in(ADA).post(GROUP, {"mend-0": "rename", "field-0": "type", "act": "do"}).content.decode()
    assert "needs a new name" in answer
    assert accounts() == (35, 0, 0, 35)


def test_what_is_given_up_is_shown_no_more(web: Served, signed_in: SignedIn) -> None:
    answer = signed_in(ADA).post(GROUP, {"act": "discard"}, follow=True).content.decode()
    assert "35 messages given up." in answer
    assert held_counts() == []
    assert accounts() == (35, 0, 0, 35)


def test_others_see_no_quarantine_and_a_look_stands_in_the_audit(web: Served, signed_in: SignedIn) -> None:
    for who in (SAM, MARA, LEA):
        assert signed_in(who).get("/setup/quarantine/").status_code == 404
        assert signed_in(who).get(GROUP).status_code == 404
    signed_in(ADA).get(GROUP)
    assert [one.how for one in audited() if one.act == "looked up"] == ["web quarantine-reason"]
