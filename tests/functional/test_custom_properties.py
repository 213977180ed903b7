"""Columns nobody asked for come in typed where they speak of nobody, and stay personal where they might."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from tests.cast import SAM, Person
from tests.functional.import_steps import bring, sums, table, twostroke
from twostroke.connectors.files.actions import mapping_file
from twostroke.identity import queries as identity
from twostroke.ledger import lake
from twostroke.ledger.queries import definition, head_seq
from twostroke.query.engines import DuckDB

pytestmark = pytest.mark.usefixtures("fresh_database")
HEADER = ("Contact ID", "Email", "First Name", "Last Name", "Create Date", "Machines", "Budget", "Installed on",
          "Has service", "Favourite roast", "Deputy", "Remarks", "Badge", "Age")  # fmt: skip
ROASTS = ("dark", "light", "medium")


def rows(many: int = 12, **changed: object) -> list[tuple[object, ...]]:
    return [
        (n, f"p{n}@nordwind.example", f"First{n}", f"Last{n}", "2026-03-14", n % 5, f"{1000 * n},50",
         f"{13 + n % 10}.03.2025", ("yes", "no")[n % 2], changed.get("roast", ROASTS[n % 3]),
         ("Anna Berg", "Bo Lind")[n % 2], f"Called on day {n}, wants more of it", 700_100 + n, 30 + n % 3)
        for n in range(1, many + 1)
    ]  # fmt: skip


def told(key: str = "p1@nordwind.example") -> dict[str, object]:
    (person,) = identity.persons([hit.id for hit in identity.resolve(key)])
    return {name: trait.value for name, trait in person.traits.items()}


def in_the_lake(up_to: int | None = None) -> list[str]:
    lines = lake.relations(up_to=head_seq() if up_to is None else up_to)["lines"]
    found = DuckDB().run(
        "SELECT json_extract_string(properties, '$.custom.\"Favourite roast\"') FROM lines "
        "WHERE kind = 'person.described' ORDER BY seq", {"lines": lines},
    )  # fmt: skip
    return [roast for (roast,) in found.rows]


def test_they_are_typed_declared_and_in_the_lake_and_what_speaks_of_somebody_is_not(tmp_path: Path) -> None:
    bring(table(tmp_path / "contacts.csv", HEADER, rows()))
    declared = {name: (definition(f"property.person.{name}") or {}).get("type") for name in HEADER[5:]}
    assert declared == {
        "Machines": "number", "Budget": "number", "Installed on": "date", "Has service": "flag",
        "Favourite roast": "choice", "Deputy": None, "Remarks": None, "Badge": None, "Age": None,
    }  # fmt: skip
    assert in_the_lake()[:3] == ["light", "medium", "dark"]
    everything = str(
        DuckDB().run("SELECT properties FROM lines", {"lines": lake.relations(up_to=head_seq())["lines"]}).rows
    )
    for personal in ("Anna Berg", "wants more", "700101", "Last1"):
        assert personal not in everything
    known = told()
    assert known["Budget"] == "1000.50"
    assert known["Installed on"] == "2025-03-14"
    assert known["Has service"] is False
    assert known["Favourite roast"] == "light"
    assert known["Deputy"] == "Bo Lind"


def test_the_mapping_names_their_type_and_what_is_edited_there_counts(tmp_path: Path) -> None:
    file = table(tmp_path / "contacts.csv", HEADER, rows())
    bring(file)
    mapping = mapping_file("crm")
    text = mapping.read_text("utf-8")
    assert "Favourite roast: {role: '', custom: choice}" in text
    assert sums(bring(file)) == (0, 12, 0, 0)
    mapping.write_text(
        text.replace("Favourite roast: {role: '', custom: choice}", "Favourite roast: {role: ''}"), "utf-8"
    )
    assert sums(bring(file)) == (0, 0, 12, 0)
    assert in_the_lake()[-1] is None
    assert told()["Favourite roast"] == "light"
    mapping.write_text(text.replace("custom: choice", "custom: colour"), "utf-8")
    said = twostroke("import", file, "--as", "crm")
    assert "custom is colour; write one of number, date, flag, choice" in said.err


def test_a_cell_that_does_not_fit_stays_beside_and_another_type_than_declared_is_no_property(tmp_path: Path) -> None:
    bring(table(tmp_path / "contacts.csv", HEADER, rows()))
    odd = rows()
    odd[0] = (*odd[0][:5], "a dozen", *odd[0][6:])
    bring(table(tmp_path / "contacts.csv", HEADER, odd), "--file-date", "now")
    assert told()["Machines"] == "a dozen"
    other = [(n, ("red", "blue")[n % 2]) for n in range(1, 13)]
    bring(table(tmp_path / "other.csv", ("Lead ID", "Machines"), other), source="other")
    assert definition("property.person.Machines") == {"type": "number", "record": "person", "label": "Machines"}
    lines = lake.relations(up_to=head_seq())["lines"]
    assert "blue" not in str(DuckDB().run("SELECT properties FROM lines", {"lines": lines}).rows)


def test_as_of_a_line_they_are_what_was_said_then_and_undo_takes_them_back(tmp_path: Path) -> None:
    bring(table(tmp_path / "contacts.csv", HEADER, rows(), day=1))
    then, before = head_seq(), in_the_lake()
    second = bring(table(tmp_path / "contacts.csv", HEADER, rows(roast="dark"), day=2))
    assert told()["Favourite roast"] == "dark"
    assert in_the_lake(then) == before
    twostroke("undo", second["import"])
    assert told()["Favourite roast"] == "light"


def test_companies_and_deals_have_them_too_and_the_profile_shows_them(
    tmp_path: Path, signed_in: Callable[[Person], Client]
) -> None:
    folder = tmp_path / "files"
    table(
        folder / "companies.csv",
        ("Company ID", "Company name", "Floors"),
        [(n, f"Firm {n}", n % 4) for n in range(1, 13)],
    )
    table(folder / "deals.csv", ("Deal ID", "Deal Name", "Deal Stage", "Amount", "Tender"),
          [(n, f"Deal {n}", "Proposal", 5, ("yes", "no")[n % 2]) for n in range(1, 13)])  # fmt: skip
    table(folder / "contacts.csv", HEADER, rows())
    bring(folder)
    assert definition("property.company.Floors")["type"] == "number"
    assert definition("property.deal.Tender")["type"] == "flag"
    (hit,) = identity.resolve("p1@nordwind.example")
    html = signed_in(SAM).get(f"/people/{hit.id}/").content.decode()
    assert "Favourite roast" in html
    assert "1000.50" in html


def test_a_dry_run_declares_nothing(tmp_path: Path) -> None:
    said = twostroke("import", table(tmp_path / "contacts.csv", HEADER, rows()), "--as", "crm", "--dry-run")
    assert said.code == 0, said.err
    assert definition("property.person.Budget") is None
    assert head_seq() == 0 or definition("property.person.Machines") is None
