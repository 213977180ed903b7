"""``support/messages.csv``: what reached the help desk, in people's own words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from worlds.book import Book
from worlds.clock import iso
from worlds.outputs.crm import Crm
from worlds.outputs.csvfile import Cell, CsvFile
from worlds.texts import words
from worlds.truth.record import Record
from worlds.world import World

HEADER = ("Ticket ID", "Created at", "Requester", "Requester email", "Channel", "Subject", "Message", "Tags", "Status")


class Support:
    """Writes the help desk's messages. Tags are what an agent in a hurry chose: often none, sometimes wrong."""

    def __init__(self, world: World, root: Path, record: Record) -> None:
        self._world, self._record = world, record
        self._file = CsvFile(
            root, "support/messages.csv", HEADER, record, seed=world.seed, bad_rows=world.profile.dirt.bad_rows
        )
        self._number = 4100

    def write(self, book: Book, crm: Crm) -> None:
        """Write this week's messages."""
        rows = book.of("said")
        if not rows:
            return
        order = np.lexsort((rows["person"], rows["at"]))
        numbers = self._world.luck.whole("text.said", book.week, len(order)).tolist()
        times = iso(rows["at"][order])
        themes = [theme.name for theme in self._world.profile.themes]
        lines: list[Sequence[Cell]] = []
        for index, number, at in zip(order.tolist(), numbers, times, strict=True):
            person, theme = int(rows["person"][index]), themes[int(rows["theme"][index])]
            facts = crm.facts(person)
            message = words.support_message(theme, number, facts)
            subject = " ".join(words.said(theme, number // 11).split()[:5]).rstrip("?.,!") if number % 3 else "Question"
            tag = theme if number % 5 < 2 else themes[number // 5 % len(themes)] if number % 11 == 0 else ""
            channel = ("email", "chat", "form")[number // 17 % 3]
            self._number += 1
            lines.append(
                (
                    self._number,
                    at[:19] + "Z",
                    f"{facts['first']} {facts['last']}",
                    self._world.people.email[person],
                    channel,
                    subject,
                    message,
                    tag,
                    "solved" if number % 8 else "open",
                )
            )
        self._file.rows(lines)
        who = rows["person"][order]
        keys = [str(line[0]) for line in lines]
        names = [themes[number] for number in rows["theme"][order].tolist()]
        self._record.clean(
            "support/messages.csv",
            "ticket.opened",
            rows["at"][order],
            who,
            self._world.people.company[who],
            keys,
            channel=names,
        )

    def close(self) -> None:
        """Close the file."""
        self._file.close()
