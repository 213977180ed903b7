"""Numbers: decimal point or comma by the whole column, and money to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twostroke.connectors.files.numbers import NumberEvidence, amount_reader, currency_code, currency_in, plain_number


def evidence(*values: str) -> NumberEvidence:
    found = NumberEvidence()
    found.add(values)
    return found


@pytest.mark.parametrize(
    ("values", "decimal"),
    [
        (("1,5", "2"), ","),
        (("1.5", "2"), "."),
        (("1.234,50",), ","),
        (("1,234.50",), "."),
        (("1,234,567",), "."),
        (("1.234.567",), ","),
        (("1 234,5",), ","),
        (("12", "13"), "."),
        (("1.234", "2.5"), "."),
        (("1.234", "5.678"), None),
        (("1,234",), None),
        (("1,5", "1.5"), None),
        (("0.125", "0.250"), "."),
    ],
)
def test_the_column_proves_its_decimal_character_or_nothing_does(values: tuple[str, ...], decimal: str | None) -> None:
    assert evidence(*values).decimal == decimal


@pytest.mark.parametrize(
    ("text", "decimal", "plain"),
    [
        ("1.234,50", ",", "1234.50"),
        ("1,234.50", ".", "1234.50"),
        ("$1,234", ".", "1234"),
        ("1.234 €", ",", "1234"),
        ("USD 12.5", ".", "12.5"),
        ("(12.50)", ".", "-12.50"),
        ("-7", ".", "-7"),
        ("12-", ".", "-12"),
        ("1'234.5", ".", "1234.5"),
        ("1 234,5", ",", "1234.5"),
        ("60%", ".", "60"),
        ("007", ".", "7"),
        ("12,34,567.5", ".", "1234567.5"),
    ],
)
def test_numbers_are_read_in_their_style(text: str, decimal: str, plain: str) -> None:
    assert plain_number(text, decimal) == plain


@pytest.mark.parametrize(("text", "decimal"), [("abc", "."), ("1,5", "."), ("1.5", ","), ("1.2.3", "."), ("", ".")])
def test_what_does_not_fit_the_style_is_refused(text: str, decimal: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        plain_number(text, decimal)


def test_the_currency_is_told_by_code_or_symbol() -> None:
    assert [evidence(text).symbol for text in ("12 EUR", "€12", "£3", "$5", "5")] == ["EUR", "EUR", "GBP", "$", ""]


@given(st.integers(-(10**12), 10**12), st.sampled_from([(",", "."), (".", ","), (".", " "), (".", "")]))
def test_money_comes_back_to_the_cent(cents: int, style: tuple[str, str]) -> None:
    decimal, thousands = style
    text = f"{Decimal(cents) / 100:,.2f}".replace(",", "\0").replace(".", decimal).replace("\0", thousands)
    assert amount_reader(decimal, "EUR")(text) == cents


@pytest.mark.parametrize(
    ("written", "plain"), [("5.0E7", "50000000"), ("1,25E+06", "1250000"), ("1.25E-2", "0.0125"), ("-2.5e3", "-2500")]
)
def test_numbers_as_programs_write_large_ones_are_numbers(written: str, plain: str) -> None:
    assert plain_number(written, ".") == plain
    assert evidence(written).is_numbers


@pytest.mark.parametrize("written", ["1E+99", "12e3", "E7", "1.2.3E4"])
def test_what_only_looks_like_such_a_number_is_none(written: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        plain_number(written, ".")


@pytest.mark.parametrize(
    ("written", "currency"),
    [("USD 1,234.00", "USD"), ("12.500,00 €", "EUR"), ("£5", "GBP"), ("$5", ""), ("5", ""), ("ABC 5", "")],
)
def test_an_amount_may_name_its_currency(written: str, currency: str) -> None:
    assert currency_in(written) == currency


@pytest.mark.parametrize(
    ("written", "code"),
    [("usd", "USD"), ("US Dollar", "USD"), ("EUR - Euro", "EUR"), ("€", "EUR"), ("Schweizer Franken", "CHF"),
     ("$", "USD"), ("", ""), ("shells", "SHELLS")],
)  # fmt: skip
def test_a_column_of_currencies_may_write_them_in_words(written: str, code: str) -> None:
    assert currency_code(written) == code
