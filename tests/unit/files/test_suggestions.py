"""“Did you mean …?”: over whole files with slips in every key column, what is suggested and what is left alone."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.unit.files.helpers import bring, write
from tests.unit.files.slips import KEYS, measured, slipped, with_slips
from twostroke.connectors.files.queries import propose, read_tables

SEEDS = 20


def test_nine_in_ten_slips_are_understood_and_hardly_a_stranger_is(tmp_path: Path) -> None:
    right = slips = wrong = strangers = 0
    for seed in range(SEEDS):
        one = measured(tmp_path / str(seed), seed, rows=300)
        right, slips = right + one.right, slips + one.slips
        wrong, strangers = wrong + one.wrong, strangers + one.strangers
    assert slips > 10 * SEEDS
    assert strangers > 10 * SEEDS
    assert right >= 0.9 * slips
    assert wrong <= 0.02 * strangers


@pytest.mark.parametrize("column", KEYS)
def test_a_yes_takes_all_suggestions_of_a_column_and_is_remembered(tmp_path: Path, column: str) -> None:
    meant = with_slips(tmp_path, random.Random(1), rows=300, share=0.05)
    tables = read_tables([tmp_path])
    proposal = propose(tables, None, "test", answers={f"did-you-mean deals.{column}": "yes"})
    deals = proposal.mapping.table("deals")
    taken = ((deals and deals.column(column)) or None) and deals.column(column).values  # type: ignore[union-attr]
    assert taken
    assert {cell: meant[column][cell] for cell in taken} == taken
    again = propose(tables, proposal.mapping, "test")
    assert again.mapping.table("deals") == deals


def test_without_a_yes_nothing_is_taken(tmp_path: Path) -> None:
    with_slips(tmp_path, random.Random(1), rows=300, share=0.05)
    deals = propose(read_tables([tmp_path]), None, "test").mapping.table("deals")
    assert deals is not None
    assert not any(column.values for column in deals.columns)


def test_ids_of_two_lengths_are_the_same_and_no_oddity(tmp_path: Path) -> None:
    write(tmp_path / "Account.csv", ["Id", "Name", "Industry"],
          [[f"0015g0000000{n:03d}AAA", f"Firm {n}", "Hotels"] for n in range(30)])  # fmt: skip
    write(tmp_path / "Opportunity.csv", ["Id", "AccountId", "Name", "StageName", "CloseDate"],
          [[f"0065g0000000{n:03d}", f"0015g0000000{n:03d}", "Deal", "Closed Won", "2026-01-02"] for n in range(30)],
          )  # fmt: skip
    assert not [
        o for found in bring([tmp_path]).oddities.values() for o in found if "match" in o.what or "is no" in o.what
    ]


def test_a_slip_is_another_word() -> None:
    chance = random.Random(3)
    assert all(slipped("Harbour", chance) != "Harbour" for _ in range(200))


def test_many_slips_are_told_in_one_line_with_the_answer_that_takes_them(tmp_path: Path) -> None:
    with_slips(tmp_path, random.Random(1), rows=600, share=0.05)
    told = [oddity for oddity in bring([tmp_path]).oddities["deals"] if "which is no" in oddity.what]
    many = [oddity for oddity in bring([tmp_path]).oddities["deals"] if "values that are no" in oddity.what]
    assert (told, len(many)) == ([], len(KEYS))
    assert all(
        "Did you mean “" in oddity.suggestion and "--answer 'did-you-mean deals." in oddity.suggestion
        for oddity in many
    )


def test_of_few_keys_the_rows_tell_what_a_column_points_to(tmp_path: Path) -> None:
    rows = [[f"D{n}", "Won", "1", "Kettle" if n % 3 else f"Kettl{n}", "2026-02-13"] for n in range(300)]
    write(tmp_path / "products.csv", ["Product", "Price"], [[name, "9"] for name in ("Kettle", "Grinder", "Filter")])
    write(tmp_path / "deals.csv", ["Deal ID", "Stage", "Amount", "Product", "Close Date"],
          [*rows, ["x", "Won", "1", "Grinder", "2026-02-13"], ["y", "Won", "1", "Filter", "2026-02-13"]])  # fmt: skip
    table = propose(read_tables([tmp_path]), None, "test").mapping.table("deals")
    assert (
        [column.to for column in table.columns if column.header == "Product"] == ["products.Product"] if table else []
    )
