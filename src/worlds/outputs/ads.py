"""``ads/spend.csv``: what advertising cost, by day and campaign, as an ad platform's report gives it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from worlds.book import Book
from worlds.outputs.csvfile import CsvFile
from worlds.truth.record import Record
from worlds.world import World

HEADER = ("Day", "Platform", "Medium", "Campaign", "Campaign ID", "Impressions", "Clicks", "Cost", "Currency")


class Ads:
    """Writes the spend report; remembers what each campaign cost."""

    def __init__(self, world: World, root: Path, record: Record) -> None:
        self._world, self._record = world, record
        self._file = CsvFile(root, "ads/spend.csv", HEADER, record, seed=world.seed)
        self.cost: dict[tuple[int, int], int] = {}

    def write(self, book: Book) -> None:
        """Write this week's days."""
        rows = book.of("spend")
        if not rows:
            return
        order = np.lexsort((rows["campaign"], rows["channel"], rows["day"]))
        channels, currency = self._world.profile.channels, self._world.profile.firm.currency
        lines, keys = [], []
        for index in order.tolist():
            number, part = int(rows["channel"][index]), int(rows["campaign"][index])
            channel = channels[number]
            name = channel.campaigns[part] if channel.campaigns else channel.name
            day = self._world.calendar.day(int(rows["day"][index])).isoformat()
            cost = int(rows["cost"][index])
            self.cost[number, part] = self.cost.get((number, part), 0) + cost
            campaign = f"{7000 + number * 10 + part}"
            keys.append(f"{day}/{campaign}")
            lines.append(
                (
                    day,
                    channel.platform,
                    channel.medium,
                    name,
                    campaign,
                    int(rows["impressions"][index]),
                    int(rows["clicks"][index]),
                    f"{cost / 100:.2f}",
                    currency,
                )
            )
        self._file.rows(lines)
        at = self._world.calendar.start_of(rows["day"][order], np.zeros(len(order), dtype=np.int64))
        nobody = np.full(len(order), -1, dtype=np.int64)
        names = [channels[number].name for number in rows["channel"][order].tolist()]
        self._record.clean(
            "ads/spend.csv", "spend.recorded", at, nobody, nobody, keys, channel=names, amount=rows["cost"][order]
        )

    def close(self) -> None:
        """Close the file."""
        self._file.close()
