"""Equal content has equal bytes (RFC 8785), by the fast way and by the slow."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from twostroke.kit.canonical import canonical_json, sha256_hex

_EXACT = 2**53 - 1
_TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
_FLOATS = st.floats(allow_nan=False, allow_infinity=False)
_LEAVES = st.none() | st.booleans() | st.integers(-_EXACT, _EXACT) | _FLOATS | _TEXT
VALUES = st.recursive(_LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4))


@given(VALUES)
def test_both_ways_write_what_the_specification_says(value: Any) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)


@given(st.dictionaries(_TEXT, st.integers(0, 9), max_size=6))
def test_the_order_in_which_keys_were_put_in_does_not_matter(value: dict[str, int]) -> None:
    assert canonical_json(value) == canonical_json(dict(reversed(value.items())))


def test_a_sum_too_large_for_a_double_is_written_in_full() -> None:
    assert canonical_json({"minor": 2**60 + 1}) == b'{"minor":1152921504606846977}'


@given(VALUES, st.integers(2**53, 2**70))
def test_a_number_too_large_for_a_double_changes_nothing_beside_it(value: Any, large: int) -> None:
    beside = canonical_json({"a": value, "b": 0.5, "c": 1})
    assert canonical_json({"a": value, "b": 0.5, "c": large}) == beside[:-2] + f"{large}}}".encode()


@given(_FLOATS, _FLOATS)
def test_what_was_read_back_is_written_the_same(one: float, other: float) -> None:
    written = canonical_json([one, other])
    assert canonical_json(json.loads(written)) == written


@pytest.mark.parametrize("value", [math.nan, math.inf, {"a": -math.inf}, "\ud800"])
def test_what_json_cannot_say_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical_json(value)


def test_the_hash_is_that_of_the_standard() -> None:
    assert sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
