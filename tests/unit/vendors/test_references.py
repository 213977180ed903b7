"""The vendors' references: every header of theirs, in any spelling, is read as what it is; every object is known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.vendors.spellings import Written, held_out, object_of, read, references, tables, written
from twostroke.connectors.files.fields import FIELDS
from twostroke.connectors.files.further import LOOKED_UP
from twostroke.connectors.files.translate import BUILDERS
from twostroke.connectors.files.vendors import objects, recognise
from twostroke.connectors.files.vocabulary import role_of

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "vendors.md").read_text(encoding="utf-8")


def wrong(made: list[Written]) -> list[Written]:
    found = []
    for one in made:
        said = object_of(one.vendor, one.object).role_of(one.header)
        if said is None or said[0] != one.role:
            found.append(one)
    return found


def test_of_the_third_of_headers_not_looked_at_98_in_100_are_right() -> None:
    third = [one for one in written() if held_out(one.object + one.header)]
    assert len(third) > 7_000
    assert len(wrong(third)) <= 0.02 * len(third)


def test_fields_of_no_reference_are_mostly_told_by_the_words_of_the_trade() -> None:
    right: list[bool] = []
    with_role: list[bool] = []
    for vendor, (name, api, label, role) in references():
        record = object_of(vendor, name).record
        for header in (api, label) if held_out(name + (api or label)) else ():
            if header:
                said = role_of(record, header)
                right.append((said[0] if said else "") == role)
                with_role += right[-1:] if role else []
    assert f"Of {len(right):,} headers {100 * sum(right) // len(right)} in 100" in PAGE
    assert f"{100 * sum(with_role) // len(with_role)} in\n100" in PAGE


def test_the_reference_says_how_many_headers_were_read() -> None:
    made = written()
    third = [one for one in made if held_out(one.object + one.header)]
    assert f"gives {len(made):,} headers" in PAGE
    assert f"of its {len(third):,}\nheaders {len(wrong(third))} is wrong" in PAGE


def test_what_is_wrong_stands_in_the_reference() -> None:
    assert {f"`{one.header}`" for one in wrong(written())} == set(re.findall(r"^- (`.*?`)", PAGE, re.MULTILINE))


def test_a_header_nobody_knows_would_be_counted_wrong() -> None:
    assert len(wrong([Written("HubSpot", "deal", "label", "as it is", "Favourite colour", "amount")])) == 1


def test_roles_are_fields_of_their_records() -> None:
    strange = []
    for vendor, (name, api, label, role) in references():
        record = object_of(vendor, name).record
        if role and role not in FIELDS[record]:
            strange.append((vendor, name, api or label, role))
    assert strange == []


@pytest.mark.parametrize("vendor", ["HubSpot", "Salesforce"])
def test_every_object_is_known_in_every_spelling_by_the_name_of_its_file(vendor: str) -> None:
    lost = []
    for one, form, spelling, headers in tables():
        if one.vendor == vendor and read(f"{one.name.replace('_', ' ')} export", headers).record != one.record:
            lost.append((one.name, form, spelling))
    assert lost == []


def test_every_object_is_known_under_any_name_of_the_file() -> None:
    lost = [
        (one.name, form, spelling)
        for one, form, spelling, headers in tables()
        if read("export 1", headers).record != one.record
    ]
    assert lost == []


def test_custom_fields_do_not_hide_an_object() -> None:
    headers = ["Id", "AccountId", "Name", "StageName", "CloseDate", "Score__c", "Territory_Code__c", "Ext_Ref__c"]
    found = recognise("bulkQuery_result", headers)
    assert (found.name if found else None) == "Opportunity"


def test_many_columns_of_the_firms_own_do_not_hide_an_object() -> None:
    own = [f"Favourite {n}" for n in range(25)]
    known = ["Record ID", "First Name", "Last Name", "Email", "Phone Number", "Contact owner", "Lifecycle Stage",
             "Lead Status", "Create Date", "Unsubscribed from all email", "Associated Company IDs"]  # fmt: skip
    found = recognise("all", [*known, *own])
    assert (found.name if found else None) == "contact"


@pytest.mark.parametrize(
    "headers",
    [
        ["account", "sector", "year_established", "revenue", "employees", "office_location", "subsidiary_of"],
        ["opportunity_id", "sales_agent", "product", "account", "deal_stage", "engage_date", "close_value"],
        ["Prospect", "Age", "Job", "Marital", "Education", "Balance"],
    ],
)
def test_files_of_nobody_known_are_left_to_the_words_of_the_trade(headers: list[str]) -> None:
    assert recognise("table", headers) is None


def test_every_record_of_an_object_brings_lines_or_is_looked_up() -> None:
    assert {one.record for one in objects()} <= {*BUILDERS, *LOOKED_UP}


def test_the_reference_names_every_object_with_its_record() -> None:
    for one in objects():
        assert re.search(rf"^\| {one.vendor} \| `{one.name}` \| `{one.record}`", PAGE, re.MULTILINE), one.name
