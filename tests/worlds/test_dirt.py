"""Dirt: each speck is in the files, and the truth counts them exactly."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.worlds.small import UNTIL, messages, rows, truth
from worlds import api
from worlds.dirt.identities import mistyped

STREAMS = ("web", "mail", "product")


@pytest.fixture(scope="module")
def filthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world in which every kind of dirt is common."""
    folder = tmp_path_factory.mktemp("filthy")
    profile = folder / "filthy.toml"
    rates = {"late": 0.05, "out_of_order": 0.05, "repeated": 0.05, "altered": 0.05, "damaged": 0.05, "skewed": 0.2}
    rates |= {"bots": 0.2, "scanners": 0.3, "forwarded": 0.5, "typos": 0.2, "changed": 0.2, "duplicates": 0.2}
    rates |= {"skipped": 0.4, "bad_rows": 0.05}
    lines = "\n".join(f"{name} = {rate}" for name, rate in rates.items())
    # Nobody is held out: of so few firms too few would buy for every kind of dirt to be there.
    profile.write_text(f'like = "coffee"\n[experiments]\nfollow_up_at = 0.0\n[dirt]\n{lines}\n', "utf-8")
    return api.make(seed=2, people=160, months=9, until=UNTIL, profile=str(profile), out=folder / "w").out


def _specks(folder: Path, dirt: str) -> list[dict[str, str]]:
    return [row for row in pq.read_table(folder / "truth" / "dirt.parquet").to_pylist() if row["dirt"] == dirt]


def _lines(folder: Path, name: str) -> list[str]:
    return (folder / "public" / "segment" / f"{name}.jsonl").read_text("utf-8").splitlines()


def _by_id(folder: Path, name: str) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = defaultdict(list)
    for message in messages(folder, name):
        found[str(message["messageId"])].append(message)
    return found


def _body(message: dict[str, object]) -> str:
    return json.dumps({k: v for k, v in message.items() if k not in ("sentAt", "receivedAt")}, sort_keys=True)


def _counted(folder: Path) -> Iterator[tuple[str, int]]:
    """Records in each public file, counted from the file."""
    for path in sorted((folder / "public").rglob("*")):
        name = str(path.relative_to(folder / "public"))
        if path.suffix == ".jsonl":
            yield name, len(path.read_text("utf-8").splitlines())
        elif path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                yield name, sum(1 for _ in csv.reader(file)) - 1
        elif path.suffix == ".ics":
            yield name, path.read_bytes().count(b"BEGIN:VEVENT")
        elif path.suffix == ".md":
            yield name, sum(line.startswith("## ") for line in path.read_text("utf-8").splitlines())


