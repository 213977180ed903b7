"""Files that are no tables: what they are is told by what stands in them, and each row is a line's worth."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.unit.files.helpers import CATALOGUE, bring
from twostroke.connectors.files.facts import UnreadableError
from twostroke.connectors.files.queries import Settings, passed_over, read_tables
from twostroke.intake.facts import RejectedRow, TranslatedRow
from twostroke.ledger import catalogue
from twostroke.ledger.facts import Precision

PAGE = {"type": "page", "messageId": "m1", "userId": "u1", "timestamp": "2026-03-02T09:30:00Z"}


@pytest.fixture(autouse=True)
def installed() -> None:
    catalogue.install(CATALOGUE)


def text(path: Path, said: str) -> Path:
    path.write_text(said, encoding="utf-8")
    return path


def lines(path: Path, *messages: object) -> Path:
    return text(path, "\n".join(m if isinstance(m, str) else json.dumps(m) for m in messages) + "\n")


def test_json_lines_of_messages_are_known_by_what_stands_in_them(tmp_path: Path) -> None:
    for name in ("web.jsonl", "export.txt", "part-0001", "events.json"):
        brought = bring([lines(tmp_path / name, "{ broken", PAGE, {**PAGE, "messageId": "m2"})])
        assert [type(row) for row in brought.rows[Path(name).stem]] == [RejectedRow, TranslatedRow, TranslatedRow], name
        assert brought.kinds() == {"page.viewed": 2}


def test_a_packed_file_says_what_the_plain_one_says(tmp_path: Path) -> None:
    plain = lines(tmp_path / "web.jsonl", PAGE)
    packed = tmp_path / "1772443800000.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert bring([plain]).drafts() == bring([packed]).drafts()
    packed.write_bytes(gzip.compress(plain.read_bytes() * 100)[:-20])
    with pytest.raises(UnreadableError, match="damaged"):
        bring([packed])


def test_a_message_goes_by_its_own_id_and_without_one_by_its_content_and_ordinal(tmp_path: Path) -> None:
    nameless = {key: value for key, value in PAGE.items() if key != "messageId"}
    found = bring([lines(tmp_path / "web.jsonl", PAGE, nameless, nameless, {**PAGE, "messageId": "null"})])
    records = [row.record for row in found.rows["web"] if isinstance(row, TranslatedRow)]
    assert records[0] == "m1"
    assert len(set(records)) == 4
    assert [record.rpartition(" ")[2] for record in records[1:]] == ["1", "2", "1"]


def test_lines_that_are_no_messages_are_rejected_with_a_reason_that_quotes_nothing(tmp_path: Path) -> None:
    secret = "jane.doe@example.com"
    bad = [
        f'{{"type": "page", "userId": "{secret}"', f'"{secret}"', "[]", "NaN", '{"type":"page"}', f'{{"a":"{secret}"}}',
        "[" * 10_000, json.dumps({**PAGE, "timestamp": secret}), '{"type":"page","userId":"\\ud800"}',
    ]  # fmt: skip
    path = lines(tmp_path / "web.jsonl", PAGE, *bad)
    path.write_bytes(path.read_bytes() + b'{"type":"page","userId":"\xff\xfe"}\n')
    rows = bring([path]).rows["web"]
    reasons = [row.reason for row in rows if isinstance(row, RejectedRow)]
    assert len(reasons) >= len(bad)
    assert secret not in "".join(reasons)
    assert all(len(reason) > 20 for reason in reasons)


def test_json_that_is_no_list_of_messages_says_what_to_do(tmp_path: Path) -> None:
    for said in ('[{"type": "page"}]', '{"name": "deals"}'):
        with pytest.raises(UnreadableError, match="one Segment message a line"):
            read_tables([text(tmp_path / "list.json", said)])


NOTES = """# Notes

## 2026-03-02 · Jane Doe, Example, Sons & Co. (call, John Roe)

Wants a tasting.

- two machines
## 2026-03-03 14:05 · Internal review

