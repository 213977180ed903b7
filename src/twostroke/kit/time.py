"""One clock for everything, and the civil calendar of a zone.

Instants are integers since 1970-01-01T00:00:00Z: milliseconds where people look, microseconds where the log
stamps. A *day* is a civil date, counted in days since 1970-01-01 and without a zone.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY_MS = 86_400_000
_EPOCH = dt.date(1970, 1, 1)

_now: Callable[[], int] = lambda: time.time_ns() // 1000  # noqa: E731 - replaced whole in tests


def now_micros() -> int:
    """The current instant in microseconds since 1970 UTC, from the injectable clock."""
    return _now()


def now_millis() -> int:
    """The current instant in milliseconds since 1970 UTC, from the injectable clock."""
    return _now() // 1000


def set_clock(clock: Callable[[], int] | None) -> None:
    """Put another clock (microseconds since 1970 UTC) in place; ``None`` puts the machine's back."""
    global _now  # noqa: PLW0603 - the one clock of the process
    _now = clock if clock is not None else (lambda: time.time_ns() // 1000)


def day_number(day: dt.date) -> int:
    """Days from 1970-01-01 to ``day``."""
    return (day - _EPOCH).days


def day_of_number(number: int) -> dt.date:
    """The civil date ``number`` days after 1970-01-01."""
    return _EPOCH + dt.timedelta(days=number)


def day_millis(day: dt.date) -> int:
    """How a civil date stands in ``happened_at``: its midnight read as UTC, in milliseconds."""
    return day_number(day) * DAY_MS


@lru_cache(maxsize=65_536)
def day_bounds(number: int, zone: str) -> tuple[int, int]:
    """First instant of a civil day in ``zone`` and first instant of the next, in ms since 1970 UTC.

    Both are the zone's own: a day of 23 or 25 hours is returned as such (IANA time zone database). The first and the
    last days of the calendar have no neighbour in every zone: theirs are those of UTC.
    """
    tz = ZoneInfo(zone)
    try:
        start, end = (
            dt.datetime.combine(day_of_number(n), dt.time.min, tzinfo=tz).astimezone(dt.UTC)
            for n in (number, number + 1)
        )
    except OverflowError:
        return number * DAY_MS, (number + 1) * DAY_MS
    return int(start.timestamp() * 1000), int(end.timestamp() * 1000)


def to_datetime(millis: int, zone: str = "UTC") -> dt.datetime:
    """The instant as an aware datetime in ``zone``; in UTC where the calendar of ``zone`` has ended before it."""
    moment = dt.datetime.fromtimestamp(millis / 1000, tz=dt.UTC)
    try:
        return moment.astimezone(ZoneInfo(zone))
    except OverflowError:
        return moment


def iso(millis: int) -> str:
    """RFC 3339 in UTC with milliseconds: ``2026-11-22T08:00:00.000Z``."""
    # strftime would write a year before 1000 with fewer than four digits.
    moment = dt.datetime.fromtimestamp(millis // 1000, tz=dt.UTC).replace(tzinfo=None)
    return f"{moment.isoformat(timespec='seconds')}.{millis % 1000:03d}Z"


def is_zone(name: str) -> bool:
    """Whether ``name`` is a zone of the IANA database."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
