"""Mappings as YAML: what people write comes back as they meant it, and what cannot be meant is said in a sentence."""

from __future__ import annotations

import pytest

from twostroke.connectors.files.mapping import BadMappingError, ColumnMap, Mapping, TableMap, dump_mapping, load_mapping

GOOD = """
source: crm
tables:
  deals:
    record: deal
    key: Deal ID
    columns:
      Deal ID: key
      Stage: {role: stage, values: {Yes: No, 1.10: 2.0}, missing: [null, 0]}
"""


def table(yaml: str) -> str:
    """A mapping with one table ``deals`` of deals, and this in it."""
    return f"tables:\n  deals:\n    record: deal\n    {yaml}\n"


def test_cells_in_a_mapping_are_text_as_written() -> None:
    column = load_mapping(GOOD).tables[0].columns[1]
    assert column.values == {"Yes": "No", "1.10": "2.0"}
    assert column.missing == ("null", "0")


def test_a_mapping_with_names_that_yaml_reads_otherwise_comes_back_as_it_was() -> None:
    columns = [ColumnMap("null", "key", values={"null": "~", "Yes": ""}, missing=("~", "")), ColumnMap("12", date="")]
    mapping = Mapping("crm", [TableMap("no", "deal", columns, key="null", stages={"": "won", "~": "open"})])
    mapping.answers = {"date-order /": "d-m-y", "on": "off"}
    assert load_mapping(dump_mapping(mapping)) == mapping


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "needs `source:` and `tables:`"),
        ("- a\n- b\n", "needs `source:` and `tables:`"),
        ("tables: [deals]", "needs `source:` and `tables:`"),
        ("tables: {deals: [", "in line"),
        ("a: 1\na: 2\n", "duplicate key"),
        ("tables: {}\nanswers: [1, 2]", "answers: write `name: what`"),
        ("tables: {}\ncurrency: euro", "euro is no currency"),
        ("tables: {}\nsorce: crm", "there is no “sorce”"),
        ("tables: {deals: deal}", "deals: write `name: what`"),
        (table("recrod: deal"), "there is no “recrod”"),
        (table("columns: [Deal ID]"), "deals, columns: write `header: role`"),
        (table("columns: {Deal ID: [key]}"), "column “Deal ID”: write `name: what`"),
        (table("columns: {Deal ID: {rol: key}}"), "there is no “rol”"),
        (table("columns: {Deal ID: {role: [key]}}"), "write one word or text here"),
        (table("columns: {Deal ID: {role: kee}}"), "has no field “kee”"),
        (table("columns: {Deal ID: {days_only: 7}}"), "write true or false"),
        (table("columns: {Deal ID: {missing: {a: b}}}"), "write a list here"),
        (table("columns: {Deal ID: {values: [a]}}"), "values: write `name: what`"),
        (table("columns: {Deal ID: {zone: Mars/Olympus}}"), "is no time zone"),
        (table("key: Deal"), "is none of its columns"),
        (table("currency: dollars"), "dollars is no currency"),
        (table("stages: {Won: maybe}"), "write open, won or lost"),
        ("!!python/object/apply:os.system ['true']", "mapping"),
        ("[" * 5000, "mapping"),
    ],
)
def test_what_cannot_be_meant_is_said_with_its_place(text: str, words: str) -> None:
    with pytest.raises(BadMappingError) as refused:
        load_mapping(text)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_mapping_that_would_unfold_to_gigabytes_is_refused() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for one, before in zip("bcdefghij", "abcdefghi", strict=True):
        bomb += f"{one}: &{one} [{', '.join([f'*{before}'] * 10)}]\n"
    with pytest.raises(BadMappingError):
        load_mapping(bomb + "source: *j\ntables: {}\n")
