"""Text as people mean it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twostroke.kit.text import folded, slug, tidy


@given(st.text(max_size=40))
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


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
