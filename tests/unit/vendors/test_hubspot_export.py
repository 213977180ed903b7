"""The real export of HubSpot beside the repository: every standard column right, hashed addresses said."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.unit.files.helpers import Brought, bring
from twostroke.connectors.files.queries import TableMap, dump_mapping, load_mapping, propose, read_tables
from twostroke.connectors.files.vendors import objects, recognise

pytestmark = pytest.mark.shared_data


@cache
def brought(folder: Path) -> Brought:
    return bring([folder])


@pytest.fixture
def export(shared_data: Path) -> Brought:
    return brought(shared_data / "hubspot-export")


def test_every_file_is_known_as_what_it_is(export: Brought) -> None:
    records = export.records()
    assert [name for name, record in records.items() if record in ("none", "dictionary")] == []
    assert {record for name, record in records.items() if name.startswith("email_event_")} <= {"detail", "touch"}
    assert len(records) == len(list(export.proposal.profiles))


def test_every_standard_column_has_the_role_of_the_reference(export: Brought) -> None:
    known = {(one.vendor, one.name): one for one in objects()}
    wrong = []
    for table in export.proposal.mapping.tables:
        found = recognise(table.name, [column.header for column in table.columns])
        assert found is not None, table.name
        taken = {column.role for column in table.columns}
        for column in table.columns:
            said = known[found.vendor, found.name].role_of(column.header)
            # A second column of one role gives way to the first; details of acts have only a key.
            if said is not None and column.role != said[0] and said[0] not in taken and table.record != "detail":
                wrong.append((table.name, column.header, column.role, said[0]))
    assert wrong == []


def test_no_question_is_left_and_few_rows_stay_out(export: Brought) -> None:
    assert export.proposal.open_questions == ()
    # Mails “processed” are a step inside the sender's own system.
    assert [o.rows for found in export.oddities.values() for o in found if o.what.startswith("rejected")] == [3]


def test_hashed_addresses_enter_as_persons_without_address_and_are_said(export: Brought) -> None:
    persons = [draft for draft in export.drafts("contact_data") if draft.kind == "identity.claimed"]
    said = [o for o in export.oddities["contact_data"] if "hashed before the file was written" in o.what]
    assert len(persons) == said[0].rows > 0
    assert {len(draft.properties["ids"]) for draft in persons} == {1}


def test_links_to_deals_nobody_exported_make_no_deals(export: Brought) -> None:
    deals = {draft.subject for draft in export.drafts() if draft.kind.startswith("deal.")}
    assert deals == {draft.subject for draft in export.drafts("deal_data") if draft.kind == "deal.opened"}


def test_next_weeks_export_is_read_by_what_was_remembered(shared_data: Path, export: Brought) -> None:
    remembered = load_mapping(dump_mapping(export.proposal.mapping))
    again = propose(read_tables([shared_data / "hubspot-export"]), remembered, "test")

    def said(table: TableMap) -> tuple[object, ...]:
        return table.name, table.record, table.key, [(c.header, c.role, c.to, c.date) for c in table.columns]

    assert list(map(said, again.mapping.tables)) == list(map(said, export.proposal.mapping.tables))
