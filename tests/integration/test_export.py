"""The whole record as files, and out of them an installation in the same state, on whichever database it was."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import connection

from tests.functional.import_steps import table, twostroke
from tests.functional.web_data import bring_in
from twostroke.ledger import state

pytestmark = pytest.mark.usefixtures("fresh_database")


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """A record with an import undone, a row rejected, a person erased; exported."""
    bring_in(tmp_path / "files")
    bad = table(tmp_path / "more" / "deals.csv", ("Deal ID", "Deal Name", "Amount", "Currency"), [
        ("d8", "Fine", "10", "EUR"), ("d9", "Cells", "over", "EUR", "too", "many"), ("d7", "=1+1", "5", "EUR"),
    ])  # fmt: skip
    assert twostroke("import", bad, "--as", "more", "--json").code == 0
    undone = twostroke("import", table(tmp_path / "x.csv", ("Company ID", "Name"), [("c9", "Gone Ltd")]), "--json")
    assert twostroke("undo", undone.json["import"]).code == 0
    assert twostroke("erase", "anna.berg@nordwind.example", "--yes").code == 0
    said = twostroke("export", "--all", "--out", tmp_path / "out", "--json")
    assert said.code == 0, said.err
    return tmp_path / "out"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """An export of next to nothing."""
    bring_in(tmp_path / "files")
    assert twostroke("export", "--all", "--out", tmp_path / "out").code == 0
    return tmp_path / "out"


def run(home: Path, *words: object, database: str = "") -> subprocess.CompletedProcess[str]:
    """A verb in a process of its own, on a home of its own and SQLite, or another database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TWOSTROKE_")}
    kept |= {"TWOSTROKE_HOME": str(home), "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    kept |= {"TWOSTROKE_DATABASE_URL": database} if database else {}
    command = [sys.executable, "-m", "twostroke", *map(str, words)]
    return subprocess.run(command, env=kept, capture_output=True, text=True, check=False)


def test_an_empty_home_gets_the_same_state_and_a_whole_log(exported: Path, tmp_path: Path) -> None:
    home = tmp_path / "new"
    restored = run(home, "restore", exported, "--json")
    assert restored.returncode == 0, restored.stderr
    assert json.loads(restored.stdout)["state"] == state.state_hash()
    assert json.loads(run(home, "state-hash", "--json").stdout) == state.state_hash()
    assert run(home, "verify").returncode == 0
    assert run(home, "rebuild", "--check").returncode == 0


def test_the_record_goes_on_where_it_was(exported: Path, tmp_path: Path) -> None:
    home = tmp_path / "new"
    assert run(home, "restore", exported).returncode == 0
    again = json.loads(run(home, "import", tmp_path / "files", "--as", "crm", "--json").stdout)
    assert [(file["new"], file["same"]) for file in again["files"]] == [(0, 2), (0, 3), (0, 4)]
    rows = [("n1", "One", "1", "EUR"), ("n2", "Two", "2", "EUR"), ("n3", "Three", "3", "EUR", "too", "many")]
    more = table(tmp_path / "later.csv", ("Deal ID", "Deal Name", "Amount", "Currency"), rows)
    assert json.loads(run(home, "import", more, "--as", "later", "--json").stdout)["files"][0]["rejected"] == 1
    assert run(home, "verify").returncode == 0


def test_the_three_formats_say_the_same(exported: Path) -> None:
    manifest = json.loads((exported / "manifest.json").read_text())
    for name, rows in manifest["rows"].items():
        lines = [json.loads(line) for line in (exported / "jsonl" / f"{name}.jsonl").read_text("utf-8").splitlines()]
        parquet = pq.read_table(exported / "parquet" / f"{name}.parquet").to_pylist()
        with (exported / "csv" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            sheet = list(csv.DictReader(file))
        assert len(lines) == len(parquet) == len(sheet) == rows
        assert [plain(line) for line in lines] == [plain(row) for row in sheet]
        if name != "ledger_quarantined":  # its content is bytes there and base64 in text
            assert lines == parquet


def plain(row: dict[str, Any]) -> list[str]:
    return ["" if value is None else str(value).lstrip("'") for value in row.values()]


def test_a_cell_that_a_spreadsheet_would_run_is_text_there(exported: Path) -> None:
    assert "'=1+1" in (exported / "csv" / "deals_deal.csv").read_text("utf-8")
    assert '"=1+1"' in (exported / "jsonl" / "deals_deal.jsonl").read_text("utf-8")


def test_every_row_of_the_truth_is_there(exported: Path) -> None:
    rows = json.loads((exported / "manifest.json").read_text())["rows"]
    with connection.cursor() as cursor:
        for name, counted in rows.items():
            cursor.execute(f"SELECT count(*) FROM {'ledger_line' if name == 'log' else name}")
            assert cursor.fetchone()[0] == counted


def test_an_erased_person_is_in_no_file(exported: Path) -> None:
    for file in exported.rglob("*"):
        if file.is_file():
            assert b"anna.berg@" not in file.read_bytes().lower()


def test_only_their_owner_may_enter(small: Path) -> None:
    assert small.stat().st_mode & 0o077 == 0
    assert (small / "installation.key").stat().st_mode & 0o077 == 0


def test_nothing_is_overwritten(small: Path, tmp_path: Path) -> None:
    said = twostroke("export", "--all", "--out", small)
    assert said.code == 1
    assert "not empty" in said.err
    used = tmp_path / "used"
    used.mkdir()
    (used / "somebody's").write_text("else")
    refused = run(used, "restore", small)
    assert refused.returncode == 1
    assert "not empty" in refused.stderr


@pytest.mark.parametrize(
    ("file", "words"), [("log.jsonl", "not as it was written"), ("ledger_commit.jsonl", "missing")]
)
def test_an_export_that_was_changed_is_refused_and_leaves_no_home(
    small: Path, tmp_path: Path, file: str, words: str
) -> None:
    place = small / "jsonl" / file
    place.write_text(place.read_text("utf-8")[:-20], "utf-8")
    said = run(tmp_path / "new", "restore", small)
    assert said.returncode == 1
    assert words in said.stderr
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_no_export_is_refused(tmp_path: Path) -> None:
    said = run(tmp_path / "new", "restore", tmp_path)
    assert said.returncode == 1
    assert not (tmp_path / "new").exists()


def test_a_record_without_a_line_comes_in_as_such(tmp_path: Path) -> None:
    assert twostroke("export", "--all", "--out", tmp_path / "out").code == 0
    assert run(tmp_path / "new", "restore", tmp_path / "out").returncode == 0


@pytest.mark.postgres
def test_a_server_gets_the_same_state_and_goes_on_counting(exported: Path, tmp_path: Path) -> None:
    from tests.databases import PostgresTemplate

    PostgresTemplate._execute('DROP DATABASE IF EXISTS "restored" WITH (FORCE)', 'CREATE DATABASE "restored"')
    before, _, _ = os.environ["TWOSTROKE_DATABASE_URL"].rpartition("/")
    home, server = tmp_path / "new", f"{before}/restored"
    restored = run(home, "restore", exported, "--json", database=server)
    assert restored.returncode == 0, restored.stderr
    assert json.loads(restored.stdout)["state"] == state.state_hash()
    more = table(tmp_path / "later.csv", ("Deal ID", "Deal Name", "Amount", "Currency"), [
        ("n1", "One", "1", "EUR"), ("n2", "Two", "2", "EUR"), ("n3", "Three", "3", "EUR", "too", "many"),
    ])  # fmt: skip
    brought = run(home, "import", more, "--as", "later", "--json", database=server)
    assert json.loads(brought.stdout)["files"][0]["rejected"] == 1, brought.stderr
    assert run(home, "verify", database=server).returncode == 0
    PostgresTemplate._execute('DROP DATABASE "restored" WITH (FORCE)')
