"""``notes/<year>-<month>.md``: call and meeting notes in prose, one file a month, as a shared notebook keeps them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from worlds.clock import iso
from worlds.outputs.crm import Activity, Crm
from worlds.truth.record import Record
from worlds.world import World


class Notes:
    """Writes the notebook. Only talks worth a note: calls that were answered, meetings and visits."""

    def __init__(self, world: World, root: Path, record: Record) -> None:
        self._world, self._root, self._record = world, root / "notes", record
        self._root.mkdir(parents=True, exist_ok=True)

    def write(self, crm: Crm) -> None:
        """Add this week's notes."""
        rows = [one for one in crm.activities if one.kind in ("call", "meeting", "visit") and one.text]
        if not rows:
            return
        days = iso(np.array([one.at for one in rows]))
        months: dict[str, list[tuple[Activity, str]]] = {}
        for one, at in zip(rows, days, strict=True):
            months.setdefault(at[:7], []).append((one, at[:10]))
        for month, entries in months.items():
            path = self._root / f"{month}.md"
            name = f"notes/{month}.md"
            self._record.opened(name)
            with path.open("a", encoding="utf-8", newline="") as file:
                file.writelines(self._entry(one, day) for one, day in entries)
            self._record.counted(name, "clean", len(entries))

    def _entry(self, one: Activity, day: str) -> str:
        people, world = self._world.people, self._world
        firm = world.companies.name[int(people.company[one.person])]
        seller = world.sellers[one.seller].name if one.seller >= 0 else "somebody"
        who = f"{people.first[one.person]} {people.last[one.person]}"
        return f"## {day} · {who}, {firm} ({one.kind}, {seller})\n\n{one.text}\n\n"