@pytest.mark.parametrize("world", ["coffee", "filthy"])
def test_the_account_of_every_file_is_exact(world: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(world)
    accounts = truth(folder, "accounting")
    assert dict(_counted(folder)) == {name: account["lines"] for name, account in accounts.items()}
    for account in accounts.values():
        added = sum(
            n
            for kind, n in account.items()
            if kind not in ("lines", "clean") and "_which_" not in kind and "never" not in kind
        )
        assert account["lines"] == account["clean"] + added


def test_the_clean_record_and_the_clean_lines_are_equally_many(filthy: Path) -> None:
    clean = Counter(pq.read_table(filthy / "truth" / "clean.parquet")["file"].to_pylist())
    accounts = truth(filthy, "accounting")
    for name in STREAMS:
        account = accounts[f"segment/{name}.jsonl"]
        assert clean[f"segment/{name}.jsonl"] == account["clean"] + account.get("never_arrived", 0)
    assert clean["ads/spend.csv"] == accounts["ads/spend.csv"]["clean"]


@pytest.mark.parametrize("name", STREAMS)
def test_damaged_lines_are_those_that_cannot_be_read(filthy: Path, name: str) -> None:
    unreadable = len(_lines(filthy, name)) - sum(1 for _ in messages(filthy, name))
    assert unreadable == sum(row["file"] == f"segment/{name}.jsonl" for row in _specks(filthy, "damaged"))


@pytest.mark.parametrize("name", STREAMS)
def test_repeated_messages_say_the_same_twice_and_altered_ones_something_else(filthy: Path, name: str) -> None:
    same: set[str] = set()
    other: set[str] = set()
    for key, found in _by_id(filthy, name).items():
        if len(found) == 2:
            (same if _body(found[0]) == _body(found[1]) else other).add(key)
    told = {
        dirt: {r["key"] for r in _specks(filthy, dirt) if r["file"] == f"segment/{name}.jsonl"}
        for dirt in ("repeated", "altered")
    }
    assert (same, other) == (told["repeated"], told["altered"])
    assert max(len(found) for found in _by_id(filthy, name).values()) <= 2


def test_late_messages_were_long_on_the_way_and_others_were_not(filthy: Path) -> None:
    late = {row["key"] for row in _specks(filthy, "late")}
    for name in STREAMS:
        for key, found in _by_id(filthy, name).items():
            on_the_way = _at(found[0]["receivedAt"]) - _at(found[0]["timestamp"])
            assert (on_the_way > 3 * 3600 - 1) == (key in late)


def test_out_of_order_messages_stand_before_earlier_ones(filthy: Path) -> None:
    swapped = {row["key"] for row in _specks(filthy, "out_of_order")}
    found = list(messages(filthy, "web"))
    early = {a["messageId"] for a, b in pairwise(found) if a["receivedAt"] > b["receivedAt"]}
    assert early
    assert early <= swapped


def test_skewed_clocks_show_in_two_stamps_and_leave_the_right_one_alone(filthy: Path) -> None:
    skewed = {row["key"]: int(row["detail"].split()[0]) for row in _specks(filthy, "skewed")}
    for key, found in _by_id(filthy, "web").items():
        wrong = round((_at(found[0]["originalTimestamp"]) - _at(found[0]["timestamp"])) * 1000)
        assert wrong == skewed.get(key, 0)


def test_machines_are_named(filthy: Path) -> None:
    bots = {row["key"] for row in _specks(filthy, "bots")}
    known = {row["value"] for row in pq.read_table(filthy / "truth" / "who_is_who.parquet").to_pylist()}
    tablets = {row["key"] for row in _specks(filthy, "shared_tablet")}
    seen = [m for m in messages(filthy, "web") if m["anonymousId"] not in known | tablets]
    assert seen
    assert {m["messageId"] for m in seen} <= bots
    scanners = {row["key"] for row in _specks(filthy, "scanners")}
    guarded = {m["messageId"] for m in messages(filthy, "mail") if "LinkGuard" in m["context"].get("userAgent", "")}
    assert guarded
    assert guarded <= scanners


def test_a_forwarded_mail_puts_two_persons_on_one_user_id(filthy: Path) -> None:
    forwarded = {row["key"] for row in _specks(filthy, "forwarded") if row["file"] == "segment/web.jsonl"}
    whose = {
        r["value"]: r["person"]
        for r in pq.read_table(filthy / "truth" / "who_is_who.parquet").to_pylist()
        if r["namespace"].startswith("segment.")
    }
    wrong = [m for m in messages(filthy, "web") if m["messageId"] in forwarded]
    assert wrong
    assert all(whose[m["anonymousId"]] != whose[m["userId"]] for m in wrong)


def test_broken_rows_are_too_short_and_named(filthy: Path) -> None:
    told = Counter(row["file"] for row in _specks(filthy, "bad_row"))
    assert told
    for path in (filthy / "public").rglob("*.csv"):
        name = str(path.relative_to(filthy / "public"))
        with path.open(encoding="utf-8", newline="") as file:
            table = list(csv.reader(file, delimiter=";" if "billing" in name or "hostworld" in name else ","))
        assert sum(len(row) != len(table[0]) for row in table) == told.get(name, 0)


def test_the_crm_holds_typing_errors_second_records_and_one_mailbox_of_nine(coffee: Path, filthy: Path) -> None:
    whose = {row["value"]: row["person"] for row in pq.read_table(filthy / "truth" / "who_is_who.parquet").to_pylist()}
    contacts = rows(filthy, "hubspot/contacts.csv")
    assert {whose[row["Record ID"]] for row in contacts} == {
        whose[row["Email"]] for row in contacts if row["Email"] and "reception@" not in row["Email"]
    } | {whose[row["Record ID"]] for row in contacts if not row["Email"] or "reception@" in row["Email"]}
    records = Counter(whose[row["Record ID"]] for row in contacts)
    assert sum(count == 2 for count in records.values()) == len(_specks(filthy, "duplicate")) > 0
    typed = {row["key"] for row in _specks(filthy, "typo")}
    assert typed
    assert typed <= {row["Email"] for row in contacts}
    shared = Counter(
        row["Email"] for row in rows(coffee, "hubspot/contacts.csv") if row["Email"].startswith("reception@")
    )
    assert list(shared.values()) == [9]


def test_a_mistyped_address_is_another_address() -> None:
    for email in ("ilse.brandt@x.example", "aa@x.example", "a@x.example"):
        assert mistyped(email) != email
        assert mistyped(email).endswith("@x.example")


def test_deals_that_skip_a_stage_are_named(filthy: Path) -> None:
    history = defaultdict(list)
    for row in rows(filthy, "hubspot/deal-property-history.csv"):
        history[row["Record ID"]].append(row["Value"])
    opened_here = {
        deal: stages for deal, stages in history.items() if "Needs found" in stages and "Proposal sent" in stages
    }
    without = [deal for deal, stages in opened_here.items() if "Tasting held" not in stages]
    assert 0 < len(without) <= len(_specks(filthy, "skipped_stage"))


def test_a_world_without_dirt_has_none(tmp_path: Path) -> None:
    api.make(seed=2, people=60, months=3, until=UNTIL, profile="by-hand", out=tmp_path)
    assert truth(tmp_path, "dirt") == {}
    assert pq.read_table(tmp_path / "truth" / "dirt.parquet").num_rows == 0


def _at(stamp: object) -> float:
    return datetime.fromisoformat(str(stamp)).timestamp()
