"""Dates: the shapes they have, the order a column proves, and what is no date."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twostroke.connectors.files.dates import DateEvidence, date_reader
from twostroke.ledger.facts import Precision

DAY = 86_400_000
SHAPES = {"y-m-d": "%Y-%m-%d", "d-m-y": "%d/%m/%Y", "m-d-y": "%m/%d/%Y"}


def read(text: str, order: str = "y-m-d", zone: str = "UTC", *, days_only: bool = False) -> tuple[str, Precision]:
    millis, precision = date_reader(order, zone, days_only=days_only)(text)
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=millis)
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3], precision


@pytest.mark.parametrize(
    ("text", "instant", "precision"),
    [
        ("2016-10-20", "2016-10-20 00:00:00.000", Precision.DAY),
        ("2016/10/20", "2016-10-20 00:00:00.000", Precision.DAY),
        ("20161020", "2016-10-20 00:00:00.000", Precision.DAY),
        ("20 Oct 2016", "2016-10-20 00:00:00.000", Precision.DAY),
        ("20-Oct-16", "2016-10-20 00:00:00.000", Precision.DAY),
        ("20. Oktober 2016", "2016-10-20 00:00:00.000", Precision.DAY),
        ("20 de octubre de 2016", "2016-10-20 00:00:00.000", Precision.DAY),
        ("20 février 2016", "2016-02-20 00:00:00.000", Precision.DAY),
        ("Oct 20, 2016", "2016-10-20 00:00:00.000", Precision.DAY),
        ("Thursday, October 20, 2016", "2016-10-20 00:00:00.000", Precision.DAY),
        ("Thu, 20 Oct 2016 14:05:09 +0200", "2016-10-20 12:05:09.000", Precision.SECOND),
        ("2016-10-20T14:05:09Z", "2016-10-20 14:05:09.000", Precision.SECOND),
        ("2016-10-20T14:05:09.123+02:00", "2016-10-20 12:05:09.123", Precision.MS),
        ("2016-10-20 14:05:09.123456 UTC", "2016-10-20 14:05:09.123", Precision.MS),
        ("2016-10-20 2:05 PM", "2016-10-20 14:05:00.000", Precision.SECOND),
        ("1476972309", "2016-10-20 14:05:09.000", Precision.SECOND),
        ("1476972309123", "2016-10-20 14:05:09.123", Precision.MS),
    ],
)
def test_the_usual_shapes_are_read(text: str, instant: str, precision: Precision) -> None:
    assert read(text) == (instant, precision)


def test_the_order_decides_where_the_text_does_not() -> None:
    assert read("10/11/2016", "d-m-y")[0][:10] == "2016-11-10"
    assert read("10/11/2016 14:05", "m-d-y") == ("2016-10-11 14:05:00.000", Precision.SECOND)


def test_a_time_without_offset_is_of_the_zone() -> None:
    assert read("2024-07-01 12:00:00", zone="Europe/Berlin")[0] == "2024-07-01 10:00:00.000"
    assert read("2024-01-01 12:00:00", zone="Europe/Berlin")[0] == "2024-01-01 11:00:00.000"


def test_midnights_of_a_column_of_midnights_are_days() -> None:
    assert read("2024-07-01 00:00:00", zone="Europe/Berlin", days_only=True) == (
        "2024-07-01 00:00:00.000",
        Precision.DAY,
    )


@pytest.mark.parametrize(
    "text", ["may", "mon", "May 12", "31/02/2017", "2017-13-01", "12", "soon", "Q3 2017", "10 Foo 2017"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no day|no date|no month|no time"):
        read(text, "d-m-y")


def evidence(*values: str) -> DateEvidence:
    found = DateEvidence()
    found.add(values)
    return found


def test_a_day_beyond_twelve_proves_the_order() -> None:
    assert evidence("10/11/2016", "13/11/2016").order == "d-m-y"
    assert evidence("10/11/2016", "11/13/2016").order == "m-d-y"


def test_an_order_nothing_proves_is_not_guessed() -> None:
    assert evidence("10/11/2016", "01/02/2016").order is None
    assert evidence("13/11/2016", "11/13/2016").order is None
    assert evidence("10.11.2016").order is None


def test_months_alone_are_no_dates() -> None:
    assert not evidence("may", "jun", "jul").is_dates


@given(st.dates(dt.date(1971, 1, 1), dt.date(2068, 12, 31)), st.sampled_from(sorted(SHAPES)))
def test_any_day_in_any_order_comes_back(day: dt.date, order: str) -> None:
    assert read(day.strftime(SHAPES[order]), order) == (f"{day} 00:00:00.000", Precision.DAY)


@given(
    st.lists(st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31)), min_size=1, max_size=30),
    st.sampled_from(["d-m-y", "m-d-y"]),
)
def test_evidence_is_never_of_the_wrong_order(days: list[dt.date], order: str) -> None:
    found = evidence(*(day.strftime(SHAPES[order]) for day in days)).order
    assert found in (None, order)
    assert (found == order) == any(day.day > 12 for day in days)
