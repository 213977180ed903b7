"""A seller says who they are in the files; what they own is then theirs on every page, under a visible filter."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from tests.cast import ADA, LEA, MARA, SAM, Person
from tests.functional.import_steps import twostroke
from tests.functional.test_web_screens import page, words
from tests.functional.web_data import bring_in
from twostroke.cli.output import Failure
from twostroke.cli.users import colleague_called
from twostroke.identity.queries import colleagues
from twostroke.team.actions import ColleagueTakenError, claim_colleague
from twostroke.team.queries import members

SignIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def firm(fresh_database: None, tmp_path: Path) -> None:
    bring_in(tmp_path / "firm")


def sofia() -> str:
    [key] = [one.key for one in colleagues() if one.name == "Sofia Hall"]
    return key


def claimed(client: Client, key: str) -> str:
    return words(client.post("/setup/me/", {"colleague": key}, follow=True).content.decode())


def test_before_they_said_who_they_are_a_seller_sees_the_whole_company(signed_in: SignIn) -> None:
    html = page(signed_in(SAM), "/")
    assert "Whole company" in html
    assert "scope=mine" not in html


def test_a_seller_who_said_who_they_are_finds_their_own_deals_on_my_day(signed_in: SignIn) -> None:
    client = signed_in(SAM)
    assert "is yours now" in claimed(client, sofia())
    home = words(page(client, "/"))
    assert "Beans by subscription" in home
    assert "Spare parts" not in home
    assert "1 deal is open, worth EUR 9,000" in home
    assert "Spare parts" in words(page(client, "/?scope=company"))


def test_under_mine_no_figure_of_the_strip_is_the_companys(signed_in: SignIn) -> None:
    client = signed_in(SAM)
    claimed(client, sofia())
    [strip] = re.findall(r'<ul class="figures">.*?</ul>', page(client, "/"), re.DOTALL)
    assert words(strip).split() == ["Open", "deals", "1", "Open,", "worth", "EUR", "9,000", "Won", "EUR", "18,400.50"]
    assert set(re.findall(r'href="([^"]+)"', strip)) == {"/deals/?owner=mine", "/numbers/pipeline/?scope=mine"}
    assert "People" in words(page(client, "/?scope=company"))


def test_mine_on_my_day_in_the_list_and_in_numbers_is_one_number(signed_in: SignIn) -> None:
    client = signed_in(SAM)
    claimed(client, sofia())
    card = words(page(client, "/numbers/pipeline/?scope=mine"))
    assert "Sofia Hall" in card
    assert "1 deal is open, worth EUR 9,000. Beside it: 1 won for EUR 18,400.50 and 0 lost" in card
    rows = words(page(client, "/deals/?status=all&owner=mine"))
    assert {name for name in ("Machines for the north", "Hotel bar", "Spare parts") if name in rows} == {
        "Machines for the north"
    }


def test_drilling_down_stays_in_the_scope(signed_in: SignIn) -> None:
    client = signed_in(SAM)
    claimed(client, sofia())
    addresses = re.findall(r'href="(/numbers/pipeline/who/[^"]+)"', page(client, "/numbers/pipeline/?scope=mine"))
    assert addresses
    for address in addresses:
        assert "scope=mine" in address
        assert "Spare parts" not in page(client, address.replace("&amp;", "&"))


def test_files_of_a_scoped_number_hold_the_scoped_rows(signed_in: SignIn) -> None:
    client = signed_in(LEA)
    claimed(client, sofia())
    html = page(client, "/numbers/pipeline/?scope=mine")
    [address] = re.findall(r'href="(/numbers/pipeline/\?[^"]*format=json)"', html)
    rows = json.loads(client.get(address.replace("&amp;", "&")).content)["rows"]
    assert sum(row["measures"]["count"] for row in rows) == 2


def test_nobody_becomes_a_colleague_who_is_somebody_else_already(signed_in: SignIn) -> None:
    claimed(signed_in(SAM), sofia())
    assert "Sam Sales (sam@firm.example) said before" in claimed(signed_in(MARA), sofia())
    mara = next(one for one in members() if one.email == MARA.email)
    with pytest.raises(ColleagueTakenError, match="Sam Sales"):
        claim_colleague(member=mara, colleague=sofia())


def test_a_claim_can_be_taken_back_and_made_twice(signed_in: SignIn) -> None:
    client = signed_in(SAM)
    claimed(client, sofia())
    assert "is yours now" in claimed(client, sofia())
    assert "nobody of the files" in claimed(client, "")
    assert "scope=mine" not in page(client, "/")


def test_what_is_no_colleague_cannot_be_claimed(signed_in: SignIn) -> None:
    assert signed_in(SAM).post("/setup/me/", {"colleague": "no such key"}).status_code == 404


def test_an_address_that_asks_for_mine_is_the_companys_to_those_who_own_nothing(signed_in: SignIn) -> None:
    assert "Spare parts" in words(page(signed_in(MARA), "/numbers/pipeline/who/?scope=mine"))
    assert page(signed_in(MARA), "/deals/?owner=mine")


def test_the_setup_page_offers_the_seller_of_the_same_name_and_tells_the_administrator_who_is_who(
    signed_in: SignIn,
) -> None:
    from twostroke.team.actions import add_user
    from twostroke.team.facts import Role

    add_user(email="sofia@firm.example", name="Sofia Hall", role=Role.SALES)
    client = signed_in(Person("Sofia Hall", "sofia@firm.example", Role.SALES))
    assert f'value="{sofia()}" selected' in page(client, "/setup/")
    claimed(client, sofia())
    assert re.search(r"sofia@firm\.example sales Sofia Hall", words(page(signed_in(ADA), "/setup/")))


def test_the_command_line_says_it_too(signed_in: SignIn) -> None:
    signed_in(SAM)
    assert "Sam Sales is Sofia Hall." in twostroke("users", "claim", SAM.email, "--as", "sofia hall").out
    told = twostroke("metric", "pipeline", "--owner", "Sofia Hall", "--json").json
    card = words(page(signed_in(SAM), "/numbers/pipeline/?scope=mine"))
    assert sum(row["measures"]["count"] for row in told["rows"]) == 2
    assert "1 deal is open, worth EUR 9,000" in card


def test_a_seller_the_files_do_not_name_cannot_be_claimed_at_the_command_line(signed_in: SignIn) -> None:
    signed_in(SAM)
    with pytest.raises(Failure, match="No seller in the files is called"):
        colleague_called("Nobody Atall")
