"""What programs get from each verb with ``--json``: these shapes, and nothing else on standard output."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from tests.functional.import_steps import twostroke
from tests.functional.web_data import bring_in, write_files
from twostroke.identity import queries as identity
from twostroke.team.actions import add_user
from twostroke.team.facts import Role

pytestmark = pytest.mark.usefixtures("fresh_database")
OPAQUE = re.compile(r"[0-9a-f]{32}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ANNA = "anna.berg@nordwind.example"


@pytest.fixture
def firm(fresh_database: None, tmp_path: Path) -> str:
    """The firm's files are in; the id of their import."""
    return bring_in(tmp_path / "firm").import_id


def told(*words: object, code: int = 0) -> Any:
    """What the verb gives to programs."""
    said = twostroke(*words, "--json")
    assert said.code == code, said.err
    assert said.err == ""
    return said.json


def shape(value: Any) -> Any:
    """Names and types of a JSON value; of a list the shapes that are in it, each once."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list):
        shapes: list[Any] = []
        for one in value:
            if shape(one) not in shapes:
                shapes.append(shape(one))
        return shapes
    return None if value is None else type(value).__name__


def test_accounts(firm: str) -> None:
    rows = told("accounts")
    assert shape(rows) == [
        {"source": "str", "received": "int", "stored": "int", "duplicate": "int", "quarantined": "int"}
    ]
    assert [row["source"] for row in rows] == ["crm", "twostroke"]
    assert all(row["received"] == row["stored"] + row["duplicate"] + row["quarantined"] for row in rows)


def test_accounts_of_nothing() -> None:
    assert told("accounts") == []


def test_imports(firm: str) -> None:
    [one] = told("imports")
    assert INSTANT.fullmatch(one.pop("at"))
    assert one == {
        "import": firm,
        "source": "crm",
        "state": "done",
        "rows": 9,
        "files": "companies.csv, contacts.csv, deals.csv",
    }


def test_an_imports_report(firm: str) -> None:
    report = told("imports", firm)
    assert report["import"] == firm
    assert shape(report["files"][0]) == {
        "file": "str", "read_as": "str", "rows": "int", "new": "int", "same": "int", "changed": "int",
        "rejected": "int", "oddities": [],
    }  # fmt: skip
    assert [file["rows"] for file in report["files"]] == [2, 3, 4]


def test_rejected_rows(tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(
        "Deal ID,Deal Name,Deal Stage,Amount,Currency,Create Date\n"
        + "".join(f"d{n},Good,Proposal,{n},EUR,2026-01-05\n" for n in range(9))
        + "d9,Bad,Proposal,ten,EUR,2026-01-06\n"
    )
    report = told("import", file, "--as", "crm")
    [row] = told("imports", report["import"], "--rejected")
    assert row["file"] == "deals.csv"
    assert (row["row"], row["header"][:2], row["cells"][:4]) == (
        10, ["Deal ID", "Deal Name"], ["d9", "Bad", "Proposal", "ten"],
    )  # fmt: skip
    assert shape(row) == {
        "file": "str", "row": "int", "code": "str", "reason": "str", "header": ["str"], "cells": ["str"],
    }  # fmt: skip


def test_undo(firm: str) -> None:
    assert told("undo", firm) == {"import": firm, "undone": True, "files": 3, "stays": []}
    assert told("imports")[0]["state"] == "undone"


def test_find(firm: str) -> None:
    found = told("find", "anna", "berg")
    assert shape(found) == [{"kind": "str", "id": "str", "name": "str"}]
    assert [(one["kind"], one["name"]) for one in found] == [("person", "Anna Berg")]
    assert OPAQUE.fullmatch(found[0]["id"])
    assert told("find", "nobody-of-this-name") == []


def test_timeline(firm: str) -> None:
    whole = told("timeline", ANNA)
    assert (whole["kind"], whole["name"]) == ("person", "Anna Berg")
    assert set(whole) == {"kind", "id", "name", "lines"}
    line = whole["lines"][0]
    assert set(line) == {
        "event_id", "at", "precision", "kind", "words", "team", "stroke", "source", "trust", "subject_kind", "subject",
        "person", "who", "company", "company_name", "by", "channel", "campaign", "content", "amount", "currency",
        "record", "details", "personal", "verdict",
    }  # fmt: skip
    assert {line["source"] for line in whole["lines"]} == {"crm"}


def test_a_timelines_days_are_days_and_its_amounts_decimals(firm: str) -> None:
    lines = told("timeline", "d1", "--kind", "deal")["lines"]
    won = next(line for line in lines if line["kind"] == "deal.won")
    assert (won["at"], won["precision"], won["amount"], won["currency"]) == ("2026-04-20", "day", "18400.50", "EUR")


def test_metrics(firm: str) -> None:
    listed = told("metric")
    assert shape(listed) == [{"metric": "str", "question": "str", "definition": "str"}]
    assert {"pipeline", "lifecycle", "touches"} <= {one["metric"] for one in listed}


def test_a_metric(firm: str) -> None:
    result = told("metric", "pipeline")
    assert shape(result) == {
        "metric": "str", "definition": "str", "as_of": {"seq": "int", "at": "str"}, "unit": "str",
        "rows": [
            {"key": {"status": "str", "stage": "str", "currency": "str"},
             "measures": {"count": "int", "value": "str", "without_value": "int"}},
            {"key": {"status": "str", "stage": None, "currency": "str"},
             "measures": {"count": "int", "value": "str", "without_value": "int"}},
        ],
    }  # fmt: skip
    assert INSTANT.fullmatch(result["as_of"]["at"])
    assert [(row["key"]["status"], row["measures"]["value"]) for row in result["rows"]] == [
        ("open", "9600.00"), ("won", "18400.50"), ("lost", "5000.00"),
    ]  # fmt: skip


def test_the_rows_of_one_key(firm: str) -> None:
    rows = told("metric", "pipeline", "--key", "status=won")["rows"]
    assert [row["measures"]["value"] for row in rows] == ["18400.50"]
    # An empty value asks for rows that name none.
    rows = told("metric", "pipeline", "--key", "stage=")["rows"]
    assert {row["key"]["status"] for row in rows} == {"won", "lost"}


def test_who_is_behind_a_metric(firm: str) -> None:
    behind = told("metric", "pipeline", "--people", "--key", "status=open")
    assert behind["metric"] == "pipeline"
    assert shape(behind["people"]) == [
        {"kind": "str", "id": "str", "name": "str", "key": {"status": "str", "stage": "str", "currency": "str"},
         "measures": {"count": "int", "value": "str", "without_value": "int"}},
    ]  # fmt: skip
    assert sorted(one["name"] for one in behind["people"]) == ["d2", "d4"]


def test_merge_unmerge_and_split(firm: str) -> None:
    merged = told("merge", ANNA, "bo.lind@nordwind.example")["merge"]
    assert re.fullmatch(r"twostroke:[0-9a-f]{32}:0", merged)
    assert len(identity.all_keys()) == 2
    assert twostroke("unmerge", merged).code == 0
    assert len(identity.all_keys()) == 3
    again = told("merge", ANNA, "bo.lind@nordwind.example")["merge"]
    assert again != merged
    split = told("split", "bo.lind@nordwind.example")
    assert re.fullmatch(r"twostroke:[0-9a-f]{32}:0", split["split"])


def test_verify(firm: str) -> None:
    found = told("verify")
    assert shape(found) == {"ok": "bool", "lines": "int", "commits": "int", "unproven_lines": "int", "problems": []}
    assert found["ok"] is True


def test_rebuild(firm: str) -> None:
    assert told("rebuild") == {"lines": told("verify")["lines"]}
    assert told("rebuild", "--check") == {"ok": True, "differences": []}


def test_state_hash(firm: str, tmp_path: Path) -> None:
    hashes = told("state-hash", "--write", tmp_path / "before")
    assert all(re.fullmatch(r"[0-9a-f]{64}", value) for value in hashes.values())
    assert {"deals", "identity", "relay"} <= hashes.keys()
    assert told("state-hash") == hashes
    assert told("state-hash", "--diff", tmp_path / "before", tmp_path / "before") == {"equal": True, "first": None}


def test_two_states_that_differ_end_with_4_and_name_the_first_row(firm: str, tmp_path: Path) -> None:
    told("state-hash", "--write", tmp_path / "before")
    told("undo", firm)
    told("state-hash", "--write", tmp_path / "after")
    found = told("state-hash", "--diff", tmp_path / "before", tmp_path / "after", code=4)
    assert found["equal"] is False
    assert set(found["first"]) == {"model", "key", "column", "left", "right"}
    assert (tmp_path / "before").stat().st_mode & 0o077 == 0


def test_users() -> None:
    assert told("users") == []
    add_user(email="Zoe@Firm.example", name="Zoë", role=Role.LEADER)
    add_user(email="ada@firm.example", name="Ada", role=Role.ADMIN)
    assert [(one["email"], one["name"], one["role"]) for one in told("users")] == [
        ("ada@firm.example", "Ada", "admin"), ("zoe@firm.example", "Zoë", "leader"),
    ]  # fmt: skip


def test_export(firm: str, tmp_path: Path) -> None:
    done = told("export", "--all", "--out", tmp_path / "out")
    assert set(done) == {"folder", "seq", "rows", "state"}
    assert done["state"] == told("state-hash")
    assert done["rows"]["log"] == done["seq"]


def test_export_of_a_person(firm: str, tmp_path: Path) -> None:
    done = told("export-person", ANNA, "--out", tmp_path / "anna")
    assert set(done) == {"person", "things", "files"}
    assert done["things"] > 0
    assert [Path(file).name for file in done["files"]] == ["person.json", "person.html"]


def test_a_look_at_what_erasing_would_take_and_then_erasing(firm: str) -> None:
    shown = told("erase", ANNA, "--dry-run")
    assert set(shown) == {"person", "name", "found"}
    assert shape(shown["found"]) == [{"room": "str", "what": "str", "count": "int"}]
    done = told("erase", shown["person"], "--yes")
    assert set(done) == {"person", "done", "gone", "left"}
    assert (done["person"], done["done"], done["left"]) == (shown["person"], True, [])


def test_audit(firm: str) -> None:
    told("find", "anna")
    [one] = told("audit")
    assert set(one) == {"at", "who", "member", "act", "subject_kind", "subject", "how", "detail"}
    assert INSTANT.fullmatch(one["at"])
    assert (one["act"], one["how"], one["member"]) == ("looked up", "twostroke find", None)


def test_keys() -> None:
    assert told("keys") == {"keys": [], "wrong_keys_last_day": {"requests": 0, "addresses": 0}}


def test_a_world(tmp_path: Path) -> None:
    made = told("world", "--seed", 1, "--people", 30, "--months", 2, "--until", "2026-03-31", "--out", tmp_path / "w")
    assert set(made) == {"out", "seed", "people", "lines"}
    assert (made["seed"], made["people"]) == (1, 30)
    assert all(isinstance(n, int) for n in made["lines"].values())


def test_import_of_the_same_twice(tmp_path: Path) -> None:
    files = write_files(tmp_path / "firm")
    first, again = (told("import", *files, "--as", "crm") for _ in range(2))
    assert set(first) == {"import", "files", "findings"}
    assert sum(file["new"] for file in first["files"]) == 9
    assert sum(file["same"] for file in again["files"]) == 9


def test_csv_of_a_metric_is_its_json_in_rows(firm: str) -> None:
    said = twostroke("metric", "pipeline", "--csv")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert [
        {name: "" if value is None else str(value) for name, value in {**row["key"], **row["measures"]}.items()}
        for row in told("metric", "pipeline")["rows"]
    ] == rows


def test_csv_of_those_behind_a_metric_has_their_names(firm: str) -> None:
    said = twostroke("metric", "lifecycle", "--people", "--key", "stage=customer", "--csv")
    [row] = csv.DictReader(io.StringIO(said.out))
    assert (row["kind"], row["name"], row["stage"]) == ("person", "Anna Berg", "customer")


def test_csv_of_people_runs_no_formula(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(
        'Contact ID,Email,First Name,Lifecycle Stage\np1,eve@sund.example,"=HYPERLINK(""http://x"")",Lead\n'
    )
    told("import", file, "--as", "crm")
    said = twostroke("metric", "lifecycle", "--people", "--csv")
    [row] = csv.DictReader(io.StringIO(said.out))
    assert row["name"].startswith("'=")
