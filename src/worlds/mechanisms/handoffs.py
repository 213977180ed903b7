"""Handoffs: raised hands offered to sellers — accepted, sent back with a reason, forgotten; late over nights and
weekends.

People decide this move, so it has no hazard; it is the same with and without push (somebody always answers the phone).
Waiting costs: the chance that a deal opens halves with each ``push.lateness_half_hours`` until the answer.
"""

from __future__ import annotations

import numpy as np

from worlds.arrays import Bools, Floats, Ints
from worlds.book import Book
from worlds.clock import DAY, HOUR
from worlds.stages import Stage
from worlds.world import SELF, State, World

ACCEPTED, SENT_BACK, FORGOTTEN = range(3)
REASONS = ("Wrong person", "No budget", "Not a fit", "No answer", "Bad timing", "Only wanted the paper")
EXPIRES = 7 * DAY


def step(world: World, state: State, week: int, asked: Ints, book: Book | None) -> None:
    """Offer this week's raised hands, then give the answers that fall due until the week ends."""
    _offer(world, state, week, asked)
    week_end = int(world.calendar.start_of(np.array([week * 7 + 7]), np.zeros(1, dtype=np.int64))[0])
    due = np.flatnonzero((state.answer_at > 0) & (state.answer_at < min(week_end, world.calendar.end)))
    verdict = state.verdict[due]
    answered = state.answer_at[due]
    hours = (answered - state.asked_at[due]) / HOUR
    plan = world.profile.push
    factor = np.maximum(plan.lateness_floor, 0.5 ** (hours / plan.lateness_half_hours))
    state.late_factor[due] = _told(world, state, factor, due)
    careless = (verdict == SENT_BACK) & (
        world.luck.uniform("handoff.careless", week, len(world.people))[due] < _of(world, "careless", due)
    )
    if book is not None:
        reason = (world.luck.uniform("handoff.reason", week, len(world.people))[due] * len(REASONS)).astype(np.int64)
        book.note(
            "handoff",
            person=due,
            asked=state.asked_at[due],
            at=answered,
            verdict=verdict,
            reason=reason,
            careless=careless,
        )
    state.stage[due[verdict == ACCEPTED]] = Stage.SAL
    state.stage[due[verdict == SENT_BACK]] = Stage.LEAD
    state.answer_at[due] = 0
    again = due[verdict == FORGOTTEN]
    state.verdict[again] = ACCEPTED
    state.answer_at[again] = np.maximum(answered[verdict == FORGOTTEN] + 4 * HOUR, week_end)


def _told(world: World, state: State, factor: Floats, due: Ints) -> Floats:
    """The lateness factor, drawn towards 1 by ``strength.stories``; the webshop is never late."""
    told = 1.0 + (factor - 1.0) * world.profile.strength.stories
    return np.where(world.seller_of[world.people.company[due]] == SELF, 1.0, told)


def _of(world: World, name: str, person: Ints) -> Floats:
    """A habit of the team that carries each person; 0 for the webshop."""
    values = np.array([getattr(team, name) for team in world.profile.teams] + [0.0], dtype=np.float64)
    seat = world.seller_of[world.people.company[person]]
    team = np.where(
        seat == SELF, len(world.profile.teams), world.team_of_seat[np.maximum(seat, 0)] if len(world.seats) else 0
    )
    return values[team]


def _offer(world: World, state: State, week: int, asked: Ints) -> None:
    count = len(world.people)
    spread = world.luck.normal("handoff.delay", week, count)[asked]
    hours = np.maximum(_of(world, "answer_hours", asked) * np.exp(_of(world, "answer_spread", asked) * spread), 0.05)
    at = state.asked_at[asked]
    seat = world.seller_of[world.people.company[asked]]
    web = seat == SELF
    zone = np.zeros(len(asked), dtype=np.int64)
    if len(world.seats):
        zone = np.where(web, 0, world.zone_of_team[world.team_of_seat[np.maximum(seat, 0)]])
    monday = _monday_waits(world, state, asked, zone)
    slow = _of(world, "monday_hours", asked) * (1 + 0.06 * spread)
    start = world.calendar.into_hours(at, zone, world.opens, world.closes)
    answer = np.where(monday, at + (slow * HOUR).astype(np.int64), start + (hours * HOUR).astype(np.int64))
    answer = world.calendar.into_hours(answer, zone, world.opens, world.closes)
    luck = world.luck.uniform("handoff.verdict", week, count)[asked]
    forgets, rejects = _of(world, "forgets", asked), _of(world, "rejects", asked)
    verdict = np.where(luck < forgets, FORGOTTEN, np.where(luck < forgets + rejects, SENT_BACK, ACCEPTED))
    answer = np.where(verdict == FORGOTTEN, at + EXPIRES, answer)
    state.verdict[asked] = np.where(web, ACCEPTED, verdict)
    state.answer_at[asked] = np.where(web, at + 1000, answer)


def _monday_waits(world: World, state: State, asked: Ints, zone: Ints) -> Bools:
    """Whether a hand was raised on a Monday in the territory of a team that lets Mondays lie."""
    if world.profile.strength.stories == 0 or "monday" in state.switches.without_stories:
        return np.zeros(len(asked), dtype=np.bool_)
    day = world.calendar.local_day(state.asked_at[asked], zone)
    return np.asarray((day % 7 == 0) & (_of(world, "monday_hours", asked) > 0), dtype=np.bool_)
