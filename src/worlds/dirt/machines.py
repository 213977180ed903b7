"""Machines that look like people: crawlers on the site, scanners that open and click mail within seconds."""

from __future__ import annotations

import numpy as np

from worlds.arrays import Bools, Ints, counts
from worlds.clock import DAY
from worlds.luck import BIRTH
from worlds.world import World

AGENTS = (
    "Mozilla/5.0 (compatible; PageMillBot/2.1; +https://pagemill.example/bot)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
    "pricewatch-crawler/0.9 (+https://pricewatch.example)",
)


def scanned(world: World) -> Bools:
    """By person: whether the mail passes a scanner that opens and clicks everything. A property of the firm's mail
    server."""
    firms = world.luck.uniform("dirt.scanners", BIRTH, len(world.companies)) < world.profile.dirt.scanners
    return np.asarray(firms[world.people.company], dtype=np.bool_)


def bot_views(world: World, week: int, human: int) -> tuple[Ints, Ints, Ints]:
    """Page views by bots in this week: instant, which bot, which page. As many per human view as the profile says."""
    rate = np.full(1, human * world.profile.dirt.bots)
    many = int(counts(rate, world.luck.uniform("dirt.bots", week, 1), 100)[0]) if rate[0] < 30 else int(rate[0])
    zero = np.zeros(1, dtype=np.int64)
    begin = int(world.calendar.start_of(zero + week * 7, zero)[0])
    at = begin + (np.sort(world.luck.uniform("dirt.bots.at", week, many)) * 7 * DAY).astype(np.int64)
    bot = (world.luck.uniform("dirt.bots.who", week, many) * 7).astype(np.int64)
    page = (world.luck.uniform("dirt.bots.page", week, many) * 13).astype(np.int64)
    keep = at < world.calendar.end
    return at[keep], bot[keep], page[keep]
