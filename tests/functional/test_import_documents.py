"""Messages, calendars and notes come in like any file: once however often, taken back whole, rejected with a reason."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.functional.import_steps import account, bring, state, sums, twostroke

pytestmark = pytest.mark.usefixtures("fresh_database")


def message(number: int, **more: object) -> str:
    told = {"type": "page", "messageId": f"m{number}", "userId": f"u{number % 7}", "anonymousId": f"a{number % 7}",
            "timestamp": f"2026-03-02T09:{number % 60:02d}:00Z", "properties": {"path": f"/{number}"}}  # fmt: skip
    return json.dumps({**told, **more})


def jsonl(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_messages_brought_twice_or_packed_count_once_and_are_taken_back_whole(tmp_path: Path) -> None:
    empty = state()
    file = jsonl(tmp_path / "web.jsonl", *map(message, range(40)), '{"type": "pa')
    first = bring(file, source="site")
    assert sums(first) == (40, 0, 0, 1)
    once = state()
    assert sums(bring(file, source="site")) == (0, 40, 0, 1)
    packed = tmp_path / "web.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    again = bring(packed, source="site")
    assert sums(again) == (0, 40, 0, 1)
    assert state() == once
    assert account("site") == (123, 40, 80, 3)
    for report in (again, first):
        assert twostroke("undo", report["import"]).code == 0
    assert state() == once, "the second import still says it"
    twostroke("undo", json.loads(twostroke("imports", "--json").out)[1]["import"])
    assert state() == empty


def test_a_retry_within_a_file_is_the_same_and_a_message_with_other_content_the_last_one(tmp_path: Path) -> None:
    told = message(1, sentAt="2026-03-02T09:01:01Z"), message(1, sentAt="2026-03-02T10:00:00Z")
    assert sums(bring(jsonl(tmp_path / "web.jsonl", *told), source="site")) == (1, 1, 0, 0)
    other = jsonl(tmp_path / "other.jsonl", message(1), message(1, properties={"path": "/last"}))
    assert sums(bring(other, source="site")) == (0, 1, 1, 0)


def test_the_rejected_line_comes_back_with_its_reason_and_mended_it_comes_in(tmp_path: Path) -> None:
    report = bring(jsonl(tmp_path / "web.jsonl", message(1), message(2, timestamp="soon")), source="site")
    said = twostroke("imports", report["import"], "--rejected")
    assert "timestamp is no instant" in said.out
    assert "m2" in said.out
    assert sums(bring(jsonl(tmp_path / "web.jsonl", message(1), message(2)), source="site")) == (1, 1, 0, 0)


def test_a_folder_with_everything_comes_in_at_once(tmp_path: Path) -> None:
    tmp_path = tmp_path / "files"
    tmp_path.mkdir()
    jsonl(tmp_path / "web.jsonl", message(1))
    (tmp_path / "march.md").write_text("## 2026-03-02 · Jane Doe, Example (call, John Roe)\n\nWell.\n")
    (tmp_path / "team.ics").write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTAMP:20260401T000000Z\nDTSTART:20260302T093000Z\nSUMMARY:Talk\n"
        "ATTENDEE:mailto:jane@example.com\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    (tmp_path / "deals.csv").write_text("Deal ID,Deal Name,Deal Stage,Amount\n1,One,Proposal,5\n")
    report = bring(tmp_path, source="all")
    read = {file["file"]: file["read_as"].partition(",")[0] for file in report["files"]}
    assert read == {"deals.csv": "deal", "march.md": "note", "team.ics": "meeting", "web.jsonl": "message"}
    assert [sums(report, number) for number in range(4)] == [(1, 0, 0, 0)] * 4
