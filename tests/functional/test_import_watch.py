"""A watched folder: what lies still comes in once, what cannot is put aside with its question, the rest comes in."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from tests.children import child, until
from tests.functional.import_steps import account, deals, state, twostroke
from twostroke.connectors.files.watching import REST_MS, Watch

pytestmark = pytest.mark.usefixtures("fresh_database")
NOW = 1_790_000_000_000
CONTACTS = "Contact ID,Email,Create Date\n1,anna@nordwind.example,{}\n2,bo@nordwind.example,05/06/2026\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "drop"
    made.mkdir()
    return made


def put(path: Path, text: str, at: int = NOW) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (at / 1000, at / 1000))
    return path


def all_in(watch: Watch, now: int = NOW + REST_MS) -> list[str]:
    """Bring in what lies still; the names of what was put aside."""
    return [one.path.name for group in watch.look(now) for one in watch.bring_in(group).parked]


def test_a_file_comes_in_once_it_lies_still_for_five_seconds_and_only_once(folder: Path) -> None:
    file = put(folder / "deals.csv", "Deal ID,Deal Name,Deal Stage,Amount\n1,One,Proposal,5\n")
    watch = Watch(folder)
    assert watch.look(NOW + REST_MS - 1) == []
    with file.open("a") as more:
        more.write("2,Two,Proposal,6\n")
    os.utime(file, ((NOW + 1000) / 1000,) * 2)
    assert watch.look(NOW + REST_MS) == [], "it was written to"
    assert watch.look(NOW + 2 * REST_MS - 1) == []
    assert all_in(watch, NOW + 2 * REST_MS) == []
    assert account("drop") == (2, 2, 0, 0)
    once = state()
    for again in (watch, Watch(folder)):
        assert again.look(NOW + 9 * REST_MS) == []
    put(file, file.read_text().replace(",6", ",7"), NOW + 10 * REST_MS)
    assert all_in(Watch(folder), NOW + 11 * REST_MS) == []
    assert state() != once
    assert account("drop") == (4, 3, 1, 0)


def test_files_of_a_folder_come_in_together_and_each_folder_is_a_source(folder: Path) -> None:
    put(folder / "crm" / "deals.csv", "Deal ID,Deal Name,Deal Stage,Amount\n1,One,Proposal,5\n")
    put(folder / "crm" / "contacts.csv", "Contact ID,Email\n1,anna@nordwind.example\n", NOW + 2000)
    put(folder / "ads" / "costs.csv", "Day,Campaign,Cost\n2026-06-03,A,1.10\n")
    put(folder / ".hidden.csv", "Contact ID,Email\n1,anna@nordwind.example\n")
    watch = Watch(folder)
    assert [group.source for group in watch.look(NOW + REST_MS)] == ["ads"], "contacts.csv is too young"
    groups = watch.look(NOW + REST_MS + 2000)
    assert {group.source: [path.name for path in group.paths] for group in groups} == {
        "ads": ["costs.csv"], "crm": ["contacts.csv", "deals.csv"],
    }  # fmt: skip
    assert all_in(watch, NOW + REST_MS + 2000) == []
    assert (account("crm"), account("ads")) == ((2, 2, 0, 0), (1, 1, 0, 0))


def test_a_refused_file_is_put_aside_with_its_question_and_the_others_come_in(folder: Path) -> None:
    put(folder / "contacts.csv", CONTACTS.format("03/04/2026"))
    put(folder / "deals.csv", "Deal ID,Deal Name,Deal Stage,Amount\n1,One,Proposal,5\n")
    put(folder / "broken.csv", "%PDF-1.7 no table")
    watch = Watch(folder, source="crm")
    assert sorted(all_in(watch)) == ["broken.csv", "contacts.csv"]
    assert account("crm") == (1, 1, 0, 0)
    assert sorted(path.name for path in (folder / "parked").iterdir()) == [
        "broken.csv", "broken.csv.why.txt", "contacts.csv", "contacts.csv.why.txt",
    ]  # fmt: skip
    assert "file of another kind" in (folder / "parked" / "broken.csv.why.txt").read_text()
    why = (folder / "parked" / "contacts.csv.why.txt").read_text()
    assert "could be read both ways" in why
    assert watch.look(NOW + 9 * REST_MS) == []


def test_the_command_beside_a_parked_file_brings_it_in_and_the_next_of_its_kind_comes_in_by_itself(
    folder: Path,
) -> None:
    import shlex

    put(folder / "contacts.csv", CONTACTS.format("03/04/2026"))
    assert all_in(Watch(folder, source="crm")) == ["contacts.csv"]
    why = (folder / "parked" / "contacts.csv.why.txt").read_text()
    command = next(line.strip() for line in why.splitlines() if line.strip().startswith("twostroke import"))
    said = twostroke(*shlex.split(command)[1:])
    assert said.code == 0, said.err
    assert account("crm") == (2, 2, 0, 0)
    put(folder / "contacts.csv", CONTACTS.format("04/04/2026"), NOW + REST_MS)
    assert all_in(Watch(folder, source="crm"), NOW + 3 * REST_MS) == []
    assert account("crm") == (4, 3, 1, 0)


@pytest.mark.parametrize("memory", ["", "{", '{"a": 1}', "[]", '{"deals.csv": ["x", 1]}'])
def test_a_memory_that_was_spoilt_lets_everything_come_in_once_more_and_count_once(folder: Path, memory: str) -> None:
    deals(folder / "deals.csv", {"a": 10}, day=1)
    assert all_in(Watch(folder)) == []
    once = state()
    (folder / ".twostroke" / "seen.json").write_text(memory)
    assert all_in(Watch(folder)) == []
    assert state() == once
    assert account("drop") == (2, 1, 1, 0)


def test_an_empty_folder_a_vanished_file_and_no_folder_at_all(folder: Path, tmp_path: Path) -> None:
    watch = Watch(folder)
    assert watch.look(NOW) == []
    put(folder / "deals.csv", "Deal ID,Deal Name,Deal Stage,Amount\n1,One,Proposal,5\n")
    (group,) = watch.look(NOW + REST_MS)
    (folder / "deals.csv").unlink()
    assert watch.bring_in(group).report is None
    assert twostroke("import", "--watch", tmp_path / "none").code == 2
    assert twostroke("import", "--watch", folder, "--dry-run").code == 2


def test_the_watch_runs_until_it_is_stopped_and_says_what_came_in(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    with child("-m", "twostroke", "import", "--watch", str(folder), "--json", output=output) as process:
        deals(folder / "deals.csv", {"a": 10, "b": 20}, day=1)
        until(lambda: '"new": 2' in output.read_text(), output=output)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
    assert account("drop") == (2, 2, 0, 0)
    told = json.loads(next(line for line in output.read_text().splitlines() if line.startswith("{")))
    assert told["parked"] == []
