"""One clock, and days of a zone."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twostroke.kit import time
from twostroke.kit.time import (
    DAY_MS,
    day_bounds,
    day_millis,
    day_number,
    day_of_number,
    iso,
    now_micros,
    set_clock,
    to_datetime,
)

HOUR = 3_600_000
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1))


def test_the_clock_can_be_replaced_whole() -> None:
    set_clock(lambda: 1_700_000_000_123_456)
    assert now_micros() == 1_700_000_000_123_456
    assert time.now_millis() == 1_700_000_000_123


@given(DAYS)
def test_a_day_and_its_number_are_the_same_thing(day: dt.date) -> None:
    assert day_of_number(day_number(day)) == day
    assert day_millis(day) == day_number(day) * DAY_MS


@given(DAYS, st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]))
def test_days_of_a_zone_follow_each_other_without_a_gap(day: dt.date, zone: str) -> None:
    number = day_number(day)
    assert day_bounds(number, zone)[1] == day_bounds(number + 1, zone)[0]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_a_day_has_the_hours_it_has_in_its_zone(day: str, hours: int) -> None:
    start, end = day_bounds(day_number(dt.date.fromisoformat(day)), "Europe/Berlin")
    assert end - start == hours * HOUR


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("day", [dt.date.min, dt.date.max])
def test_the_ends_of_the_calendar_are_days_in_every_zone(day: dt.date, zone: str) -> None:
    start, end = day_bounds(day_number(day), zone)
    assert 0 < end - start <= 26 * HOUR
    first, last = day_millis(day), day_millis(day) + DAY_MS - 1
    assert {to_datetime(at, zone).year for at in (first, last)} == {day.year}


@pytest.mark.parametrize(
    ("millis", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (1_795_334_400_000, "2026-11-22T08:00:00.000Z"),
    ],
)
def test_instants_are_written_as_rfc_3339(millis: int, text: str) -> None:
    assert iso(millis) == text


def test_a_zone_is_one_of_the_iana_database() -> None:
    assert time.is_zone("Europe/Berlin")
    assert not time.is_zone("Mars/Olympus")
    assert not time.is_zone("../etc/passwd")
