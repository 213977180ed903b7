"""The journey: who moves on this week. Applies the hazard equation to persons up to SAL and to firms from SAL on.

A firm moves as one: its levels are means over its known members, weighed by influence, and so are its multipliers.
At most one move a week for each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from worlds.arrays import Bools, Floats, Ints
from worlds.book import Book
from worlds.clock import MINUTE
from worlds.hazard import Parts, rate
from worlds.mechanisms import market, visits
from worlds.mechanisms.pull import pull_level
from worlds.mechanisms.push import push_level
from worlds.stages import NEXT_MOVE, Move, Stage
from worlds.world import SELF, State, World

MOVE_OF = np.array([int(NEXT_MOVE.get(stage, Move.NONE)) for stage in Stage])
KEY_STAGE = int(Stage.SAL)


@dataclass(frozen=True)
class Moved:
    """Who moved this week: persons (with the stage they reached) and firms."""

    visited: tuple[Ints, Ints]
    left_address: tuple[Ints, Ints]
    asked: tuple[Ints, Ints]
    bought: tuple[Ints, Ints]


def step(world: World, state: State, week: int, book: Book | None) -> Moved:
    """Move persons, then firms. The answer: persons and instants of the moves that end in something on the site."""
    pull, push = pull_level(world, state), push_level(world, state)
    season = market.season(world, week)
    need = market.need(world, state, week)
    parts, person_at, moved = _persons(world, state, week, pull, push, season, need)
    firm, firm_parts = _firms(world, state, week, pull, push, season, need)
    if book is not None:
        _keep_parts(world, state, parts, firm_parts, pull, push)
    answers = _apply_persons(world, state, person_at, moved, book)
    bought = _apply_firms(world, state, week, firm, firm_parts, book)
    return Moved(*answers, bought)


def _persons(
    world: World, state: State, week: int, pull: Floats, push: Floats, season: Floats, need: Floats
) -> tuple[Parts, Ints, Bools]:
    people = world.people
    move = np.where(state.stage < KEY_STAGE, MOVE_OF[state.stage], int(Move.NONE))
    multiplier = people.intent * season[people.segment] * need * market.in_market(world, state, week)
    parts = rate(world.terms[people.segment, move], pull, push, multiplier)
    when = visits.when(world, "journey.when", week)
    moved = (world.luck.uniform("journey.person", week, len(people)) < parts.chance) & (when < world.calendar.end)
    return parts, when, moved


def _mean(world: World, state: State, values: Floats) -> Floats:
    """By firm: the mean over known members, weighed by influence; 0 where nobody is known."""
    known = (state.stage >= Stage.LEAD) & (state.stage != Stage.OUT)
    weight = world.people.influence * known
    total = np.bincount(world.people.company, weight, minlength=len(world.companies))
    summed = np.bincount(world.people.company, weight * values, minlength=len(world.companies))
    return np.asarray(np.where(total > 0, summed / np.maximum(total, 1e-12), 0.0), dtype=np.float64)


def _firms(
    world: World, state: State, week: int, pull: Floats, push: Floats, season: Floats, need: Floats
) -> tuple[Ints, Parts]:
    """For each firm: its next move, and its parts."""
    companies = world.companies
    ready = np.bincount(world.people.company, state.stage == Stage.SAL, minlength=len(companies)) > 0
    move = np.where(state.deal == 0, np.where(ready, int(Move.OPEN), int(Move.NONE)), MOVE_OF[state.deal])
    move = np.where(state.deal >= Stage.WON, int(Move.NONE), move)
    lateness = np.zeros(len(companies))
    sal = state.stage == Stage.SAL
    np.maximum.at(lateness, world.people.company[sal], state.late_factor[sal])
    own = _mean(world, state, world.people.intent * market.words(world, state, week) * need)
    multiplier = own * season[companies.segment] * market.rival(world, state, week)
    multiplier = multiplier * np.where(move == Move.OPEN, lateness, 1.0)
    terms = world.terms[companies.segment, move]
    return move, rate(terms, _mean(world, state, pull), _mean(world, state, push), multiplier)


def _keep_parts(world: World, state: State, own: Parts, firm: Parts, pull: Floats, push: Floats) -> None:
    """For the truth: a person who is at SAL or beyond shows the firm's hazard."""
    company = world.people.company
    shared = (state.stage == Stage.SAL) | (
        (state.deal[company] > 0) & (state.stage >= Stage.LEAD) & (state.stage != Stage.OUT)
    )
    for name in ("base", "pull", "push", "both"):
        state.parts[name] = np.where(shared, getattr(firm, name)[company], getattr(own, name))
    state.parts["pull_level"], state.parts["push_level"] = pull, push
    state.parts["stage"] = state.shown(company).astype(np.float64)


