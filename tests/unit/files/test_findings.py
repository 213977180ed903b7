"""What an import says as a whole: told where it is counted from enough cases and more than chance, else not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.files.helpers import bring, write
from twostroke.connectors.files.findings import findings_of
from twostroke.connectors.files.heard import Heard
from twostroke.kit.time import day_millis

HEADER = ["Deal ID", "Stage", "Amount", "Create Date", "Close Date", "Lost Reason", "Source"]
NOW = day_millis(dt.date(2026, 11, 1))


def told(path: Path) -> list[str]:
    heard = Heard(NOW)
    for rows in bring([path]).rows.values():
        list(heard.listening(iter(rows)))
    return findings_of(heard)


def day(number: int) -> str:
    return (dt.date(2026, 1, 1) + dt.timedelta(days=number)).isoformat()


def deals(
    won: int = 60, lost: int = 60, still_open: int = 0, *, age: int = 20, to_lose: int = 20
) -> Iterator[list[str]]:
    """Won within 20 to 29 days, lost within ``to_lose`` and nine more, open for ``age`` days on the newest day."""
    for n in range(won):
        yield [f"w{n}", "Won", "100.00", day(n), day(n + 20 + n % 10), "", "Fair"]
    for n in range(lost):
        yield [f"l{n}", "Lost", "100.00", day(n), day(n + to_lose + n % 10), "price", "Fair"]
    newest = max(won + 28, lost + to_lose + 8)
    for n in range(still_open):
        yield [f"o{n}", "Proposal", "100.00", day(newest - age), "", "", "Fair"]


def test_a_firm_where_nothing_is_special_is_told_nothing(tmp_path: Path) -> None:
    assert told(write(tmp_path / "deals.csv", HEADER, deals(60, 60, 30))) == []


def test_open_deals_older_than_winners_ever_became_are_counted(tmp_path: Path) -> None:
    (finding,) = told(write(tmp_path / "deals.csv", HEADER, deals(60, 60, 12, age=40)))
    assert finding.startswith("12 of 12 open deals were older than 29 days on ")
    assert "together EUR 1,200" in finding
    assert "60 won deals" in finding


def test_of_few_deals_nothing_is_told(tmp_path: Path) -> None:
    assert told(write(tmp_path / "deals.csv", HEADER, deals(20, 20, 9, age=90))) == []


def test_deals_that_should_have_closed_are_counted_by_their_own_dates(tmp_path: Path) -> None:
    late = [[f"o{n}", "Proposal", "5.00", day(60), day(70), "", "Fair"] for n in range(15)]
    (finding,) = told(write(tmp_path / "deals.csv", HEADER, [*deals(), *late]))
    assert finding.startswith("15 of 15 open deals should have been closed before")


def test_losing_slowly_is_told(tmp_path: Path) -> None:
    (finding,) = told(write(tmp_path / "deals.csv", HEADER, deals(to_lose=60)))
    assert finding == (
        "Half of the 60 won deals were won within 24 days; half of the 60 lost ones were lost within 64."
    )


@pytest.mark.parametrize(("better", "count"), [(55, 1), (33, 0)])
def test_what_brought_them_is_told_only_where_it_is_more_than_chance(tmp_path: Path, better: int, count: int) -> None:
    rows = [
        [f"a{n}", "Won" if n < better else "Lost", "1.00", day(n), day(n + 9), "price", "Referral"] for n in range(60)
    ]
    rows += [[f"b{n}", "Won" if n < 30 else "Lost", "1.00", day(n), day(n + 9), "price", "Advert"] for n in range(60)]
    found = [finding for finding in told(write(tmp_path / "deals.csv", HEADER, rows)) if "Referral" in finding]
    assert (
        found
        == ["Of the closed deals that came by “Referral”, 92 in 100 were won (60 deals); by “Advert”, 50 (60)."][:count]
    )


def test_lost_deals_without_a_reason_are_told_where_others_give_one(tmp_path: Path) -> None:
    rows = [[*row[:5], "" if row[1] == "Lost" and n % 2 else row[5], row[6]] for n, row in enumerate(deals())]
    assert "30 of 60 lost deals say no reason, together EUR 3,000." in told(write(tmp_path / "deals.csv", HEADER, rows))


def test_a_date_of_the_future_makes_no_deal_old(tmp_path: Path) -> None:
    rows = [*deals(60, 60, 30), ["x", "Won", "1.00", day(0), "2099-01-01", "", "Fair"]]
    assert told(write(tmp_path / "deals.csv", HEADER, rows)) == []


def test_people_nobody_spoke_to_are_counted_where_the_acts_are_theirs(tmp_path: Path) -> None:
    write(tmp_path / "contacts.csv", ["Contact ID", "Email", "Created"],
          [[f"c{n}", f"a{n}@firm.example", day(n)] for n in range(60)])  # fmt: skip
    write(tmp_path / "calls.csv", ["Call ID", "Contact ID", "Date", "Duration", "Outcome"],
          [[f"k{n}", f"c{n}", day(n), "5", "reached"] for n in range(40)])  # fmt: skip
    assert told(tmp_path) == ["With 20 of 60 people these files hold no call, no meeting, no visit and no mail."]


@pytest.mark.shared_data
def test_a_crm_export_is_told_what_a_count_by_hand_finds(shared_data: Path) -> None:
    import csv
    from statistics import median

    with (shared_data / "maven-crm" / "sales_pipeline.csv").open() as file:
        rows = list(csv.DictReader(file))

    def days(stage: str) -> list[int]:
        ends = [row for row in rows if row["deal_stage"] == stage]
        return sorted(
            (dt.date.fromisoformat(row["close_date"]) - dt.date.fromisoformat(row["engage_date"])).days for row in ends
        )

    won, lost = days("Won"), days("Lost")
    newest = dt.date.fromisoformat(max(row["close_date"] for row in rows))
    ages = [
        (newest - dt.date.fromisoformat(row["engage_date"])).days for row in rows if row["deal_stage"] == "Engaging"
    ]
    limit = won[int(0.9 * len(won))]
    old = sum(1 for age in ages if age > limit)
    first, second = told(shared_data / "maven-crm")
    assert first.startswith(f"{old:,} of {len(ages):,} open deals were older than {limit} days on 31 December 2017")
    assert f"{median(won):.0f} days" in second
    assert second.endswith(f"within {median(lost):.0f}.")
