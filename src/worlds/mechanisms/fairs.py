"""Fairs: cards scanned at a stand. Both pull and push by nature, so only the world without either has none.

A fair with ``ripens_weeks`` looks dead: those who came wanted nothing yet, are sent back, and buy months later.
"""

from __future__ import annotations

import numpy as np

from worlds.book import Book
from worlds.clock import HOUR
from worlds.mechanisms import market
from worlds.mechanisms.pull import FAIR, touches
from worlds.stages import Stage
from worlds.world import State, World


def step(world: World, state: State, week: int, book: Book | None) -> None:
    """Hold the fairs of this week, Tuesday to Thursday: visitors become known, and remember the talk."""
    for number, fair in enumerate(world.profile.fairs):
        if week != world.week_at(fair.at) or not (state.switches.pull or state.switches.push):
            continue
        count = len(world.people)
        liking = np.where(world.people.way == "fair", 4.0, 1.0)
        free = (
            market.in_market(world, state, week) & world.where(fair.segments) & (state.deal[world.people.company] == 0)
        )
        chance = np.where(free & (state.stage < Stage.MQL), np.minimum(fair.share * liking, 0.9), 0.0)
        who = np.flatnonzero(world.luck.uniform(f"fair.{fair.name}", week, count) < chance)
        place = world.luck.uniform(f"fair.{fair.name}.time", week, count)[who]
        day = 1 + (place * 3).astype(np.int64)
        inside = 10 * HOUR + ((place * 3 % 1) * 7 * HOUR).astype(np.int64)
        at = world.calendar.instant(week, np.zeros(len(who), dtype=np.int64), day, inside)
        who, at = who[at < world.calendar.end], at[at < world.calendar.end]
        fresh = state.known_at[who] == 2**62
        state.known_at[who] = np.minimum(state.known_at[who], at)
        state.push_stock[who] += fair.weight * state.switches.push
        state.pull_stock[who] += fair.weight * state.switches.pull
        state.touched_by[who] = touches(world).index(FAIR)
        state.touched_at[who] = at
        if fair.ripens_weeks:
            state.need_from[who] = week + fair.ripens_weeks
        if book is not None:
            book.note("card", person=who, at=at, fair=np.full(len(who), number), fresh=fresh)
