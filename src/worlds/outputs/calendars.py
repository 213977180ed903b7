"""``calendars/<team>.ics``: the teams' calendars — meetings, visits, holidays, absences (iCalendar, RFC 5545)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from worlds.outputs.crm import Crm
from worlds.texts.names import plain
from worlds.truth.record import Record
from worlds.world import World


class Calendars:
    """Writes one calendar a team."""

    def __init__(self, world: World, root: Path, record: Record) -> None:
        self._world, self._record = world, record
        self._names = [f"calendars/{plain(team.name)}.ics" for team in world.profile.teams]
        (root / "calendars").mkdir(parents=True, exist_ok=True)
        self._files = [(root / name).open("w", encoding="utf-8", newline="") for name in self._names]
        self._number = 0
        for number, file in enumerate(self._files):
            record.opened(self._names[number])
            file.write("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Teams//Calendar//EN\r\n")
            self._fixed(number)

    def _fixed(self, team: int) -> None:
        world = self._world
        first, last = world.calendar.day(0), world.calendar.day(world.calendar.days)
        for day in sorted(world.calendar.holidays):
            if first <= day < last:
                self._whole_day(team, day, day + timedelta(days=1), "Holiday")
        for seller in world.sellers:
            if seller.team == team and seller.until < world.calendar.weeks:
                day = world.calendar.day(seller.until * 7)
                self._whole_day(team, day, day + timedelta(days=1), f"{seller.name} has left us")

    def _whole_day(self, team: int, begin: date, end: date, text: str) -> None:
        self._event(team, f"DTSTART;VALUE=DATE:{begin:%Y%m%d}", f"DTEND;VALUE=DATE:{end:%Y%m%d}", text, "")

    def _event(self, team: int, begin: str, end: str, text: str, attendee: str) -> None:
        self._number += 1
        lines = [
            "BEGIN:VEVENT",
            f"UID:{self._number}@{self._world.profile.firm.domain}",
            f"DTSTAMP:{_stamp(self._world.calendar.end)}",
            begin,
            end,
            f"SUMMARY:{_escaped(text)}",
        ]
        if attendee:
            lines.append(f"ATTENDEE:mailto:{attendee}")
        self._files[team].write("".join(folded(line) for line in [*lines, "END:VEVENT"]))
        self._record.counted(self._names[team], "clean", 1)

    def write(self, crm: Crm) -> None:
        """Add this week's meetings and visits."""
        world = self._world
        for one in crm.activities:
            if one.kind in ("meeting", "visit") and one.seller >= 0:
                company = world.companies.name[int(world.people.company[one.person])]
                who = f"{world.people.first[one.person]} {world.people.last[one.person]}"
                text = f"{one.kind.capitalize()}: {company}, {who}"
                self._event(
                    world.sellers[one.seller].team,
                    f"DTSTART:{_stamp(one.at)}",
                    f"DTEND:{_stamp(one.at + one.minutes * 60_000)}",
                    text,
                    world.people.email[one.person],
                )

    def close(self) -> None:
        """Finish and close the files."""
        for file in self._files:
            file.write("END:VCALENDAR\r\n")
            file.close()


def _stamp(at: int) -> str:
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """A content line of at most 75 octets a piece, continued after a space (RFC 5545, 3.1)."""
    if len(line) < 75 and line.isascii():
        return line + "\r\n"
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > 74:
            pieces.append(piece)
            piece, size = "", 0
        piece += letter
        size += octets
    return "\r\n ".join([*pieces, piece]) + "\r\n"
