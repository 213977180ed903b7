"""``fairs/<fair>.csv``: badge scans with a note, each fair in the date style of its scanner."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from worlds.book import Book
from worlds.outputs.crm import Crm
from worlds.outputs.csvfile import CsvFile
from worlds.texts import words
from worlds.texts.names import plain
from worlds.truth.record import Record
from worlds.world import World

HEADER = (
    "Scan no.",
    "Scanned at",
    "First name",
    "Last name",
    "Company",
    "Job title",
    "E-mail",
    "Country",
    "Note",
    "Scanned by",
)
STYLES = ("%d.%m.%Y %H:%M", "%m/%d/%Y %I:%M %p", "%d/%m/%Y %H:%M")
"""Date styles by fair: one with points, one American, one with slashes and the day first."""


class Fairs:
    """Writes one file a fair; remembers who was there, for the campaign members of the CRM."""

    def __init__(self, world: World, root: Path, record: Record) -> None:
        self._world, self._root, self._record = world, root, record
        self.members: list[tuple[int, int, int]] = []

    def write(self, book: Book, crm: Crm) -> None:
        """Write the scans of this week's fairs."""
        rows = book.of("card")
        if not rows:
            return
        for fair in sorted(set(rows["fair"].tolist())):
            here = np.flatnonzero(rows["fair"] == fair)
            here = here[np.argsort(rows["at"][here], kind="stable")]
            name = f"fairs/{plain(self._world.profile.fairs[fair].name)}.csv"
            file = CsvFile(
                self._root, name, HEADER, self._record, seed=self._world.seed, delimiter=";" if fair % 3 == 0 else ","
            )
            notes = self._world.luck.whole("text.card", book.week, len(here)).tolist()
            lines, keys = [], []
            for place, (index, note) in enumerate(zip(here.tolist(), notes, strict=True), start=1):
                keys.append(f"{fair + 1}{place:04d}")
                lines.append(
                    (keys[-1], *self._line(crm, fair, int(rows["person"][index]), int(rows["at"][index]), note))
                )
                self.members.append((int(rows["person"][index]), fair, int(rows["at"][index])))
            file.rows(lines)
            file.close()
            who = rows["person"][here]
            self._record.clean(
                name,
                "card.taken",
                rows["at"][here],
                who,
                self._world.people.company[who],
                keys,
                channel=["fair"] * len(keys),
            )

    def _line(self, crm: Crm, fair: int, person: int, at: int, note: int) -> tuple[str, ...]:
        people, world = self._world.people, self._world
        day = world.calendar.local_day(np.array([at]), np.zeros(1, dtype=np.int64))
        local = datetime.fromtimestamp(at / 1000, UTC) + timedelta(milliseconds=int(world.calendar.offsets[0, day[0]]))
        cares = [theme.name for theme in world.profile.themes if people.cares[theme.name][person]]
        text = words.short_note("card", note)
        if cares and note % 4 == 0:
            text += ' "' + words.said(cares[note // 4 % len(cares)], note // 7) + '"'
        by = world.sellers[note % len(world.sellers)].name if world.sellers else ""
        company = int(people.company[person])
        return (
            local.strftime(STYLES[fair % len(STYLES)]),
            people.first[person],
            people.last[person],
            world.companies.name[company],
            crm.pieces.title(person),
            people.email[person],
            world.profile.regions[int(people.region[person])].country,
            text,
            by,
        )
