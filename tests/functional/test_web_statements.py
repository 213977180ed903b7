"""No page asks the database once for each row it shows: as many statements for five as for fifty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cast import ADA, LEA, MARA, SAM, TEAM
from tests.functional.import_steps import twostroke
from tests.functional.screens import SignIn, bring_in_crowd, deal_called, key_of, page, statements
from twostroke.identity import queries as identity
from twostroke.identity.timelines import timeline
from twostroke.web import noting

pytestmark = pytest.mark.usefixtures("fresh_database")
FEW, MANY = 5, 45
LISTS = {
    "people": "/people/",
    "people found": "/people/?q=anna",
    "people of companies found": "/people/?q=company",
    "companies": "/companies/",
    "companies found": "/companies/?q=company",
    "deals": "/deals/",
    "all deals": "/deals/?status=all",
    "numbers": "/numbers/",
    "pipeline by owner": "/numbers/pipeline/?by=owner",
    "lifecycle by channel": "/numbers/lifecycle/?by=channel",
    "who is behind the pipeline": "/numbers/pipeline/who/",
    "who is behind the lifecycle": "/numbers/lifecycle/who/",
    "the palette": "/search/?q=anna",
    "setup": "/setup/",
    "imports": "/setup/imports/",
}


@pytest.fixture(autouse=True)
def _no_look_remembered() -> Iterator[None]:
    noting._looks.clear()
    yield
    noting._looks.clear()


def test_a_list_takes_as_many_statements_for_few_as_for_many(tmp_path: Path, signed_in: SignIn) -> None:
    client = signed_in(ADA)
    counts: dict[str, list[int]] = {name: [] for name in LISTS}
    for size in (FEW, MANY):
        # One source and one file name: the register of imports must not be what grows.
        bring_in_crowd(tmp_path / str(size), size)
        for name, address in LISTS.items():
            html = page(client, address)
            assert size < 10 or "Company 012" in html or "numbers" in address or "setup" in address or "q=" in address
            counts[name].append(len(statements(page, client, address)))
    grown = {name: pair for name, pair in counts.items() if pair[1] > pair[0] and name != "imports"}
    assert grown == {}
    assert max(pair[1] for pair in counts.values()) <= 50


def test_each_home_takes_as_many_statements_for_few_as_for_many(tmp_path: Path, signed_in: SignIn) -> None:
    clients = [signed_in(person) for person in TEAM]
    counts = []
    for size in (FEW, MANY):
        bring_in_crowd(tmp_path / str(size), size)
        counts.append([len(statements(page, client, "/")) for client in clients])
    for few, many in zip(*counts, strict=True):
        # An import more on the administrator's home is one look more at its files.
        assert many <= few + 2
        assert many <= 50


def test_a_person_a_company_and_a_deal_take_as_many_statements_beside_few_as_beside_many(
    tmp_path: Path, signed_in: SignIn
) -> None:
    client = signed_in(SAM)
    counts = []
    for size in (FEW, MANY):
        bring_in_crowd(tmp_path / str(size), size)
        addresses = (
            f"/people/{key_of('Anna Number 003')}/", f"/companies/{key_of('Company 003')}/",
            f"/deals/{deal_called('Deal 003')}/",
        )  # fmt: skip
        counts.append([len(statements(page, client, at)) for at in addresses])
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 55


def test_a_company_of_many_people_takes_as_many_statements_as_one_of_few(tmp_path: Path, signed_in: SignIn) -> None:
    client = signed_in(LEA)
    counts = []
    for size in (FEW, MANY):
        people = "".join(f"p{n},anna{n}@sund.example,Anna,Number {n},c1\n" for n in range(size))
        folder = tmp_path / str(size)
        folder.mkdir()
        (folder / "companies.csv").write_text("Company ID,Company name\nc1,Sund\n")
        (folder / "contacts.csv").write_text(f"Contact ID,Email,First Name,Last Name,Associated Company ID\n{people}")
        assert twostroke("import", folder, "--as", "crm", "--file-date", "now", "--json").code == 0
        key = key_of("Sund")
        assert len(identity.people_of(key)) == size
        counts.append(
            [
                len(statements(page, client, f"/companies/{key}/")),
                len(statements(timeline, key, "company")),
                len(statements(page, client, "/people/?q=sund")),
            ]
        )
    assert counts[0] == counts[1]


def test_an_export_of_everybody_takes_as_many_statements_as_a_page(tmp_path: Path, signed_in: SignIn) -> None:
    client = signed_in(MARA)
    counts = []
    for size in (FEW, MANY):
        bring_in_crowd(tmp_path / str(size), size)
        addresses = ("/people/?format=csv", "/companies/?format=json", "/deals/?status=all&format=csv")
        counts.append([len(statements(page, client, at)) for at in addresses])
    assert counts[0] == counts[1]


def test_a_page_that_is_kept_asks_only_what_may_have_changed(tmp_path: Path, signed_in: SignIn) -> None:
    bring_in_crowd(tmp_path / "crowd", FEW)
    client = signed_in(SAM)
    asked = statements(page, client, "/numbers/pipeline/")
    assert not any("ledger_line" in sql and "count(" in sql.lower() for sql in asked)
    assert not [sql for sql in asked if sql.split()[0] in ("INSERT", "UPDATE", "DELETE")]


def test_reading_pages_writes_nothing(tmp_path: Path, signed_in: SignIn) -> None:
    bring_in_crowd(tmp_path / "crowd", FEW)
    client = signed_in(ADA)
    addresses = (*LISTS.values(), "/", f"/people/{key_of('Anna Number 003')}/", "/setup/imports/new/")
    for address in addresses:
        wrote = [sql for sql in statements(page, client, address) if not sql.startswith("SELECT")]
        assert wrote == [], address


def test_people_of_many_companies_are_those_of_each(tmp_path: Path) -> None:
    bring_in_crowd(tmp_path / "crowd", 12)
    keys = identity.all_keys("company")
    together = identity.people_of_each(keys)
    assert together == {key: identity.people_of(key) for key in keys}
    assert all(len(people) == 1 for people in together.values())
    assert identity.people_of_each(["0" * 32]) == {"0" * 32: []}
    assert identity.people_of_each([]) == {}


def test_identifiers_of_many_are_those_of_each(tmp_path: Path) -> None:
    bring_in_crowd(tmp_path / "crowd", 7)
    keys = identity.all_keys()
    assert identity.identifiers_of_all(keys) == [one for key in sorted(keys) for one in identity.identifiers(key)]
    assert identity.identifiers_of_all([*keys, "0" * 32]) == identity.identifiers_of_all(keys)
