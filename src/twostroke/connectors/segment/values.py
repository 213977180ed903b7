"""Values of a message: JSON of any type under names in snake_case or camelCase, read as what they are meant to be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from twostroke.kit.money import is_currency, to_minor
from twostroke.kit.text import domain_start

_WORD = re.compile(r"[^\s/?&=]+")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_EXACT = 2**53 - 1
# Thousands of digits are no number anybody means, and take long to read.
_LONGEST_NUMBER = 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Numbers below are seconds since 1970: as milliseconds they would lie in its first months.
_SECONDS_BELOW = 10_000_000_000
_TRUE, _FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


class Fields:
    """The fields of one object of a message. What was read is left out of ``rest``."""

    __slots__ = ("_of", "_used")

    def __init__(self, of: Any) -> None:
        self._of: Mapping[str, Any] = of if isinstance(of, dict) else {}
        self._used: set[str] = set()

    def first(self, *names: str) -> Any:
        """The first value that says something, or None. Names are given in snake_case and found in camelCase, too."""
        of = self._of
        if not of:
            return None
        for spelt in _spellings(names):
            value = of.get(spelt)
            if value or value == 0:  # zero and false say something; null, empty texts, lists and objects do not
                self._used.add(spelt)
                return value
        return None

    def within(self, name: str) -> Fields:
        """An object within this one, empty where there is none. It counts as read."""
        value = self._of.get(name)
        if isinstance(value, dict):
            self._used.add(name)
        return Fields(value)

    def text(self, *names: str) -> str:
        """The first as text, ``""`` where there is none or it is no text and no number."""
        value = self.first(*names)
        if value is None:
            return ""
        return value.strip() if type(value) is str else as_text(value)

    def integer(self, *names: str) -> int | None:
        """The first as a whole number, rounded; None where it is none."""
        number = as_decimal(self.first(*names))
        return None if number is None or abs(number) > _EXACT else round(number)

    def decimal(self, *names: str) -> str | None:
        """The first as plain decimal text."""
        number = as_decimal(self.first(*names))
        return None if number is None or abs(number) > _EXACT else plain(number)

    def boolean(self, *names: str) -> bool | None:
        """The first as true or false."""
        value = self.first(*names)
        bare = str(value).strip().lower()
        return True if bare in _TRUE else False if bare in _FALSE else None

    def rest(self) -> dict[str, Any]:
        """What nobody read and says something."""
        used = self._used
        return {name: value for name, value in self._of.items() if (value or value == 0) and name not in used}


@cache
def _spellings(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names in snake_case, each followed by what it is in camelCase where that is another."""
    return tuple(dict.fromkeys(spelt for name in names for spelt in (name, _camel(name))))


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


def as_text(value: Any) -> str:
    """Text or a number as text without blanks around; ``""`` for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def as_decimal(value: Any) -> Decimal | None:
    """A number, or text that is one; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = str(value).strip()
    if isinstance(value, str) and (len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text)):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def plain(number: Decimal) -> str:
    """Decimal text without exponent and idle zeros."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def minor(value: Any, currency: str) -> int | None:
    """Minor units of an amount; None where it is no amount."""
    number = as_decimal(value)
    try:
        return None if number is None else to_minor(number, currency)
    except ValueError:
        return None


def currency_of(said: str, usual: str) -> str:
    """The currency that is named, or the usual one where none is; ``""`` for what is no currency."""
    code = said.upper() if said else usual
    return code if is_currency(code) else ""


def instant(value: Any) -> int | None:
    """ISO 8601 (without an offset: UTC), or seconds or milliseconds since 1970, in ms; None for what is no instant."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        if not -_EXACT < value < _EXACT:
            return None
        return round(value * 1000) if abs(value) < _SECONDS_BELOW else round(value)
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    since = (read if read.tzinfo else read.replace(tzinfo=UTC)) - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def names_somebody(text: str) -> bool:
    """Whether a text holds what looks like an address: then it is personal, whatever its field."""
    return ("@" in text or "%40" in text) and any(map(_is_address, _WORD.findall(text)))


def without_addresses(path: str) -> str:
    """A path with a star where an address stood."""
    if "@" not in path and "%40" not in path:
        return path
    return _WORD.sub(lambda found: "*" if _is_address(found[0]) else found[0], path)


def _is_address(word: str) -> bool:
    return 0 < word.find(".", domain_start(word)) < len(word) - 1
