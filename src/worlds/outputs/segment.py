"""Segment's JSON lines: ``segment/web.jsonl``, ``segment/mail.jsonl``, ``segment/product.jsonl``.

Types, fields and event names follow the Segment Spec (page, identify, track, group; E-mail events v1; E-commerce events
v2), one message a line, in order of arrival. Written by string pieces, not by ``json.dumps``: every piece is made JSON
once and used a thousand times.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from worlds.arrays import Ints
from worlds.clock import iso
from worlds.dirt import messages
from worlds.truth.record import Record
from worlds.world import World


def quoted(value: object) -> str:
    """The value as JSON, without spaces, in UTF-8 letters."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def stamped(original: str, sent: str, received: str, right: str) -> str:
    """The end of a line: Segment's four time stamps."""
    return f',"originalTimestamp":"{original}","sentAt":"{sent}","receivedAt":"{received}","timestamp":"{right}"}}\n'


class Stream:
    """One file of messages. Messages that arrive after their week wait here for theirs."""

    def __init__(self, world: World, root: Path, name: str, record: Record) -> None:
        """Creates ``segment/<name>.jsonl`` under ``root``."""
        self.name = f"segment/{name}.jsonl"
        self._short = name
        self._world = world
        path = root / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8", newline="")
        self._record = record
        self._waiting: list[tuple[int, str]] = []
        self._no_skew = np.zeros(1, dtype=np.int64)
        self._skews = messages.skew(world)
        record.opened(self.name)

    def ids(self, week: int, count: int) -> list[str]:
        """Message ids for this week's messages."""
        whole = self._world.luck.whole(f"segment.{self._short}.id", week, 2 * count)
        return [
            f"ajs-next-{a:x}{b:014x}"
            for a, b in zip(whole[:count].tolist(), (whole[count:] >> 8).tolist(), strict=True)
        ]

    def write(
        self, week: int, at: Ints, person: Ints, keys: list[str], heads: list[str], added: Sequence[str | None]
    ) -> None:
        """Write a week's messages. ``heads``: each line up to its time stamps; the list is used up. ``added``: why a
        line is there by dirt only (``bots``, ``scanners``, …), ``None`` for what life wrote; ``person`` is -1 where no
        person is behind it."""
        skews = np.where(person >= 0, self._skews[np.maximum(person, 0)], 0)
        fate = messages.soiled(self._world, week, self._short, at, skews)
        stamps = zip(iso(fate.original), iso(fate.sent), iso(fate.received), iso(at), strict=True)
        twice = np.flatnonzero((fate.kind == messages.REPEATED) | (fate.kind == messages.ALTERED)).tolist()
        copies = {index: heads[index] for index in twice}
        lines = heads
        for index, four in enumerate(stamps):  # in place: a week of a large world is hundreds of megabytes
            lines[index] += stamped(*four)
        end = self._world.calendar.end
        positions = fate.position.tolist()
        arrived = (fate.received < end).tolist()
        for index in np.flatnonzero(fate.kind != messages.CLEAN).tolist():
            self._soil(index, fate, lines, copies, keys, person, added, arrived)
        for index in np.flatnonzero((skews != 0) & (fate.received < end)).tolist():
            self._speck(keys[index], "skewed", int(person[index]), f"{int(skews[index])} ms")
        self._account(arrived, added, keys, person)
        self._waiting += [(position, line) for position, line, ok in zip(positions, lines, arrived, strict=True) if ok]
        self._release(week)

    def _account(self, arrived: list[bool], added: Sequence[str | None], keys: list[str], person: Ints) -> None:
        """Count what life wrote, arrived or not, and what is there by dirt only."""
        clean = Counter(ok for ok, why in zip(arrived, added, strict=True) if why is None)
        self._record.counted(self.name, "clean", clean[True])
        if clean[False]:
            self._record.counted(self.name, "never_arrived", clean[False])
        for index, why in enumerate(added):
            if why is not None and arrived[index]:
                self._record.counted(self.name, why, 1)
                self._speck(keys[index], why, int(person[index]), "")

    def _soil(
        self,
        index: int,
        fate: messages.Soiled,
        lines: list[str],
        copies: dict[int, str],
        keys: list[str],
        person: Ints,
        added: Sequence[str | None],
        arrived: list[bool],
    ) -> None:
        kind = int(fate.kind[index])
        name = messages.NAMES[kind]
        if not arrived[index]:
            self._speck(keys[index], "never_arrived", int(person[index]), name)
            return
        if kind in (messages.REPEATED, messages.ALTERED):
            head = copies[index]
            if kind == messages.ALTERED:
                head = head.replace('"properties":{', '"properties":{"retry":true,').replace(
                    '"traits":{', '"traits":{"retry":true,'
                )
            again = np.array([int(fate.again[index])])
            moments = iso(np.r_[fate.original[index], again - 30, again, fate.at[index]])
            if int(again[0]) >= self._world.calendar.end:
                return
            self._waiting.append((int(again[0]), f"{head}{stamped(*moments)}"))
            self._record.counted(self.name, name, 1)
        else:
            part = f"of_which_{name}" if added[index] is None else f"of_which_{added[index]}_{name}"
            self._record.counted(self.name, part, 1)
        if kind == messages.DAMAGED:
            lines[index] = lines[index][: 60 + len(lines[index]) // 3].rstrip("\n") + "\n"
        self._speck(
            keys[index], name, int(person[index]), f"{int(fate.received[index] - fate.sent[index])} ms on the way"
        )

    def _speck(self, key: str, dirt: str, person: int, detail: str) -> None:
        self._record.speck(self.name, key, dirt, person, detail)

    def _release(self, week: int) -> None:
        zone = np.zeros(1, dtype=np.int64)
        edge = int(self._world.calendar.start_of(np.array([week * 7 + 7]), zone)[0]) - 6 * 3_600_000
        self._waiting.sort()
        cut = next((i for i, (position, _) in enumerate(self._waiting) if position >= edge), len(self._waiting))
        self._file.writelines(line for _, line in self._waiting[:cut])
        self._waiting = self._waiting[cut:]

    def close(self) -> None:
        """Write what arrived since; what would arrive after the world's end never does."""
        self._waiting.sort()
        self._file.writelines(line for _, line in self._waiting)
        self._file.close()
