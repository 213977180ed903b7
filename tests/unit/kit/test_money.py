"""Money is whole minor units."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twostroke.kit.money import LARGEST_MINOR, exponent, is_currency, to_decimal, to_minor

CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "KWD", "CLF"])


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("18400", "EUR", 1_840_000),
        ("0.10", "USD", 10),
        ("1234", "JPY", 1234),
        ("1.234", "KWD", 1234),
        ("-5.5", "EUR", -550),
    ],
)
def test_an_amount_becomes_minor_units(amount: str, currency: str, minor: int) -> None:
    assert to_minor(amount, currency) == minor


@given(st.integers(-LARGEST_MINOR, LARGEST_MINOR), CURRENCIES)
def test_there_and_back_again_is_the_same(minor: int, currency: str) -> None:
    assert to_minor(to_decimal(minor, currency), currency) == minor


def test_halves_are_rounded_to_the_even_neighbour() -> None:
    assert [to_minor(a, "EUR") for a in ("0.005", "0.015", "0.025")] == [0, 2, 2]


def test_no_float_is_on_the_way() -> None:
    assert to_minor(Decimal("9007199254740.99"), "EUR") == 900_719_925_474_099


@pytest.mark.parametrize("amount", ["", "abc", "NaN", "Infinity", "1e30", "1,5"])
def test_what_is_no_amount_is_refused_with_the_amount_named(amount: str) -> None:
    with pytest.raises(ValueError, match="amount of money"):
        to_minor(amount, "EUR")


@pytest.mark.parametrize(("currency", "places"), [("EUR", 2), ("JPY", 0), ("BHD", 3), ("CLF", 4)])
def test_a_currency_has_its_own_number_of_places(currency: str, places: int) -> None:
    assert exponent(currency) == places


@pytest.mark.parametrize(
    ("code", "holds"),
    [
        ("EUR", True),
        ("eur", False),
        ("EU", False),
        ("E1R", False),
        ("ÄÖÜ", False),
    ],
)
def test_a_currency_is_three_capital_letters(code: str, holds: bool) -> None:
    assert is_currency(code) is holds
