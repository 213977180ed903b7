"""The writers of a world: files that count themselves, ids that are unique, lines that unfold."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worlds.outputs import ids
from worlds.outputs.calendars import _escaped, folded
from worlds.outputs.csvfile import CsvFile
from worlds.outputs.segment import quoted
from worlds.truth.record import Record


class Counted:
    """A record that remembers what it was told."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str], int] = {}
        self.specks: list[tuple[str, str]] = []

    def opened(self, name: str) -> None:
        self.counts.setdefault((name, "clean"), 0)

    def counted(self, name: str, kind: str, number: int) -> None:
        self.counts[name, kind] = self.counts.get((name, kind), 0) + number

    def speck(self, name: str, key: str, kind: str, person: int, what: str) -> None:
        self.specks.append((key, kind))


CELLS = (
    st.none() | st.integers(-99, 99) | st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=8)
)
ROWS = st.lists(st.tuples(st.integers(0, 10**9), CELLS, CELLS), max_size=12)


def written(
    folder: Path, rows: list[Any], *, bad: float = 0.0, delimiter: str = ",", seed: int = 7
) -> tuple[Counted, str]:
    record = Counted()
    file = CsvFile(folder, "crm/x.csv", ("id", "a", "b"), record, seed=seed, bad_rows=bad, delimiter=delimiter)  # type: ignore[arg-type]
    file.rows(rows)
    file.close()
    return record, (folder / "crm" / "x.csv").read_bytes().decode()


@given(rows=ROWS, delimiter=st.sampled_from(",;\t"))
def test_what_is_written_is_read_back_by_any_csv_reader(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Any], delimiter: str
) -> None:
    record, text = written(tmp_path_factory.mktemp("csv"), rows, delimiter=delimiter)
    told = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert told == [["id", "a", "b"], *(["" if cell is None else str(cell) for cell in row] for row in rows)]
    assert record.counts["crm/x.csv", "clean"] == len(rows)
    assert text.count("\r\n") == len(rows) + 1


def test_a_row_is_broken_or_not_by_its_key_alone(tmp_path: Path) -> None:
    rows = [(n, "some words", "more words") for n in range(400)]
    record, text = written(tmp_path / "whole", rows, bad=0.1)
    backwards, _ = written(tmp_path / "backwards", rows[::-1], bad=0.1)
    broken = {key for key, _ in record.specks}
    assert broken == {key for key, _ in backwards.specks}
    assert 15 < len(broken) < 80
    assert record.counts["crm/x.csv", "of_which_bad_rows"] == len(broken)
    assert record.counts["crm/x.csv", "clean"] == 400
    short = {row[0] for row in csv.reader(io.StringIO(text)) if len(row) < 3}
    assert short == broken
    other, _ = written(tmp_path / "seed", rows, bad=0.1, seed=8)
    assert {key for key, _ in other.specks} != broken


def test_a_row_that_is_there_by_dirt_is_counted_as_such(tmp_path: Path) -> None:
    record = Counted()
    file = CsvFile(tmp_path, "x.csv", ("id",), record, seed=1)  # type: ignore[arg-type]
    file.added(["1"], "second_record")
    file.close()
    assert record.counts == {("x.csv", "clean"): 0, ("x.csv", "second_record"): 1}


@given(st.sets(st.integers(0, 4_000_000_000), max_size=200))
def test_ids_of_one_kind_are_all_different_and_of_one_length(numbers: set[int]) -> None:
    hubspot = {ids.hubspot(2, number) for number in numbers}
    salesforce = {ids.salesforce("003", number) for number in numbers}
    assert len(hubspot) == len(salesforce) == len(numbers)
    assert {len(one) for one in hubspot} <= {11}
    assert {len(one) for one in salesforce} <= {18}


@given(st.integers(0, 4_000_000_000))
def test_ids_of_two_kinds_are_never_the_same(number: int) -> None:
    assert len({ids.hubspot(kind, number) for kind in range(6)}) == 6
    assert len({ids.salesforce(prefix, number) for prefix in ("001", "003", "006", "00Q")}) == 4


@given(st.integers(0, 4_000_000_000))
def test_the_last_three_letters_of_a_salesforce_id_say_which_are_capitals(number: int) -> None:
    whole = ids.salesforce("00Q", number)
    for at in range(3):
        bits = sum(1 << place for place, letter in enumerate(whole[5 * at : 5 * at + 5]) if letter.isupper())
        assert whole[15 + at] == "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=200))
def test_a_folded_line_unfolds_to_itself_and_no_piece_is_too_long(line: str) -> None:
    told = folded(line)
    assert told.endswith("\r\n")
    assert told[:-2].replace("\r\n ", "") == line
    assert all(len(piece.encode()) <= 75 for piece in told[:-2].split("\r\n"))


@given(st.text(max_size=40))
def test_escaped_text_has_no_separator_of_its_own(text: str) -> None:
    told = _escaped(text)
    assert "\n" not in told
    bare = told.replace("\\\\", "").replace("\\;", "").replace("\\,", "").replace("\\n", "")
    assert not set(bare) & {";", ",", "\\"}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9),
        lambda x: st.dictionaries(st.text(max_size=4), x, max_size=3) | st.lists(x, max_size=3),
        max_leaves=8,
    )
)
def test_pieces_of_messages_are_json(value: Any) -> None:
    assert json.loads(quoted(value)) == value


def test_a_record_knows_every_file_it_was_told_of() -> None:
    assert {"opened", "counted", "speck"} <= set(dir(Record))
