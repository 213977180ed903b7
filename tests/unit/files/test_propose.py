"""Tables become a mapping: records, roles, joins, questions, memory, and a YAML people can edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.files.helpers import bring, write
from twostroke.connectors.files.fields import FIELDS
from twostroke.connectors.files.queries import (
    BadMappingError,
    Proposal,
    dump_mapping,
    load_mapping,
    propose,
    read_tables,
)

DEALS = ("Deal ID", "Deal Name", "Stage", "Amount EUR", "Create Date", "Close Date", "Owner")


def deals(folder: Path, opened: str, closed: str, name: str = "deals.csv") -> Path:
    rows = [
        [f"D{n}", f"Deal {n}", ["Won", "Lost", "Proposal"][n % 3], str(n * 7.5), opened, closed, f"Seller {n % 2}"]
        for n in range(30)
    ]
    return write(folder / name, DEALS, rows)


def proposed(path: Path, **given: object) -> Proposal:
    return propose(read_tables([path]), None, "test", **given)  # type: ignore[arg-type]


def roles(path: Path) -> dict[str, str]:
    (table,) = proposed(path).mapping.tables
    return {column.header: column.role for column in table.columns}


def test_columns_are_known_by_their_names(tmp_path: Path) -> None:
    assert list(roles(deals(tmp_path, "2024-01-02", "2024-02-03")).values()) == [
        "key", "name", "stage", "amount", "opened_at", "closed_at", "owner",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "header", ["Close Date", "close_date", "CloseDate", "closedate", "CLOSE-DATE", "properties.closedate"]
)
def test_headers_are_compared_without_case_and_punctuation(tmp_path: Path, header: str) -> None:
    rows = [[str(n), "Won", "5", "2024-01-30"] for n in range(10)]
    assert (
        roles(write(tmp_path / "x.csv", ["Opportunity ID", "StageName", "Amount", header], rows))[header] == "closed_at"
    )


def test_an_order_of_dates_nothing_proves_is_asked(tmp_path: Path) -> None:
    proposal = proposed(deals(tmp_path, "01/02/2024", "03/04/2024"))
    (question,) = proposal.open_questions
    assert (tuple(question.choices), question.example) == (("d-m-y", "m-d-y"), "01/02/2024")


def test_an_answer_is_taken_and_remembered(tmp_path: Path) -> None:
    path = deals(tmp_path, "01/02/2024", "03/04/2024")
    answered = proposed(path, answers={"date-order /": "m-d-y"})
    assert not answered.open_questions
    remembered = load_mapping(dump_mapping(answered.mapping))
    again = propose(read_tables([deals(tmp_path, "05/06/2024", "07/08/2024")]), remembered, "test")
    assert (again.open_questions, again.mapping.tables[0].by_role("closed_at").date) == ((), "m-d-y")  # type: ignore[union-attr]


def test_a_proof_in_one_file_serves_its_sisters(tmp_path: Path) -> None:
    deals(tmp_path, "01/02/2024", "03/04/2024", "a.csv")
    rows = [[f"c{n}@example.org", "Ann", "Berg", "31/01/2024"] for n in range(5)]
    write(tmp_path / "contacts.csv", ["Email", "First Name", "Last Name", "Create Date"], rows)
    proposal = proposed(tmp_path)
    assert not proposal.open_questions
    assert {c.date for t in proposal.mapping.tables for c in t.columns if c.role.endswith("_at")} == {"d-m-y"}


def test_columns_that_prove_different_orders_keep_their_own(tmp_path: Path) -> None:
    (table,) = proposed(deals(tmp_path, "31/01/2024", "02/28/2024")).mapping.tables
    assert [c.date for c in table.columns if c.role.endswith("_at")] == ["d-m-y", "m-d-y"]


def test_a_currency_in_the_header_needs_no_question(tmp_path: Path) -> None:
    proposal = proposed(deals(tmp_path, "2024-01-02", "2024-02-03"))
    assert (proposal.questions, proposal.mapping.tables[0].currency) == ((), "EUR")


def test_a_decimal_character_nothing_proves_is_asked(tmp_path: Path) -> None:
    rows = [[str(n), "Won", f"{n}.{100 + n}"] for n in range(1, 9)]
    proposal = proposed(write(tmp_path / "d.csv", ["Deal ID", "Deal Stage", "Amount"], rows))
    assert [question.key for question in proposal.open_questions] == ["decimal d.Amount"]


def test_a_mapping_survives_its_yaml(tmp_path: Path) -> None:
    mapping = proposed(deals(tmp_path, "2024-01-02", "2024-02-03")).mapping
    again = load_mapping(dump_mapping(mapping))
    for table in mapping.tables:
        table.note = ""
        for column in table.columns:
            column.note = ""
    assert again == mapping


def test_the_yaml_says_what_was_seen_but_names_nobody(tmp_path: Path) -> None:
    rows = [[f"ann{n}@example.org", f"Ann {n}", "Web"] for n in range(30)]
    text = dump_mapping(proposed(write(tmp_path / "leads.csv", ["Email", "Full Name", "Lead Source"], rows)).mapping)
    assert "# category, 1 different values; e.g. Web. Its name says source." in text
    assert "ann1@" not in text
    assert "Ann 1" not in text


def test_an_edited_mapping_stands(tmp_path: Path) -> None:
    path = deals(tmp_path, "2024-01-02", "2024-02-03")
    text = dump_mapping(proposed(path).mapping).replace("Owner: {role: owner}", 'Owner: {role: "-"}')
    proposal = propose(read_tables([path]), load_mapping(text), "test")
    assert "owner.assigned" not in bring([path], proposal).kinds()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a: [", "no YAML"),
        ("source: x", "needs `source:` and `tables:`"),
        ("tables: {a: {record: cake}}", "there is no record “cake”"),
        ("tables: {a: {record: deal, columns: {b: {role: sugar}}}}", "a deal has no field “sugar”"),
        ("tables: {a: {record: deal, columns: {b: {date: y-d-m}}}}", "date is y-d-m"),
        ("tables: {a: {record: deal, key: c, columns: {}}}", "the key “c” is none of its columns"),
        ("tables: {a: {record: deal, stages: {x: gone}}}", "write open, won or lost"),
        ("currency: euro\ntables: {}", "is no currency"),
    ],
)
def test_a_wrong_mapping_says_where_and_what_to_write(text: str, complaint: str) -> None:
    with pytest.raises(BadMappingError, match=complaint):
        load_mapping(text)


def test_a_table_is_known_again_under_another_file_name(tmp_path: Path) -> None:
    first = proposed(deals(tmp_path, "01/02/2024", "03/04/2024"), answers={"date-order /": "d-m-y"})
    later = deals(tmp_path, "05/06/2024", "07/08/2024", "deals 2.csv")
    again = propose(read_tables([later]), first.mapping, "test")
    assert (again.mapping.tables[0].name, again.open_questions) == ("deals 2", ())


def test_a_column_of_keys_is_what_it_points_to(tmp_path: Path) -> None:
    write(tmp_path / "p.csv", ["Product", "List Price EUR"], [[f"Thing {c}", "5"] for c in "ABCDEF"])
    rows = [[str(n), "Won", "2024-01-30", f"Thing {'ABCDEFX'[n % 7]}"] for n in range(70)]
    write(tmp_path / "d.csv", ["Deal ID", "Stage", "Close Date", "What"], rows)
    proposal = proposed(tmp_path)
    deal = proposal.mapping.of_record("deal")[0]
    assert deal.by_role("product").header == "What"  # type: ignore[union-attr]
    assert deal.by_role("product").to == "p.Product"  # type: ignore[union-attr]


def test_a_data_dictionary_is_documentation(tmp_path: Path) -> None:
    deals(tmp_path, "2024-01-02", "2024-02-03")
    write(tmp_path / "dd.csv", ["Table", "Field", "Description"], [["deals", name, "…"] for name in DEALS])
    assert bring([tmp_path]).records() == {"dd": "dictionary", "deals": "deal"}


def test_a_table_of_no_record_brings_nothing_and_is_said(tmp_path: Path) -> None:
    brought = bring([write(tmp_path / "x.csv", ["path", "total"], [["a > b", "3"], ["b", "4"]])])
    assert (brought.drafts(), brought.odd("no record").rows) == ([], 2)


def test_a_lead_funnel_of_two_unknown_files_needs_no_hand(tmp_path: Path) -> None:
    leads = [[f"{n:032x}", f"2018-0{1 + n % 9}-15", ["paid_search", "social"][n % 2]] for n in range(60)]
    won = [[f"{n:032x}", f"seller{n % 4}", f"2{n % 9}.11.2018 10:00"] for n in range(0, 60, 3)]
    write(tmp_path / "mqls.csv", ["mql_id", "first_contact_date", "origin"], leads)
    path = write(tmp_path / "closed_deals.csv", ["mql_id", "sales_rep", "won_date"], won, ";")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    brought = bring([tmp_path])
    assert brought.records() == {"closed_deals": "deal", "mqls": "person"}
    assert (brought.kinds()["deal.won"], brought.kinds()["stage.reached"]) == (20, 60)
    persons = {draft.subject for draft in brought.drafts("mqls")}
    assert {draft.identifier for draft in brought.drafts("closed_deals") if draft.kind == "deal.won"} <= persons


def test_for_a_table_nobody_knows_the_mapping_lists_what_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("token,door\na,b\nc,d\n")
    text = dump_mapping(propose(read_tables([tmp_path]), None, "test").mapping)
    lines = [line.removeprefix("  # ").split() for line in text.splitlines() if line.startswith("  # ")]
    listed = {line[0]: set(line[1:]) for line in lines if line and line[0] in FIELDS and line[0] != "product"}
    assert listed.keys() >= {"person", "deal", "company", "activity", "touch", "order"}
    assert all(fields <= set(FIELDS[record]) for record, fields in listed.items())


def test_what_follows_from_a_mapping_by_hand_need_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text(
        "token,hello,door\n" + "".join(f"t{n},2026-02-0{n},unknown\n" for n in range(1, 9))
    )
    (tmp_path / "won.csv").write_text(
        "token;ink;take\n" + "".join(f"t{n};1{n}.03.2026;1.000,50\n" for n in range(1, 9))
    )
    by_hand = load_mapping(
        "tables:\n  leads: {record: person, columns: {token: key, hello: created_at, door: source}}\n"
        "  won: {record: deal, columns: {token: person, ink: closed_at, take: amount}}\n"
    )
    brought = bring([tmp_path], propose(read_tables([tmp_path]), by_hand, "test"))
    people = {draft.subject for draft in brought.drafts("leads") if draft.kind == "identity.claimed"}
    won = [draft for draft in brought.drafts("won") if draft.kind == "deal.won"]
    assert {draft.identifier for draft in won} == people
    assert {draft.amount_minor for draft in won} == {100_050}


@pytest.mark.parametrize(
    ("closed", "amount", "asked"),
    [
        ("3/15/2024", "1,200", False),
        ("15.3.2024", "1,200", True),
        ("15.3.2024", "$1,200", False),
        ("15.3.2024", "$1.200", True),
    ],
)
def test_thousands_are_not_asked_about_where_a_file_writes_as_america_does(
    tmp_path: Path, closed: str, amount: str, asked: bool
) -> None:
    header = ("Deal ID", "Deal Name", "Stage", "Amount", "Close Date")
    proposal = proposed(write(tmp_path / "deals.csv", header, [("1", "One", "Won", amount, closed)]))
    assert [question.key for question in proposal.open_questions] == (["decimal deals.Amount"] if asked else [])
