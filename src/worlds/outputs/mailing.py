"""``segment/mail.jsonl``: what the mailing tool saw (Segment Spec, E-mail events): people, scanners, forwarded
mails."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from worlds.arrays import Ints
from worlds.book import Book
from worlds.dirt import machines
from worlds.dirt.identities import FORWARD_AFTER, forwarded
from worlds.outputs.pieces import Pieces
from worlds.outputs.segment import Stream, quoted
from worlds.truth.record import Record
from worlds.world import World

EVENTS = {
    "delivered": "Email Delivered",
    "bounced": "Email Bounced",
    "opened": "Email Opened",
    "clicked": "Email Link Clicked",
    "left": "Unsubscribed",
}
KINDS = {
    "delivered": "mail.delivered",
    "bounced": "mail.bounced",
    "opened": "mail.opened",
    "clicked": "mail.clicked",
    "left": "mail.unsubscribed",
}
LIBRARY = '"library":{"name":"mailing-room","version":"4.2"}'
SCANNER = '"ip":"198.51.100.250","userAgent":"Mozilla/5.0 (compatible; LinkGuard/3.0)"'


class Mailing:
    """Writes the mailing tool's messages."""

    def __init__(self, world: World, root: Path, record: Record, pieces: Pieces) -> None:
        self._world, self._record, self._pieces = world, record, pieces
        self._stream = Stream(world, root, "mail", record)
        self._scanned = machines.scanned(world)

    def write(self, book: Book) -> None:
        """Write this week's messages."""
        rows = book.of("mail")
        if not rows:
            self._stream.write(book.week, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), [], [], [])
            return
        number = int(rows["number"][0])
        what = rows["what"].tolist()
        person, at = rows["person"], rows["at"]
        extra_person, extra_at, extra_what = self._machines(rows)
        scans = len(extra_person)
        again, again_at = self._forwarded(book.week, rows)
        extra_person, extra_at = np.r_[extra_person, again], np.r_[extra_at, again_at]
        extra_what += ["clicked"] * len(again)
        keys = self._stream.ids(book.week, len(person) + len(extra_person))
        heads = [
            self._head(key, who, kind, number, "") for key, who, kind in zip(keys, person.tolist(), what, strict=False)
        ]
        mine = keys[len(person) :]
        heads += [
            self._head(key, who, kind, number, SCANNER if place < scans else "")
            for place, (key, who, kind) in enumerate(zip(mine, extra_person.tolist(), extra_what, strict=True))
        ]
        for kind, name in KINDS.items():
            here = np.flatnonzero(rows["what"] == kind)
            who = person[here]
            self._record.clean(
                self._stream.name,
                name,
                at[here],
                who,
                self._world.people.company[who],
                [keys[i] for i in here.tolist()],
                channel=["mail"] * len(here),
            )
        added: list[str | None] = [None] * len(person) + ["scanners"] * scans + ["forwarded"] * len(again)
        self._stream.write(book.week, np.r_[at, extra_at], np.r_[person, extra_person], keys, heads, added)

    def _forwarded(self, week: int, rows: dict[str, Ints]) -> tuple[Ints, Ints]:
        """Clicks of a colleague to whom the mail was forwarded: the link still names its first reader."""
        clicked = rows["what"] == "clicked"
        person, at = rows["person"][clicked], rows["at"][clicked] + FORWARD_AFTER
        again, _ = forwarded(self._world, week, person)
        again &= at < self._world.calendar.end
        return person[again], at[again]

    def _machines(self, rows: dict[str, Ints]) -> tuple[Ints, Ints, list[str]]:
        met = (rows["what"] == "delivered") & self._scanned[rows["person"]]
        person, at = rows["person"][met], rows["at"][met]
        kinds = ["opened"] * len(person) + ["clicked"] * len(person)
        return np.r_[person, person], np.r_[at + 1_900 + person % 700, at + 3_100 + person % 900], kinds

    def _head(self, key: str, who: int, kind: str, number: int, machine: str) -> str:
        subjects = self._world.profile.mail.subjects
        link = f',"link_url":"https://www.{self._world.profile.firm.domain}/stories"' if kind == "clicked" else ""
        context = f"{LIBRARY},{machine}" if machine else LIBRARY
        return (
            f'{{"type":"track","messageId":"{key}","userId":"{self._pieces.user[who]}","event":"{EVENTS[kind]}",'
            f'"properties":{{"email_id":"nl-{number:03d}","email_subject":{quoted(subjects[number % len(subjects)])},'
            f'"campaign":{{"id":"nl-{number:03d}","name":"Newsletter {number:03d}"}}{link}}},'
            f'"context":{{{context},"traits":{{"email":"{self._world.people.email[who]}"}}}}'
        )

    def close(self) -> None:
        """Write what is still on its way."""
        self._stream.close()
