"""The plain pattern agrees with the validator wherever it says yes; normal forms are fixed points."""

from __future__ import annotations

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from twostroke.identity.facts import normal_email, normal_phone

_PLAIN = st.text(alphabet="abzAZ019._+-'!@", max_size=24)
_DOMAINS = st.lists(st.text(alphabet="abxn09-", max_size=8), max_size=4).map(".".join)
_TOPS = st.sampled_from(
    ["com", "co", "local", "test", "invalid", "onion", "arpa", "x1", "1x", "a", "example", "xn--p1ai"]
)
ADDRESSES = st.one_of(
    st.builds(lambda local, domain, top: f"{local}@{domain}.{top}", _PLAIN, _DOMAINS, _TOPS),
    st.builds(lambda local, size: f"{'a' * local}@{'b' * size}.example", st.integers(0, 270), st.integers(0, 70)),
    st.emails(),
    st.builds(lambda local, domain: f"{local}@{domain}.com", st.text(max_size=8), st.text(max_size=8)),
)


def by_the_validator(raw: str) -> bool:
    try:
        validate_email(raw.strip(" \t\u00a0"), check_deliverability=False)
    except (EmailNotValidError, UnicodeError):
        return False
    return True


@given(ADDRESSES)
@example("a@b--c.com")
@example("a@xn--.com")
@example("a@example.test")
def test_what_is_accepted_is_what_the_validator_accepts(raw: str) -> None:
    found = normal_email(raw)
    if found is not None:
        assert by_the_validator(raw)
        assert by_the_validator(found)
    elif raw.isascii():
        assert not by_the_validator(raw)


@given(ADDRESSES)
def test_a_normal_address_is_its_own_normal_form(raw: str) -> None:
    found = normal_email(raw)
    if found is not None:
        assert normal_email(found) == found
        assert found.rpartition("@")[2].isascii()
        assert normal_email(raw.swapcase()) == found or not raw.isascii()


@given(st.from_regex(r"\A[+]?[0-9 ()-]{5,16}\Z"), st.sampled_from(["DE", "US", "IN", None]))
def test_a_normal_phone_is_its_own_normal_form(raw: str, region: str | None) -> None:
    found = normal_phone(raw, region)
    if found is not None:
        assert normal_phone(found, None) == found


def by_the_library(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    said: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return said


@st.composite
def international(draw: st.DrawFn) -> str:
    """A number of any country as people write it: right, a digit off, with a zero or a one before it, cut short."""
    region = draw(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)))
    example = phonenumbers.example_number_for_type(region, draw(st.integers(0, 10)))
    if example is None:
        example = phonenumbers.example_number(region)
    national = str(example.national_number)
    at, digit = draw(st.integers(0, len(national))), draw(st.sampled_from(["", "0", "1", "5", "9", " ", "-", ") "]))
    before = draw(st.sampled_from(["", " ", "0", "1", " (0)", "15", "8"]))
    return f"+{example.country_code}{before}{national[:at]}{digit}{national[at + draw(st.integers(0, 1)) :]}"


@given(international())
@example("+54 9 11 2345 6789")
@example("+39 06 1234 5678")
def test_a_number_with_its_country_code_is_what_the_library_makes_of_it(text: str) -> None:
    assert normal_phone(text) == by_the_library(text)
