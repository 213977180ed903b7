"""Whether a value is of a declared type. Everything here can be written as canonical JSON (RFC 8785) and stored."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from twostroke.ledger.facts import Type

LONGEST = 32_768
# No character takes more than four bytes, so most texts need not be encoded to be measured.
_SURELY_SHORT = LONGEST // 4
# Past this, JSON numbers are no longer exact (RFC 8785 §3.2.2.3, RFC 7493 §2.2).
_EXACT = 2**53 - 1
_DEEPEST = 32
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# Opaque ids are 32 hexadecimal digits, catalogue names and event ids are dashed; no e-mail, phone or name fits.
_ID = re.compile(r"[0-9A-Za-z_.:-]{1,128}", re.ASCII)

EXPECTED: dict[Type, str] = {
    Type.TEXT: "text of at most 32 kB",
    Type.INTEGER: "a whole number (up to 2^53)",
    Type.DECIMAL: 'a decimal written as text, such as "12.50"',
    Type.BOOLEAN: "true or false",
    Type.DATE: "a day written YYYY-MM-DD",
    Type.ID: "an opaque id",
    Type.IDS: "a list of opaque ids",
    Type.JSON: "a JSON value",
}


def overlong(text: str) -> bool:
    """Whether ``text`` takes more than 32 kB as UTF-8."""
    if len(text) <= _SURELY_SHORT:
        return False
    return len(text) > LONGEST or len(text.encode("utf-8", "surrogatepass")) > LONGEST


def is_plain_text(value: Any) -> bool:
    """Text that any database stores: not over-long, no NUL (PostgreSQL refuses it), no half of a surrogate pair."""
    if type(value) is not str or "\0" in value:
        return False
    if len(value) <= _SURELY_SHORT and value.isascii():
        return True
    return not overlong(value) and not any("\ud800" <= character <= "\udfff" for character in value)


def _is_integer(value: Any) -> bool:
    return type(value) is int and -_EXACT <= value <= _EXACT


def _is_decimal(value: Any) -> bool:
    return type(value) is str and len(value) <= 64 and _DECIMAL.fullmatch(value) is not None


def _is_boolean(value: Any) -> bool:
    return type(value) is bool


def _is_date(value: Any) -> bool:
    if type(value) is not str or _DATE.fullmatch(value) is None:
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_id(value: Any) -> bool:
    return type(value) is str and _ID.fullmatch(value) is not None


def _is_ids(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(map(_is_id, value))


def _is_json(value: Any, depth: int = 0) -> bool:
    if value is None or type(value) is bool or _is_integer(value):
        return True
    if type(value) is str:
        return is_plain_text(value)
    if type(value) is float:
        return math.isfinite(value)
    if depth >= _DEEPEST:
        return False
    if isinstance(value, list | tuple):
        return all(_is_json(item, depth + 1) for item in value)
    return isinstance(value, dict) and all(
        is_plain_text(key) and _is_json(item, depth + 1) for key, item in value.items()
    )


_TESTS: dict[Type, Callable[[Any], bool]] = {
    Type.TEXT: is_plain_text,
    Type.INTEGER: _is_integer,
    Type.DECIMAL: _is_decimal,
    Type.BOOLEAN: _is_boolean,
    Type.DATE: _is_date,
    Type.ID: _is_id,
    Type.IDS: _is_ids,
    Type.JSON: _is_json,
}


def fits(declared: Type) -> Callable[[Any], bool]:
    """The test whether a value is of the declared type. ``None`` fits only JSON: an absent property is left out."""
    return _TESTS[declared]