def _apply_persons(
    world: World, state: State, at: Ints, moved: Bools, book: Book | None
) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints], tuple[Ints, Ints]]:
    who = np.flatnonzero(moved)
    before = state.stage[who]
    state.stage[who] = before + 1
    known = who[before == Stage.VISITOR]
    state.known_at[known] = np.minimum(state.known_at[known], at[known])
    asked = who[before == Stage.LEAD]
    state.asked_at[asked] = at[asked]
    if book is not None:
        book.note("stage", person=who, at=at[who], before=before, after=before + 1)
    first = who[before == Stage.STRANGER]
    return (first, at[first]), (known, at[known]), (asked, at[asked])


def deal_instants(world: World, week: int) -> Ints:
    """By firm: when its deal would move in this week: working hours for sellers, any hour of the segment for the
    webshop."""
    return world.luck.once("deal.instants", week, lambda: _deal_instants(world, week))


def _deal_instants(world: World, week: int) -> Ints:
    count = len(world.companies)
    zone = world.zone_of_region[world.companies.region]
    day = (world.luck.uniform("deal.day", week, count) * 5).astype(np.int64)
    span = (world.closes - world.opens) // MINUTE
    minute = (world.luck.uniform("deal.minute", week, count) * span).astype(np.int64)
    office = world.calendar.instant(week, zone, day, world.opens + minute * MINUTE + 1000 * (np.arange(count) % 60))
    web = visits.when(world, "deal.web", week)[world.companies.first_person]
    return np.where(world.seller_of == SELF, web, office)


def _apply_firms(
    world: World, state: State, week: int, move: Ints, parts: Parts, book: Book | None
) -> tuple[Ints, Ints]:
    at = deal_instants(world, week)
    luck = world.luck.uniform("journey.firm", week, len(world.companies))
    firm = np.flatnonzero((luck < parts.chance) & (move != Move.NONE) & (at < world.calendar.end))
    before = state.deal[firm]
    opened = firm[before == 0]
    after = np.where(before == 0, int(Stage.DEAL), before + 1)
    state.deal[firm] = after
    state.deal_since[firm] = at[firm]
    state.opened_at[opened] = at[opened]
    _credit(world, state, opened)
    won = firm[after == Stage.WON]
    state.won_at[won] = at[won]
    _bring_colleagues(world, state, firm[after == Stage.TASTING], at)
    if book is not None:
        book.note("deal", company=firm, at=at[firm], before=before, after=after)
    online = won[world.seller_of[won] == SELF]
    return world.companies.first_person[online], at[online]


def _credit(world: World, state: State, opened: Ints) -> None:
    """The last touch by marketing before a deal opened, of any member: what naive credit will count."""
    for firm in opened.tolist():
        first = int(world.companies.first_person[firm])
        members = slice(first, first + int(world.companies.size[firm]))
        latest = int(np.argmax(state.touched_at[members]))
        state.deal_touch[firm] = state.touched_by[members][latest]


def _bring_colleagues(world: World, state: State, firm: Ints, at: Ints) -> None:
    """At the tasting the other members of the committee enter the record, brought by those already known."""
    member = (
        np.isin(world.people.company, firm)
        & (state.stage < Stage.LEAD)
        & (world.seller_of[world.people.company] != SELF)
    )
    person = np.flatnonzero(member)
    state.stage[person] = Stage.LEAD
    state.known_at[person] = np.minimum(state.known_at[person], at[world.people.company[person]])
