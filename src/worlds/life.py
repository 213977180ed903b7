"""Life: one week after another, in every variant of the world with the same luck."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from worlds.book import Book
from worlds.clock import calendar
from worlds.luck import Luck
from worlds.mechanisms import (
    dropoff,
    experiments,
    fairs,
    handoffs,
    journey,
    mail,
    orders,
    people,
    pull,
    push,
    themes,
    visits,
)
from worlds.profiles.shape import Profile
from worlds.world import State, Switches, World, first_state, terms_of


def begin(profile: Profile, *, seed: int, count: int, months: int, until: date, beyond: int = 0) -> World:
    """The world before its first week. ``count`` persons; ``until`` the last day, moved back to a working day, and
    ``beyond`` the days that are lived on after it."""
    if count < 1:
        raise ValueError(f"a world has at least one person, not {count}")
    zones = tuple(
        dict.fromkeys([profile.firm.zone, *(r.zone for r in profile.regions), *(t.zone for t in profile.teams)])
    )
    span = calendar(months=months, until=until, zones=zones, holiday_rules=profile.firm.holidays, beyond=beyond)
    luck = Luck(seed)
    companies, persons = people.born(profile, luck, count, span.length)
    sellers, seller_of, seats, teams = push.hired(profile, luck, companies, span.length)
    return World(
        profile=profile,
        seed=seed,
        calendar=span,
        luck=luck,
        companies=companies,
        people=persons,
        sellers=sellers,
        seller_of=seller_of,
        seats=seats,
        team_of_seat=teams,
        terms=terms_of(profile),
        zone_of_region=np.array([zones.index(r.zone) for r in profile.regions], dtype=np.int64),
        zone_of_team=np.array([zones.index(t.zone) for t in profile.teams] or [0], dtype=np.int64),
        self_serve=np.array([s.route == "self_serve" for s in profile.segments], dtype=np.bool_),
        arms=experiments.drawn(profile, luck, companies),
    )


def variants(profile: Profile) -> list[Switches]:
    """The world as it was, then the counterfactual ones: pull, push, either, each judged channel, each planted
    story."""
    found = [
        Switches(),
        Switches("without_pull", pull=False),
        Switches("without_push", push=False),
        Switches("without_either", pull=False, push=False),
    ]
    found += [Switches(f"without_{c.name}", without_channels=frozenset({c.name})) for c in profile.channels if c.judged]
    found += [Switches(name, arms=arms) for name, arms in experiments.worlds(profile).items()]
    stories = {
        "stall": profile.stall.segment != "",
        "claim": any(theme.claim for theme in profile.themes),
        "monday": any(team.monday_hours for team in profile.teams),
        "fair": any(fair.ripens_weeks for fair in profile.fairs),
        "promotion": profile.promotion.at > 0,
    }
    told = [name for name, planted in stories.items() if planted]
    return [*found, *(Switches(f"without_story_{name}", without_stories=frozenset({name})) for name in told)]


def lived(world: World, switches: list[Switches]) -> Iterator[tuple[Book, list[State]]]:
    """Live through the weeks. Yields the book of each (of the first variant) and the states at its end."""
    states = [first_state(world, one) for one in switches]
    for week in range(world.calendar.weeks):
        book = Book(week)
        for number, state in enumerate(states):
            one_week(world, state, week, book if number == 0 else None)
        yield book, states


def one_week(world: World, state: State, week: int, book: Book | None) -> None:
    """One variant lives one week, in the order of the drawing in ``worlds``."""
    experiments.tell(world, state, week)
    clicks = pull.step(world, state, week, book)
    mailed = mail.step(world, state, week, book)
    fairs.step(world, state, week, book)
    push.step(world, state, week, book)
    moved = journey.step(world, state, week, book)
    handoffs.step(world, state, week, moved.asked[0], book)
    looks = dropoff.step(world, state, week, book)
    goals = {
        visits.NO_GOAL: moved.visited,
        visits.LEFT_ADDRESS: moved.left_address,
        visits.ASKED: moved.asked,
        visits.BOUGHT: moved.bought,
        visits.LOOKED_AT_SERVICE: looks,
    }
    visits.step(world, state, week, clicks, mailed, goals, book)
    themes.step(world, state, week, book)
    orders.step(world, state, week, book)
