"""The calendar of a world: weeks, zones, working days; all instants are milliseconds since 1970 UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from worlds.arrays import Bools, Ints

DAY = 86_400_000
HOUR = 3_600_000
MINUTE = 60_000


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm, Nature, 20 April 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    rest = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * rest) // 451
    month, day = divmod(h + rest - 7 * m + 114, 31)
    return date(year, month, day + 1)


def holiday(rule: str, year: int) -> date:
    """The day of a rule in a year: ``"05-01"`` a fixed day, ``"easter+39"`` days from Easter Sunday.

    Raises ``ValueError`` that shows both forms.
    """
    try:
        if rule.startswith("easter"):
            return easter(year) + timedelta(days=int(rule[6:] or "0"))
        return date.fromisoformat(f"{year}-{rule}")
    except ValueError as error:
        raise ValueError(f'not a holiday: {rule!r}; write "05-01" or "easter+39"') from error


@dataclass(frozen=True)
class Calendar:
    """The weeks of a world. Week 0 begins on ``monday``; the last week is cut at ``end``, 08:00 local of a working
    day. ``length`` are the weeks that shares of the world's length are measured by: all but those lived beyond it."""

    zones: tuple[str, ...]
    monday: date
    weeks: int
    length: int
    end: int
    holidays: frozenset[date]
    offsets: Ints = field(repr=False)
    working: Bools = field(repr=False)

    @property
    def days(self) -> int:
        """Days from the first Monday to the end of the last week."""
        return self.weeks * 7

    def day(self, index: int) -> date:
        """The date of a day counted from the first Monday."""
        return self.monday + timedelta(days=index)

    def month(self, week: int) -> int:
        """The month, 0 to 11, in which the Thursday of the week lies (ISO 8601's rule for weeks)."""
        return self.day(week * 7 + 3).month - 1

    def instant(self, week: int, zone: Ints, day: Ints, milliseconds: Ints) -> Ints:
        """UTC instants of local times: weekday 0 is Monday, ``milliseconds`` since local midnight."""
        index = week * 7 + day
        midnight = self._first() + index * DAY
        return np.asarray(
            midnight + milliseconds - self.offsets[zone, np.minimum(index, self.days + 27)], dtype=np.int64
        )

    def _first(self) -> int:
        return int(datetime(self.monday.year, self.monday.month, self.monday.day, tzinfo=UTC).timestamp()) * 1000

    def local_day(self, instants: Ints, zone: Ints) -> Ints:
        """The day index of instants, in the zone; days outside the world are cut to its edges."""
        guess = np.clip((instants - self._first()) // DAY, 0, self.days + 27)
        days = (instants + self.offsets[zone, guess] - self._first()) // DAY
        return np.asarray(np.clip(days, 0, self.days + 27), dtype=np.int64)

    def local_ms(self, instants: Ints, zone: Ints) -> Ints:
        """Milliseconds since local midnight."""
        guess = np.clip((instants - self._first()) // DAY, 0, self.days + 27)
        return np.asarray((instants + self.offsets[zone, guess] - self._first()) % DAY, dtype=np.int64)

    def start_of(self, day_index: Ints, zone: Ints) -> Ints:
        """The UTC instant of local midnight of day indices; days long after the end keep the last offset known."""
        known = np.minimum(day_index, self.days + 27)
        return np.asarray(self._first() + day_index * DAY - self.offsets[zone, known], dtype=np.int64)

    def into_hours(self, instants: Ints, zone: Ints, opens: int, closes: int) -> Ints:
        """Each instant moved forward into working hours: at night and on free days to the next opening, plus its
        minutes."""
        day = self.local_day(instants, zone)
        clock = self.local_ms(instants, zone)
        late = clock >= closes
        day = np.where(late, day + 1, day)
        wanted = self._next_working[np.clip(day, 0, self.days + 27)]
        moved = (wanted != day) | late | (clock < opens)
        opening = self.start_of(wanted, zone) + opens + clock % (40 * MINUTE)
        return np.where(moved, opening, instants)

    @property
    def _next_working(self) -> Ints:
        days = np.arange(len(self.working))
        ahead = np.where(self.working, days, len(self.working) - 1)
        return np.asarray(np.minimum.accumulate(ahead[::-1])[::-1], dtype=np.int64)


def calendar(
    *, months: int, until: date, zones: tuple[str, ...], holiday_rules: list[str], beyond: int = 0
) -> Calendar:
    """The calendar that ends at 08:00 (zone 0) of the last working day not after ``until``.

    ``months`` are turned into weeks of 52 to twelve months. ``beyond``: days after ``until`` that are lived on; the
    weeks before are the same with and without them. Raises ``ValueError`` for fewer than one month.
    """
    if months < 1:
        raise ValueError(f"a world lasts at least one month, not {months}")
    years = range(until.year - months // 12 - 3, until.year + 3)
    free = frozenset(holiday(rule, year) for rule in holiday_rules for year in years)
    length = max(1, round(months * 52 / 12))
    monday = _monday(_working_day(until, free)) - timedelta(weeks=length - 1)
    last = _working_day(until + timedelta(days=beyond), free)
    weeks = (_monday(last) - monday).days // 7 + 1
    stretch = weeks * 7 + 28
    noon = [
        datetime.combine(monday + timedelta(days=i), datetime.min.time(), UTC) + timedelta(hours=12)
        for i in range(stretch)
    ]
    offsets = np.zeros((len(zones), stretch), dtype=np.int64)
    for row, name in enumerate(zones):
        zone = ZoneInfo(name)
        for column, moment in enumerate(noon):
            offset = moment.astimezone(zone).utcoffset() or timedelta(0)
            offsets[row, column] = int(offset.total_seconds()) * 1000
    days = [monday + timedelta(days=i) for i in range(stretch)]
    working = np.array([day.weekday() < 5 and day not in free for day in days], dtype=np.bool_)
    end = datetime.combine(last, datetime.min.time(), ZoneInfo(zones[0])) + timedelta(hours=8)
    return Calendar(
        zones=zones,
        monday=monday,
        weeks=weeks,
        length=length,
        end=int(end.timestamp()) * 1000,
        holidays=free,
        offsets=offsets,
        working=working,
    )


def _working_day(day: date, free: frozenset[date]) -> date:
    """The day itself, or the last working day before it."""
    while day.weekday() > 4 or day in free:
        day -= timedelta(days=1)
    return day


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def iso(instants: Ints) -> list[str]:
    """Instants as RFC 3339 with milliseconds and ``Z``."""
    texts = np.datetime_as_string(instants.astype("datetime64[ms]"), unit="ms").tolist()
    return [text + "Z" for text in texts]
