"""Dates as files write them: their shape, the order a whole column proves, and a fast reader of one style.

Instants are (ms since 1970 UTC, precision). Orders are written ``y-m-d``, ``d-m-y``, ``m-d-y``. Sources: ISO 8601,
RFC 3339, RFC 5322 §3.3; epoch seconds and milliseconds by their size.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from twostroke.kit.text import folded
from twostroke.ledger.facts import Precision

Instant = tuple[int, Precision]

_TIME = (
    r"(?:[ T,]+(?:at )?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp]\.?[Mm]\.?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME + r"$")
_COMPACT = re.compile(r"(\d{4})()(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?())?()(Z)?$")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _TIME + r"$")
_WEEKDAY = r"(?:[^\W\d]{2,12}\.?,?\s+)?"
_DAY_NAMED = re.compile(
    _WEEKDAY
    + r"(\d{1,2})(?:st|nd|rd|th|\.)?[-/ ]+(?:de )?([^\W\d]{3,12})\.?,?[-/ ]+(?:de )?(\d{4}|\d{2})"
    + _TIME
    + r"$"
)
_NAMED_DAY = re.compile(_WEEKDAY + r"([^\W\d]{3,12})\.?[- ]+(\d{1,2})(?:st|nd|rd|th)?,?[- ]+(\d{4})" + _TIME + r"$")
_EPOCH = re.compile(r"(\d{9,10}|\d{13}|\d{16})(?:\.\d+)?$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jaenner janner janvier janv enero ene gennaio gen januari",
            "feb february februar fevrier fevr febrero febbraio februari",
            "mar march marz maerz mrz mars marzo maart",
            "apr april avril avr abril abr aprile",
            "may mai mayo maggio mag mei",
            "jun june juni juin junio giugno giu",
            "jul july juli juillet juil julio luglio lug",
            "aug august aout agosto ago augustus",
            "sep sept september septembre septiembre settembre set",
            "oct october oktober okt octobre octubre ottobre ott",
            "nov november novembre noviembre",
            "dec december dezember dez decembre diciembre dic dicembre",
        ),
        1,
    )
    for name in names.split()
}
# Shapes with a month by its name.
_NAMED = ("day month", "month day")
ORDERS = ("y-m-d", "d-m-y", "m-d-y")


@dataclass(slots=True)
class DateEvidence:
    """What the values of a column say about how its dates are written. ``add`` may be called in any order."""

    shapes: Counter[str] = field(default_factory=Counter)
    day_first: int = 0
    month_first: int = 0
    timed: int = 0
    midnight: int = 0
    not_dates: int = 0
    example: str = ""
    proof: str = ""

    def add(self, values: Iterable[str]) -> None:
        """Take in distinct values, none of them empty."""
        for value in values:
            self._one(value.strip())

    def _one(self, value: str) -> None:
        shape, found = _shape_of(value)
        if found is None:
            self.not_dates += 1
            return
        if shape in _NAMED and folded(found[2 if shape == "day month" else 1]) not in _MONTHS:
            self.not_dates += 1
            return
        if shape == "numeric":
            self._order(int(found[1]), int(found[3]), value)
            shape = f"numeric{found[2]}"
        self.shapes[shape] += 1
        self.example = self.example or value
        clock = 4 if shape in _NAMED else 5
        if shape != "epoch" and found[clock] is not None:
            self._clock(found, clock)

    def _clock(self, found: re.Match[str], at: int) -> None:
        self.timed += 1
        self.midnight += int(found[at]) == 0 and int(found[at + 1]) == 0 and not int(found[at + 2] or 0)

    def _order(self, first: int, second: int, value: str) -> None:
        if first > 12 >= second:
            self.day_first += 1
            self.proof = self.proof or value
        elif second > 12 >= first:
            self.month_first += 1
            self.proof = self.proof or value
        elif first > 12:
            self.not_dates += 1

    @property
    def count(self) -> int:
        """Distinct values that are shaped like dates."""
        return sum(self.shapes.values())

    @property
    def is_dates(self) -> bool:
        """Whether nearly all values are dates (numbers that could be epochs are not yet)."""
        return self.count - self.shapes["epoch"] - self.shapes["compact"] > 9 * self.not_dates

    @property
    def could_be_epoch(self) -> bool:
        """Whether nearly all values are whole numbers of the size of an epoch, or eight-digit days."""
        return self.count > 9 * self.not_dates and self.shapes["epoch"] + self.shapes["compact"] > 0

    @property
    def numeric_separator(self) -> str | None:
        """The separator of dates whose order is in doubt, None where there is no such date."""
        found = [shape[-1] for shape in self.shapes if shape.startswith("numeric")]
        return found[0] if found else None

    @property
    def order(self) -> str | None:
        """``d-m-y`` or ``m-d-y`` where this column proves it; ``y-m-d`` where nothing is in doubt; else None."""
        if self.numeric_separator is None:
            return "y-m-d"
        if self.day_first and not self.month_first:
            return "d-m-y"
        if self.month_first and not self.day_first:
            return "m-d-y"
        return None

    @property
    def days_only(self) -> bool:
        """Whether no value has a time of day but midnight."""
        return self.timed == self.midnight and not self.shapes["epoch"]


_SHAPES = (
    ("year first", _YEAR_FIRST),
    ("numeric", _NUMERIC),
    ("compact", _COMPACT),
    ("day month", _DAY_NAMED),
    ("month day", _NAMED_DAY),
    ("epoch", _EPOCH),
)
# What does not begin with a digit can only begin with the name of a weekday or a month.
_SHAPES_OF_WORDS = tuple((shape, pattern) for shape, pattern in _SHAPES if shape in _NAMED)


def _shape_of(text: str) -> tuple[str, re.Match[str] | None]:
    """The shape a text has, and its parts; ``""`` and None for what is no date."""
    for shape, pattern in _SHAPES if text[:1].isdecimal() else _SHAPES_OF_WORDS:
        found = pattern.match(text)
        if found is not None:
            return shape, found
    return "", None


def date_reader(order: str, zone: str, *, days_only: bool) -> Callable[[str], Instant]:
    """A function from a text to its instant; equal texts are read once. It raises ``ValueError`` for what is no date.

    ``order`` decides between day and month only where the text does not. Times without an offset are of ``zone``
    (IANA). With ``days_only`` midnights are days.
    """
    cache: dict[str, Instant] = {}
    tz = ZoneInfo(zone)

    def read(text: str) -> Instant:
        found = cache.get(text)
        if found is None:
            found = _read(text.strip(), order, tz, days_only)
            if len(cache) > 20_000:
                cache.clear()
            cache[text] = found
        return found

    return read


def _read(text: str, order: str, tz: ZoneInfo, days_only: bool) -> Instant:
    shape, found = _shape_of(text)
    if found is None:
        raise ValueError("is no date")
    return _epoch(found[1]) if shape == "epoch" else _instant(*_civil(shape, found, order), tz, days_only)


def _civil(shape: str, found: re.Match[str], order: str) -> tuple[dt.date, tuple[str | None, ...]]:
    groups = found.groups()
    if shape in ("year first", "compact"):
        year, month, day, rest = int(groups[0]), int(groups[2]), int(groups[3]), groups[4:]
    elif shape == "numeric":
        first, second, year, rest = int(groups[0]), int(groups[2]), _full_year(groups[3]), groups[4:]
        day, month = (second, first) if order == "m-d-y" else (first, second)
    elif shape == "day month":
        day, month, year, rest = int(groups[0]), _month(groups[1]), _full_year(groups[2]), groups[3:]
    else:
        month, day, year, rest = _month(groups[0]), int(groups[1]), int(groups[2]), groups[3:]
    try:
        return dt.date(year, month, day), rest
    except ValueError:
        raise ValueError("is no day of the calendar") from None


def _full_year(text: str) -> int:
    """Two digits are of 1969 to 2068, as POSIX strptime has it."""
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 69 else 1900)


def _month(name: str) -> int:
    number = _MONTHS.get(folded(name))
    if number is None:
        raise ValueError("names no month")
    return number


def _instant(day: dt.date, rest: tuple[str | None, ...], tz: ZoneInfo, days_only: bool) -> Instant:
    days = (day - dt.date(1970, 1, 1)).days * 86_400_000
    if rest[0] is None:
        return days, Precision.DAY
    hour, minute, second = int(rest[0]), int(rest[1] or 0), int(rest[2] or 0)
    fraction, half, offset = rest[3] if len(rest) > 3 else None, rest[4] if len(rest) > 4 else None, rest[-1]
    if half:
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    if days_only and not (hour or minute or second):
        return days, Precision.DAY
    if hour > 23 or minute > 59 or second > 60:
        raise ValueError("is no time of the day")
    millis = int((fraction or "0")[:3].ljust(3, "0"))
    clock = (hour * 3600 + minute * 60 + min(second, 59)) * 1000 + millis
    precision = Precision.MS if fraction and millis else Precision.SECOND
    if offset:
        return days + clock - _offset(offset), precision
    local = dt.datetime(day.year, day.month, day.day, hour, minute, min(second, 59), tzinfo=tz)
    shift = local.utcoffset()
    return days + clock - int(shift.total_seconds() * 1000 if shift else 0), precision


def _offset(text: str) -> int:
    if text in ("Z", "UTC", "GMT"):
        return 0
    digits = text[1:].replace(":", "").ljust(4, "0")
    millis = (int(digits[:2]) * 60 + int(digits[2:4])) * 60_000
    return -millis if text[0] == "-" else millis


def _epoch(digits: str) -> Instant:
    number = int(digits)
    if len(digits) <= 10:
        return number * 1000, Precision.SECOND
    return (number, Precision.MS) if len(digits) == 13 else (number // 1000, Precision.MS)
