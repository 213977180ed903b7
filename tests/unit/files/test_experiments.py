"""Lists of who was left out of what come in as assignments, whatever their columns are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.files.helpers import Brought, bring, write
from twostroke.kit.time import day_number, day_of_number
from twostroke.ledger.facts import Draft, Precision

ANNA, BEN = "anna.berg@example.com", "ben@example.com"


def assigned(brought: Brought) -> list[Draft]:
    return [draft for draft in brought.drafts() if draft.kind == "experiment.assigned"]


def arms(brought: Brought) -> list[str]:
    return [draft.properties["arm"] for draft in assigned(brought)]


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        (("Email", "Arm"), (("mailed",), ("held out",)), ["mailed", "held out"]),
        (("Customer email", "Group"), (("test",), ("control",)), ["test", "control"]),
        (("E-mail", "Variant"), (("A",), ("B",)), ["A", "B"]),
        (("Email", "Holdout"), (("no",), ("yes",)), ["treated", "held out"]),
        (("Contact ID", "Is Control"), (("false",), ("true",)), ["treated", "held out"]),
        (("Kontakt", "E-Mail-Adresse", "Kontrollgruppe"), (("x", "nein"), ("y", "ja")), ["treated", "held out"]),
    ],
)
def test_a_list_of_people_and_an_arm_is_an_experiment(
    tmp_path: Path, header: tuple[str, ...], cells: tuple[tuple[str, ...], ...], expected: list[str]
) -> None:
    people = (ANNA, BEN)
    rows = [
        (*more[:-1], who, more[-1]) if len(header) > 2 else (who, *more)
        for who, more in zip(people, cells, strict=True)
    ]
    brought = bring([write(tmp_path / "spring.csv", header, rows)])
    assert brought.records() == {"spring": "assignment"}
    assert arms(brought) == expected
    assert {draft.properties["experiment"] for draft in assigned(brought)} == {"spring"}
    assert {draft.subject_kind for draft in assigned(brought)} == {"person"}


def test_days_and_the_name_of_the_experiment_are_read(tmp_path: Path) -> None:
    header = ("Experiment", "Email", "Arm", "From", "To")
    rows = [("Spring mail", ANNA, "mailed", "2026-03-02", "2026-05-24"), ("Spring mail", BEN, "control", "", "")]
    first, second = assigned(bring([write(tmp_path / "list.csv", header, rows)]))
    assert first.properties == {"experiment": "Spring mail", "arm": "mailed", "until": "2026-05-24"}
    assert (first.happened_at or 0) // 86_400_000 == day_number(day_of_number(20_514)) == 20_514
    assert second.properties == {"experiment": "Spring mail", "arm": "control"}
    assert second.precision is Precision.UNKNOWN


def test_columns_that_say_yes_or_no_are_the_factors_of_an_experiment(tmp_path: Path) -> None:
    header = ("Email", "Mail and ads", "Call", "From", "To")
    rows = [(ANNA, "yes", "no", "2026-03-02", "2026-05-24"), (BEN, "no", "no", "2026-03-02", "2026-05-24")]
    brought = bring([write(tmp_path / "follow-up-2x2.csv", header, rows)])
    assert arms(brought) == ["Mail and ads: yes; Call: no", "Mail and ads: no; Call: no"]


@pytest.mark.parametrize(("column", "drawn"), [("Region", "region"), ("Territory", "region"), ("Industry", "sector")])
def test_a_region_or_a_branch_of_trade_is_drawn_as_a_whole(tmp_path: Path, column: str, drawn: str) -> None:
    rows = [("North", "ads", "2026-03-02"), ("South", "held out", "2026-03-02")]
    found = assigned(bring([write(tmp_path / "ads.csv", (column, "Arm", "From"), rows)]))
    assert [draft.properties[drawn] for draft in found] == ["North", "South"]
    assert {draft.subject_kind for draft in found} == {"experiment"}
    assert len({draft.subject for draft in found}) == 2


def test_a_newer_list_says_of_somebody_what_counts(tmp_path: Path) -> None:
    old, new = (
        bring([write(tmp_path / "spring.csv", ("Email", "Arm"), [(ANNA, arm)])]).rows["spring"][0].record
        for arm in ("mailed", "held out")
    )
    assert old == new
    assert ANNA not in old


@pytest.mark.parametrize(
    ("name", "header", "row"),
    [
        ("people", ("First name", "Last name", "Email", "Group"), ("Anna", "Berg", ANNA, "Gold")),
        ("people", ("Email", "Group"), (ANNA, "Gold")),
        ("members", ("Email", "Newsletter", "Events", "From", "To"), (ANNA, "yes", "no", "2026-03-02", "2026-05-24")),
        ("orders", ("Order ID", "Order date", "Total", "Email", "Variant"), ("1", "2026-03-02", "9.00", ANNA, "Blue")),
    ],
)
def test_a_group_is_no_arm_where_nobody_was_left_out(
    tmp_path: Path, name: str, header: tuple[str, ...], row: tuple[str, ...]
) -> None:
    assert "assignment" not in bring([write(tmp_path / f"{name}.csv", header, [row])]).records().values()


def test_a_row_without_an_arm_or_anybody_is_rejected(tmp_path: Path) -> None:
    rows = [(ANNA, "mailed"), (BEN, ""), ("", "held out")]
    brought = bring([write(tmp_path / "spring.csv", ("Email", "Arm"), rows)])
    assert arms(brought) == ["mailed"]
    assert [row.code for row in brought.rows["spring"] if hasattr(row, "code")] == ["no-arm", "nobody"]


def test_lists_of_the_same_people_are_experiments_all_of_them(tmp_path: Path) -> None:
    people = [f"p{n}@example.com" for n in range(40)]
    files = [
        write(
            tmp_path / "mail-holdout.csv", ("Email", "Arm", "From"), [(who, "control", "2026-03-02") for who in people]
        ),
        write(
            tmp_path / "answer.csv", ("Email", "Group", "From"), [(who, "control", "2026-03-02") for who in people[5:]]
        ),
    ]
    assert set(bring(files).records().values()) == {"assignment"}