Nothing new.
## 2026-03-03 · Jane Doe, Example, Sons & Co. (call, John Roe)
"""


def test_each_dated_heading_is_a_note_with_who_and_what(tmp_path: Path) -> None:
    brought = bring([text(tmp_path / "march.md", NOTES)])
    first, review, last = [draft for draft in brought.drafts() if draft.kind == "note.written"]
    assert first.personal == {
        "title": "Jane Doe, Example, Sons & Co.", "type": "call", "body": "Wants a tasting.\n\n- two machines",
    }  # fmt: skip
    assert (first.precision, review.precision) == (Precision.DAY, Precision.SECOND)
    assert (review.identifier, review.company, review.actor) == (None, None, None)
    assert (first.identifier, first.company, first.actor) == (last.identifier, last.company, last.actor)
    assert None not in (first.identifier, first.company, first.actor)
    names = {draft.kind: draft.personal["name"] for draft in brought.drafts() if "described" in draft.kind}
    assert names == {
        "person.described": "Jane Doe", "company.described": "Example, Sons & Co.", "colleague.described": "John Roe",
    }  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        "02.03.2026 Besuch bei Müller\n\nAlles gut.\n\n17.03.2026 Anruf\n\nNoch einmal melden.\n",
        "March 2, 2026 - Visit\nAll well.\n\nMarch 17, 2026 - Call\nRing again.\n",
        "### 2026-03-02\nAll well.\n\n### 2026-03-17\nRing again.\n",
    ],
)
def test_plain_text_with_dated_lines_is_notes(tmp_path: Path, said: str) -> None:
    found = [d for d in bring([text(tmp_path / "notes.txt", said)]).drafts() if d.kind == "note.written"]
    assert [draft.happened_at for draft in found] == [1_772_409_600_000, 1_773_705_600_000]


def test_tables_of_dates_are_no_notes_and_text_without_dates_says_what_to_do(tmp_path: Path) -> None:
    table = text(tmp_path / "deals.txt", "Deal ID;Close Date;Amount\n1;2026-03-02;5\n\n2;2026-03-03;6\n")
    assert read_tables([table])[0].header == ("Deal ID", "Close Date", "Amount")
    dates = text(tmp_path / "dates.txt", "2026-03-02;5\n2026-03-03;6\n2026-03-04;7\n")
    assert read_tables([dates])[0].record == ""
    with pytest.raises(UnreadableError, match="dated headings"):
        read_tables([text(tmp_path / "README.md", "# Data\n\nWhere it comes from.\n")])


def test_a_readme_among_tables_is_passed_over(tmp_path: Path) -> None:
    text(tmp_path / "README.md", "# Data\n\nWhere it comes from.\n")
    text(tmp_path / "deals.csv", "Deal ID,Close Date,Amount\n1,2026-03-02,5\n")
    lines(tmp_path / "web.jsonl", PAGE)
    assert [table.file for table in read_tables([tmp_path])] == ["deals.csv", "web.jsonl"]
    assert [name for name, _ in passed_over([tmp_path])] == ["README.md"]


def calendar(*events: str, head: str = "") -> str:
    body = "".join(f"BEGIN:VEVENT\nDTSTAMP:20260401T000000Z\n{event}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\n{head}{body}END:VCALENDAR\n"


GUEST = "ATTENDEE;CN=Jane Doe:mailto:jane@example.com"


def brought(path: Path, said: str, zone: str = "UTC") -> list[tuple[str, str, str]]:
    """Kind, time in UTC and end of the subject of each meeting."""
    drafts = bring([text(path, said.replace("\n", "\r\n"))], settings=Settings(zone=zone)).drafts()
    from twostroke.kit.time import iso

    meetings = [d for d in drafts if d.subject_kind in ("meeting", "visit")]
    return [(d.kind, iso(d.happened_at or 0)[:16], d.subject) for d in meetings]


def test_a_meeting_is_held_or_booked_or_called_off_by_the_newest_instant_of_the_file(tmp_path: Path) -> None:
    said = calendar(
        f"UID:1\nDTSTART:20260302T093000Z\nDTEND:20260302T103000Z\nSUMMARY:Talk\n{GUEST}",
        f"UID:2\nDTSTART:20260502T093000Z\nDURATION:PT45M\nSUMMARY:Talk\n{GUEST}",
        f"UID:3\nDTSTART:20260302T093000Z\nSTATUS:CANCELLED\nSUMMARY:Talk\n{GUEST}",
        f"UID:4\nDTSTART:20260302T093000Z\nSUMMARY:Visit: Example\n{GUEST}",
    )
    assert [found[:2] for found in brought(tmp_path / "team.ics", said)] == [
        ("meeting.held", "2026-03-02T09:30"),
        ("meeting.booked", "2026-04-01T00:00"),
        ("meeting.missed", "2026-03-02T09:30"),
        ("visit.made", "2026-03-02T09:30"),
    ]


def test_a_series_keeps_its_wall_clock_over_summer_time_without_what_was_left_out_or_moved(tmp_path: Path) -> None:
    zone = "TZID=Europe/Berlin"
    said = calendar(
        f"UID:s\nDTSTART;{zone}:20260309T100000\nDTEND;{zone}:20260309T110000\nRRULE:FREQ=WEEKLY;COUNT=5\n"
        f"EXDATE;{zone}:20260316T100000\nSUMMARY:Weekly\n{GUEST}",
        f"UID:s\nRECURRENCE-ID;{zone}:20260323T100000\nDTSTART;{zone}:20260324T150000\nSUMMARY:Weekly\n{GUEST}",
    )
    found = brought(tmp_path / "team.ics", said)
    times = ["2026-03-09T09:00", "2026-03-24T14:00", "2026-03-30T08:00"]
    assert [time for kind, time, _ in found if kind == "meeting.held"] == times
    assert [kind for kind, _, _ in found].count("meeting.booked") == 1
    assert len({subject for _, _, subject in found}) == 4


@pytest.mark.parametrize("until", ["UNTIL=20260311", "UNTIL=20260311T235959Z", "COUNT=3"])
def test_a_daily_series_ends_where_its_rule_says(tmp_path: Path, until: str) -> None:
    said = calendar(f"UID:s\nDTSTART:20260309T100000Z\nRRULE:FREQ=DAILY;{until}\n{GUEST}")
    assert len(brought(tmp_path / "team.ics", said)) == 3


def test_a_series_without_end_stops_a_year_after_the_file(tmp_path: Path) -> None:
    said = calendar(f"UID:s\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=MONTHLY\n{GUEST}")
    assert [kind for kind, _, _ in brought(tmp_path / "team.ics", said)] == ["meeting.held"] * 4 + [
        "meeting.booked"
    ] * 12


def test_a_time_without_zone_is_of_the_calendar_else_of_the_installation(tmp_path: Path) -> None:
    event = f"UID:1\nDTSTART:20260302T100000\n{GUEST}"
    assert brought(tmp_path / "a.ics", calendar(event), "Europe/Berlin")[0][1] == "2026-03-02T09:00"
    tokyo = calendar(event, head="X-WR-TIMEZONE:Asia/Tokyo\n")
    assert brought(tmp_path / "b.ics", tokyo, "Europe/Berlin")[0][1] == "2026-03-02T01:00"


def test_guests_are_those_from_outside_who_did_not_decline(tmp_path: Path) -> None:
    ours = "ORGANIZER;CN=John Roe:mailto:john@ours.example\nATTENDEE:mailto:mary@ours.example"
    others = "ATTENDEE;PARTSTAT=DECLINED:mailto:no@example.com\nATTENDEE;CUTYPE=ROOM:mailto:room@example.com"
    path = text(
        tmp_path / "team.ics",
        calendar(
            f"UID:1\nDTSTART:20260302T093000Z\nSUMMARY:A\n{ours}\n{others}\n{GUEST}\nATTENDEE:mailto:max@example.com",
            f"UID:2\nDTSTART:20260302T093000Z\nSUMMARY:Internal\n{ours}",
            "UID:3\nDTSTART;VALUE=DATE:20260302\nSUMMARY:Holiday",
        ),
    )
    found = bring([path])
    held = [draft for draft in found.drafts() if draft.kind == "meeting.held"]
    assert len(held) == 2
    assert len({draft.subject for draft in held}) == 1
    assert len({draft.identifier for draft in held}) == 2
    assert {draft.personal.get("name") for draft in found.drafts() if "described" in draft.kind} == {
        "Jane Doe",
        "John Roe",
    }
    assert found.odd("without anybody invited").rows == 2


def test_a_calendar_says_the_same_whenever_it_is_read_and_a_broken_entry_is_a_rejected_row(tmp_path: Path) -> None:
    said = calendar(f"UID:1\nDTSTART:20260302T093000Z\n{GUEST}", f"UID:2\nSUMMARY:no beginning\n{GUEST}")
    path = text(tmp_path / "team.ics", said)
    one, other = bring([path]), bring([path])
    assert one.drafts() == other.drafts()
    assert [type(row) for row in one.rows["team"]] == [TranslatedRow, RejectedRow]
    with pytest.raises(UnreadableError, match="iCalendar"):
        bring([text(tmp_path / "cut.ics", said[:120])])
