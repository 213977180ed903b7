"""Visits: what people leave behind on the site. Traces only: a visit moves nobody.

Interest makes both the visit and the sale; whoever takes visits for causes is misled by a known amount. Three things
follow from visits of people's own will, and from no others: a claim is met in them, sellers call such visitors first,
and ads chase them. Clicks on ads and mails do none of it: an ad without weight has no effect by any way round.
"""

from __future__ import annotations

import numpy as np

from worlds.arrays import Bools, Floats, Ints, counts, pick, shares
from worlds.book import Book
from worlds.clock import HOUR
from worlds.mechanisms import market
from worlds.mechanisms.pull import MAIL, ORGANIC, touches
from worlds.stages import Stage
from worlds.texts import site
from worlds.world import State, World, hour_table

RATE = np.array([0.0, 0.5, 1.0, 2.0, 1.6, 1.5, 1.5, 2.0, 0.5, 0.1, 0.03])
"""Visits by stage, as multiples of the segment's ``organic`` rate."""

MOST = 3
NO_GOAL, ASKED, BOUGHT, LOOKED_AT_SERVICE, LEFT_ADDRESS = range(5)


def when(world: World, name: str, week: int) -> Ints:
    """By person: an instant in this week, at an hour at which people of the segment come."""
    return world.luck.once(name, week, lambda: _when(world, name, week))


def _when(world: World, name: str, week: int) -> Ints:
    count = len(world.people)
    luck = world.luck.uniform(name, week, count)
    hour = np.zeros(count, dtype=np.int64)
    for index, segment in enumerate(world.profile.segments):
        here = world.people.segment == index
        hour[here] = pick(hour_table(segment.style), luck[here])
    inside = (world.luck.uniform(name + ".inside", week, count) * HOUR).astype(np.int64)
    zone = world.zone_of_region[world.people.region]
    return world.calendar.instant(week, zone, hour // 24, hour % 24 * HOUR + inside)


def step(
    world: World,
    state: State,
    week: int,
    clicks: list[Bools],
    mailed: tuple[Bools, Ints],
    goals: dict[int, tuple[Ints, Ints]],
    book: Book | None,
) -> None:
    """This week's visits: own will, clicks on ads and mails, and those that end in ``goals`` (goal → persons,
    instants)."""
    count = len(world.people)
    kinds = touches(world)
    shown = state.shown(world.people.company)
    organic = np.array([s.organic for s in world.profile.segments])[world.people.segment]
    quiet = np.where(market.need(world, state, week) < 1.0, 0.2, 1.0)
    rate = np.where(market.in_market(world, state, week), organic * world.people.intent * RATE[shown] * quiet, 0.0)
    own = counts(rate, world.luck.uniform("visits.count", week, count), MOST)
    table: list[tuple[Ints, Ints, int, int]] = []
    for turn in range(MOST):
        who = np.flatnonzero(own > turn)
        table.append((who, when(world, f"visits.when{turn}", week)[who], kinds.index(ORGANIC), NO_GOAL))
    for number, clicked in enumerate(clicks):
        who = np.flatnonzero(clicked)
        table.append((who, when(world, f"visits.channel{number}", week)[who], number, NO_GOAL))
    who = np.flatnonzero(mailed[0])
    table.append((who, mailed[1][who] + 1500, kinds.index(MAIL), NO_GOAL))
    table += [(persons, instants, -1, goal) for goal, (persons, instants) in goals.items()]
    person = np.concatenate([row[0] for row in table])
    at = np.concatenate([row[1] for row in table])
    source = np.concatenate([np.full(len(row[0]), row[2]) for row in table])
    goal = np.concatenate([np.full(len(row[0]), row[3]) for row in table])
    keep = at < world.calendar.end
    person, at, source, goal = person[keep], at[keep], source[keep], goal[keep]
    _remember(world, state, week, person, at, source, len(world.profile.channels), kinds.index(MAIL))
    if book is not None and len(person):
        _pages(world, week, shown, person, at, source, goal, book)


def _remember(
    world: World, state: State, week: int, person: Ints, at: Ints, source: Ints, channels: int, mail: int
) -> None:
    touch = ((source >= 0) & (source < channels)) | (source == mail)
    own = person[~touch]
    state.last_own_visit[own] = week
    meets = market.claim_is_out(world, state, week)
    state.met_claim[own[world.luck.uniform("visits.claim", week, len(world.people))[own] < meets]] = True
    order = np.argsort(at[touch], kind="stable")
    state.touched_by[person[touch][order]] = source[touch][order]
    state.touched_at[person[touch][order]] = at[touch][order]


def _pages(world: World, week: int, shown: Ints, person: Ints, at: Ints, source: Ints, goal: Ints, book: Book) -> None:
    order = np.lexsort((person, at))
    person, at, source, goal = person[order], at[order], source[order], goal[order]
    sessions = len(person)
    length = 1 + np.floor(-2.2 * np.log1p(-world.luck.uniform("visits.length", week, sessions))).astype(np.int64)
    length = np.minimum(np.where((goal > 0) & (length < 3), 3, length), 9)
    length = np.where((shown[person] == Stage.STRANGER) & (goal == NO_GOAL), 1, length)
    session = np.repeat(np.arange(sessions), length)
    place = np.arange(len(session)) - np.repeat(np.cumsum(length) - length, length)
    pause = 12_000 + (110_000 * world.luck.uniform("visits.pause", week, len(session)) ** 2).astype(np.int64)
    passed = np.cumsum(pause) - np.repeat(np.cumsum(pause)[np.cumsum(length) - length], length)
    luck = world.luck.uniform("visits.page", week, len(session))
    early = shown[person[session]] < Stage.MQL
    page = np.where(early, pick(_SHARES[0], luck), pick(_SHARES[1], luck))
    page = np.where((place == 0) & (source[session] == touches(world).index(ORGANIC)) & (luck < 0.5), 0, page)
    last = place == length[session] - 1
    page = _goal_pages(page, place, last, goal[session])
    end = at[session] + passed
    keep = end < world.calendar.end
    book.note(
        "page",
        person=person[session][keep],
        at=end[keep],
        page=page[keep],
        source=source[session][keep],
        first=(place == 0)[keep],
        session=session[keep],
    )
    done = last & keep & (goal[session] != NO_GOAL) & (goal[session] != LOOKED_AT_SERVICE)
    book.note("form", person=person[session][done], at=end[done] + 9_000, goal=goal[session][done])


def _goal_pages(page: Ints, place: Ints, last: Bools, goal: Ints) -> Ints:
    page = np.where(goal == LOOKED_AT_SERVICE, np.where(place == 0, site.SERVICE, page), page)
    page = np.where((goal == ASKED) & last, site.CONTACT, np.where((goal == ASKED) & (place == 1), site.PRICING, page))
    page = np.where((goal == LEFT_ADDRESS) & last, site.CARE, page)
    return np.where((goal == BOUGHT) & last, site.SHOP, page)


_SHARES: tuple[Floats, Floats] = (shares(site.EARLY), shares(site.LATE))
