"""Values in words: money, numbers, moments, how long ago."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.template import Context
from hypothesis import given
from hypothesis import strategies as st

from twostroke.kit.money import exponent, to_decimal
from twostroke.kit.time import day_millis, set_clock
from twostroke.web.templatetags import say
from twostroke.web.templatetags.say import ago, day, glyph, grouped, moment, money

DAY = 86_400_000
CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "KWD"])
IN_VIENNA = Context({"request": type("Request", (), {"installation_zone": "Europe/Vienna"})()})
NOON = 1_783_944_000_000  # 2026-07-13T12:00:00Z


@given(st.integers(-(10**15), 10**15), CURRENCIES)
def test_money_is_written_so_that_it_can_be_read_back(minor: int, currency: str) -> None:
    written = money(minor, currency)
    code, _, figure = written.partition("\u00a0")
    assert code == currency
    assert Decimal(figure.replace(",", "")) == to_decimal(minor, currency)


@given(st.integers(-(10**9), 10**9))
def test_whole_amounts_have_no_decimals_and_others_all_of_them(minor: int) -> None:
    figure = money(minor, "EUR")
    assert ("." in figure) == (minor % 10 ** exponent("EUR") != 0)
    assert "." not in figure or re.search(r"\.\d\d$", figure)


def test_an_amount_that_is_not_known_is_a_dash() -> None:
    assert money(None, "EUR") == money(5, None) == money(None, None) == "\u2013"
    assert money(0, "EUR") == "EUR\u00a00"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"), (1480, "1,480"), (-1480, "-1,480"), (None, "\u2013"), ("", "\u2013"), ("1480", "1,480"),
        ("1480.50", "1,480.50"), ("1480.00", "1,480"), (Decimal("0.5"), "0.5"), (10**9, "1,000,000,000"), (1.5, "1.5"),
    ],
)  # fmt: skip
def test_numbers_have_their_thousands_apart(value: object, said: str) -> None:
    assert grouped(value) == said


@given(st.integers(-(10**15), 10**15))
def test_a_number_can_be_read_back(value: int) -> None:
    assert int(grouped(value).replace(",", "")) == value


def test_an_instant_stands_in_the_installations_zone_with_its_exact_time_behind_it() -> None:
    assert moment(IN_VIENNA, NOON) == '<time datetime="2026-07-13T12:00:00.000Z">13 Jul 2026, 14:00</time>'


def test_a_day_stays_that_day_in_every_zone() -> None:
    at = day_millis(__import__("datetime").date(2026, 7, 13))
    written = '<time datetime="2026-07-13">13 Jul 2026</time>'
    assert moment(IN_VIENNA, at, "day") == day(IN_VIENNA, at, "day") == written


def test_the_civil_day_of_an_instant_is_that_of_the_zone() -> None:
    late = NOON + 11 * 3_600_000
    assert day(IN_VIENNA, late, "ms") == '<time datetime="2026-07-14">14 Jul 2026</time>'


def test_what_has_no_time_says_so() -> None:
    assert moment(IN_VIENNA, None) == moment(IN_VIENNA, NOON, "unknown") == "time unknown"
    assert day(IN_VIENNA, None) == day(IN_VIENNA, NOON, "unknown") == "\u2013"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (86_399, "23 h"), (86_400, "1 d"),
        (59 * 86_400, "59 d"), (60 * 86_400, "2 mo"), (719 * 86_400, "23 mo"), (720 * 86_400, "1 y"),
        (3650 * 86_400, "10 y"), (-5, "0 s"),
    ],
)  # fmt: skip
def test_how_long_ago_is_told_in_one_unit(seconds: int, said: str) -> None:
    set_clock(lambda: NOON * 1000)
    assert ago(NOON - seconds * 1000) == said
    assert ago(None) == "\u2013"


def test_a_team_nobody_knows_has_a_dot() -> None:
    assert glyph("sales") == "▲"
    assert glyph("finance") == "·"


def test_the_zone_is_asked_for_once_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(say, "zone", lambda: asked.append(1) or "Asia/Tokyo")
    request = type("Request", (), {})()
    for _ in range(3):
        assert "21:00" in moment(Context({"request": request}), NOON)
    assert len(asked) == 1
