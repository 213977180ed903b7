"""Push: sellers with hours, holidays, habits and a liking for the warm. Some leave.

Capacity is real: a seller's week has so many hours, fewer in weeks with holidays, none in the weeks between a leaver
and a successor. Who is called is not chance: the warm first. In the world without push nobody calls, visits or
writes;
hands raised are still answered by whoever answers (``mechanisms.handoffs``), as late and as carelessly as ever.
"""

from __future__ import annotations

from math import ceil

import numpy as np

from worlds.arrays import Bools, Floats, Ints
from worlds.book import Book
from worlds.clock import MINUTE
from worlds.hazard import carried, level
from worlds.luck import BIRTH, Luck
from worlds.mechanisms import experiments, market
from worlds.mechanisms.people import Companies
from worlds.profiles.shape import Profile
from worlds.stages import Stage
from worlds.texts.names import FIRST, LAST, plain
from worlds.world import SELF, Seller, State, World

CALL, MISSED, MAIL, MEETING, VISIT = range(5)
KINDS = ("call", "call_missed", "mail", "meeting", "visit")
FOR_EVER = 1_000_000


def hired(
    profile: Profile, luck: Luck, companies: Companies, weeks: int
) -> tuple[list[Seller], Ints, list[list[int]], Ints]:
    """Sellers, the seat of each company, the holders of each seat, the team of each seat."""
    seller_of = np.full(len(companies), SELF, dtype=np.int64)
    sellers: list[Seller] = []
    seats: list[list[int]] = []
    teams: list[int] = []
    draws = luck.uniform("birth.seller", BIRTH, 20_000)
    served = {s.name: i for i, s in enumerate(profile.segments) if s.route == "sales"}
    for number, team in enumerate(profile.teams):
        kinds = [served[name] for name in (team.segments or list(served)) if name in served]
        places = [i for i, r in enumerate(profile.regions) if not team.regions or r.name in team.regions]
        mine = np.flatnonzero(
            np.isin(companies.segment, kinds) & np.isin(companies.region, places) & (seller_of == SELF)
        )
        count = max(1, ceil(int(companies.size[mine].sum()) / team.people_per_seller))
        seller_of[mine] = len(seats) + np.arange(len(mine)) % count
        for seat in range(count):
            leaves = round(team.leaver_at * weeks) if team.leaver_at > 0 and seat == 0 else FOR_EVER
            seats.append([len(sellers)])
            sellers.append(_seller(profile, number, len(sellers), draws, 0, leaves, -1))
            if leaves < FOR_EVER:
                seats[-1].append(len(sellers))
                sellers.append(
                    _seller(profile, number, len(sellers), draws, leaves + team.gap_weeks, FOR_EVER, len(sellers) - 1)
                )
            teams.append(number)
    return sellers, seller_of, seats, np.array(teams, dtype=np.int64)


def _seller(profile: Profile, team: int, number: int, draws: Floats, since: int, until: int, follows: int) -> Seller:
    regions = profile.teams[team].regions
    country = next((r.country for r in profile.regions if r.name in regions), profile.regions[0].country)
    country = country if country in FIRST else "GB"
    place = (2 * number) % len(draws)
    first = FIRST[country][int(draws[place] * len(FIRST[country]))]
    last = LAST[country][(int(draws[place + 1] * len(LAST[country])) + number) % len(LAST[country])].replace("Ó-", "Ó ")
    suffix = str(number) if number >= 40 else ""
    return Seller(
        team, f"{first} {last}", f"{plain(first)}.{plain(last)}{suffix}@{profile.firm.domain}", since, until, follows
    )


def step(world: World, state: State, week: int, book: Book | None) -> None:
    """Work this week's hours: adds to the push stock, and notes each contact."""
    count = len(world.people)
    added = np.zeros(count)
    plan = world.profile.push
    if state.switches.push and plan.everyone:
        added = np.ones(count)
    elif state.switches.push and world.sellers:
        person, kind, hours = _contacts(world, state, week)
        weights = np.array([plan.call, plan.call_missed, plan.mail, plan.meeting, plan.visit])
        at = _times(world, person, week)
        held = at < world.calendar.end
        if book is not None:
            _plan(world, week, person[~held], kind[~held], at[~held], book)
        person, kind, hours, at = person[held], kind[held], hours[held], at[held]
        added[person] = weights[kind]
        first = (state.known_at[person] == 2**62) & (state.called_at[person] == 2**62)
        state.called_at[person[first]] = at[first]
        if book is not None:
            book.note(
                "contact",
                person=person,
                seller=_holders(world, week)[world.seller_of[world.people.company[person]]],
                at=at,
                kind=kind,
                hours=hours,
                stage=state.shown(world.people.company)[person],
            )
    state.push_stock = carried(state.push_stock, plan.carry, added)


