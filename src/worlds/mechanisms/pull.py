"""Pull: advertising reaches many, saturates, is slowly forgotten — and chases those who are already coming.

Who is shown an ad is not chance: ``retarget`` and ``late`` make ads follow visitors and hands already raised. That is
why naive credit is wrong, and by how much is known here. Costs follow what was shown, waste included.
"""

from __future__ import annotations

import numpy as np

from worlds.arrays import Bools, Floats, Ints
from worlds.book import Book
from worlds.hazard import carried, level
from worlds.mechanisms import experiments, market
from worlds.profiles.shape import Channel
from worlds.stages import Stage
from worlds.world import State, World

ORGANIC, MAIL, FAIR = "organic", "mail", "fair"
DAYS = np.array([0.16, 0.17, 0.17, 0.16, 0.14, 0.09, 0.11])
"""How a week's impressions fall on Monday to Sunday."""


def touches(world: World) -> list[str]:
    """Names of touches by number: the channels first, then organic, mail and fair."""
    return [channel.name for channel in world.profile.channels] + [ORGANIC, MAIL, FAIR]


def step(world: World, state: State, week: int, book: Book | None) -> list[Bools]:
    """Show this week's ads: adds to the pull stock. The answer: for each channel, who clicked."""
    count = len(world.people)
    added = np.zeros(count)
    clicks: list[Bools] = []
    present = market.in_market(world, state, week)
    recent = week - state.last_own_visit <= 3
    shown = state.shown(world.people.company)
    close = (shown >= Stage.MQL) & (shown <= Stage.PROPOSAL)
    for channel in world.profile.channels:
        if not state.switches.pull or channel.name in state.switches.without_channels:
            clicks.append(np.zeros(count, dtype=np.bool_))
            continue
        able = present & _eligible(world, channel) & experiments.shown(world, state, channel.name, week)
        chance = np.where(able, channel.reach, 0.0)
        chance = np.minimum(
            chance * np.where(recent, channel.retarget, 1.0) * np.where(close, _late(world, channel), 1.0), 1.0
        )
        met = world.luck.uniform(f"pull.{channel.name}", week, count) < chance
        added += channel.weight * met
        clicks.append(met & (world.luck.uniform(f"pull.{channel.name}.click", week, count) < channel.click))
        if book is not None:
            _spend(world, channel, week, int(met.sum()), int(clicks[-1].sum()), book)
    state.pull_stock = carried(state.pull_stock, world.profile.pull.carry, added)
    return clicks


def _late(world: World, channel: Channel) -> float:
    return world.told(channel.late)


def _eligible(world: World, channel: Channel) -> Bools:
    able = world.where(channel.segments)
    if channel.ways:
        able = able & np.isin(world.people.way, channel.ways)
    return able


def _spend(world: World, channel: Channel, week: int, met: int, clicked: int, book: Book) -> None:
    """A row a day and campaign. Everyone reached stands for ``waste`` others who will never buy and were paid for,
    too."""
    impressions = met * channel.impressions * channel.waste
    clicks = clicked * channel.waste
    parts = len(channel.campaigns) or 1
    turn = 0.6 + 0.8 * world.luck.uniform(f"spend.{channel.name}", week, 7 * parts)
    day = np.tile(np.arange(7), parts)
    campaign = np.repeat(np.arange(parts), 7)
    share = DAYS[day] * turn
    share = share / share.sum()
    seen = np.rint(impressions * share).astype(np.int64)
    pressed = np.minimum(np.rint(clicks * share).astype(np.int64), seen)
    cost = np.rint(100 * (pressed * channel.cost_per_click + seen * channel.cost_per_thousand / 1000)).astype(np.int64)
    first = week * 7 + day
    keep = _before_end(world, first)
    book.note(
        "spend",
        day=first[keep],
        channel=np.full(int(keep.sum()), world.profile.channels.index(channel)),
        campaign=campaign[keep],
        impressions=seen[keep],
        clicks=pressed[keep],
        cost=cost[keep],
    )


def _before_end(world: World, day: Ints) -> Bools:
    zone = np.zeros(len(day), dtype=np.int64)
    return np.asarray(world.calendar.start_of(day + 1, zone) <= world.calendar.end, dtype=np.bool_)


def pull_level(world: World, state: State) -> Floats:
    """P of the hazard equation, by person."""
    return level(state.pull_stock, world.profile.pull.half)
