"""The calendar of a world against Python's own, for any year, zone and rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worlds.clock import DAY, HOUR, Calendar, calendar, easter, holiday, iso

ZONES = ("Europe/Berlin", "Europe/London", "America/New_York")
DATES = st.dates(date(2015, 1, 1), date(2035, 12, 31))
RULES = ["01-01", "12-25", "12-26", "easter-2", "easter+1"]


def made(until: date, months: int = 4, beyond: int = 0) -> Calendar:
    return calendar(months=months, until=until, zones=ZONES, holiday_rules=RULES, beyond=beyond)


@given(st.integers(1583, 4099))
def test_easter_is_a_sunday_between_the_22nd_of_march_and_the_25th_of_april(year: int) -> None:
    day = easter(year)
    assert day.weekday() == 6
    assert date(year, 3, 22) <= day <= date(year, 4, 25)


@given(st.integers(1900, 2100), st.integers(-50, 80))
def test_a_rule_counts_days_from_easter(year: int, days: int) -> None:
    assert holiday(f"easter{days:+d}", year) == easter(year) + timedelta(days=days)
    assert holiday("easter", year) == easter(year)


@pytest.mark.parametrize("rule", ["", "13-01", "02-30", "eastern", "easter+x", "1-1", "2026-01-01", "easter+1.5"])
def test_what_is_no_rule_is_refused_with_both_forms(rule: str) -> None:
    with pytest.raises(ValueError, match=r'write "05-01" or "easter\+39"'):
        holiday(rule, 2026)


@settings(max_examples=15)
@given(DATES, st.integers(1, 30))
def test_a_world_ends_on_a_working_day_not_after_the_one_asked_for(until: date, months: int) -> None:
    span = made(until, months)
    end = datetime.fromtimestamp(span.end / 1000, ZoneInfo(ZONES[0]))
    assert (end.hour, end.minute) == (8, 0)
    assert end.date() <= until
    assert end.weekday() < 5
    assert end.date() not in span.holidays
    assert until - end.date() <= timedelta(days=6)
    assert span.monday.weekday() == 0
    assert span.weeks == span.length == max(1, round(months * 52 / 12))
    assert span.day((span.weeks - 1) * 7) <= end.date() < span.day(span.weeks * 7)


@settings(max_examples=10)
@given(DATES, st.integers(1, 60))
def test_a_world_lived_on_has_the_same_weeks_before(until: date, beyond: int) -> None:
    short, long = made(until), made(until, beyond=beyond)
    assert (long.monday, long.length) == (short.monday, short.length)
    assert long.weeks >= short.weeks
    assert long.end >= short.end
    shared = short.days
    assert (long.offsets[:, :shared] == short.offsets[:, :shared]).all()
    assert (long.working[:shared] == short.working[:shared]).all()


@settings(max_examples=15)
@given(DATES, st.data())
def test_local_times_are_those_of_the_zone(until: date, data: st.DataObject) -> None:
    span = made(until)
    week = data.draw(st.integers(0, span.weeks - 1))
    zone, day = data.draw(st.integers(0, 2)), data.draw(st.integers(0, 6))
    # The hours in which clocks change are nobody's working hours.
    clock = data.draw(st.integers(5 * HOUR, 22 * HOUR))
    [at] = span.instant(week, np.array([zone]), np.array([day]), np.array([clock])).tolist()
    there = datetime.fromtimestamp(at / 1000, ZoneInfo(ZONES[zone]))
    midnight = datetime.combine(there.date(), datetime.min.time(), there.tzinfo)
    assert there.date() == span.monday + timedelta(days=7 * week + day)
    assert (there.replace(tzinfo=None) - midnight.replace(tzinfo=None)) // timedelta(milliseconds=1) == clock
    assert span.local_day(np.array([at]), np.array([zone])).tolist() == [7 * week + day]
    assert span.local_ms(np.array([at]), np.array([zone])).tolist() == [clock]


@settings(max_examples=15)
@given(DATES, st.lists(st.integers(0, 100 * DAY), min_size=1, max_size=9))
def test_into_hours_never_goes_back_and_always_lands_in_them(until: date, after: list[int]) -> None:
    span = made(until)
    start = int(datetime.combine(span.monday, datetime.min.time(), UTC).timestamp()) * 1000
    asked = start + 2 * DAY + np.array(after, dtype=np.int64)
    zone = np.zeros(len(after), dtype=np.int64)
    moved = span.into_hours(asked, zone, 8 * HOUR, 17 * HOUR)
    inside = moved <= span.end
    assert (moved >= asked)[inside].all()
    clock, days = span.local_ms(moved, zone), span.local_day(moved, zone)
    assert ((clock >= 8 * HOUR) & (clock < 17 * HOUR))[inside].all()
    assert span.working[days][inside].all()


@given(st.lists(st.integers(0, 4_000_000_000_000), max_size=9))
def test_instants_are_written_as_python_writes_them(instants: list[int]) -> None:
    written = iso(np.array(instants, dtype=np.int64))
    for at, text in zip(instants, written, strict=True):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
        assert text == moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_a_week_belongs_to_the_month_of_its_thursday() -> None:
    span = made(date(2026, 3, 2))
    for week in range(span.weeks):
        assert span.month(week) == (span.monday + timedelta(days=7 * week + 3)).month - 1
