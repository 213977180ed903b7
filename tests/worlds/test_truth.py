"""The truth of a world agrees with itself and with what the public files show."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.worlds.small import messages, rows, truth
from worlds import profiles
from worlds.stages import CAUSES, MOVE_NAMES, NEXT_MOVE, RECORDED, Stage


def _table(folder: Path, name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = pq.read_table(folder / "truth" / f"{name}.parquet").to_pylist()
    return found


def test_the_parts_of_each_hazard_sum_to_it(coffee: Path) -> None:
    table = pq.read_table(coffee / "truth" / "weeks.parquet")
    total = pc.add(pc.add(table["base"], table["pull"]), pc.add(table["push"], table["both"]))
    assert pc.max(pc.abs(pc.subtract(total, table["hazard"]))).as_py() < 1e-5
    assert table.num_rows > 10_000


def test_the_parts_follow_from_the_profile_and_the_levels(coffee: Path) -> None:
    """A slow reckoning for persons before SAL: the ratio of any two parts is that of their terms times their levels."""
    plan = {segment.name: segment for segment in profiles.load("coffee").segments}
    segment = {row["person"]: row["segment"] for row in _table(coffee, "people")}
    checked = 0
    for row in _table(coffee, "weeks"):
        if row["stage"] not in (0, 1, 2) or not row["hazard"] or not row["base"]:
            continue
        terms = getattr(plan[str(segment[row["person"]])], MOVE_NAMES[NEXT_MOVE[Stage(int(str(row["stage"])))]])
        multiplier = float(str(row["base"])) / terms.base
        pull, push = float(str(row["pull_level"])), float(str(row["push_level"]))
        wanted = [multiplier * terms.pull * pull, multiplier * terms.push * push, multiplier * terms.both * pull * push]
        assert [row["pull"], row["push"], row["both"]] == pytest.approx(wanted, rel=1e-4, abs=1e-9)
        checked += 1
    assert checked > 1000


def test_people_move_as_often_as_their_hazards_say(coffee: Path) -> None:
    """Sum of chances against moves counted, for strangers: a Poisson-binomial count within four standard errors."""
    table = sorted(_table(coffee, "weeks"), key=lambda row: (str(row["person"]).zfill(6), int(str(row["week"]))))
    expected = variance = moved = 0.0
    for row, after in pairwise(table):
        if row["stage"] == 0 and row["person"] == after["person"]:
            chance = -math.expm1(-float(str(row["hazard"])))
            expected, variance = expected + chance, variance + chance * (1 - chance)
            moved += after["stage"] != 0
    assert moved > 30
    # Colleagues brought by a deal and cards at fairs move strangers without a hazard: they may only add.
    assert moved > expected - 4 * math.sqrt(variance)
    assert moved < expected + 4 * math.sqrt(variance) + 40


def test_every_identifier_in_the_files_is_somebodys(coffee: Path) -> None:
    known = {(row["namespace"], row["value"]) for row in _table(coffee, "who_is_who")}
    emails = {value for name, value in known if name == "email"}
    assert {row["Email"] for row in rows(coffee, "hubspot/contacts.csv")} - {""} <= emails
    assert {("hubspot.contact", row["Record ID"]) for row in rows(coffee, "hubspot/contacts.csv")} <= known
    assert {("salesforce.Lead", row["Id"]) for row in rows(coffee, "salesforce/Lead.csv")} <= known
    bots = {row["key"] for row in _table(coffee, "dirt") if row["dirt"] == "bots"}
    for message in messages(coffee, "web"):
        if "userId" in message:
            assert ("segment.userId", message["userId"]) in known
        elif message["messageId"] not in bots:
            assert ("segment.anonymousId", message["anonymousId"]) in known


def test_an_identifier_that_is_not_shared_is_one_persons(coffee: Path) -> None:
    owners: dict[tuple[object, object], set[object]] = {}
    for row in _table(coffee, "who_is_who"):
        owners.setdefault((row["namespace"], row["value"]), set()).add(row["person"])
    shared = {key for key, persons in owners.items() if len(persons) > 1}
    assert all(str(value).startswith("reception@") for _, value in shared)


def test_each_clean_happening_is_found_under_its_key(coffee: Path) -> None:
    clean: dict[str, set[str]] = {}
    for row in _table(coffee, "clean"):
        clean.setdefault(str(row["file"]), set()).add(str(row["key"]))
    for name, column in (
        ("hubspot/calls.csv", "Record ID"),
        ("support/messages.csv", "Ticket ID"),
        ("hubspot/tasks.csv", "Record ID"),
        ("salesforce/Task.csv", "Id"),
        ("salesforce/Event.csv", "Id"),
        ("salesforce/OpportunityHistory.csv", "OpportunityId"),
    ):
        assert clean[name] == {row[column] for row in rows(coffee, name)}
    for name in ("web", "mail", "product"):
        assert {m["messageId"] for m in messages(coffee, name)} - clean[f"segment/{name}.jsonl"] <= {
            row["key"] for row in _table(coffee, "dirt")
        }


def test_money_won_is_the_same_in_truth_crm_and_books(coffee: Path) -> None:
    won = truth(coffee, "effects")["worlds"]["as_it_was"]
    deals = [row for row in rows(coffee, "hubspot/deals.csv") if row["Deal Stage"] == "Closed won"]
    before = sum(row["customer_before"] is True for row in _table(coffee, "companies"))
    assert len(deals) == won["deals"] + before
    people = [row for row in _table(coffee, "effects_people") if row["world"] == "as_it_was"]
    assert sum(int(str(row["deals_minor"])) for row in people) == won["deals_minor"]
    assert sum(int(str(row["orders_minor"])) for row in people) == won["orders_minor"]
    ordered = sum(int(str(row["amount_minor"])) for row in _table(coffee, "clean") if row["kind"] == "order.placed")
    assert ordered == won["orders_minor"]


def test_effects_of_each_person_sum_to_the_effects_of_all(coffee: Path) -> None:
    sums: Counter[str] = Counter()
    for row in _table(coffee, "effects_people"):
        sums[str(row["world"])] += int(str(row["deals_minor"])) + int(str(row["orders_minor"]))
    told = truth(coffee, "effects")
    assert dict(sums) == {name: world["total_minor"] for name, world in told["worlds"].items()}
    assert told["effects"]["pull"]["total_minor"] == sums["as_it_was"] - sums["without_pull"]


def test_drop_offs_know_the_true_cause_beside_the_recorded_one(coffee: Path) -> None:
    drops = _table(coffee, "dropoffs")
    assert {row["cause"] for row in drops} <= set(CAUSES)
    assert {row["recorded"] for row in drops} <= set(RECORDED)
    assert len({row["cause"] for row in drops}) >= 5
    assert any(row["several"] for row in drops)
    lost = Counter(row["recorded"] for row in drops if row["deal"])
    shown = Counter(
        row["Closed Lost Reason"] for row in rows(coffee, "hubspot/deals.csv") if row["Deal Stage"] == "Closed lost"
    )
    assert lost == shown


def test_handoffs_are_answered_after_they_are_asked_and_some_without_care(coffee: Path) -> None:
    hands = _table(coffee, "handoffs")
    assert {row["verdict"] for row in hands} == {"accepted", "sent back", "forgotten"}
    assert min(float(str(row["hours"])) for row in hands) > 0
    back = [row for row in hands if row["verdict"] == "sent back"]
    assert {row["careless"] for row in back} == {True, False}
    assert not any(row["careless"] for row in hands if row["verdict"] != "sent back")
    assert all((row["reason"] is not None) == (row["verdict"] == "sent back") for row in hands)
