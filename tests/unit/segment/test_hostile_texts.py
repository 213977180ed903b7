"""Texts that a pattern would try in a million ways are read once; were they not, these tests would never end."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twostroke.connectors.segment.event import host_of, origin
from twostroke.connectors.segment.values import Fields, as_decimal, names_somebody, without_addresses
from twostroke.identity.seeking import _names_a_way
from twostroke.intake.agents import names_of_agent
from twostroke.ledger.addressed import may_hold_address
from twostroke.ledger.addressed import without_addresses as drafted
from twostroke.ledger.facts import Draft
from twostroke.receiving.requests import RequestError, cut

LONG = 32_000
HOSTILE = [
    "a@" * (LONG // 2),
    "@" * LONG,
    "%40" * (LONG // 3),
    "a" * LONG + "@",
    "a@" + "a." * LONG + " ",
    "@.a" * LONG,
]
SLOW = re.compile(r"[^\s/?&=]+(?:@|%40)[^\s/?&=]+\.[^\s/?&=]+")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_text_of_nothing_but_beginnings_of_addresses_is_read_to_its_end(text: str) -> None:
    assert names_somebody(text) == (without_addresses(text) != text)
    assert len(names_of_agent(text)) <= 160
    assert not _names_a_way("note", text.replace(".", ""))
    draft = Draft("action.taken", "person", "p", properties={"name": text})
    assert may_hold_address(draft, text)
    assert drafted(draft).properties in ({}, {"name": text})


@given(st.text(alphabet="ab@.%40/ =", max_size=20))
def test_addresses_are_starred_as_the_slow_pattern_stars_them(text: str) -> None:
    assert without_addresses(text) == SLOW.sub("*", text)
    assert names_somebody(text) == (SLOW.search(text) is not None)


@pytest.mark.parametrize("rest", [b'\\"' * 240_000, b'"' + b'\\"' * 240_000, b'"\\', b'{"a' * 100_000], ids=range(4))
def test_a_body_of_texts_without_an_end_is_read_once(rest: bytes) -> None:
    with pytest.raises(RequestError, match="cut off"):
        cut(b'{"batch":[' + rest, batch=True)


def test_of_a_long_text_no_more_is_normalised_than_can_matter() -> None:
    assert as_decimal("9" * 64) is not None
    assert as_decimal("9" * 65) is None
    assert host_of("https://Shop.example/" + "\ufdfa" * LONG) == "shop.example"
    assert host_of("\ufdfa" * LONG) == host_of("\ufdfa" * 1_000)
    assert origin(Fields({"campaign": {"medium": "Paid Social" + " " * LONG + "x"}})).channel == "paid-social"
