"""Names for things: opaque under a key, and ordered by time for outsiders."""

from __future__ import annotations

import hmac
import uuid

from hypothesis import given
from hypothesis import strategies as st

from twostroke.kit.ids import OPAQUE_LENGTH, mac, opaque, uuid7

KEY, OTHER = b"k" * 32, b"o" * 32
_PARTS = st.lists(st.text(max_size=8), min_size=1, max_size=4)


@given(_PARTS, _PARTS)
def test_other_parts_give_another_id_and_equal_parts_the_same(one: list[str], two: list[str]) -> None:
    assert (opaque(KEY, *one) == opaque(KEY, *two)) == (one == two)


def test_parts_cannot_be_moved_across_their_border() -> None:
    assert opaque(KEY, "ab", "c") != opaque(KEY, "a", "bc")
    assert opaque(KEY, "a\x1f", "b") != opaque(KEY, "a", "\x1fb")


def test_without_the_key_nothing_can_be_tried() -> None:
    assert opaque(KEY, "email", "lea@firm.example") != opaque(OTHER, "email", "lea@firm.example")
    assert mac(KEY, b"x") != mac(OTHER, b"x")


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_the_digest_is_the_one_of_rfc_2104_whatever_the_length_of_the_key(key: bytes, message: bytes) -> None:
    assert mac(key, message) == hmac.digest(key, message, "sha256").hex()[:32]


def test_an_opaque_id_sorts_the_same_on_every_database() -> None:
    made = opaque(KEY, "x")
    assert len(made) == OPAQUE_LENGTH
    assert set(made) <= set("0123456789abcdef")


def test_the_public_id_is_a_uuid_of_version_7_that_tells_its_time() -> None:
    made = uuid.UUID(uuid7(1_700_000_000_123, bytes(10)))
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 80 == 1_700_000_000_123


@given(st.integers(0, 2**48 - 2), st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_what_was_made_later_sorts_later(millis: int, one: bytes, two: bytes) -> None:
    assert uuid7(millis, one) < uuid7(millis + 1, two)


@given(st.binary(min_size=10, max_size=10), st.integers(0, 73))
def test_each_of_the_74_random_bits_of_a_public_id_comes_from_what_was_drawn(drawn: bytes, bit: int) -> None:
    place = bit if bit < 62 else bit + 2  # the variant's two bits lie between
    other = (int.from_bytes(drawn, "big") ^ 1 << place).to_bytes(10, "big")
    assert uuid7(0, drawn) != uuid7(0, other)
