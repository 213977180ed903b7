"""Civil days of any zone against Python's own calendar."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twostroke.kit.time import DAY_MS, day_bounds, day_number, iso, to_datetime
from twostroke.ledger import civil

ZONES = st.sampled_from(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))
DAYS = st.integers(day_number(dt.date(1971, 1, 1)), day_number(dt.date(2099, 12, 31)))


@given(ZONES, DAYS)
def test_each_day_ends_where_the_next_begins(zone: str, number: int) -> None:
    today, tomorrow = civil.calendar(zone, number, number + 1).to_pylist()
    assert today["end_ms"] == tomorrow["start_ms"] == today["last_ms"] + 1
    assert today["start_ms"] < today["mid_ms"] < today["last_ms"]
    # Samoa skipped a day once: then a day has no length, and no other day has.
    assert 20 * 3_600_000 <= today["end_ms"] - today["start_ms"] <= 28 * 3_600_000 or zone in (
        "Pacific/Apia", "Pacific/Fakaofo", "Pacific/Kwajalein", "Pacific/Enderbury", "Pacific/Kanton",
        "Pacific/Kiritimati",
    )  # fmt: skip


@given(ZONES, DAYS, st.integers(0, DAY_MS - 1))
def test_an_instant_within_a_day_is_of_that_date_in_the_zone(zone: str, number: int, within: int) -> None:
    [day] = civil.calendar(zone, number, number).to_pylist()
    at = day["start_ms"] + within * (day["end_ms"] - day["start_ms"]) // DAY_MS
    there = dt.datetime.fromtimestamp(at // 1000, tz=dt.UTC).astimezone(ZoneInfo(zone)).date()
    if day["end_ms"] > day["start_ms"]:
        assert there.isoformat() == day["date"]


@given(st.integers(-719_000, 2_900_000))
def test_weeks_months_quarters_and_years_are_those_of_the_date(number: int) -> None:
    [day] = civil.calendar("UTC", number, number).to_pylist()
    date = dt.date.fromisoformat(day["date"])
    assert day["day_ms"] == number * DAY_MS
    assert day["week"] == f"{date.isocalendar().year:04d}-W{date.isocalendar().week:02d}"
    assert (day["month"], day["year"]) == (day["date"][:7], day["date"][:4])
    assert day["quarter"] == f"{date.year:04d}-Q{1 + (date.month - 1) // 3}"


@given(st.sets(st.integers(-800_000, 3_000_000), max_size=6))
def test_days_beyond_the_span_come_once_and_only_where_a_calendar_has_them(beyond: set[int]) -> None:
    rows = civil.calendar("UTC", 0, 3, beyond).column("day").to_pylist()
    there = {day for day in beyond if -719_162 <= day <= 2_932_896}
    assert sorted(rows) == sorted({0, 1, 2, 3} | there)
    assert len(rows) == len(set(rows))


def test_a_calendar_of_no_days_still_has_its_columns() -> None:
    empty = civil.calendar("UTC", 0, -1)
    assert (empty.num_rows, empty.schema) == (0, civil.SCHEMA)


@pytest.mark.parametrize(
    ("zone", "date", "hours"),
    [
        ("Europe/Vienna", dt.date(2026, 3, 29), 23),
        ("Europe/Vienna", dt.date(2026, 10, 25), 25),
        ("America/New_York", dt.date(2026, 3, 8), 23),
        ("Australia/Lord_Howe", dt.date(2026, 4, 5), 24.5),
        ("Asia/Tokyo", dt.date(2026, 3, 29), 24),
    ],
)
def test_a_day_is_as_long_as_its_zone_makes_it(zone: str, date: dt.date, hours: float) -> None:
    start, end = day_bounds(day_number(date), zone)
    assert (end - start) / 3_600_000 == hours


@given(ZONES, st.integers(0, 4_000_000_000_000))
def test_an_instant_is_the_same_in_every_zone(zone: str, at: int) -> None:
    assert int(to_datetime(at, zone).timestamp() * 1000 + 0.5) == at


@given(st.integers(-62_135_596_800_000, 253_402_300_799_999))
def test_an_instant_is_written_to_the_millisecond_and_read_back(at: int) -> None:
    read = dt.datetime.fromisoformat(iso(at))
    assert round((read - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) / dt.timedelta(milliseconds=1)) == at
    assert len(iso(at)) == len("2026-11-22T08:00:00.000Z")
