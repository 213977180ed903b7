"""Rows become lines: who, when, how much, and what cannot come in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.unit.files.helpers import Brought, bring, write
from twostroke.connectors.files.queries import Settings, load_mapping, propose, read_tables
from twostroke.intake.facts import RejectedRow, TranslatedRow
from twostroke.kit.time import iso
from twostroke.ledger.facts import Precision

DEALS = ("Deal ID", "Stage", "Amount", "Currency", "Create Date", "Close Date", "Account Name", "Owner")
ROWS = [
    ["1", "Closed Won", "1,234.50", "EUR", "2024-01-02", "2024-02-03", "Firm A", "Ann"],
    ["2", "Closed Lost", "10", "JPY", "2024-01-02", "2024-02-04", "Firm B", "Bo"],
    ["3", "Proposal", "99.9", "USD", "2024-01-02", "2024-09-01", "Firm A", "Ann"],
]


def deals(folder: Path, *more: list[str]) -> Brought:
    return bring([write(folder / "deals.csv", DEALS, [*ROWS, *more])])


def rejected(brought: Brought) -> list[tuple[int, str]]:
    return [(row.row, row.code) for rows in brought.rows.values() for row in rows if isinstance(row, RejectedRow)]


def test_a_won_deal_is_opened_owned_and_won_at_its_times(tmp_path: Path) -> None:
    row = deals(tmp_path).rows["deals"][0]
    assert isinstance(row, TranslatedRow)
    opened, owned, won = row.drafts[:3]
    assert [draft.kind for draft in (opened, owned, won)] == ["deal.opened", "owner.assigned", "deal.won"]
    assert (won.amount_minor, won.currency, won.precision) == (123450, "EUR", Precision.DAY)
    assert (opened.amount_minor, opened.happened_at) == (None, 1_704_153_600_000)
    assert opened.actor == owned.actor == won.actor
    assert (row.record, row.row) == ("1", 1)


def test_minor_units_are_those_of_the_currency(tmp_path: Path) -> None:
    lost = [draft for draft in deals(tmp_path).drafts() if draft.kind == "deal.lost"]
    assert [(draft.amount_minor, draft.currency) for draft in lost] == [(10, "JPY")]


def test_the_closing_date_of_an_open_deal_is_an_expectation(tmp_path: Path) -> None:
    row = deals(tmp_path).rows["deals"][2]
    assert isinstance(row, TranslatedRow)
    assert row.drafts[0].properties["expected_close"] == "2024-09-01"
    assert row.drafts[0].amount_minor == 9990
    assert not {"deal.won", "deal.lost"} & {draft.kind for draft in row.drafts}


def test_sellers_and_companies_only_deals_name_are_described(tmp_path: Path) -> None:
    brought = deals(tmp_path)
    names = Counter(
        d.personal["name"] for d in brought.drafts() if d.kind in ("colleague.described", "company.described")
    )
    assert names == {"Firm A": 2, "Firm B": 1, "Ann": 2, "Bo": 1}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["9", "Won", "lots", "EUR", "2024-01-02", "2024-02-03", "", ""], "no-amount"),
        (["9", "Won", "5", "euros", "2024-01-02", "2024-02-03", "", ""], "no-currency"),
        (["9", "Won", "5", "EUR", "2024-02-31", "2024-02-03", "", ""], "no-date"),
        (["9", "Won", "5"], "too-few-cells"),
        (["9", "Won", "5", "EUR", "", "", "", "", "extra"], "too-many-cells"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_its_cells(tmp_path: Path, row: list[str], code: str) -> None:
    many = [[str(n), *ROWS[0][1:]] for n in range(10, 40)]
    brought = deals(tmp_path, *many, row)
    assert rejected(brought) == [(34, code)]
    assert brought.odd("rejected").rows == 1


def test_a_deleted_deal_leaves_a_note_in_place_of_what_was_said_before(tmp_path: Path) -> None:
    path = write(tmp_path / "d.csv", [*DEALS, "IsDeleted"], [[*ROWS[0], "true"], [*ROWS[1], "false"]])
    brought = bring([path])
    assert rejected(brought) == []
    assert [draft.kind for draft in brought.rows["d"][0].drafts] == ["note.written"]  # type: ignore[union-attr]
    assert brought.odd("deleted in the source").rows == 1


PEOPLE = (
    "Contact ID",
    "Email",
    "Phone",
    "First Name",
    "Company",
    "Do Not Call",
    "Lead Source",
    "Lifecycle Stage",
    "Create Date",
)


def people(folder: Path, *rows: list[str]) -> Brought:
    return bring([write(folder / "contacts.csv", PEOPLE, rows)], settings=Settings(region="DE"))


ANN = ["7", "Ann@Example.org", "030 1234567", "Ann", "Firm A", "No", "Organic Search", "customer", "2024-03-01"]
BO = ["8", "nobody", "", "Bo", "Firm A", "Yes", "Fair", "Marketing Qualified Lead", "2024-03-02"]


def test_a_person_claims_record_address_and_phone(tmp_path: Path) -> None:
    brought = people(tmp_path, ANN, BO)
    spaces = {identifier.id: (identifier.namespace, identifier.value) for identifier in brought.minter.drain()}
    claims = [[spaces[i] for i in d.properties["ids"]] for d in brought.drafts() if d.kind == "identity.claimed"]
    assert claims == [
        [("record:test:contact", "7"), ("email", "ann@example.org"), ("phone", "+49301234567")],
        [("record:test:contact", "8")],
    ]


def test_an_address_that_cannot_be_mailed_is_said(tmp_path: Path) -> None:
    assert people(tmp_path, ANN, BO).odd("cannot be mailed").rows == 1


def test_stages_are_those_the_source_tells(tmp_path: Path) -> None:
    reached = [
        (d.properties["stage"], d.properties["name"])
        for d in people(tmp_path, ANN, BO).drafts()
        if d.kind == "stage.reached"
    ]
    assert reached == [
        ("lead", "lead"),
        ("customer", "customer"),
        ("lead", "lead"),
        ("mql", "Marketing Qualified Lead"),
    ]


def test_a_refusal_is_withdrawn_consent_and_no_refusal_is_no_consent(tmp_path: Path) -> None:
    brought = people(tmp_path, ANN, BO)
    assert [d.properties["purpose"] for d in brought.drafts() if d.kind.startswith("consent")] == ["calls"]


def test_a_company_by_name_joins_only_within_the_source(tmp_path: Path) -> None:
    brought = people(tmp_path, ANN, BO)
    assert {d.company for d in brought.drafts() if d.kind == "person.described"} == {
        identifier.id for identifier in brought.minter.drain() if identifier.namespace == "name:test:company"
    }


def test_leads_and_contacts_are_records_of_two_kinds(tmp_path: Path) -> None:
    write(tmp_path / "leads.csv", ["Lead ID", "Email", "Lead Status"], [["1", "a@example.org", "New"]] * 2)
    write(tmp_path / "contacts.csv", ["Contact ID", "Email", "Job Title"], [["1", "a@example.org", "Buyer"]] * 2)
    spaces = {identifier.namespace for identifier in bring([tmp_path]).minter.drain()}
    assert {"record:test:lead", "record:test:contact", "email"} <= spaces


def test_equal_rows_without_key_are_told_apart_by_ordinal(tmp_path: Path) -> None:
    rows = [["2024-01-01", "Search", "5.00"], ["2024-01-01", "Search", "5.00"], ["2024-01-02", "Fair", "7.00"]]
    brought = bring([write(tmp_path / "spend.csv", ["Day", "Channel", "Spend"], rows)])
    assert brought.records() == {"spend": "spend"}
    assert [(d.amount_minor, d.channel) for d in brought.drafts()] == [(500, "search"), (500, "search"), (700, "fair")]
    assert len({draft.subject for draft in brought.drafts()}) == 3


def test_values_of_the_mapping_replace_cells(tmp_path: Path) -> None:
    path = write(tmp_path / "deals.csv", DEALS, ROWS)
    text = """
