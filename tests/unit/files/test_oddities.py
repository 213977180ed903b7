"""Oddities: did you mean, spellings, amounts out of line, ends before beginnings, columns known only afterwards."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.files.helpers import bring, write
from twostroke.connectors.files.oddities import used_as
from twostroke.connectors.files.spelling import Suggester, distance, variants
from twostroke.connectors.files.vocabulary import is_placeholder
from twostroke.intake.facts import RejectedRow

NAMES = [
    "Alpine Dairy",
    "Northwind Traders",
    "Contoso Pharma",
    "Blue Harbor",
    "Silverline Foods",
    "Granite Works",
    "Model 500",
]


@pytest.mark.parametrize(
    ("a", "b", "edits"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "acb", 1), ("abc", "ab", 1), ("kitten", "sitting", 3)],
)
def test_distance_counts_edits(a: str, b: str, edits: int) -> None:
    assert distance(a, b, 3) == edits


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
@example("bc", "caa")
def test_distance_is_symmetric_and_stops(a: str, b: str) -> None:
    assert distance(a, b, 8) == distance(b, a, 8)
    assert distance(a, b, 1) == min(distance(a, b, 8), 2)


@pytest.mark.parametrize("written", ["AlpineDairy", "alpine dairy", "Alpine-Dairy", "Alpnie Dairy", "Alpine Dary"])
def test_a_misspelt_value_finds_what_was_meant(written: str) -> None:
    assert Suggester(NAMES).suggest(written) == "Alpine Dairy"


@pytest.mark.parametrize("written", ["Quite Another", "Model 600", "Blue", "Alpine Dairy", ""])
def test_another_value_finds_nothing(written: str) -> None:
    assert Suggester(NAMES).suggest(written) is None


def edited(word: str, chance: random.Random) -> str:
    place, letter = chance.randrange(len(word)), chance.choice("abcdefghijklmnopqrstuvwxyz")
    cut = [
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place + 1 :],
        word[:place] + letter + word[place:],
    ]
    return chance.choice(cut)


def test_random_edits_are_found_and_strangers_are_not() -> None:
    chance = random.Random(1)
    syllables = [
        "ba",
        "dor",
        "kin",
        "lu",
        "mer",
        "no",
        "pra",
        "sil",
        "ta",
        "ven",
        "zo",
        "gri",
        "wex",
        "hup",
        "qua",
        "fen",
        "jol",
        "tri",
        "osk",
        "amb",
        "iru",
    ]
    known = list(dict.fromkeys("".join(chance.choices(syllables, k=4)).title() for _ in range(300)))
    kept, strangers = known[:150], known[150:]
    suggester = Suggester(kept)
    misspelt = [(word, edited(word, chance)) for word in kept for _ in range(5)]
    right = sum(written in kept or suggester.suggest(written) == word for word, written in misspelt)
    false = sum(suggester.suggest(word) is not None for word in strangers)
    assert right >= 0.9 * len(misspelt)
    assert false <= 0.02 * len(strangers)


def test_spellings_of_one_value_are_told() -> None:
    assert variants({"Web Form": 90, "web-form": 3, "Fair": 40}) == [("web-form", "Web Form", 3)]
    assert variants({"healthcare": 90, "heathcare": 3}) == [("heathcare", "healthcare", 3)]
    assert variants({"01.High": 50, "02.Medium": 3, "Region 1": 50, "Region 2": 2}) == []


HEADER = ["Deal ID", "Stage", "Amount", "Create Date", "Close Date"]


def rows(count: int = 60) -> list[list[str]]:
    return [[f"D{n}", ["Won", "Lost"][n % 2], str(100 + n), "2024-01-15", "2024-02-15"] for n in range(count)]


def test_ends_before_beginnings_are_named(tmp_path: Path) -> None:
    brought = bring([write(tmp_path / "d.csv", HEADER, [*rows(), ["X", "Won", "5", "2024-03-15", "2024-02-15"]])])
    odd = brought.odd("end before they begin")
    assert (odd.rows, odd.example) == (1, "X")


def test_amounts_out_of_line_are_named(tmp_path: Path) -> None:
    more = [["X", "Won", "9999999", "2024-01-15", "2024-02-15"], ["Y", "Won", "-5", "2024-01-15", "2024-02-15"]]
    brought = bring([write(tmp_path / "d.csv", HEADER, rows() + more)])
    assert (brought.odd("far above").example, brought.odd("below zero").example) == ("9999999", "-5")


def test_a_clean_file_has_nothing_odd_but_its_currency(tmp_path: Path) -> None:
    brought = bring([write(tmp_path / "d.csv", HEADER, rows())])
    assert ["currency" in oddity.what for oddity in brought.oddities["d"]] == [True]


def test_rows_of_one_key_are_named(tmp_path: Path) -> None:
    assert bring([write(tmp_path / "d.csv", HEADER, [*rows(), *rows(1)])]).odd("share their").rows == 2


def test_an_accepted_suggestion_is_no_longer_odd(tmp_path: Path) -> None:
    from twostroke.connectors.files.queries import dump_mapping, load_mapping, propose, read_tables

    write(tmp_path / "p.csv", ["Product", "List Price EUR"], [[name, "5"] for name in NAMES])
    deals = [[*row, NAMES[n % 6] if n else "BlueHarbor"] for n, row in enumerate(rows())]
    write(tmp_path / "d.csv", [*HEADER, "Product"], deals)
    first = bring([tmp_path])
    assert "Blue Harbor" in first.odd("BlueHarbor").suggestion
    first.proposal.mapping.table("d").column("Product").values = {"BlueHarbor": "Blue Harbor"}  # type: ignore[union-attr]
    remembered = load_mapping(dump_mapping(first.proposal.mapping))
    again = bring([tmp_path], propose(read_tables([tmp_path]), remembered, "test"))
    assert not [o for found in again.oddities.values() for o in found if "BlueHarbor" in o.what]
    assert len({d.properties["product"] for d in again.drafts("d") if d.kind == "deal.opened"}) == 6


def test_a_name_that_several_companies_have_joins_none_of_them(tmp_path: Path) -> None:
    many = [f"{name} {place}" for name in NAMES for place in ("Berlin", "Lyon", "Riga", "Turin", "Porto", "Graz")]
    firms = [[f"C{n}", name] for n, name in enumerate(["Café Fontanel", *many, "Café Fontanel"])]
    write(tmp_path / "Account.csv", ["Id", "Name"], firms)
    named = [*many, "Café Fontanel", "CAFÉ FONTANEL", "Café Fontanel"]
    leads = [[f"L{n}", f"a{n}@example.org", name] for n, name in enumerate(named)]
    write(tmp_path / "Lead.csv", ["Id", "Email", "Company"], leads)
    brought = bring([tmp_path])
    odd = brought.odd("several rows of Account have as Name")
    assert (odd.rows, odd.example) == (2, "Café Fontanel")
    accounts = {draft.subject for draft in brought.drafts("Account") if draft.kind == "company.described"}
    worked = [draft.company for draft in brought.drafts("Lead") if draft.kind == "person.described"]
    assert set(worked[: len(many)]) < accounts
    assert len(set(worked[len(many) :])) == 1
    assert worked[-1] not in accounts
    told = [d.personal["name"] for d in brought.drafts("Lead") if d.kind == "company.described"]
    assert {name.casefold() for name in told} == {"café fontanel"}


def test_columns_written_after_the_outcome_are_named(tmp_path: Path) -> None:
    chance = random.Random(2)
    made = []
    for n in range(400):
        bought = chance.random() < 0.4
        made.append(
            [
                str(n + 1),
                f"a{n}@example.org",
                "1" if bought else "0",
                "signed" if bought else "ringing",
                chance.choice("AB"),
            ]
        )
    header = ["Lead ID", "Email", "Converted", "Remark", "City Part"]
    named = [
        o.what for o in bring([write(tmp_path / "leads.csv", header, made)]).oddities["leads"] if "outcome" in o.what
    ]
    assert [what.split("”")[0][1:] for what in named] == ["Converted", "Remark"]


def test_a_table_that_only_names_says_so_instead_of_being_odd(tmp_path: Path) -> None:
    (tmp_path / "contact_list.csv").write_text(
        "List ID,List Name,Processing Type\n12,Newsletter,DYNAMIC\n13,Fair,MANUAL\n"
    )
    brought = bring([tmp_path])
    assert brought.oddities == {"contact_list": []}
    assert used_as(brought.proposal, "contact_list").startswith("2 rows of names for what other files point to, comma")


@pytest.mark.parametrize(
    ("cell", "says_nothing"), [("#VALUE!", True), ("Value", False), ("#n/a", True), ("Ref", False)]
)
def test_an_error_of_a_spreadsheet_says_nothing_and_the_word_does(cell: str, says_nothing: bool) -> None:
    assert is_placeholder(cell) is says_nothing


def test_keys_a_spreadsheet_shortened_are_refused_and_not_taken_for_one_record(tmp_path: Path) -> None:
    header = ("Record ID", "Deal Name", "Deal Stage", "Amount", "Close Date", "Associated Company IDs")
    cells = [("1.30E+10", f"Deal {n}", "Closed Won", "100.00", "2024-03-01", "7.12E+09") for n in range(3)]
    brought = bring(
        [write(tmp_path / "deals.csv", header, [*cells, ("7", "Sound", "Closed Won", "5", "2024-03-01", "7.12E+09")])]
    )
    refused = [row for row in brought.rows["deals"] if isinstance(row, RejectedRow)]
    assert [row.code for row in refused] == ["shortened-key"] * 3
    assert "Bring the file in as it was downloaded" in brought.odd("rejected").what
    assert brought.odd("whom they name is lost").rows == 4


def test_deals_that_one_file_knows_by_number_and_another_by_name_are_said_to_count_twice(tmp_path: Path) -> None:
    header = ("Opportunity ID", "Opportunity Name", "Stage", "Amount", "Close Date")
    known = [(f"0065g0000000{n:03d}", f"Deal {n}", "Proposal", "5.00", "2024-03-01") for n in range(9)]
    write(tmp_path / "with number.csv", header, known)
    write(tmp_path / "report.csv", header[1:], [row[1:] for row in known])
    found = bring([tmp_path]).odd("they count twice")
    assert (found.rows, found.example) == (9, "Deal 0")
    assert found.suggestion == "Leave one of the two files out, or export this one with Opportunity ID."
