"""Numbers as files write them: which character is the decimal one, told by a whole column, and a fast reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from twostroke.kit.money import ISO_4217, to_minor

_SYMBOLS = {"€": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB", "₺": "TRY", "₩": "KRW", "zł": "PLN", "₪": "ILS"}
_CODE = re.compile(r"\b([A-Z]{3})\b")
_SHAPE = re.compile(
    r"\(?\s*[-+]?\s*(?:[A-Z]{2,3}\$?|[$€£¥₹₽₺₩₪])?\s*[-+]?\s*(\d[\d.,'’\s]*|[.,]\d+)\s*(?:%|[A-Z]{3}|[$€£¥₹₽₺₩₪]|zł|kr|CHF)?\s*-?\)?$"
)
_PLAIN = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?$", re.ASCII)
# How programs write large numbers (“5.0E7”, “1,25E+06”). More than eighteen places are no figure of a business.
_SCIENTIFIC = re.compile(r"([-+]?\d(?:[.,]\d+)?)[eE]([-+]?\d{1,2})$", re.ASCII)
_MOST_PLACES = 18
_SPACES = re.compile(r"[\s'’  ]")


# Many currencies are written with it.
DOLLAR = "$"
_NAMES = {
    "usdollar": "USD", "unitedstatesdollar": "USD", "euro": "EUR",
    "poundsterling": "GBP", "britishpound": "GBP", "britishpoundsterling": "GBP", "ukpound": "GBP",
    "swissfranc": "CHF", "schweizerfranken": "CHF", "francsuisse": "CHF", "japaneseyen": "JPY", "yen": "JPY",
    "canadiandollar": "CAD", "australiandollar": "AUD", "newzealanddollar": "NZD", "singaporedollar": "SGD",
    "hongkongdollar": "HKD", "indianrupee": "INR", "swedishkrona": "SEK", "norwegiankrone": "NOK",
    "danishkrone": "DKK", "polishzloty": "PLN", "czechkoruna": "CZK", "hungarianforint": "HUF",
    "brazilianreal": "BRL", "mexicanpeso": "MXN", "southafricanrand": "ZAR", "chineseyuan": "CNY",
    "usdollars": "USD",
}  # fmt: skip
_LETTERS = re.compile(r"[^a-z]+")


def currency_code(text: str) -> str:
    """A cell of a column of currencies as ISO 4217: “usd”, “EUR - Euro”, “US Dollar”, “€”; else it in capitals."""
    code = text.strip().upper()
    if code in ISO_4217 or not code:
        return code
    named = _NAMES.get(_LETTERS.sub("", text.lower()), "") or currency_in(code)
    return named or ("USD" if DOLLAR in code else code)


def currency_in(value: str) -> str:
    """The currency (ISO 4217) an amount names itself, by code or by a sign that only one has; ``""`` for none."""
    # Codes and signs stand before or behind: this spares most cells the closer look.
    if value[:1].isdigit() and value[-1:].isdigit():
        return ""
    code = _CODE.search(value)
    if code is not None and code[1] in ISO_4217:
        return code[1]
    return currency_of_sign(value)


def currency_of_sign(text: str) -> str:
    """The currency of a sign that stands in a text (“Value (€)”); ``""`` for none, and for “$”, which many have."""
    return next((code for sign, code in _SYMBOLS.items() if sign in text), "")


@dataclass(slots=True)
class NumberEvidence:
    """What the values of a column say about how its numbers are written."""

    numbers: int = 0
    not_numbers: int = 0
    whole: int = 0
    point: int = 0
    comma: int = 0
    doubtful: int = 0
    doubtful_with: str = ""
    percent: int = 0
    leading_zero: int = 0
    longest: int = 0
    symbol: str = ""
    example: str = ""

    def add(self, values: Iterable[str]) -> None:
        """Take in distinct values, none of them empty."""
        for value in values:
            self._one(value.strip())

    def _one(self, value: str) -> None:
        found = _SHAPE.match(value) or _SHAPE.match(_written_out(value))
        if found is None:
            self.not_numbers += 1
            return
        value = found.string
        self.numbers += 1
        digits = _SPACES.sub("", found[1])
        self.percent += "%" in value
        if len(found[1]) != len(value):
            self._currency(value)
        self.longest = max(self.longest, len(digits))
        if digits.isdigit():
            self.whole += 1
            self.leading_zero += len(digits) > 1 and digits[0] == "0"
            return
        self._separators(digits, value)

    def _currency(self, value: str) -> None:
        self.symbol = self.symbol or currency_in(value) or (DOLLAR if DOLLAR in value else "")

    def _separators(self, digits: str, value: str) -> None:
        dots, commas = digits.count("."), digits.count(",")
        if dots and commas:
            if digits.rfind(".") > digits.rfind(","):
                self.point += 1
            else:
                self.comma += 1
            return
        mark = "." if dots else ","
        head, tail = digits.split(mark, 1)[0], digits.rsplit(mark, 1)[1]
        if dots + commas > 1:
            self._is_thousands(mark)
        elif len(tail) == 3 and 1 <= len(head) <= 3 and head != "0":
            self.doubtful += 1
            self.doubtful_with = mark
            self.example = self.example or value
        elif mark == ".":
            self.point += 1
        else:
            self.comma += 1

    def _is_thousands(self, mark: str) -> None:
        if mark == ".":
            self.comma += 1
        else:
            self.point += 1

    @property
    def is_numbers(self) -> bool:
        """Whether nearly all values are numbers."""
        return self.numbers > 19 * self.not_numbers

    @property
    def decimal(self) -> str | None:
        """``"."`` or ``","`` where the column proves it or has no separators at all; None where it is in doubt."""
        if self.point and not self.comma:
            return "."
        if self.comma and not self.point:
            return ","
        if not self.doubtful and not self.comma and not self.point:
            return "."
        return None


def _written_out(value: str) -> str:
    """``5.0E7`` → ``50000000``, ``1.25E-2`` → ``0.0125``; what is not written so stays as it is."""
    found = _SCIENTIFIC.match(value)
    if found is None or abs(int(found[2])) > _MOST_PLACES:
        return value
    number = Decimal(f"{found[1].replace(',', '.')}e{found[2]}")
    whole = number == number.to_integral_value()
    return format(number.quantize(Decimal(1)) if whole else number, "f")


def number_reader(decimal: str) -> Callable[[str], str]:
    """A function from a text to the number as plain decimal text (``-1234.5``). It raises ``ValueError``."""
    cache: dict[str, str] = {}

    def read(text: str) -> str:
        found = cache.get(text)
        if found is None:
            if len(cache) > 20_000:
                cache.clear()
            found = cache[text] = plain_number(text, decimal)
        return found

    return read


def plain_number(text: str, decimal: str) -> str:
    """``text`` as plain decimal text. Raises ``ValueError`` where it is no number, or not in this style."""
    bare = text.strip()
    if decimal == "." and _PLAIN.match(bare):
        return bare
    found = _SHAPE.match(bare)
    if found is None:
        exact = _written_out(bare)
        if exact == bare:
            raise ValueError("is no number")
        return exact
    digits = _SPACES.sub("", found[1])
    other = "," if decimal == "." else "."
    whole, _, part = digits.partition(decimal)
    if decimal in part or other in part or (other in whole and not _grouped(whole, other)):
        raise ValueError(f"is no number with “{decimal}” before the decimals")
    negative = "-" in bare or bare.startswith("(")
    plain = whole.replace(other, "").lstrip("0") or "0"
    return ("-" if negative else "") + plain + (f".{part}" if part else "")


def _grouped(whole: str, mark: str) -> bool:
    """Whether groups are of three digits, or of two and three as in India."""
    groups = whole.split(mark)
    return len(groups[-1]) == 3 and all(1 <= len(group) <= 3 for group in groups)


def amount_reader(decimal: str, currency: str) -> Callable[[str], int]:
    """A function from a text to minor units of ``currency``; equal texts are read once. It raises ``ValueError``."""
    cache: dict[str, int] = {}

    def read(text: str) -> int:
        found = cache.get(text)
        if found is None:
            if len(cache) > 20_000:
                cache.clear()
            found = cache[text] = to_minor(Decimal(plain_number(text, decimal)), currency)
        return found

    return read
