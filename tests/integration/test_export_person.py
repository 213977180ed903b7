"""Everything known of one person: complete as JSON, readable as a page, and about nobody else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.functional.import_steps import table, twostroke
from tests.functional.web_data import bring_in

pytestmark = pytest.mark.usefixtures("fresh_database")
BO = "bo.lind@nordwind.example"


@pytest.fixture
def known(tmp_path: Path) -> dict[str, list[dict[str, object]]]:
    bring_in(tmp_path / "files")
    told = json.loads((exported(tmp_path) / "person.json").read_text("utf-8"))
    return {store["what"]: store["items"] for store in told["known"]}


def exported(folder: Path, who: str = BO) -> Path:
    said = twostroke("export-person", who, "--out", folder / "out", "--json")
    assert said.code == 0, said.err
    assert said.json["things"] > 0
    return folder / "out"


def test_every_line_about_them_is_there_with_its_words(known: dict[str, list[dict[str, object]]]) -> None:
    lines = known["lines about them, and lines about others that name them"]
    assert [line["kind"] for line in lines] == ["identity.claimed", "person.described", "stage.reached"]
    assert lines[1]["personal"]["title"] == "Buyer"  # type: ignore[index]


def test_identifiers_stand_there_as_values(known: dict[str, list[dict[str, object]]]) -> None:
    values = {one["value"] for one in known["identifiers: addresses, numbers, ids in other systems, devices"]}
    assert values == {BO, "p2"}


def test_the_page_can_be_read_and_holds_nothing_to_run(tmp_path: Path) -> None:
    bring_in(tmp_path / "files")
    text = (exported(tmp_path) / "person.html").read_text("utf-8")
    assert "<h1>Bo Lind</h1>" in text
    assert "2026-05-20" in text
    assert "<script" not in text
    assert "http" not in text


def test_a_name_that_would_be_markup_is_text(tmp_path: Path) -> None:
    rows = [("p9", "mallory@evil.example", "<script>alert(1)</script>", "Mal")]
    file = table(tmp_path / "contacts.csv", ("Contact ID", "Email", "First Name", "Last Name"), rows)
    assert twostroke("import", file, "--as", "crm").code == 0
    text = (exported(tmp_path, "mallory@evil.example") / "person.html").read_text("utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_nothing_about_others_is_in_it(tmp_path: Path) -> None:
    bring_in(tmp_path / "files")
    for file in exported(tmp_path).iterdir():
        assert "anna.berg" not in file.read_text("utf-8").lower()


def test_only_their_owner_may_read_the_files(tmp_path: Path) -> None:
    bring_in(tmp_path / "files")
    assert {file.stat().st_mode & 0o777 for file in exported(tmp_path).iterdir()} == {0o600}


def test_an_erased_person_has_nothing_left_to_show(tmp_path: Path) -> None:
    bring_in(tmp_path / "files")
    key = twostroke("find", BO, "--json").json[0]["id"]
    assert twostroke("erase", BO, "--yes").code == 0
    text = (exported(tmp_path, key) / "person.json").read_text("utf-8")
    assert BO not in text
    assert "Buyer" not in text


def test_nobody_is_said_to_be_nobody() -> None:
    said = twostroke("export-person", "nobody@nowhere.example", "--out", "never")
    assert said.code == 1
    assert not Path("never").exists()
