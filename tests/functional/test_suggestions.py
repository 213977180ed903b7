"""Who may be one is asked, in the terminal and in the browser, with what says so; what is answered is asked no more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cast import ADA, LEA, MARA, SAM
from tests.functional.import_steps import table, twostroke
from twostroke.identity import suggesting
from twostroke.identity.queries import key_of, resolve
from twostroke.team.queries import audited

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Person

pytestmark = pytest.mark.usefixtures("fresh_database")
SignedIn = Callable[["Person"], "Client"]
PEOPLE = ("Contact ID", "Email", "First Name", "Last Name")
MAIL = "anna.berg@nordwind.example"
LIST = "/setup/who/people/"


@pytest.fixture
def two(tmp_path: Path) -> tuple[str, str]:
    """Two contacts of one CRM with one address: the keys of both."""
    rows = [("p1", MAIL, "Anna", "Berg"), ("p9", MAIL, "Anna", "<i>Berg</i>"), ("p5", "bo@sund.example", "Bo", "Lind")]
    assert twostroke("import", table(tmp_path / "contacts.csv", PEOPLE, rows), "--as", "crm", "--json").code == 0
    [one], [other] = resolve("p1"), resolve("p9")
    return one.id, other.id


def test_the_terminal_names_them_with_what_says_so_and_how_to_answer(two: tuple[str, str]) -> None:
    [pair] = twostroke("suggestions", "--json").json
    assert {pair["one"]["id"], pair["other"]["id"]} == {*two}
    assert (pair["why"], pair["times"]) == ("exclusive", 1)
    assert [(one["source"], one["row"]) for one in pair["evidence"]] == [("crm", 2)]
    said = twostroke("suggestions").out
    assert "1 pair waits" in said
    assert "record of its own in the same system" in said
    assert "row 2" in said
    assert f"twostroke apart {pair['one']['id']} {pair['other']['id']}" in said


def test_kept_apart_they_are_not_asked_about_again_and_merging_takes_that_back(two: tuple[str, str]) -> None:
    assert twostroke("apart", *two).code == 0
    assert twostroke("suggestions", "--json").json == []
    assert [one["why"] for one in twostroke("suggestions", "--answered", "--json").json] == ["split"]
    again = twostroke("apart", *two)
    assert (again.code, "already" in again.err) == (1, True)
    assert "lift the split" in twostroke("merge", *two).err
    assert twostroke("merge", *two, "--lift").code == 0
    assert key_of(two[0]) == key_of(two[1])
    assert "one at present" in twostroke("apart", "p1", "p9").err


def test_the_administrator_sees_them_side_by_side_and_joins_them_and_takes_it_back(
    two: tuple[str, str], signed_in: SignedIn
) -> None:
    client = signed_in(ADA)
    page = client.get(LIST).content.decode()
    assert MAIL in page
    assert "1 line says that they are one" in page
    assert "<i>Berg" not in page
    assert client.post(f"{LIST}join/", {"one": two[0], "other": two[1]}).status_code == 302
    assert key_of(two[0]) == key_of(two[1])
    page = client.get(LIST).content.decode()
    assert "Nobody to ask about" in page
    merge = page.partition('name="merge" value="')[2].partition('"')[0]
    client.post(f"{LIST}back/", {"merge": merge})
    assert key_of(two[0]) != key_of(two[1])
    assert suggesting.how_many() == 1


def test_the_administrator_keeps_them_apart(two: tuple[str, str], signed_in: SignedIn) -> None:
    client = signed_in(ADA)
    client.post(f"{LIST}part/", {"one": two[0], "other": two[1]})
    assert suggesting.how_many() == 0
    changed = {(one.who, one.subject) for one in audited() if one.act.value == "changed"}
    assert changed == {(ADA.name, key) for key in two}


@pytest.mark.parametrize("nonsense", [{}, {"one": "x", "other": "'; --"}, {"one": "a" * 5000, "other": "\u202e"}])
def test_an_answer_about_nobody_is_told_and_changes_nothing(
    two: tuple[str, str], signed_in: SignedIn, nonsense: dict[str, str]
) -> None:
    client = signed_in(ADA)
    for act in ("join", "part", "back"):
        assert client.post(f"{LIST}{act}/", nonsense).status_code == 302
    assert client.get("/setup/who/dogs/").status_code == 404
    assert suggesting.how_many() == 1


@pytest.mark.parametrize("person", [SAM, MARA, LEA], ids=lambda person: person.name)
def test_others_have_no_such_page(two: tuple[str, str], signed_in: SignedIn, person: Person) -> None:
    client = signed_in(person)
    assert client.get(LIST).status_code == 404
    assert client.post(f"{LIST}join/", {"one": two[0], "other": two[1]}).status_code == 404


def test_companies_of_one_name_are_asked_about(signed_in: SignedIn, tmp_path: Path) -> None:
    for source in ("crm", "shop"):
        file = table(tmp_path / source / "companies.csv", ("Company ID", "Company name"), [("7", "Nordwind AG")])
        assert twostroke("import", file, "--as", source, "--json").code == 0
    page = signed_in(ADA).get("/setup/who/companies/").content.decode()
    assert "They have the same name" in page
    [pair] = twostroke("suggestions", "--kind", "company", "--json").json
    assert twostroke("apart", pair["one"]["id"], pair["other"]["id"], "--kind", "company").code == 0
    assert twostroke("suggestions", "--kind", "company", "--json").json == []
