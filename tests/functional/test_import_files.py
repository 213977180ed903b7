"""Files as they really come, and as somebody who means harm would write them: a report or a sentence, never a fault."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.functional.import_steps import HEADER, Said, account, bring, deals, odd, sums, table, twostroke, worth
from tests.unit.files.conftest import workbook  # noqa: F401

pytestmark = pytest.mark.usefixtures("fresh_database")
HEAD = ",".join(HEADER) + "\n"
ROW = "{},Deal {},Proposal,{},EUR,2026-01-05\n"


def text(path: Path, *rows: str, encoding: str = "utf-8", head: str = HEAD) -> Path:
    path.write_bytes((head + "".join(rows)).encode(encoding))
    return path


def refused(said: Said, words: str) -> None:
    """One sentence, no traceback, exit code 1."""
    assert (said.code, said.out) == (1, ""), said.err
    assert words in said.err
    assert "Traceback" not in said.err
    assert len(said.err.splitlines()) == 1


ONE, TWO = ROW.format("a", "a", 10), ROW.format("b", "b", 20)

MANY = "".join(ROW.format(f"d{n}", n, n) for n in range(9))


@pytest.mark.parametrize(
    ("content", "verdicts"),
    [
        (b"", (0, 0, 0, 0)),
        (b"\n\n\n", (0, 0, 0, 0)),
        (HEAD.encode(), (0, 0, 0, 0)),
        (b"only one column\nhere\n", (0, 0, 0, 0)),
        ((HEAD + ONE).encode(), (1, 0, 0, 0)),
        ((HEAD + MANY + "x,two cells\n" + "y,x,Proposal,5,EUR,2026-01-05,more,cells\n").encode(), (9, 0, 0, 2)),
        ((HEAD + ONE.replace("Deal", "De\0al")).encode(), (1, 0, 0, 0)),
        ((HEAD + '1,"never closed,Proposal,1,EUR,2026-01-05\n' + TWO).encode(), (1, 0, 0, 1)),
        ((HEAD + ONE + "c,x,Proposal,ten,EUR,2026-01-05\n" + TWO + ROW.format("d", "d", 4)).encode(), (3, 0, 0, 1)),
        ((HEAD + ONE + f"c,x,Proposal,{'9' * 40},EUR,2026-01-05\n" + TWO).encode(), (2, 0, 0, 1)),
        ((HEAD + ONE + "c,x,Proposal,5,EUR,2026-02-30\n" + TWO).encode(), (2, 0, 0, 1)),
        ((HEAD + ONE + f"c,{'x' * 1_000_000},Proposal,5,EUR,2026-01-05\n" + TWO).encode(), (2, 0, 0, 1)),
        ((HEAD + ONE + ROW.format("y" * 1_000_000, "y", 1)).encode(), (1, 0, 0, 1)),
        ((HEAD + ONE + ROW.format("\N{PILE OF POO}" * 251, "y", 1)).encode(), (1, 0, 0, 1)),
        ((HEAD + ONE + ROW.format("\N{PILE OF POO}" * 250, "y", 1)).encode(), (2, 0, 0, 0)),
        ((HEAD + ROW.format("ключ 中文", "مرحبا 🎉", 1)).encode(), (1, 0, 0, 0)),
        ((HEAD + ROW.format("'; DROP TABLE ledger_line; --", "%s %(x)s {0}", 1)).encode(), (1, 0, 0, 0)),
        ((HEAD + ROW.format("\x01a\x7f", "\x1b[31mred\x02", 1)).encode(), (1, 0, 0, 0)),
        ((HEAD + ONE).encode() + b"b,\xed\xa0\x80,Proposal,1,EUR,2026-01-05\n", (2, 0, 0, 0)),
    ],
)  # fmt: skip
def test_every_row_is_accounted_for_and_the_same_file_again_brings_nothing_new(
    tmp_path: Path, content: bytes, verdicts: tuple[int, int, int, int]
) -> None:
    file = tmp_path / "deals.csv"
    file.write_bytes(content)
    report = bring(file)
    assert sums(report) == verdicts
    new, _, _, rejected = verdicts
    assert account() == (new + rejected, new, 0, rejected)
    assert sums(bring(file)) == (0, new, 0, rejected)
    assert account() == (2 * (new + rejected), new, new, 2 * rejected)


def test_a_row_the_log_cannot_hold_is_rejected_with_its_reason_by_a_dry_run_too(tmp_path: Path) -> None:
    file = text(tmp_path / "deals.csv", ONE, f"c,{'x' * 1_000_000},Proposal,5,EUR,2026-01-05\n")
    looked = bring(file, "--dry-run")
    report = bring(file)
    assert looked["files"][0]["oddities"] == report["files"][0]["oddities"]
    assert odd(report, "over 32 kB") == 1


@pytest.mark.parametrize(
    ("encoding", "head"),
    [("utf-8-sig", HEAD), ("utf-16", HEAD), ("utf-16-le", HEAD), ("cp1252", HEAD), ("utf-8", HEAD.replace(",", ";"))],
)
def test_the_same_rows_in_another_encoding_or_style_are_the_same(tmp_path: Path, encoding: str, head: str) -> None:
    rows = [ROW.format(n, f"Müller {n}", n) for n in range(9)]
    bring(text(tmp_path / "deals.csv", *rows))
    other = [row.replace(",", head[7]) for row in rows]
    assert sums(bring(text(tmp_path / "deals.csv", *other, head=head, encoding=encoding), "--file-date", "now")) == (
        0, 9, 0, 0
    )  # fmt: skip


def test_a_workbook_is_read_under_any_name(tmp_path: Path, workbook: bytes) -> None:  # noqa: F811
    (tmp_path / "export.csv").write_bytes(workbook)
    report = bring(tmp_path / "export.csv")
    assert [file["file"] for file in report["files"]] == ["export.csv · Deals", "export.csv · People"]
    assert sums(report) == (2, 0, 0, 0)


def test_a_folder_with_junk_gives_its_tables_and_names_what_it_passed_over(tmp_path: Path) -> None:
    deals(tmp_path / "in" / "deals.csv", {"a": 1})
    for name in ("notes.docx", "photo.png", "Thumbs.db"):
        (tmp_path / "in" / name).write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    for name in (".hidden.csv", "~$deals.csv", ".git/config.csv", "__MACOSX/deals.csv"):
        deals(tmp_path / "in" / name, {"hidden": 1})
    report = bring(tmp_path / "in")
    assert {file["file"]: file["read_as"] for file in report["files"]} == {
        "deals.csv": "deal, comma, UTF-8",
        **dict.fromkeys(("notes.docx", "photo.png", "Thumbs.db"), "not a table: passed over"),
    }
    assert worth() == {"a": "1"}


def test_a_file_named_twice_by_whatever_path_is_one_file(tmp_path: Path) -> None:
    file = deals(tmp_path / "in" / "deals.csv", {"a": 1})
    (tmp_path / "in" / "link.csv").symlink_to(file)
    report = bring(tmp_path / "in", file, tmp_path / "in" / ".." / "in" / "deals.csv")
    assert sums(report) == (1, 0, 0, 0)
    assert len(report["files"]) == 1


def test_links_that_lead_in_circles_are_not_followed(tmp_path: Path) -> None:
    deals(tmp_path / "in" / "deals.csv", {"a": 1})
    (tmp_path / "in" / "self").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "loop.csv").symlink_to(tmp_path / "in" / "loop.csv")
    assert sums(bring(tmp_path / "in")) == (1, 0, 0, 0)
    refused(twostroke("import", tmp_path / "in" / "loop.csv"), "there is no such file")


def test_what_is_no_file_is_refused_before_it_can_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", Path("/dev/zero")):
        refused(twostroke("import", path), "is no file but a pipe or a device")
    refused(twostroke("import", tmp_path / "none.csv"), "there is no such file")
    refused(twostroke("import", tmp_path / ("x" * 5000)), "there is no such file")
    (tmp_path / "empty").mkdir()
    refused(twostroke("import", tmp_path / "empty"), "No table in")


@pytest.mark.parametrize(
    "head", [b"%PDF-1.7", b"\x89PNG\r\n", b"PK\x03\x04 no archive", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "file.csv").write_bytes(head + b"\0" * 600)
    refused(twostroke("import", tmp_path / "file.csv"), "file.csv")


def test_a_file_one_may_not_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = deals(tmp_path / "deals.csv", {"a": 1})
    really = Path.open

    def locked(path: Path, *more: object, **named: object) -> object:
        if path == file:  # the superuser, whom tests may run as, may read everything
            raise PermissionError(13, "Permission denied", str(path))
        return really(path, *more, **named)  # type: ignore[call-overload]

    file.chmod(stat.S_IWUSR)
    monkeypatch.setattr(Path, "open", locked)
    refused(twostroke("import", file), "it cannot be read (Permission denied)")


def test_a_file_that_changes_while_it_is_read_stops_the_import_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from twostroke.intake.storing import Storing

    file = deals(tmp_path / "deals.csv", {f"d{n}": n for n in range(500)})
    take = Storing.take

    def growing(self: Storing, rows: object) -> None:
        take(self, rows)  # type: ignore[arg-type]
        with file.open("a") as more:
            more.write(ROW.format("late", "late", 1))

    monkeypatch.setattr(Storing, "take", growing)
    refused(twostroke("import", file, "--as", "crm"), "deals.csv changed while it was being read")
    monkeypatch.undo()
    [first] = twostroke("imports", "--json").json
    assert first["state"] == "failed"
    report = bring(file)
    assert report["import"] != first["import"]
    assert twostroke("undo", first["import"]).code == 0
    assert len(worth()) == 501


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "etc-passwd"), ("a/b\\c", "a-b-c"), ("CRM (north)", "crm-north"), ("  crm  ", "crm")],
)
def test_a_source_is_known_by_letters_digits_and_dashes(tmp_path: Path, name: str, kept: str) -> None:
    bring(deals(tmp_path / "deals.csv", {"a": 1}), source=name)
    assert account(kept) == (1, 1, 0, 0)


def test_sources_that_differ_only_in_what_cannot_be_kept_stay_two(tmp_path: Path) -> None:
    file = deals(tmp_path / "deals.csv", {"a": 1})
    for name in ("客户", "线索", "x" * 300, "x" * 301, "..", "\N{PILE OF POO}"):
        assert sums(bring(file, source=name)) == (1, 0, 0, 0)
    found = [row["source"] for row in twostroke("accounts", "--json").json if row["source"] != "twostroke"]
    assert len(found) == 6
    assert all(len(source) <= 40 and source.replace("-", "").isalnum() and source.isascii() for source in found)


def test_nobody_may_take_the_name_of_the_house(tmp_path: Path) -> None:
    refused(
        twostroke("import", deals(tmp_path / "x.csv", {"a": 1}), "--as", "Twostroke"), "Give the source another name"
    )


def test_columns_called_like_our_own_do_no_harm(tmp_path: Path) -> None:
    header = (*HEADER, "seq", "__proto__", "rejected because", "row", "message_id")
    rows = [("a", "Deal a", "Proposal", 1, "EUR", "2026-01-05", "0", "x", "y", "z", "=cmd()")]
    assert sums(bring(table(tmp_path / "deals.csv", header, rows))) == (1, 0, 0, 0)


def test_rejected_rows_come_back_with_header_and_reason_and_can_be_brought_in_mended(tmp_path: Path) -> None:
    bad = 'c,"quoted, ""name""",Proposal,ten,EUR,2026-01-05\n'
    report = bring(text(tmp_path / "deals.csv", ONE, bad, TWO, ROW.format("d", "d", 4)))
    given = twostroke("imports", report["import"], "--rejected")
    head, row = given.out.splitlines()
    assert head == "rejected because," + HEAD.strip()
    assert row == 'row 2: “Amount”: “ten” is no number.,c,"quoted, ""name""",Proposal,ten,EUR,2026-01-05'
    mended = tmp_path / "mend.csv"
    mended.write_text(given.out.replace(",ten,", ",10,"), "utf-8")
    assert sums(bring(mended)) == (1, 0, 0, 0)
    assert sums(bring(text(tmp_path / "deals.csv", bad.replace("ten", "10")), "--file-date", "now")) == (0, 1, 0, 0)
    assert len(worth()) == 4


def test_rejected_rows_of_several_files_are_given_one_file_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("north", "south"):
        text(tmp_path / "in" / f"{name}.csv", MANY, f"{name},x,Proposal,ten,EUR,2026-01-05\n")
    asked = ("imports", bring(tmp_path / "in")["import"], "--rejected")
    both = twostroke(*asked)
    assert (both.code, "north.csv, south.csv" in both.err) == (2, True)
    south = twostroke(*asked, "--file", "south.csv").out
    assert ("south" in south, "north" in south) == (True, False)
    [row] = twostroke(*asked, "--file", "south.csv", "--json").json
    assert (row["row"], row["code"], row["cells"][:2], row["header"]) == (10, "no-amount", ["south", "x"], list(HEADER))
