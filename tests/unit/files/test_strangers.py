"""Exports of tools nobody wrote a reference for come in with no manual step."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.unit.files.exports import EXPORTS, Export, at, firm, mail, name, seller
from tests.unit.files.helpers import Brought, bring
from twostroke.connectors.files.queries import Settings
from twostroke.intake.facts import RejectedRow

CHF = Settings(currency="EUR", zone="Europe/Berlin")


def brought(tmp_path: Path, *names: str) -> Brought:
    return bring([EXPORTS[each].write(tmp_path) for each in names], settings=CHF)


@pytest.mark.parametrize("tool", EXPORTS)
def test_a_strangers_export_is_read_as_what_it_is(tmp_path: Path, tool: str) -> None:
    export: Export = EXPORTS[tool]
    said = brought(tmp_path, tool)
    (table,) = said.proposal.mapping.tables
    assert (table.record, said.proposal.open_questions) == (export.record, ())
    assert {header: column.role for header in export.says if (column := table.column(header))} == export.says
    (rows,) = said.rows.values()
    assert not any(isinstance(row, RejectedRow) for row in rows)
    kinds = Counter(draft.kind for draft in said.drafts())
    assert {kind: kinds[kind] for kind in export.kinds} == export.kinds


@pytest.mark.parametrize("tool", [tool for tool, export in EXPORTS.items() if "CHF" in export.row(0)])
def test_the_currency_a_file_names_in_a_column_is_taken(tmp_path: Path, tool: str) -> None:
    money = [draft for draft in brought(tmp_path, tool).drafts() if draft.amount_minor is not None]
    assert {draft.currency for draft in money} == {"CHF"}


def test_the_number_says_who_and_the_name_is_shown(tmp_path: Path) -> None:
    drafts = brought(tmp_path, "deals of Zoho").drafts()
    named = {draft.personal["name"] for draft in drafts if draft.kind in ("company.described", "colleague.described")}
    assert {firm(n) for n in range(5)} | {seller(n) for n in range(3)} == named


def test_a_number_never_takes_the_place_of_a_name(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(
        "Deal ID,Deal Name,Stage,Associated Company IDs\n" + "".join(f"{n},D,Won,910000{n % 3}\n" for n in range(9))
    )
    drafts = bring([tmp_path / "deals.csv"]).drafts()
    assert not [draft for draft in drafts if draft.kind == "company.described"]


def test_a_time_is_of_the_zone_its_header_names(tmp_path: Path) -> None:
    said = brought(tmp_path, "answers to Typeform")
    claimed = next(draft for draft in said.drafts() if draft.kind == "identity.claimed")
    assert at(0) == "2026-01-05 09:15:00"
    assert claimed.happened_at == 1_767_604_500_000


def test_a_left_mailing_list_withdraws_the_consent_at_its_time(tmp_path: Path) -> None:
    drafts = brought(tmp_path, "people of Mailchimp who left").drafts()
    assert all(draft.happened_at for draft in drafts if draft.kind == "consent.withdrawn")


def test_a_phone_number_marked_as_one_is_dialled(tmp_path: Path) -> None:
    said = brought(tmp_path, "leads of Facebook")
    assert sum(one.namespace == "phone" for one in said.minter.drain()) == 24


def test_two_files_of_nobody_known_are_joined_and_what_matches_nothing_is_named(tmp_path: Path) -> None:
    leads, won = EXPORTS["leads of nobody known"], EXPORTS["won deals of nobody known"]
    leads.write(tmp_path)
    path = won.write(tmp_path)
    half = "".join(path.read_text("utf-8-sig").splitlines(keepends=True)[:13])
    path.write_text(half + "ffff0000;01/02/2026;rep-1;head-1;mid;10,00\n", "utf-8-sig")
    said = bring([tmp_path], settings=CHF)
    persons = {draft.subject for draft in said.drafts("inbound") if draft.kind == "identity.claimed"}
    buyers = {draft.identifier for draft in said.drafts("signed") if draft.kind == "deal.won"}
    assert (len(buyers), len(buyers - persons)) == (13, 1)
    assert "ffff0000" in said.odd("which is no prospect_ref").what


def test_people_of_other_tools_have_their_addresses(tmp_path: Path) -> None:
    said = brought(tmp_path, "answers to Typeform")
    described = [draft for draft in said.drafts() if draft.kind == "person.described"]
    assert {(draft.personal["name"], draft.personal["email"]) for draft in described} == {
        (name(n), mail(n)) for n in range(24)
    }
