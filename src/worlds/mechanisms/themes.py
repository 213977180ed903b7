"""Themes: what people say, as support messages or to a seller. What they say follows what they care about."""

from __future__ import annotations

import numpy as np

from worlds.book import Book
from worlds.mechanisms import dropoff, market, visits
from worlds.stages import Stage
from worlds.world import State, World

STALL_THEME = "service"
STALL_TIMES = 12.0


def step(world: World, state: State, week: int, book: Book | None) -> None:
    """Note what is said this week. Words are traces of concerns, and the concerns act in the hazard; all that words do
    is to say who may be told the claim that answers them."""
    people = world.people
    known = market.in_market(world, state, week) & ((state.known_at < 2**62) | (state.stage >= Stage.LEAD))
    stalled = dropoff.stalls(world, state, week)[people.company] & (state.stage >= Stage.LEAD)
    for number, theme in enumerate(world.profile.themes):
        if book is None and not theme.claim:
            continue
        weekly = np.where(people.cares[theme.name], theme.weekly / max(theme.holders, 1e-9) * 0.9, theme.weekly * 0.1)
        weekly = np.where(world.where(theme.segments) & known, weekly, 0.0)
        if theme.name == STALL_THEME:
            weekly = np.where(stalled, np.minimum(weekly * world.told(STALL_TIMES), 0.2), weekly)
        says = np.flatnonzero(world.luck.uniform(f"theme.{theme.name}", week, len(people)) < weekly)
        at = visits.when(world, f"theme.{theme.name}.when", week)[says]
        says, at = says[at < world.calendar.end], at[at < world.calendar.end]
        if theme.claim:
            np.minimum.at(state.complained_at, people.company[says], at)
        if book is not None:
            book.note("said", person=says, at=at, theme=np.full(len(says), number))
