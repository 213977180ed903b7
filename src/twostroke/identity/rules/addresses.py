"""One form for one address: e-mail (RFC 5321, 6531, 5891), phone (E.164), domain; and what is no address at all.

The policy on e-mail, beyond the RFCs: what cannot be mailed from the public internet is no address here. So quoted
local parts, comments, address literals (``[127.0.0.1]``), domains without a dot (``test@io``), special-use domains
(RFC 6761), a trailing dot and control characters are refused. Blanks and tabs around an address are typing, not
address. Two addresses are the same when they are equal after NFC, with the domain as lower-case IDNA A-labels and the
local part without regard to case; dots and plus tags count, for they are the receiver's to interpret.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_ATOM = r"[a-zA-Z0-9_!#$%&'*+\-/=?^`{|}~]+"
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
# What this accepts needs no second look; everything else goes to the validator, which alone may refuse.
_PLAIN = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@((?:{_LABEL}\.)+[a-zA-Z](?:[a-zA-Z0-9-]{{0,61}}[a-zA-Z]))", re.ASCII)
_SPECIAL_USE = ("arpa", "invalid", "local", "localhost", "onion", "test")
LONGEST_EMAIL = 254
_REMEMBERED = 8_192
_LONGEST_RAW = 320
_LONGEST_ID = 512
_LONGEST_PHONE = 64
_LONGEST_NATIONAL = 15
_INTERNATIONAL = re.compile(r"\+[1-9][0-9 ()-]*[0-9]", re.ASCII)
_NOT_DIGIT = re.compile(r"[^0-9]+", re.ASCII)
_AROUND = " \t\u00a0"

# What client libraries and spreadsheets send where there is no id.
_ILLEGAL = frozenset(
    [
        "0",
        "-1",
        "anonymous",
        "anon",
        "guest",
        "distinctid",
        "distinct_id",
        "id",
        "email",
        "undefined",
        "null",
        "nil",
        "none",
        "nan",
        "true",
        "false",
        "not_authenticated",
        "n/a",
        "#n/a",
        "#ref!",
        "(none)",
        "{}",
        "[]",
        '""',
        "''",
        "00000000-0000-0000-0000-000000000000",
    ]
) | {"(not set)", "[object object]"}


def _words(name: str) -> frozenset[str]:
    """The entries of one of the room's lists: a word a line, ``#`` begins a comment."""
    text = resources.files("twostroke.identity").joinpath("lists", name).read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if (word := line.partition("#")[0].strip()))


@lru_cache(maxsize=1)
def _role_names() -> frozenset[str]:
    return _words("role_addresses.txt")


@lru_cache(maxsize=1)
def _free_mail() -> frozenset[str]:
    return _words("free_mail_domains.txt")


@lru_cache(maxsize=1)
def _second_levels() -> frozenset[str]:
    return _words("second_level_suffixes.txt")


def is_illegal(value: str) -> bool:
    """Whether ``value`` can be nobody's id: empty, a placeholder (``null``, ``0``, ``anonymous`` …), over-long, or with
    control characters. Such values join nothing."""
    plain = value.strip()
    if not plain or len(plain) > _LONGEST_ID or plain.casefold() in _ILLEGAL:
        return True
    return not plain.isprintable() and any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in plain)


@lru_cache(maxsize=_REMEMBERED)
def normal_email(raw: str) -> str | None:
    """The one form of an address that can be mailed, or ``None``. Nothing is looked up on the network.

    Idempotent: the normal form of a normal form is itself.
    """
    text = raw.strip(_AROUND)
    if not text or len(text) > _LONGEST_RAW:
        return None
    found = _PLAIN.fullmatch(text)
    if found is not None and len(text) <= LONGEST_EMAIL and "--" not in (domain := found[1].lower()):
        top = domain.rpartition(".")[2]
        return None if top in _SPECIAL_USE else text.lower()
    return _validated(text)


def _validated(text: str) -> str | None:
    """The slow way, for everything the plain pattern does not cover."""
    from email_validator import EmailNotValidError, validate_email

    try:
        local, domain = _checked(validate_email(text, check_deliverability=False))
        # Lower case may be longer, or compose differently: what comes out must itself be an address.
        again = _checked(validate_email(f"{local}@{domain}", check_deliverability=False))
    except (EmailNotValidError, UnicodeError):
        return None
    return f"{local}@{domain}" if again == (local, domain) else None