source: test
tables:
  deals:
    record: deal
    key: Deal ID
    columns:
      Deal ID: key
      Account Name: {role: company, values: {Firm A: Firm Alpha}, missing: [Firm B]}
"""
    brought = bring([path], propose(read_tables([path]), load_mapping(text), "test"))
    assert [i.value for i in brought.minter.drain() if i.namespace == "record:test:company"] == ["Firm Alpha"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Call", "call.made"), ("Phone call", "call.made"), ("MEETING", "meeting.held"), ("Email", "mail.sent"),
        ("NOTE", "note.written"), ("Task", "task.opened"), ("Site visit", "visit.made"), ("Anruf", "call.made"),
    ],
)  # fmt: skip
def test_activities_are_told_by_their_type(tmp_path: Path, words: str, kind: str) -> None:
    header = ["Activity ID", "Activity Type", "Activity Date", "Contact ID", "Subject", "Comments"]
    rows = [[str(n), words, "2024-03-01T10:00:00Z", "7", "Hello", "said much"] for n in range(3)]
    brought = bring([write(tmp_path / "activities.csv", header, rows)])
    assert brought.kinds() == {kind: 3}


def test_a_task_that_is_done_tells_when_it_was_opened_too(tmp_path: Path) -> None:
    header = [
        "Task ID",
        "Task Title",
        "Task Status",
        "Create date",
        "Due date",
        "Completed at",
        "Associated Contact IDs",
    ]
    opened, due, done = "2024-03-04T08:00:00Z", "2024-03-04T12:00:00Z", "2024-03-05T10:30:00Z"
    rows = [[str(n), "Call back", "Completed", opened, due, done, "7"] for n in range(3)]
    drafts = bring([write(tmp_path / "tasks.csv", header, rows)]).drafts()[:2]
    first, second = drafts
    assert [(one.kind, iso(one.happened_at or 0)[:16]) for one in drafts] == [
        ("task.opened", opened[:16]), ("task.done", done[:16])
    ]  # fmt: skip
    assert (first.subject, first.identifier) == (second.subject, second.identifier)
    assert iso(first.properties["due_at"])[:16] == due[:16]


def test_a_meeting_after_the_files_own_date_is_yet_to_come(tmp_path: Path) -> None:
    rows = [["1", "Event", "2024-03-01T10:00:00Z", "7"], ["2", "Event", "2024-03-09T10:00:00Z", "7"]]
    path = write(tmp_path / "events.csv", ["Activity ID", "Activity Type", "Activity Date", "Contact ID"], rows)
    written_at = 1_709_600_000_000  # 5 March 2024
    kinds = [draft.kind for draft in bring([path], settings=Settings(written_at=written_at)).drafts()]
    assert kinds == ["meeting.held", "meeting.booked"]
    assert [draft.kind for draft in bring([path]).drafts()] == ["meeting.held"] * 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("Attended", "event.attended"),
        ("Registered", "event.invited"),
        ("Clicked", "mail.clicked"),
        ("Downloaded", "content.downloaded"),
    ],
)
def test_campaign_members_are_touches(tmp_path: Path, status: str, kind: str) -> None:
    header = ["Campaign ID", "Lead ID", "Member Status", "First Responded Date"]
    rows = [["C1", str(n), status, "2024-03-01"] for n in range(1, 5)]
    brought = bring([write(tmp_path / "campaign members.csv", header, rows)])
    assert (brought.kinds(), {d.campaign for d in brought.drafts()}) == ({kind: 4}, {"C1"})


def test_stage_history_moves_and_ends_deals(tmp_path: Path) -> None:
    header = ["OpportunityId", "StageName", "CreatedDate", "Old Value"]
    rows = [["1", "Proposal", "2024-03-01T10:00:00Z", "New"], ["1", "Closed Won", "2024-03-05T10:00:00Z", "Proposal"]]
    assert bring([write(tmp_path / "history.csv", header, rows)]).kinds() == {"deal.moved": 1, "deal.won": 1}


def test_a_workbook_comes_in_like_a_text(tmp_path: Path, workbook: bytes) -> None:
    (tmp_path / "export").write_bytes(workbook)
    assert bring([tmp_path / "export"]).kinds()["deal.won"] == 1
