"""How verbs speak: counts, tables, JSON, a line of progress, a failure with its code."""

from __future__ import annotations

import argparse
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twostroke.cli.output import Failure, Progress, count, how_many, say_json, shown, table

CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=8)


class Terminal(io.StringIO):
    """A stream that says it is a terminal, or is none."""

    def __init__(self, *, is_one: bool = True) -> None:
        super().__init__()
        self._is_one = is_one

    def isatty(self) -> bool:
        return self._is_one


@pytest.mark.parametrize(
    ("number", "one", "many", "said"),
    [
        (0, "row", None, "0 rows"),
        (1, "row", None, "1 row"),
        (2, "row", None, "2 rows"),
        (1480, "row", None, "1,480 rows"),
        (1, "person", "people", "1 person"),
        (12, "person", "people", "12 people"),
        (1_000_000, "company", "companies", "1,000,000 companies"),
    ],
)
def test_one_is_one_and_everything_else_is_many(number: int, one: str, many: str | None, said: str) -> None:
    assert count(number, one, many) == said


def test_columns_stand_under_each_other_and_numbers_flush_right() -> None:
    told = table([["name", "deals"], ["Anna", "7"], ["Bo", "1,480"]], right=frozenset({1}))
    assert told.splitlines() == ["name  deals", "Anna      7", "Bo    1,480"]


def test_no_line_of_a_table_ends_in_blanks() -> None:
    told = table([["name", "what"], ["Anna", ""], ["Bo", "x"]])
    assert told.splitlines() == ["name  what", "Anna", "Bo    x"]


def test_a_table_of_nothing_is_nothing() -> None:
    assert table([]) == ""


@given(st.lists(st.lists(CELLS.filter(bool), min_size=3, max_size=3), min_size=1, max_size=6))
def test_every_cell_of_a_column_begins_at_the_same_place(rows: list[list[str]]) -> None:
    widths = [max(len(row[at]) for row in rows) for at in range(3)]
    starts = [0, widths[0] + 2, widths[0] + widths[1] + 4]
    for row, line in zip(rows, table(rows).split("\n"), strict=True):
        assert [line[start : start + len(cell)] for start, cell in zip(starts, row, strict=True)] == row


def test_json_is_whole_and_keeps_every_letter(capsys: pytest.CaptureFixture[str]) -> None:
    said = {"name": "Zoë Ångström", "none": None, "n": 2**53, "list": ["王", 1, True]}
    say_json(said)
    out = capsys.readouterr().out
    assert json.loads(out) == said
    assert "Zoë Ångström" in out
    assert out.endswith("\n")


def test_progress_says_how_far_it_is_and_wipes_its_line() -> None:
    terminal = Terminal()
    progress = Progress("Bringing in", terminal)
    progress(500, 2000)
    assert terminal.getvalue() == "\rBringing in: 500 of 2,000 (25 %)\033[K"
    progress.end()
    assert terminal.getvalue().endswith("\r\033[K")


def test_progress_without_an_end_in_sight_only_counts() -> None:
    terminal = Terminal()
    Progress("Folding", terminal)(1234)
    assert terminal.getvalue() == "\rFolding: 1,234\033[K"


def test_progress_does_not_flicker() -> None:
    terminal = Terminal()
    progress = Progress("Bringing in", terminal)
    for n in range(1000):
        progress(n, 1000)
    # A thousand steps take far less than the tenth of a second between two lines, however slow the machine is.
    assert terminal.getvalue().count("\r") < 100


def test_where_nobody_looks_progress_says_nothing() -> None:
    file = Terminal(is_one=False)
    progress = Progress("Bringing in", file)
    progress(1, 2)
    progress.end()
    assert file.getvalue() == ""


def test_a_failure_is_a_sentence_and_an_exit_code() -> None:
    assert str(Failure("nobody here is 'Anna'.")) == "nobody here is 'Anna'."
    assert Failure("x").code == 1
    assert Failure("x", 3).code == 3


def test_no_name_can_steer_the_terminal_or_turn_its_line_round() -> None:
    for steering in ("\x1b[31m", "\x07", "\r", "\b", "\x7f", "\x9b", "\u202e", "\u2066"):
        assert shown(f"Anna{steering}Berg").startswith("Anna\ufffd")
        assert steering not in table([["name", f"Anna{steering}Berg"]])
    assert shown("Zoë\tÅngström\n王 🙂") == "Zoë\tÅngström\n王 🙂"


@pytest.mark.parametrize("text", ["1", "200", "1000000000", "007"])
def test_how_many_is_a_whole_number_from_one_on(text: str) -> None:
    assert how_many(text) == int(text)


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "", "many", "1e3", "1_000", "²", "٣", "9" * 30, "1000000001", " 5"])
def test_how_many_is_nothing_else(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="give a whole number from 1 to 1,000,000,000"):
        how_many(text)