def _checked(found: object) -> tuple[str, str]:
    """Local part and domain of a validated address in the form they are compared in."""
    return _lower(found.local_part), found.ascii_domain.lower()  # type: ignore[attr-defined]


def _lower(local: str) -> str:
    """The local part without regard to case: letter by letter, so that the dotless and the dotted
    capital i of Turkish stay apart from i, and ß from ss. The final sigma is the sigma.
    """
    lowered = "".join("\u03c3" if c == "\u03c2" else c.lower() for c in unicodedata.normalize("NFC", local))
    return unicodedata.normalize("NFC", lowered)


@lru_cache(maxsize=_REMEMBERED)
def normal_phone(raw: str, region: str | None = None) -> str | None:
    """The number in E.164 (``+4930123456``), with ``;ext=`` (RFC 3966) where an extension was given; or ``None``.

    ``region`` (ISO 3166-1 alpha-2) reads numbers written without a country code; without it they are nobody's.
    """
    text = raw.strip(_AROUND)
    if not text or len(text) > _LONGEST_PHONE:
        return None
    import phonenumbers

    try:
        number = _plain_number(text) or phonenumbers.parse(text, region.upper() if region else None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    plain = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return f"{plain};ext={number.extension}" if number.extension else plain


def _plain_number(text: str) -> PhoneNumber | None:
    """What the library's parser, which takes ten times as long, makes of a number with its country code and nothing
    else: digits between blanks, dashes and brackets. None where the parser must look: at a zero, or at any digits the
    country may write before a number that are not part of it."""
    if _INTERNATIONAL.fullmatch(text) is None:
        return None
    from phonenumbers import PhoneNumber

    digits = _NOT_DIGIT.sub("", text)
    code, before = _country_of(digits[:3])
    national = digits[len(str(code)) :]
    if before is None or national[:1] in ("", "0") or len(national) > _LONGEST_NATIONAL or before.match(national):
        return None
    return PhoneNumber(country_code=code, national_number=int(national))


@lru_cache(maxsize=1000)
def _country_of(digits: str) -> tuple[int, re.Pattern[str] | None]:
    """The country code that digits begin with, and what may be written there before a number; None for no country."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    code = next((code for end in (1, 2, 3) if (code := int(digits[:end])) in COUNTRY_CODE_TO_REGION_CODE), 0)
    regions = COUNTRY_CODE_TO_REGION_CODE.get(code)
    country = regions and PhoneMetadata.metadata_for_region_or_calling_code(code, regions[0])
    return code, re.compile(country.national_prefix_for_parsing or "0") if country else None


@lru_cache(maxsize=16_384)
def is_role_address(email: str) -> bool:
    """Whether a normal address is a desk's, not a person's: ``info@``, ``office@`` … (RFC 2142 and common use)."""
    local = email.rpartition("@")[0].partition("+")[0]
    return local in _role_names() or local.replace("-", "").replace("_", "").replace(".", "") in _role_names()


def is_free_mail(domain: str) -> bool:
    """Whether a domain gives mailboxes to the public, so that it says nothing of a company."""
    return domain in _free_mail() or registered_domain(domain) in _free_mail()


def normal_domain(raw: str) -> str | None:
    """The host of a domain, web address or e-mail as lower-case IDNA A-labels, without ``www.``; or ``None``."""
    text = raw.strip(_AROUND).rstrip(".")
    text = text.partition("://")[2] or text
    host = re.split(r"[/?#]", text, maxsplit=1)[0].rpartition("@")[2].partition(":")[0].rstrip(".")
    found = normal_email(f"a@{host}")
    return found.rpartition("@")[2].removeprefix("www.") if found is not None else None


def registered_domain(domain: str) -> str:
    """The part of a normal domain that somebody registered: ``mail.acme.co.uk`` gives ``acme.co.uk``.

    Two labels; three where the last two are a public suffix of a country (``co.uk``, ``com.au`` …).
    """
    labels = domain.split(".")
    keep = 3 if ".".join(labels[-2:]) in _second_levels() else 2
    return ".".join(labels[-keep:])


def company_domain(email_or_url: str) -> str | None:
    """The registered domain that names a company, from an e-mail or a web address; ``None`` for free mail."""
    domain = normal_domain(email_or_url)
    if domain is None or is_free_mail(domain):
        return None
    registered = registered_domain(domain)
    return None if registered in _second_levels() else registered
