"""What the rows of the vendors' exports become: histories, links, merges, deletions, mail, tickets, bills, cards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.files.helpers import Brought, bring, write
from tests.unit.vendors.spellings import read
from twostroke.connectors.files.queries import dump_mapping, load_mapping, propose, read_tables
from twostroke.intake.facts import RejectedRow, TranslatedRow
from twostroke.ledger.facts import Draft, Precision, Stroke

CONTACTS = ("Record ID", "First Name", "Last Name", "Email", "Contact owner", "Lifecycle Stage", "Create Date")
DEALS = ("Record ID", "Deal Name", "Deal Stage", "Pipeline", "Amount", "Currency", "Create Date", "Close Date",
         "Associated Contact IDs")  # fmt: skip


def contacts(folder: Path, *rows: list[str]) -> Path:
    made = rows or (["1000001", "Ann", "Berg", "ann@example.org", "", "lead", "2024-01-02"],
                    ["1000002", "Bo", "Kahn", "bo@example.org", "", "lead", "2024-01-03"])  # fmt: skip
    return write(folder / "contacts.csv", CONTACTS, made)


def deals(folder: Path, *rows: list[str]) -> Path:
    first = ["7000001", "One", "appointment", "default", "100", "EUR", "2024-01-02", "2024-09-01", "1000001"]
    return write(folder / "deals.csv", DEALS, [first, *rows])


def said(brought: Brought, kind: str, table: str | None = None) -> list[Draft]:
    return [draft for draft in brought.drafts(table) if draft.kind == kind]


def ids(brought: Brought) -> dict[str, str]:
    return {f"{found.namespace}|{found.value}": found.id for found in brought.minter.drain()}


HISTORY = ("Record ID", "Property Name", "Value", "Timestamp", "Source Type")


def test_a_history_of_contacts_reaches_stages_and_describes(tmp_path: Path) -> None:
    contacts(tmp_path)
    rows = [
        ["1000001", "lifecyclestage", "marketingqualifiedlead", "2024-02-01 10:00", "FORMS"],
        ["1000001", "jobtitle", "Head of Kitchen", "2024-02-02 10:00", "CRM_UI"],
        ["1000002", "hs_email_optout", "true", "2024-02-03 10:00", "CRM_UI"],
        ["1000002", "hubspot_owner_id", "55", "2024-02-04 10:00", "CRM_UI"],
    ]
    write(tmp_path / "contact history.csv", HISTORY, rows)
    brought = bring([tmp_path])
    lines = brought.drafts("contact history")
    assert [line.kind for line in lines] == [
        "stage.reached", "person.described", "consent.withdrawn", "owner.assigned",
    ]  # fmt: skip
    assert (lines[0].properties["stage"], lines[1].personal) == ("mql", {"title": "Head of Kitchen"})
    assert lines[0].subject == ids(brought)["record:test:contact|1000001"]


def test_a_history_of_deals_moves_changes_and_ends_them(tmp_path: Path) -> None:
    contacts(tmp_path)
    deals(tmp_path)
    rows = [
        ["7000001", "dealstage", "proposal", "2024-02-01 10:00", "CRM_UI"],
        ["7000001", "amount", "250.5", "2024-02-02 10:00", "CRM_UI"],
        ["7000001", "closedate", "2024-10-01", "2024-02-03 10:00", "CRM_UI"],
        ["7000001", "dealstage", "closedwon", "2024-02-04 10:00", "CRM_UI"],
    ]
    write(tmp_path / "deal history.csv", HISTORY, rows)
    lines = bring([tmp_path]).drafts("deal history")
    assert [line.kind for line in lines] == ["deal.moved", "deal.changed", "deal.changed", "deal.won"]
    assert (lines[1].amount_minor, lines[1].currency) == (25050, "EUR")
    assert lines[2].properties == {"expected_close": "2024-10-01"}


def test_a_history_of_a_deal_nobody_has_makes_no_deal(tmp_path: Path) -> None:
    contacts(tmp_path)
    deals(tmp_path)
    rows = [["7000099", "dealstage", "proposal", "2024-02-01 10:00", "CRM_UI"]]
    write(tmp_path / "deal history.csv", HISTORY, rows)
    brought = bring([tmp_path])
    assert [line.kind for line in brought.drafts("deal history")] == ["note.written"]
    assert brought.odd("makes no deal").example == "7000099"


def test_stages_have_the_names_order_and_outcomes_of_their_own_table(tmp_path: Path) -> None:
    contacts(tmp_path)
    deals(tmp_path, ["7000002", "Two", "s9", "default", "5", "EUR", "2024-01-02", "2024-02-03", ""])
    stages = [
        ["s9", "Handshake", "default", "true", "true", "3"], ["s8", "No thanks", "default", "false", "true", "4"],
        ["appointment", "First talk", "default", "false", "false", "1"],
    ]  # fmt: skip
    header = ["Stage ID", "Label", "Pipeline ID", "Closed Won", "Is Closed", "Display Order"]
    write(tmp_path / "deal pipeline stages.csv", header, stages)
    brought = bring([tmp_path])
    (won,) = said(brought, "deal.won")
    assert won.properties["stage"] == "Handshake"
    table = brought.proposal.mapping.table("deals")
    assert table is not None
    assert table.stages == {"First talk": "open", "Handshake": "won"}
    again = propose(read_tables([tmp_path / "deals.csv"]), load_mapping(dump_mapping(brought.proposal.mapping)), "test")
    assert said(bring([tmp_path / "deals.csv"], again), "deal.won")[0].properties["stage"] == "Handshake"


def test_a_deleted_deal_and_its_history_leave_no_deal(tmp_path: Path) -> None:
    header = [*DEALS, "Archived"]
    rows = [["7000001", "One", "appointment", "default", "9", "EUR", "2024-01-02", "", "", "true"],
            ["7000002", "Two", "appointment", "default", "9", "EUR", "2024-01-02", "", "", "false"]]  # fmt: skip
    write(tmp_path / "deals.csv", header, rows)
    history = [[f"700000{n}", "dealstage", "proposal", "2024-02-01 10:00", "CRM_UI"] for n in (1, 2)]
    write(tmp_path / "deal history.csv", HISTORY, history)
    brought = bring([tmp_path])
    assert len({line.subject for line in brought.drafts() if line.kind.startswith("deal.")}) == 1


def test_a_deal_merged_into_another_does_not_count(tmp_path: Path) -> None:
    contacts(tmp_path)
    deals(tmp_path, ["7000002", "Twice", "appointment", "default", "5", "EUR", "2024-01-02", "2024-02-03", ""])
    write(tmp_path / "merged deals.csv", ["deal_id", "merged_deal_id"], [["7000001", "7000002"]])
    brought = bring([tmp_path])
    assert len(said(brought, "deal.opened")) == 1
    assert brought.odd("merged into another deal").rows == 1


def test_merged_contacts_are_one_and_a_deleted_one_keeps_only_its_number(tmp_path: Path) -> None:
    header = ["Id", "FirstName", "LastName", "Email", "AccountId", "CreatedDate", "IsDeleted", "MasterRecordId"]
    one, other = "0035g0000000001AAA", "0035g0000000002AAA"
    rows = [[one, "Ann", "Berg", "ann@example.org", "", "2024-01-02T10:00:00.000+0000", "false", ""],
            [other, "Ann", "Berg", "a.b@example.org", "", "2024-01-02T10:00:00.000+0000", "true", one]]  # fmt: skip
    brought = bring([write(tmp_path / "Contact.csv", header, rows)])
    (merge,) = said(brought, "identity.merged")
    known = ids(brought)
    keys = [known[f"record:test:contact|{key[:15]}"] for key in (one, other)]
    assert list(merge.properties["ids"]) == keys
    assert not [key for key in known if "a.b@example.org" in key]


def test_a_table_of_merges_makes_persons_one(tmp_path: Path) -> None:
    contacts(tmp_path)
    rows = [["1000001", "1000001", "1000002", "2024-02-01 10:00:00"]]
    write(tmp_path / "contact_merge_audit.csv", ["canonical_vid", "contact_id", "vid_to_merge", "timestamp"], rows)
    brought = bring([tmp_path])
    known = ids(brought)
    (merge,) = said(brought, "identity.merged")
    assert set(merge.properties["ids"]) == {known[f"record:test:contact|100000{n}"] for n in (1, 2)}


def test_links_say_who_belongs_to_what(tmp_path: Path) -> None:
    contacts(tmp_path)
    deals(tmp_path)
    write(tmp_path / "deal_contact.csv", ["deal_id", "contact_id", "type_id"], [["7000001", "1000002", "3"]])
    write(tmp_path / "contact_company.csv", ["contact_id", "company_id", "type_id"], [["1000001", "77", "1"]])
    brought = bring([tmp_path])
    known = ids(brought)
    (changed,) = said(brought, "deal.changed")
    assert changed.identifier == known["record:test:contact|1000002"]
    (member,) = said(brought, "person.described", "contact_company")
    assert member.company == known["record:test:company|77"]


def test_of_the_roles_in_an_opportunity_the_primary_one_is_its_person(tmp_path: Path) -> None:
    header = ["Id", "OpportunityId", "ContactId", "Role", "IsPrimary", "CreatedDate"]
    rows = [[f"00K{n}", "0065g0000000001", f"0035g000000000{n}", "Decision Maker", str(n == 2).lower(),
             "2024-02-01T10:00:00.000+0000"] for n in (1, 2)]  # fmt: skip
    brought = bring([write(tmp_path / "OpportunityContactRole.csv", header, rows)])
    assert [line.kind for line in brought.drafts()] == ["person.described", "deal.changed"]
    assert brought.drafts()[0].personal == {"part in a deal": "Decision Maker"}


def test_engagements_find_their_contact_in_the_table_of_links(tmp_path: Path) -> None:
    contacts(tmp_path)
    header = ["engagement_id", "property_hs_timestamp", "property_hs_call_title", "property_hs_call_disposition",
              "property_hs_call_duration"]  # fmt: skip
    rows = [["900001", "2024-02-01 10:00:00", "Hello", "73a0d17f-1163-4015-bdd5-ec830791da20", "120000"]]
    write(tmp_path / "engagement_call.csv", header, rows)
    write(tmp_path / "engagement_contact.csv", ["engagement_id", "contact_id", "type_id"], [["900001", "1000002", "9"]])
    brought = bring([tmp_path])
    (call,) = said(brought, "call.made")
    assert call.identifier == ids(brought)["record:test:contact|1000002"]
    assert (call.properties["outcome"], call.properties["minutes"]) == ("No answer", 2)


@pytest.mark.parametrize(("written", "minutes"), [("00:04:00", 4), ("01:02:30", 62), ("03:00", 3), ("", None)])
def test_a_duration_may_be_written_with_colons(tmp_path: Path, written: str, minutes: int | None) -> None:
    header = ["Record ID", "Call title", "Activity date", "Call duration (HH:mm:ss)", "Call direction"]
    brought = bring([write(tmp_path / "calls.csv", header, [["1", "Hi", "2024-02-01 10:00", written, "Outbound"]])])
    assert said(brought, "call.made")[0].properties.get("minutes") == minutes


def test_a_cell_of_several_contacts_is_several_persons(tmp_path: Path) -> None:
    contacts(tmp_path)
    header = ["Record ID", "Meeting name", "Meeting start time", "Meeting end time", "Associated Contact IDs"]
    rows = [["900001", "Talk", "2024-02-01 10:00", "2024-02-01 10:45", "1000001;1000002"]]
    write(tmp_path / "meetings.csv", header, rows)
    brought = bring([tmp_path])
    held, known = said(brought, "meeting.held"), ids(brought)
    assert [line.identifier for line in held] == [known[f"record:test:contact|100000{n}"] for n in (1, 2)]
    assert {line.subject for line in held} == {known["record:test:meeting|900001"]}


def test_a_lead_an_id_says_to_be_one_is_that_lead(tmp_path: Path) -> None:
    header = ["Id", "WhoId", "WhatId", "Subject", "Status", "ActivityDate", "TaskSubtype", "OwnerId"]
    rows = [["00T1", "00Q5g0000000000EAA", "0065g000040Fyo4AAC", "Hello", "Completed", "2024-02-01", "Call", "0055g1"]]
    brought = bring([write(tmp_path / "Task.csv", header, rows)])
    (call,) = said(brought, "call.made")
    known = ids(brought)
    assert call.identifier == known["record:test:lead|00Q5g0000000000"]
    assert call.properties["deal"] == known["record:test:deal|0065g000040Fyo4"]


def test_ids_of_15_and_18_characters_are_one(tmp_path: Path) -> None:
    write(tmp_path / "Account.csv", ["Id", "Name", "Website", "Industry", "OwnerId", "BillingCountry"],
          [["0015g00002tdk01AAA", "Firm", "firm.example", "Trade", "0055g1", "DE"]])  # fmt: skip
    header = ["Opportunity ID", "Opportunity Name", "Account ID", "Stage", "Close Date", "Amount"]
    rows = [["0065g000040Fyo4", "D", "0015g00002tdk01", "Closed Won", "2024-02-01", "5"]]
    write(tmp_path / "report.csv", header, rows)
    brought = bring([tmp_path])
    assert said(brought, "deal.won")[0].company == said(brought, "company.described")[0].subject


def test_a_converted_lead_is_its_contact_and_no_customer(tmp_path: Path) -> None:
    header = ["Id", "LastName", "Email", "Company", "Status", "IsConverted", "ConvertedDate", "ConvertedContactId"]
    row = ["00Q5g0000000000EAA", "Berg", "ann@example.org", "Firm", "Closed", "true", "2024-03-01", "0035g1"]
    brought = bring([write(tmp_path / "Lead.csv", header, [row])])
    stages = [line.properties["stage"] for line in said(brought, "stage.reached")]
    assert stages == ["lead", "sql"]
    (claim,) = said(brought, "identity.claimed")
    assert ids(brought)["record:test:contact|0035g1"] in claim.properties["ids"]


EVENTS = ("id", "created", "type", "recipient", "email_campaign_id", "sent_by_id", "filtered_event")


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("SENT", "mail.sent"), ("DELIVERED", "mail.delivered"), ("OPEN", "mail.opened"), ("CLICK", "mail.clicked"),
        ("BOUNCE", "mail.bounced"), ("DROPPED", "mail.bounced"), ("DEFERRED", "mail.bounced"),
        ("SPAMREPORT", "mail.complained"), ("FORWARD", "action.taken"), ("PRINT", "action.taken"),
        ("STATUSCHANGE", "action.taken"),
    ],
)  # fmt: skip
def test_events_of_mail_are_told_by_their_type(tmp_path: Path, type_: str, kind: str) -> None:
    rows = [["e1", "2024-02-01 10:00:00", type_, "ann@example.org", "5", "e0", "false"]]
    brought = bring([write(tmp_path / "email_event.csv", EVENTS, rows)])
    assert [line.kind for line in brought.drafts()] == [kind]


def test_an_open_nobody_vouches_for_is_unsure_and_one_of_a_filter_a_machines(tmp_path: Path) -> None:
    rows = [[f"e{n}", "2024-02-01 10:00:00", "OPEN", "ann@example.org", "5", "e0", flag]
            for n, flag in enumerate(("false", "true"))]  # fmt: skip
    brought = bring([write(tmp_path / "email_event.csv", EVENTS, rows)])
    opened = said(brought, "mail.opened")
    assert [line.properties["by"] for line in opened] == ["unsure", "machine"]
    assert {line.subject for line in opened} == {ids(brought)["record:test:mail|e0"]}


def test_unsubscribing_withdraws_the_consent(tmp_path: Path) -> None:
    header = [*EVENTS, "portal_subscription_status"]
    rows = [["e1", "2024-02-01 10:00:00", "STATUSCHANGE", "ann@example.org", "5", "", "false", "UNSUBSCRIBED"]]
    brought = bring([write(tmp_path / "email_event.csv", header, rows)])
    assert [line.kind for line in brought.drafts()] == ["mail.unsubscribed", "consent.withdrawn"]


def test_mails_of_sellers_are_push_and_answers_the_customers(tmp_path: Path) -> None:
    header = ["Record ID", "Email subject", "Email body", "Activity date", "Email direction", "Associated Contact IDs"]
    rows = [["1", "Hi", "…", "2024-02-01 10:00", "Outgoing Email", "1000001"],
            ["2", "Re: Hi", "…", "2024-02-02 10:00", "Incoming Email", "1000001"]]  # fmt: skip
    lines = bring([write(tmp_path / "emails.csv", header, rows)]).drafts()
    assert [(line.kind, line.stroke) for line in lines] == [("mail.sent", Stroke.PUSH), ("mail.replied", None)]


def test_campaigns_name_what_members_point_to_and_bring_no_cost_of_their_own(tmp_path: Path) -> None:
    write(tmp_path / "campaigns.csv", ["Campaign ID", "Campaign Name", "Start date", "Spend items total"],
          [["61", "Autumn fair", "2024-02-01", "338.85"]])  # fmt: skip
    header = ["Contact ID", "Campaign ID", "Email", "Status", "First responded date"]
    write(tmp_path / "campaign-members.csv", header, [["1", "61", "a@example.org", "Attended", "2024-02-02"]])
    brought = bring([tmp_path])
    assert {line.campaign for line in brought.drafts()} == {"Autumn fair"}
    assert brought.kinds() == {"event.attended": 1}


def test_owners_named_in_words_are_those_of_the_owners_file(tmp_path: Path) -> None:
    contacts(tmp_path, *[[f"100000{n}", "A", f"B{n}", f"a{n}@example.org", "Ann  Berg", "lead", "2024-01-02"]
                         for n in range(3)])  # fmt: skip
    header = ["Owner ID", "Email", "First Name", "Last Name", "Team", "Active"]
    write(tmp_path / "owners.csv", header, [["55", "ann@firm.example", "Ann", "Berg", "North", "true"]])
    brought = bring([tmp_path])
    assert {line.actor for line in said(brought, "owner.assigned")} == {ids(brought)["record:test:colleague|55"]}
    assert len(said(brought, "colleague.described")) == 1


def test_hashed_addresses_are_persons_without_address(tmp_path: Path) -> None:
    row = ["1000001", "Ann", "Berg", "0" * 31 + "a", "", "lead", "2024-01-02"]
    brought = bring([contacts(tmp_path, row)])
    assert brought.odd("hashed before the file was written").rows == 1
    assert not [key for key in ids(brought) if key.startswith("email|")]
    assert all("email" not in line.personal for line in brought.drafts())


def test_a_ticket_is_opened_answered_and_closed(tmp_path: Path) -> None:
    header = ["Ticket ID", "Ticket name", "Ticket status", "Create date", "Close date",
              "First agent email response date", "Priority"]  # fmt: skip
    rows = [["1", "Broken", "Closed", "2024-02-01 10:00", "2024-02-03 10:00", "2024-02-01 11:00", "HIGH"]]
    brought = bring([write(tmp_path / "tickets.csv", header, rows)])
    assert [line.kind for line in brought.drafts()] == ["ticket.opened", "ticket.answered", "ticket.closed"]


def test_a_card_taken_at_a_fair_is_a_touch_with_its_note(tmp_path: Path) -> None:
    header = ["Scan no.", "Scanned at", "First name", "Last name", "Company", "E-mail", "Note", "Scanned by"]
    rows = [["1", "21.07.2024 10:32", "Ann", "Berg", "Firm", "ann@example.org", "boss decides", "Bo Kahn"]]
    brought = bring([write(tmp_path / "autumn-fair.csv", header, rows)])
    (card,) = said(brought, "card.taken")
    assert (card.properties["event"], card.personal["note"]) == ("Autumn Fair", "boss decides")
    assert card.identifier == ids(brought)["email|ann@example.org"]


def test_each_row_of_a_price_list_is_a_price_from_its_day_on(tmp_path: Path) -> None:
    header = ["SKU", "Product", "Price", "Currency", "Valid from", "Valid to"]
    rows = [["A", "Uno", "10.00", "EUR", "2024-01-01", "2024-05-31"], ["A", "Uno", "12.00", "EUR", "2024-06-01", ""]]
    brought = bring([write(tmp_path / "price-list.csv", header, rows)])
    prices = said(brought, "price.set")
    assert [(line.amount_minor, line.precision) for line in prices] == [(1000, Precision.DAY), (1200, Precision.DAY)]
    records = {row.record for row in brought.rows["price-list"] if isinstance(row, TranslatedRow)}
    assert (len({line.subject for line in prices}), len(records)) == (1, 2)


def test_a_price_list_that_names_each_product_once_does_not_replace_last_years(tmp_path: Path) -> None:
    header = ["SKU", "Product", "Price", "Currency", "Valid from", "Valid to"]
    rows = [["A", "Uno", "10.00", "EUR", "2024-01-01", ""], ["B", "Due", "12.00", "EUR", "2024-01-01", ""]]
    write(tmp_path / "price-list.csv", header, rows)
    (table,) = propose(read_tables([tmp_path]), None, "test").mapping.tables
    assert (table.record, table.key) == ("price", "")


def test_payments_pay_their_invoices(tmp_path: Path) -> None:
    write(tmp_path / "invoices.csv", ["Invoice number", "Invoice date", "Due date", "Net amount", "Currency"],
          [["R-1", "2024-02-01", "2024-03-01", "59.07", "EUR"]])  # fmt: skip
    write(tmp_path / "payments.csv", ["Payment number", "Value date", "Invoice number", "Amount", "Currency", "Method"],
          [["Z-1", "2024-02-20", "R-1", "59.07", "EUR", "card"]])  # fmt: skip
    brought = bring([tmp_path])
    (paid,), (issued,) = said(brought, "payment.received"), said(brought, "invoice.issued")
    assert paid.properties["invoice"] == issued.subject
    assert issued.properties["due"] == "2024-03-01"


def test_positions_name_the_product_and_leave_the_amount_to_the_deal(tmp_path: Path) -> None:
    header = ["Id", "OpportunityId", "Product2Id", "Quantity", "UnitPrice", "TotalPrice"]
    rows = [["00k1", "0065g1", "01t1", "2", "5", "10"]]
    (line,) = bring([write(tmp_path / "OpportunityLineItem.csv", header, rows)]).drafts()
    assert (line.kind, line.amount_minor, line.personal["quantity"]) == ("deal.changed", None, "2")
    assert "product" in line.properties


@pytest.mark.parametrize("name", ["contacts.csv", "engagement_call.csv", "deal_contact.csv", "Task.csv"])
def test_files_without_rows_come_in_without_a_word(tmp_path: Path, name: str) -> None:
    headers = {"contacts.csv": CONTACTS, "engagement_call.csv": ("engagement_id", "property_hs_timestamp", "type"),
               "deal_contact.csv": ("deal_id", "contact_id", "type_id"),
               "Task.csv": ("Id", "WhoId", "Subject", "ActivityDate", "Status")}  # fmt: skip
    brought = bring([write(tmp_path / name, headers[name], [])])
    assert brought.drafts() == []
    assert not [row for rows in brought.rows.values() for row in rows if isinstance(row, RejectedRow)]


def test_keys_that_match_nothing_are_counted_and_named(tmp_path: Path) -> None:
    contacts(tmp_path)
    header = ["form_id", "contact_id", "timestamp", "page_url", "conversion_id"]
    rows = [["f1", f"200000{n}", "2024-02-01 10:00", "/a", f"c{n}"] for n in range(3)]
    write(tmp_path / "form_submission.csv", header, rows)
    odd = bring([tmp_path]).odd("match nothing in contacts.Record ID")
    assert (odd.rows, "2000000" in odd.example) == (3, True)


def test_the_day_a_lead_was_converted_is_no_purchase(tmp_path: Path) -> None:
    header = ["Lead Owner", "First Name", "Last Name", "Company / Account", "Email", "Lead Status", "Created Date",
              "Converted Date"]  # fmt: skip
    rows = [["Bo Kahn", "Ann", "Berg", "Firm", "ann@example.org", "Qualified", "2024-01-02", "2024-03-01"]]
    brought = bring([write(tmp_path / "report.csv", header, rows)])
    assert [line.properties["stage"] for line in said(brought, "stage.reached")] == ["lead", "sql"]


def test_stages_as_the_api_gives_them_tell_won_from_lost_by_their_chance(tmp_path: Path) -> None:
    contacts(tmp_path)
    deals(tmp_path, ["7000002", "Two", "s9", "default", "5", "EUR", "2024-01-02", "2024-02-03", ""],
          ["7000003", "Three", "s8", "default", "5", "EUR", "2024-01-02", "2024-02-03", ""])  # fmt: skip
    header = ["id", "label", "displayOrder", "metadata.isClosed", "metadata.probability", "pipelineId"]
    rows = [["appointment", "Talk", "0", "false", "0.2", "default"], ["s9", "Yes", "1", "true", "1.0", "default"],
            ["s8", "No", "2", "true", "0.0", "default"]]  # fmt: skip
    write(tmp_path / "pipeline_stages.csv", header, rows)
    brought = bring([tmp_path])
    assert (len(said(brought, "deal.won")), len(said(brought, "deal.lost"))) == (1, 1)


@pytest.mark.parametrize(
    ("name", "headers", "record"),
    [
        ("report 17", "Opportunity Owner,Account Name,Opportunity Name,Stage,Amount,Probability (%),Close Date,Type",
         "deal"),
        ("report 18", "Salutation,First Name,Last Name,Title,Account Name,Mailing City,Email,Account Owner", "person"),
        ("report 19", "Subject,Date,Type,Assigned,Contact,Company / Account,Opportunity,Status,Priority", "activity"),
        ("contacts", "id,archived,createdAt,properties_email,properties_firstname,properties_lifecyclestage", "person"),
        ("ACCOUNT", "ID,ISDELETED,MASTERRECORDID,NAME,PARENTID,BILLINGCITY,WEBSITE,OWNERID,CREATEDDATE", "company"),
        ("cases", "Case Number,Subject,Status,Priority,Date/Time Opened,Case Owner,Contact Name", "ticket"),
        ("events", "emailCampaignId,type,recipient,created,id,portalId,appId,sentBy.id,filteredEvent", "touch"),
    ],
)  # fmt: skip
def test_reports_loaders_and_apis_write_the_same_fields_their_own_way(name: str, headers: str, record: str) -> None:
    assert read(name, headers.split(",")).record == record


def test_tables_that_only_name_ask_nothing(tmp_path: Path) -> None:
    header = ["Campaign ID", "Campaign Name", "Start date", "End date", "Spend items total"]
    write(tmp_path / "campaigns.csv", header, [["61", "Fair", "01/02/2024", "03/04/2024", "338.85"]])
    assert propose(read_tables([tmp_path]), None, "test").questions == ()


def test_a_history_of_tickets_changes_and_closes_them(tmp_path: Path) -> None:
    (tmp_path / "ticket-property-history.csv").write_text(
        "Ticket ID,Property Name,Property Value,Source Type,Timestamp\n"
        "7001,hs_pipeline_stage,Waiting on us,CRM_UI,2026-02-01 09:00\n"
        "7001,hubspot_owner_id,77,CRM_UI,2026-02-01 10:00\n"
        "7001,hs_ticket_priority,HIGH,CRM_UI,2026-02-01 11:00\n"
        "7001,hs_pipeline_stage,Closed,CRM_UI,2026-02-02 09:00\n"
    )
    drafts = bring([tmp_path]).drafts()
    assert [(draft.kind, draft.properties) for draft in drafts] == [
        ("ticket.changed", {"stage": "Waiting on us"}),
        ("ticket.changed", {}),
        ("ticket.changed", {"priority": "HIGH"}),
        ("ticket.closed", {}),
    ]
    assert len({draft.subject for draft in drafts}) == 1
    assert drafts[1].actor is not None


def test_a_history_as_people_export_it_is_one(tmp_path: Path) -> None:
    (tmp_path / "deal-property-history.csv").write_text(
        "Record ID,Deal Name,Property,Value,Date of change,Source,Updated by\n"
        "14000000001,Harbour,Deal Stage,Contract Sent,2026-02-01 09:00,CRM UI,Ann\n"
        "14000000001,Harbour,Deal Stage,Closed Won,2026-02-09 09:00,CRM UI,Ann\n"
    )
    assert [draft.kind for draft in bring([tmp_path]).drafts()] == ["deal.moved", "deal.won"]


def test_a_submitted_form_is_a_touch_and_no_purchase(tmp_path: Path) -> None:
    (tmp_path / "form-submissions-contact-us.csv").write_text(
        "Conversion Date,First Name,Last Name,Email,Message,Conversion Page,Conversion Title\n"
        "2026-02-01 09:00,Ann,Berg,ann@firm.example,Send a price list,https://x.example/contact,Contact us\n"
    )
    form, described = bring([tmp_path]).drafts()
    assert (form.kind, form.properties, described.personal) == (
        "form.submitted",
        {"form": "Contact us"},
        {"first_name": "Ann", "last_name": "Berg"},
    )


def test_of_several_companies_the_primary_one_is_the_deals(tmp_path: Path) -> None:
    (tmp_path / "hubspot-crm-exports-all-deals.csv").write_text(
        "Record ID,Deal Name,Deal Stage,Close Date,Amount,Pipeline,Create Date,Associated Company IDs,"
        "Associated Company IDs (Primary),Associated Company\n"
        "140001,D,Closed Won,2026-02-01,5,Sales,2026-01-01,910001;910002,910002,Harbour Hotel\n"
    )
    brought = bring([tmp_path])
    won = next(draft for draft in brought.drafts() if draft.kind == "deal.won")
    assert won.company == brought.minter.record("test", "company", "910002")


def test_addresses_of_another_file_are_no_oddity(tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text("Record ID,First Name,Last Name,Email\n" + "".join(
        f"{1000 + n},A{n},B{n},a{n}@firm.example\n" for n in range(30)))  # fmt: skip
    (tmp_path / "email-events.csv").write_text("Recipient,Email Campaign ID,Event Type,Event Date\n" + "".join(
        f"a{n}@firm.example,99887,OPEN,2026-02-01 09:00\n" for n in range(5, 40)))  # fmt: skip
    assert not [o for found in bring([tmp_path]).oddities.values() for o in found if "which is no" in o.what]


def test_a_history_of_amounts_is_in_the_currency_of_its_deal(tmp_path: Path) -> None:
    header = ["Id", "Name", "StageName", "Amount", "CloseDate", "CurrencyIsoCode", "IsWon", "IsClosed"]
    row = ["0065g0000000001", "Deal", "Prospecting", "300.0", "2024-09-01", "USD", "false", "false"]
    write(tmp_path / "Opportunity.csv", header, [row])
    change = ["0175g1", "0065g0000000001", "2024-02-03T10:00:00.000+0000", "Amount", "200.0", "300.0"]
    history = ["Id", "OpportunityId", "CreatedDate", "Field", "OldValue", "NewValue"]
    write(tmp_path / "OpportunityFieldHistory.csv", history, [change])
    (changed,) = said(bring([tmp_path]), "deal.changed")
    assert (changed.amount_minor, changed.currency) == (30_000, "USD")


def test_a_stage_in_a_history_goes_by_the_label_its_deals_have(tmp_path: Path) -> None:
    deals(tmp_path, ["7000002", "Two", "Contract Sent (Sales Pipeline)", "Sales Pipeline", "5", "EUR", "2024-01-02",
                     "2024-09-01", "1000001"])  # fmt: skip
    write(tmp_path / "deal history.csv", ["Deal ID", *HISTORY[1:]],
          [["7000002", "dealstage", "contractsent", "2024-02-01 10:00", "CRM_UI"]])  # fmt: skip
    brought = bring([tmp_path])
    moved = [line for line in brought.drafts("deal history") if line.kind == "deal.moved"]
    assert [line.properties["stage"] for line in moved] == ["Contract Sent (Sales Pipeline)"]


OPPORTUNITY = "0065g00000ABC01"


def test_a_report_of_fields_that_changed_moves_a_deal_only_where_the_stage_did(tmp_path: Path) -> None:
    header = ["Opportunity Name", "Opportunity Owner", "Edited By", "Field / Event", "Old Value", "New Value",
              "Edit Date"]  # fmt: skip
    rows = [["Deal", "Ada", "Bo", "Stage", "Prospecting", "Qualification", "3/15/2024, 2:22 PM"],
            ["Deal", "Ada", "Bo", "Amount", "USD 100.00", "USD 15,000.00", "3/16/2024, 2:22 PM"]]  # fmt: skip
    brought = bring([write(tmp_path / "report.csv", header, rows)])
    assert [line.properties["stage"] for line in said(brought, "deal.moved")] == ["Qualification"]
    (changed,) = said(brought, "deal.changed")
    assert (changed.amount_minor, changed.currency) == (1_500_000, "USD")


def test_a_report_of_products_of_deals_does_not_take_the_deals_place(tmp_path: Path) -> None:
    header = ["Opportunity Name", "Account Name", "Product Name", "Quantity", "Sales Price", "Total Price",
              "Close Date", "Stage", "Opportunity ID"]  # fmt: skip
    rows = [["Deal", "Firm", product, "2.00", "100.00", "200.00", "3/15/2024", "Prospecting", OPPORTUNITY]
            for product in ("Mill", "Cup")]  # fmt: skip
    brought = bring([write(tmp_path / "report.csv", header, rows)])
    assert [line.kind for line in brought.drafts()] == ["deal.changed", "deal.changed"]
    assert {line.subject for line in brought.drafts()} == {ids(brought)[f"record:test:deal|{OPPORTUNITY}"]}


def test_a_report_of_contact_roles_does_not_take_the_deals_place(tmp_path: Path) -> None:
    header = ["Opportunity Name", "Account Name", "First Name", "Last Name", "Role", "Primary", "Email", "Stage",
              "Amount", "Close Date", "Opportunity ID"]  # fmt: skip
    row = ["Deal", "Firm", "Ann", "Berg", "Decision Maker", "1", "ann@example.org", "Prospecting", "5.00", "3/15/2024",
           OPPORTUNITY]  # fmt: skip
    brought = bring([write(tmp_path / "report.csv", header, [row])])
    (line,) = brought.drafts()
    assert (line.kind, line.identifier) == ("deal.changed", ids(brought)["email|ann@example.org"])


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Account: Account Name", "company"),
        ("Opportunity Owner: Full Name", "owner"),
        ("Owner.Name", "owner"),
        ("Primary Campaign Source: Campaign Name", "campaign"),
        ("Campaign.Name", "campaign"),
        ("Account: Industry", ""),
    ],
)
def test_a_column_of_a_record_pointed_to_names_it(header: str, role: str) -> None:
    headers = ["Opportunity: Opportunity ID", "Opportunity: Opportunity Name", "Stage", "Amount", "Close Date", header]
    assert {place: name for name, place in read("report", headers).roles.items()}.get(5, "") == role


def test_an_activity_is_of_whom_its_address_names_rather_than_of_a_name(tmp_path: Path) -> None:
    header = ["Activity ID", "Activity type", "Activity date", "Title", "Contact name", "Contact email"]
    row = ["60", "Call", "2024-02-01 10:00", "Hello", "Ann Berg", "ann@example.org"]
    brought = bring([write(tmp_path / "activities.csv", header, [row])])
    assert said(brought, "call.made")[0].identifier == ids(brought)["email|ann@example.org"]


def test_a_history_that_comes_later_by_itself_goes_by_the_stages_of_the_deals_before_it(tmp_path: Path) -> None:
    deals(tmp_path, ["7000002", "Two", "Contract Sent (Sales Pipeline)", "Sales Pipeline", "5", "EUR", "2024-01-02",
                     "2024-09-01", "1000001"])  # fmt: skip
    before = load_mapping(dump_mapping(propose(read_tables([tmp_path]), None, "test").mapping))
    history = write(tmp_path / "deal history.csv", ["Deal ID", *HISTORY[1:]],
                    [["7000002", "dealstage", "contractsent", "2024-02-01 10:00", "CRM_UI"]])  # fmt: skip
    brought = bring([history], propose(read_tables([history]), before, "test"))
    assert [line.properties["stage"] for line in said(brought, "deal.moved")] == ["Contract Sent (Sales Pipeline)"]


def test_an_amount_in_a_history_without_its_deals_is_kept_and_not_counted(tmp_path: Path) -> None:
    history = ["Id", "OpportunityId", "CreatedDate", "Field", "OldValue", "NewValue"]
    change = ["0175g1", "0065g0000000001", "2024-02-03T10:00:00.000+0000", "Amount", "200.0", "300.0"]
    brought = bring([write(tmp_path / "OpportunityFieldHistory.csv", history, [change])])
    (changed,) = said(brought, "deal.changed")
    assert (changed.amount_minor, changed.personal) == (None, {"Amount": "300.0"})
    assert brought.odd("in which currency they are is not known").rows == 1


@pytest.mark.parametrize(
    ("name", "header", "row", "record"),
    [
        ("Quote", ["Id", "OwnerId", "Name", "OpportunityId", "Status", "GrandTotal", "ContactId", "CreatedDate"],
         ["0Q05g00000ABC01AAA", "0055g00000ABC00AAA", "Quote", f"{OPPORTUNITY}AAA", "Draft", "1500.0",
          "0035g00000ABC01AAA", "2024-02-01T10:00:00.000Z"], "none"),
        ("Contract", ["Id", "AccountId", "StartDate", "EndDate", "OwnerId", "Status", "CreatedDate"],
         ["8005g00000ABC01AAA", "0015g00000ABC01AAA", "2024-01-01", "2025-01-01", "0055g00000ABC00AAA", "Activated",
          "2024-02-01T10:00:00.000Z"], "none"),
        ("Order", ["Id", "OwnerId", "AccountId", "OpportunityId", "EffectiveDate", "Status", "TotalAmount",
                   "OrderNumber"],
         ["8015g00000ABC01AAA", "0055g00000ABC00AAA", "0015g00000ABC01AAA", f"{OPPORTUNITY}AAA", "2024-01-01",
          "Activated", "1500.0", "00000101"], "order"),
    ],
)  # fmt: skip
def test_rows_whose_ids_are_of_another_object_never_take_the_place_of_deals(
    tmp_path: Path, name: str, header: list[str], row: list[str], record: str
) -> None:
    brought = bring([write(tmp_path / f"{name}.csv", header, [row])])
    assert brought.records() == {name: record}
    assert [line.kind for line in brought.drafts() if line.kind.startswith("deal.")] == []


def test_a_deal_whose_export_only_names_its_people_finds_them_by_the_address_in_brackets(tmp_path: Path) -> None:
    header = ["Record ID", "Deal Name", "Deal Stage", "Close Date", "Amount", "Create Date", "Associated Contact",
              "Associated Company"]  # fmt: skip
    row = ["9900", "Deal", "Contract Sent", "2024-09-01 10:00", "999.00", "2024-02-01 10:00",
           "Ann Berg (ann@example.org);Bo Kahn (bo@example.org)", "Firm"]  # fmt: skip
    brought = bring([write(tmp_path / "deals.csv", header, [row])])
    opened, known = said(brought, "deal.opened")[0], ids(brought)
    assert opened.identifier == known["email|ann@example.org"]
    assert opened.company is not None