def _plan(world: World, week: int, person: Ints, kind: Ints, at: Ints, book: Book) -> None:
    """Meetings and visits that stand in the calendar when the world ends in the middle of a week."""
    booked = (kind == MEETING) | (kind == VISIT)
    person, kind, at = person[booked], kind[booked], at[booked]
    seller = _holders(world, week)[world.seller_of[world.people.company[person]]]
    book.note("planned", person=person, seller=seller, at=at, kind=kind)


def _holders(world: World, week: int) -> Ints:
    return np.array([world.seat_holder(seat, week) for seat in range(len(world.seats))], dtype=np.int64)


def _contacts(world: World, state: State, week: int) -> tuple[Ints, Ints, Floats]:
    """Who is contacted, how, and how long it takes: by seat, the warmest first, until the week's hours are gone."""
    people = world.people
    seat = world.seller_of[people.company]
    shown = state.shown(people.company)
    able = _callable(world, state, week, shown) & (seat != SELF)
    person = np.flatnonzero(able)
    score = _warmth(world, state, week, shown, seat)[person]
    kind, hours = _kinds(world, week, shown)
    order = np.lexsort((-score, seat[person]))
    person = person[order]
    used = np.cumsum(hours[person])
    group = seat[person]
    first = np.r_[True, group[1:] != group[:-1]] if len(group) else np.zeros(0, dtype=np.bool_)
    before = np.maximum.accumulate(np.where(first, used - hours[person], 0.0))
    within = (used - before) <= _capacity(world, week)[group]
    person = person[within]
    return person, kind[person], hours[person]


def _callable(world: World, state: State, week: int, shown: Ints) -> Bools:
    outbound = np.array([s.outbound for s in world.profile.segments])[world.people.segment]
    known = (state.known_at < 2**62) | (shown >= Stage.LEAD) | outbound
    able = market.in_market(world, state, week) & known & (shown < Stage.WON)
    trial = experiments.not_called(world, state, week) & (shown < Stage.DEAL)
    return np.asarray(able & ~trial, dtype=np.bool_)


def _warmth(world: World, state: State, week: int, shown: Ints, seat: Ints) -> Floats:
    """Selection as in life: nearer to a deal, and here lately, is called first; the rest is the seller's liking."""
    habit = np.array([team.habit for team in world.profile.teams])[world.team_of_seat[np.maximum(seat, 0)]]
    liking = world.luck.uniform("push.liking", week, len(world.people))
    recency = np.exp(-(week - state.last_own_visit) / 2.0)
    return np.asarray(0.35 * shown + 1.2 * recency + 3.0 * habit * liking - 0.15 * state.push_stock, dtype=np.float64)


def _kinds(world: World, week: int, shown: Ints) -> tuple[Ints, Floats]:
    plan = world.profile.push
    count = len(world.people)
    one = world.luck.uniform("push.kind", week, count)
    reached = world.luck.uniform("push.reached", week, count) < plan.connects
    kind = np.where(reached, CALL, np.where(one < 0.4, MAIL, MISSED))
    meets = (
        ((shown == Stage.DEAL) & (one < 0.45))
        | ((shown == Stage.PROPOSAL) & (one < 0.25))
        | ((shown == Stage.SAL) & (one < 0.2))
    )
    visits = (shown == Stage.TASTING) & (one < 0.3)
    kind = np.where(visits, VISIT, np.where(meets | ((shown == Stage.TASTING) & (one < 0.5)), MEETING, kind))
    cost = np.array([plan.call_hours, plan.call_hours / 4, plan.call_hours / 2, plan.meeting_hours, plan.visit_hours])
    return kind.astype(np.int64), cost[kind]


def _capacity(world: World, week: int) -> Floats:
    """Hours of each seat in this week: fewer with holidays, none where nobody sits."""
    days = int(world.calendar.working[week * 7 : week * 7 + 5].sum())
    hours = np.array([team.hours for team in world.profile.teams])[world.team_of_seat] * days / 5.0
    return np.asarray(np.where(_holders(world, week) >= 0, hours, 0.0), dtype=np.float64)


def _times(world: World, person: Ints, week: int) -> Ints:
    working = np.flatnonzero(world.calendar.working[week * 7 : week * 7 + 5])
    if not len(working):
        return np.full(len(person), world.calendar.end, dtype=np.int64)
    count = len(world.people)
    zone = world.zone_of_team[world.team_of_seat[world.seller_of[world.people.company[person]]]]
    day = working[(world.luck.uniform("push.day", week, count)[person] * len(working)).astype(np.int64)]
    span = (world.closes - world.opens) // MINUTE
    minute = (world.luck.uniform("push.minute", week, count)[person] * span).astype(np.int64)
    return world.calendar.instant(week, zone, day, world.opens + minute * MINUTE + 1000 * (person % 60))


def push_level(world: World, state: State) -> Floats:
    """H of the hazard equation, by person."""
    return level(state.push_stock, world.profile.push.half)
