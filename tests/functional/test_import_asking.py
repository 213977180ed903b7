"""Looking first, being asked, answering; reports, lists and exit codes of the command line."""

from __future__ import annotations

import io
import shlex
from pathlib import Path

import pytest

from tests.functional.import_steps import HEADER, bring, deals, sums, table, twostroke, worth
from twostroke.ledger.queries import head_seq

pytestmark = pytest.mark.usefixtures("fresh_database")
DOUBTFUL = [(f"d{n}", f"Deal d{n}", "Proposal", n, "EUR", f"0{n}/04/2026") for n in range(1, 7)]


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody to ask, unless a test says so."""
    monkeypatch.setattr("sys.stdin", io.StringIO(""))


class Terminal(io.StringIO):
    """Somebody who types these words."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    """Deals whose dates may begin with the day or with the month."""
    return table(tmp_path / "deals.csv", HEADER, DOUBTFUL)


def mapping(source: str = "crm") -> Path:
    from twostroke.connectors.files.actions import mapping_file

    return mapping_file(source)


def day_of(key: str) -> str:
    return next(line for line in twostroke("timeline", f"Deal {key}").out.splitlines() if "2026" in line)


def test_without_a_terminal_nothing_comes_in_and_the_answer_to_give_is_told(doubtful: Path) -> None:
    before = head_seq()
    said = twostroke("import", doubtful, "--as", "crm")
    assert (said.code, said.out) == (3, "")
    assert head_seq() == before
    words = shlex.split(said.err[said.err.index("--answer") :])
    assert words[0] == "--answer"
    assert twostroke("import", doubtful, "--as", "crm", *words).code == 0
    assert len(worth()) == 6


def test_a_question_is_told_to_programs_in_a_stable_shape(doubtful: Path) -> None:
    said = twostroke("import", doubtful, "--as", "crm", "--json")
    assert said.code == 3
    [question] = said.json["questions"]
    assert set(question) == {"key", "file", "text", "choices", "example"}
    assert {"d-m-y", "m-d-y"} <= set(question["choices"])


def test_the_key_of_a_question_survives_the_shell_whatever_the_column_is_called(tmp_path: Path) -> None:
    header = [*HEADER[:5], "Date d'envoi = $HOME; Created"]
    rows = [(*row[:5], row[5]) for row in DOUBTFUL]
    mapping_text = "tables:\n  deals:\n    record: deal\n    key: Deal ID\n    columns:\n      Deal ID: key\n"
    (tmp_path / "m.yaml").write_text(mapping_text + f"      {header[5]!r}: opened_at\n", "utf-8")
    file = table(tmp_path / "deals.csv", header, rows)
    said = twostroke("import", file, "--as", "crm", "--mapping", tmp_path / "m.yaml")
    assert said.code == 3, said.err
    words = shlex.split(said.err[said.err.index("--answer") :])
    again = twostroke("import", file, "--as", "crm", "--mapping", tmp_path / "m.yaml", *words)
    assert again.code == 0, again.err


def test_an_answer_is_remembered_for_the_source_and_for_no_other(doubtful: Path) -> None:
    asked = twostroke("import", doubtful, "--as", "crm", "--json").json["questions"][0]["key"]
    assert twostroke("import", doubtful, "--as", "crm", "--answer", f"{asked}=m-d-y").code == 0
    assert sums(bring(doubtful)) == (0, 6, 0, 0)
    assert twostroke("import", doubtful, "--as", "other").code == 3


def test_an_answer_that_is_no_choice_is_asked_again_with_words_about_it(doubtful: Path) -> None:
    asked = twostroke("import", doubtful, "--as", "crm", "--json").json["questions"][0]["key"]
    said = twostroke("import", doubtful, "--as", "crm", "--answer", f"{asked}=whatever")
    assert (said.code, "'whatever' is none of the choices" in said.err) == (3, True)
    assert twostroke("import", doubtful, "--answer", "nonsense").code == 2


def test_at_a_terminal_sam_is_asked_until_he_names_a_choice(doubtful: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("9\nmaybe\n1\n"))
    said = twostroke("import", doubtful, "--as", "crm")
    assert said.code == 0, said.err
    assert said.out.count("Type a number from 1") == 2


def test_at_a_terminal_that_closes_nothing_comes_in(doubtful: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(""))
    assert twostroke("import", doubtful, "--as", "crm").code == 3
    assert worth() == {}


def test_a_dry_run_writes_nothing_to_the_log_and_nothing_that_a_later_import_would_read(tmp_path: Path) -> None:
    file = deals(tmp_path / "deals.csv", {"a": 1, "b": 2})
    bring(file)
    before, remembered = head_seq(), mapping().read_text()
    changed = table(tmp_path / "deals.csv", (*HEADER, "Remark"), [("a", "Deal a", "Lost", 5, "EUR", "2026-01-05", "x")])
    looked = bring(changed, "--dry-run")
    assert sums(looked) == (0, 0, 1, 0)
    assert head_seq() == before
    assert mapping().read_text() == remembered
    assert twostroke("imports", "--json").json[0]["rows"] == 2
    assert worth() == {"a": "1", "b": "2"}


def test_a_dry_run_says_what_the_import_then_does(tmp_path: Path) -> None:
    bring(deals(tmp_path / "deals.csv", {"a": 1, "b": 2, "c": 3}, day=1))
    file = deals(tmp_path / "deals.csv", [("a", 1), ("b", 5), ("d", 9), ("d", 8), ("b", 2)], day=2)
    looked, done = bring(file, "--dry-run"), bring(file)
    assert looked["files"] == done["files"]


def test_an_answer_given_to_a_dry_run_is_not_remembered(doubtful: Path) -> None:
    asked = twostroke("import", doubtful, "--as", "crm", "--json").json["questions"][0]["key"]
    assert twostroke("import", doubtful, "--as", "crm", "--dry-run", "--answer", f"{asked}=d-m-y").code == 0
    assert not mapping().exists()
    assert twostroke("import", doubtful, "--as", "crm").code == 3


def test_what_a_dry_run_proposes_can_be_edited_and_named(tmp_path: Path) -> None:
    file = deals(tmp_path / "deals.csv", {"a": 1})
    said = twostroke("import", file, "--as", "crm", "--dry-run")
    proposed = Path(next(line for line in said.out.splitlines() if line.startswith("How columns")).split(": ", 1)[1])
    assert proposed != mapping()
    proposed.write_text(proposed.read_text().replace("{role: amount", "{role: '-'"), "utf-8")
    assert twostroke("import", file, "--as", "crm", "--mapping", proposed).code == 0
    assert "{role: amount" not in mapping().read_text()
    assert not proposed.exists()


def test_comments_people_wrote_into_a_mapping_stay_while_it_says_the_same(tmp_path: Path) -> None:
    file = deals(tmp_path / "deals.csv", {"a": 1})
    bring(file)
    edited = "# checked by Ada\n" + mapping().read_text()
    mapping().write_text(edited, "utf-8")
    bring(deals(tmp_path / "deals.csv", {"a": 2}), "--file-date", "now")
    assert mapping().read_text() == edited


def test_tables_that_did_not_come_this_time_stay_in_the_mapping(tmp_path: Path) -> None:
    deals(tmp_path / "in" / "deals.csv", {"a": 1})
    people = [(n, f"p{n}@firm.example", "P") for n in range(5)]
    table(tmp_path / "in" / "people.csv", ("Contact ID", "Email", "First Name"), people)
    bring(tmp_path / "in")
    both = mapping().read_text()
    bring(tmp_path / "in" / "people.csv")
    assert mapping().read_text() == both
    bring(deals(tmp_path / "deals-february.csv", {"b": 1}))
    assert "deals-february:" in mapping().read_text()
    assert "  deals:" not in mapping().read_text()
    assert "people:" in mapping().read_text()


def test_an_edited_mapping_changes_what_the_rows_say(tmp_path: Path) -> None:
    file = deals(tmp_path / "deals.csv", {"a": 1})
    bring(file)
    mapping().write_text(mapping().read_text().replace("{role: amount", "{role: ''"), "utf-8")
    assert sums(bring(file)) == (0, 0, 1, 0)


@pytest.mark.parametrize("yaml", ["tables: [", "tables: {deals: {record: whale}}", "\xff\xfe", "x" * 5_000_000])
def test_a_mapping_that_cannot_be_used_is_refused_with_its_file(tmp_path: Path, yaml: str) -> None:
    file = deals(tmp_path / "deals.csv", {"a": 1})
    (tmp_path / "m.yaml").write_text(yaml, "latin-1")
    said = twostroke("import", file, "--mapping", tmp_path / "m.yaml")
    assert (said.code, "m.yaml" in said.err, "Traceback" in said.err) == (1, True, False)
    assert twostroke("import", file, "--mapping", tmp_path / "none.yaml").code == 1
    assert worth() == {}


def test_the_report_for_programs_has_exactly_this_shape(tmp_path: Path) -> None:
    report = bring(deals(tmp_path / "deals.csv", [("a", 1), ("a", 2)]))
    assert set(report) == {"import", "files", "findings"}
    [file] = report["files"]
    assert set(file) == {"file", "read_as", "rows", "new", "same", "changed", "rejected", "oddities"}
    assert all(set(one) == {"what", "rows", "example", "suggestion"} for one in file["oddities"])
    assert file["oddities"]
    assert twostroke("imports", report["import"], "--json").json == report


def test_the_report_for_people_adds_up_in_a_line_and_says_how_to_take_it_back(tmp_path: Path) -> None:
    said = twostroke("import", deals(tmp_path / "deals.csv", {"a": 1, "b": 2}), "--as", "crm")
    assert "deals.csv: 2 rows = 2 new + 0 same + 0 changed + 0 rejected" in said.out
    assert f"twostroke undo {twostroke('imports', '--json').json[0]['import']}" in said.out
    again = twostroke("import", tmp_path / "deals.csv", "--as", "crm")
    assert "0 lines on the log" in again.out


def test_imports_are_listed_with_what_became_of_them(tmp_path: Path) -> None:
    assert "Nothing was imported yet" in twostroke("imports").out
    first = bring(deals(tmp_path / "deals.csv", {"a": 1}))
    second = bring(deals(tmp_path / "more.csv", {"b": 1, "c": 2}))
    twostroke("undo", first["import"])
    listed = {
        one["import"]: (one["source"], one["state"], one["rows"], one["files"])
        for one in twostroke("imports", "--json").json
    }
    assert listed == {
        first["import"]: ("crm", "undone", 1, "deals.csv"),
        second["import"]: ("crm", "done", 2, "more.csv"),
    }
    assert "crm, undone" in twostroke("imports", first["import"]).out
    assert twostroke("imports", "nothing").code == 1


def test_a_look_can_be_seen_again_and_cannot_be_taken_back(tmp_path: Path) -> None:
    looked = bring(deals(tmp_path / "deals.csv", {"a": 1}), "--dry-run")
    assert "only looked at" in twostroke("imports", looked["import"]).out
    said = twostroke("undo", looked["import"])
    assert (said.code, "only looked at" in said.err) == (1, True)


@pytest.mark.parametrize(
    "words", [["--file-date", "tomorrow"], ["--file-date", "2026-02-30"], ["--answer", "=x"], ["--nonsense"]]
)
def test_what_is_not_understood_ends_with_2(tmp_path: Path, words: list[str]) -> None:
    assert twostroke("import", deals(tmp_path / "deals.csv", {"a": 1}), *words).code == 2


def test_a_file_of_news_may_set_things_off_and_one_of_history_may_not(tmp_path: Path) -> None:
    from twostroke.ledger.queries import every_line

    bring(deals(tmp_path / "old.csv", {"a": 1}))
    bring(deals(tmp_path / "new.csv", {"b": 1}), "--news")
    news = {line.news for line in every_line() if line.source == "crm"}
    assert news == {0, 1}
    assert {line.news for line in every_line() if line.kind.startswith("import.")} == {0}
