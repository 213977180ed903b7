"""Weeks, zones and working days."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from worlds.clock import HOUR, Calendar, calendar, easter, holiday, iso


def _calendar(until: date, months: int = 12) -> Calendar:
    return calendar(
        months=months, until=until, zones=("Europe/Berlin", "Europe/London"), holiday_rules=["01-01", "easter+1"]
    )


@pytest.mark.parametrize("day", [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2038, 4, 25)])
def test_easter_falls_where_the_tables_say(day: date) -> None:
    assert easter(day.year) == day


def test_a_holiday_that_is_none_is_refused_with_both_forms() -> None:
    assert holiday("easter+39", 2025) == date(2025, 5, 29)
    with pytest.raises(ValueError, match="write"):
        holiday("whitsun", 2025)


@pytest.mark.parametrize(
    ("until", "end"),
    [
        (date(2026, 3, 2), "2026-03-02T07:00"),  # a Monday, in winter
        (date(2026, 7, 5), "2026-07-03T06:00"),  # a Sunday: back to Friday, in summer
        (date(2026, 4, 6), "2026-04-03T06:00"),  # Easter Monday: back over the weekend
    ],
)
def test_a_world_ends_at_eight_local_of_a_working_day(until: date, end: str) -> None:
    assert datetime.fromtimestamp(_calendar(until).end / 1000, UTC).isoformat()[:16] == end


def test_weeks_begin_on_monday_and_fifty_two_make_a_year() -> None:
    span = _calendar(date(2026, 3, 5))
    assert (span.weeks, span.monday.weekday()) == (52, 0)
    assert span.day(span.days - 7) == date(2026, 3, 2)


def test_local_times_keep_their_hour_over_summer_time() -> None:
    span = _calendar(date(2026, 7, 5))
    nine = np.array([9 * HOUR])
    week = (date(2026, 3, 23) - span.monday).days // 7
    zone, monday = np.array([0]), np.array([0])
    before, after = span.instant(week, zone, monday, nine), span.instant(week + 1, zone, monday, nine)
    assert [text[11:16] for text in iso(np.r_[before, after])] == ["08:00", "07:00"]
    assert span.local_ms(after, zone).tolist() == nine.tolist()


def test_what_comes_at_night_or_on_free_days_waits_for_the_next_opening() -> None:
    span = _calendar(date(2026, 7, 5))
    week = (date(2026, 4, 3) - span.monday).days // 7
    zone = np.array([0, 0, 0])
    friday_noon = span.instant(week, zone[:1], np.array([4]), np.array([12 * HOUR]))
    friday_night = span.instant(week, zone[:1], np.array([4]), np.array([20 * HOUR]))
    sunday = span.instant(week, zone[:1], np.array([6]), np.array([10 * HOUR]))
    moved = span.into_hours(np.r_[friday_noon, friday_night, sunday], zone, 8 * HOUR, 17 * HOUR)
    days = [span.day(int(d)) for d in span.local_day(moved, zone)]
    assert days == [date(2026, 4, 3), date(2026, 4, 7), date(2026, 4, 7)]  # the Monday between is Easter Monday
    assert moved[0] == friday_noon[0]


def test_less_than_a_month_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one month"):
        _calendar(date(2026, 3, 2), months=0)
