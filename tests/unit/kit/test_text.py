"""Text as people mean it."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twostroke.kit.text import domain_start, folded, harmless_cell, of_whole_characters, slug, tidy


@given(st.text(max_size=40))
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=40))
def test_plain_text_is_folded_like_all_text(text: str) -> None:
    beside = "\u3041"  # one letter that is not plain, so that the whole is folded by the general rule
    assert folded(f"{beside} {text}") == f"{beside} {folded(text)}".strip()


@given(st.text(max_size=40))
def test_a_slug_is_safe_in_an_address(text: str) -> None:
    made = slug(text)
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not made.startswith("-")
    assert not made.endswith("-")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Zürich", "ZURICH"),
        ("ﬁne", "Fine"),
        ("a \t b", "A b"),
        ("Straße", "STRASSE"),
    ],
)
def test_words_that_people_take_for_the_same_compare_equal(one: str, two: str) -> None:
    assert folded(one) == folded(two)


def test_control_characters_and_odd_spaces_go() -> None:
    assert tidy("  A\u00a0\u200bB\x00\n C ") == "A B C"


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_spreadsheet_would_run_is_text_there(begins: str) -> None:
    assert harmless_cell(f"{begins}cmd|' /C calc'!A0") == f"'{begins}cmd|' /C calc'!A0"


@pytest.mark.parametrize("cell", ["", "Anna", "a=b", "-12.50", "-3", 5, -5, None, True, "'=x", "–"])
def test_what_no_spreadsheet_runs_stays_as_it_is(cell: object) -> None:
    assert harmless_cell(cell) == cell


@pytest.mark.parametrize("cell", ["-1+1", "-", "--5", "-1.", "-.5", "+49301234", "-1e5", "-12 500"])
def test_only_a_plain_number_below_nought_is_no_formula(cell: str) -> None:
    assert harmless_cell(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("sent", "whole"),
    [
        (r'"\ud83d\ude00"', r'"\ud83d\ude00"'), (r'"a\ud83d"', r'"a\ufffd"'), (r'"\uDE00\uD83D"', r'"\ufffd\ufffd"'),
        (r'"\ud83d\ud83d\ude00"', r'"\ufffd\ud83d\ude00"'), (r'"\\ud83d"', r'"\\ud83d"'),
        (r'"\\\ud83d"', r'"\\\ufffd"'),
    ],
)  # fmt: skip
def test_half_a_character_is_replaced_and_a_whole_one_stays(sent: str, whole: str) -> None:
    assert of_whole_characters(sent.encode()) == whole.encode()


@given(st.text(max_size=20))
def test_json_of_whole_characters_stays_as_it_is(text: str) -> None:
    assert of_whole_characters(json.dumps(text).encode()) == json.dumps(text).encode()


@given(st.text(alphabet="a@.%40-é", max_size=12))
def test_an_address_is_found_where_the_slow_pattern_finds_one(word: str) -> None:
    found = 0 < word.find(".", domain_start(word)) < len(word) - 1
    assert found == (re.search(r".+(?:@|%40).+\..+", word) is not None)
