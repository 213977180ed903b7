"""One form for one address, and what is no address at all (LEDGER 4)."""

from __future__ import annotations

import unicodedata
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from twostroke.identity.facts import (
    company_domain,
    is_illegal,
    is_role_address,
    normal_domain,
    normal_email,
    normal_phone,
)

CONTROL_PICTURES = 0x2400
# The stated policy: a domain without a dot cannot be mailed from the public internet.
REFUSED_BY_POLICY = {"test@io"}


def isemail_cases(shared_data: Path) -> list[tuple[str, str]]:
    cases = []
    for case in ElementTree.parse(shared_data / "isemail" / "tests.xml").getroot().iter("test"):
        pictured = case.findtext("address") or ""
        address = "".join(
            chr(ord(c) - CONTROL_PICTURES) if 0 <= ord(c) - CONTROL_PICTURES < 33 else c for c in pictured
        )
        cases.append((address, case.findtext("category") or ""))
    return cases


@pytest.mark.shared_data
def test_no_address_in_error_is_accepted(shared_data: Path) -> None:
    cases = [address for address, category in isemail_cases(shared_data) if category == "ISEMAIL_ERR"]
    assert len(cases) > 60
    assert [address for address in cases if normal_email(address) is not None] == []


@pytest.mark.shared_data
def test_every_valid_address_is_accepted_or_named_in_the_policy(shared_data: Path) -> None:
    cases = [address for address, category in isemail_cases(shared_data) if category == "ISEMAIL_VALID_CATEGORY"]
    assert len(cases) > 10
    assert {address for address in cases if normal_email(address) is None} == REFUSED_BY_POLICY


def test_case_composition_and_international_domains_are_one_address() -> None:
    composed = unicodedata.normalize("NFC", "Jürgen@Bücher.example")
    decomposed = unicodedata.normalize("NFD", "jürgen@BÜCHER.example")
    assert normal_email(composed) == normal_email(decomposed) == "jürgen@xn--bcher-kva.example"
    assert normal_email("Jane.Roe@ACME.example") == normal_email(" jane.roe@acme.example\t") == "jane.roe@acme.example"
    assert normal_email("a@XN--BCHER-KVA.example") == "a@xn--bcher-kva.example"


def test_look_alikes_stay_apart() -> None:
    plain = normal_email("kim@acme.example")
    others = ["k\u0131m@acme.example", "k\u0130m@acme.example", "k\u0456m@acme.example", "kim@\u0430cme.example"]
    forms = [normal_email(other) for other in others]
    assert plain not in forms
    assert len({form for form in forms if form}) == len([form for form in forms if form])
    assert normal_email("straße@acme.example") != normal_email("strasse@acme.example")


def test_dots_and_plus_tags_count() -> None:
    assert len({normal_email(f"{local}@acme.example") for local in ("janeroe", "jane.roe", "janeroe+x")}) == 3


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " ",
        "jane",
        "jane@",
        "@acme.example",
        "jane@acme",
        "jane@acme.example.",
        "jane@acme.example\n",
        "j@acme.local",
        "jane@localhost",
        "jane@[127.0.0.1]",
        '"jane roe"@acme.example',
        "jane..roe@acme.example",
        "a" * 300 + "@acme.example",
        "jane@" + "a" * 64 + ".example",
        "jane\x00@acme.example",
        "jane@acme.123",
        "Jane <jane@acme.example>",
    ],
)
def test_what_cannot_be_mailed_is_no_address(raw: str) -> None:
    assert normal_email(raw) is None


def test_phones_are_read_in_their_region_and_extensions_kept_apart() -> None:
    assert normal_phone("030 123456", "DE") == normal_phone("+49 (0)30 123456", None) == "+4930123456"
    assert normal_phone("(202) 555-0143", "us") == "+12025550143"
    assert normal_phone("+1 202-555-0143 ext. 5", None) == "+12025550143;ext=5"
    assert normal_phone("(202) 555-0143", None) is None
    assert normal_phone("1111111111", "US") is None
    assert normal_phone("n/a", "US") is None


@pytest.mark.parametrize(
    "value",
    ["", "  ", "null", "NULL", "undefined", "0", "anonymous", "[object Object]", "NaN", "x" * 513, "a\x00b", "a\nb"],
)
def test_illegal_values_are_nobody(value: str) -> None:
    assert is_illegal(value)


@pytest.mark.parametrize("value", ["1", "jane", "00Q5e", "Œuvre 7", "none of your business", "10"])
def test_ordinary_values_are_legal(value: str) -> None:
    assert not is_illegal(value)


def test_desks_are_told_from_persons() -> None:
    assert all(
        is_role_address(f"{local}@acme.example") for local in ("info", "info+fair", "no-reply", "customer.service")
    )
    assert not any(is_role_address(f"{local}@acme.example") for local in ("jane", "infante", "j.office"))


def test_a_company_is_named_by_its_registered_domain_and_never_by_free_mail() -> None:
    assert company_domain("jane@mail.acme.co.uk") == "acme.co.uk"
    assert company_domain("https://www.acme.example/about?x=1") == "acme.example"
    assert company_domain("jane@eu.acme.example") == "acme.example"
    assert company_domain("jane@gmail.com") is None
    assert company_domain("jane@yahoo.co.uk") is None
    assert company_domain("co.uk") is None
    assert company_domain("not a domain") is None


def test_domains_have_one_form() -> None:
    assert (
        normal_domain("HTTPS://WWW.Bücher.example:8080/a")
        == normal_domain("bücher.example.")
        == "xn--bcher-kva.example"
    )
    assert normal_domain("localhost") is None
