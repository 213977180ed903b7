"""The public folder: every format is given the same week, then the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from worlds.book import Book
from worlds.dirt import identities
from worlds.outputs import catalogue, trials
from worlds.outputs.ads import Ads
from worlds.outputs.billing import Billing
from worlds.outputs.calendars import Calendars
from worlds.outputs.crm import Closed, Crm
from worlds.outputs.fairs import Fairs
from worlds.outputs.hubspot import HubSpot
from worlds.outputs.mailing import Mailing
from worlds.outputs.notes import Notes
from worlds.outputs.pieces import Pieces
from worlds.outputs.product import Product
from worlds.outputs.salesforce import Salesforce
from worlds.outputs.support import Support
from worlds.outputs.web import Web
from worlds.stages import Stage
from worlds.truth.record import Record
from worlds.world import State, World

Rows = dict[str, npt.NDArray[Any]]


class Public:
    """Writes ``DIR/public``."""

    def __init__(self, world: World, root: Path, record: Record) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._world, self._root, self._record = world, root, record
        self.dirt = identities.drawn(world)
        self.pieces = Pieces(world, self.dirt)
        self.crm = Crm(world, self.pieces, self.dirt)
        self._web = Web(world, root, record, self.pieces)
        self._mail = Mailing(world, root, record, self.pieces)
        self._product = Product(world, root, record, self.pieces)
        self._ads = Ads(world, root, record)
        self._fairs = Fairs(world, root, record)
        self._notes = Notes(world, root, record)
        self._support = Support(world, root, record)
        self._billing = Billing(world, root, record)
        self._calendars = Calendars(world, root, record)
        kinds: dict[str, type[HubSpot] | type[Salesforce]] = {"hubspot": HubSpot, "salesforce": Salesforce}
        self._exports = [kinds[name](world, root, record) for name in world.profile.firm.crm]
        self._orders = 0
        catalogue.write(world, root, record)

    def write(self, book: Book) -> None:
        """Write a week."""
        orders = self._ordered(book)
        numbers = [f"W{self._orders + index + 1:06d}" for index in range(len(orders["at"]) if orders else 0)]
        self._orders += len(numbers)
        self._web.write(book)
        self._mail.write(book)
        self._product.write(book, orders, numbers)
        self.crm.week(book)
        for export in self._exports:
            export.week(self.crm)
        self._notes.write(self.crm)
        self._support.write(book, self.crm)
        self._calendars.write(self.crm)
        self._ads.write(book)
        self._fairs.write(book, self.crm)
        moves = book.of("deal")
        won = {name: column[moves["after"] == Stage.WON] for name, column in moves.items()} if moves else {}
        self._billing.write(book.week, won, orders, numbers)

    def _ordered(self, book: Book) -> Rows:
        """This week's orders in order of time; a machine bought online is an order of the deal, not one of these."""
        rows = book.of("order")
        if not rows:
            return {}
        order = np.lexsort((rows["company"], rows["at"]))
        return {name: column[order] for name, column in rows.items()}

    def close(self, state: State) -> Closed:
        """Write what stands at the end."""
        self._web.close()
        self._mail.close()
        self._product.close()
        closed = self.crm.close(state, self._record)
        rows, members = self._campaigns()
        for export in self._exports:
            export.campaigns(rows, members)
            export.close(self.crm, closed)
        for part in (self._support, self._ads, self._billing, self._calendars):
            part.close()
        trials.write(self._world, state, self._root, self._record)
        return closed

    def _campaigns(self) -> tuple[list[tuple[int, str, str, str, str]], list[tuple[int, int, str, str, int]]]:
        """Campaigns with their spend to the cent, and the fairs' visitors as their members."""
        world = self._world
        first, last = world.calendar.day(0).isoformat(), world.calendar.day(world.calendar.days - 1).isoformat()
        rows = []
        for number, channel in enumerate(world.profile.channels):
            for part, name in enumerate(channel.campaigns or [channel.name]):
                cost = self._ads.cost.get((number, part), 0)
                rows.append((7000 + number * 10 + part, name, first, last, f"{cost / 100:.2f}"))
        for number, fair in enumerate(world.profile.fairs):
            day = catalogue.day_of(world, fair.at).isoformat()
            rows.append((9000 + number, fair.name, day, day, f"{fair.cost:.2f}"))
        fairs = world.profile.fairs
        members = [(person, 9000 + fair, fairs[fair].name, "Attended", at) for person, fair, at in self._fairs.members]
        return rows, members
