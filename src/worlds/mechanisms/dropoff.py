"""Drop-off: who leaves, and why. The true cause is drawn from competing hazards; what sellers record is something
else."""

from __future__ import annotations

import numpy as np

from worlds.arrays import Bools, Floats, Ints
from worlds.book import Book
from worlds.mechanisms import journey, market, visits
from worlds.stages import CAUSES, RECORDED, Stage
from worlds.world import State, World

SEVERAL = 0.7
"""A second cause that weighed at least this share of the first makes it "several"."""

AT_STAGE = {Stage.DEAL: 0.5, Stage.TASTING: 0.7, Stage.PROPOSAL: 1.0}
"""How much of the segment's rates of losing a deal holds at each stage of it."""

CONFUSION: dict[str, dict[str, float]] = {
    "price": {"Price": 0.75, "No budget": 0.2, "Chose competitor": 0.05},
    "offer": {"Missing feature": 0.55, "Price": 0.25, "Not a fit": 0.2},
    "not_understood": {"No decision": 0.4, "Price": 0.35, "No answer": 0.25},
    "trust": {"No decision": 0.5, "Chose competitor": 0.3, "Price": 0.2},
    "timing": {"Bad timing": 0.6, "No budget": 0.25, "No answer": 0.15},
    "competitor": {"Chose competitor": 0.65, "Price": 0.35},
    "fit": {"Not a fit": 0.7, "Missing feature": 0.3},
    "lateness": {"No answer": 0.6, "Chose competitor": 0.25, "Bad timing": 0.15},
}
"""What is recorded, by true cause: there is no word for our own part in it."""


def step(world: World, state: State, week: int, book: Book | None) -> tuple[Ints, Ints]:
    """Let people leave, then lose deals. The answer: persons (and instants) who look at the service page afterwards."""
    _persons(world, state, week, book)
    return _deals(world, state, week, book)


def _table(world: World, which: str) -> Floats:
    table = np.zeros((len(world.profile.segments), len(CAUSES)))
    for row, segment in enumerate(world.profile.segments):
        for cause, weekly in getattr(segment, which).items():
            table[row, CAUSES.index(cause)] = weekly
    return table


def _chosen(hazards: Floats, luck: Floats) -> tuple[Ints, Ints]:
    """The cause that struck, in proportion to its hazard, and a second one (-1: none weighed enough)."""
    total = hazards.sum(axis=1, keepdims=True)
    steps = np.cumsum(hazards, axis=1) / np.maximum(total, 1e-300)
    cause = np.minimum((luck[:, None] >= steps).sum(axis=1), len(CAUSES) - 1)
    rows = np.arange(len(cause))
    others = hazards.copy()
    own = others[rows, cause]
    others[rows, cause] = 0.0
    second = others.argmax(axis=1)
    return cause.astype(np.int64), np.where(others[rows, second] >= SEVERAL * own, second, -1)


def _persons(world: World, state: State, week: int, book: Book | None) -> None:
    people = world.people
    free = (state.stage >= Stage.LEAD) & (state.stage <= Stage.SAL) & (state.deal[people.company] == 0)
    free &= market.in_market(world, state, week)
    who = np.flatnonzero(free)
    hazards = _table(world, "cold")[people.segment[who]]
    late = CAUSES.index("lateness")
    hazards[:, late] *= np.where(state.late_factor[who] < 0.5, 6.0, 0.0)
    hazards[:, CAUSES.index("competitor")] *= market.rival_pulls(world, week)
    when = visits.when(world, "dropoff.when", week)[who]
    strikes = world.luck.uniform("dropoff.person", week, len(people))[who] < -np.expm1(-hazards.sum(axis=1))
    strikes &= when < world.calendar.end
    who, hazards, when = who[strikes], hazards[strikes], when[strikes]
    cause, second = _chosen(hazards, world.luck.uniform("dropoff.cause", week, len(people))[who])
    if book is not None:
        book.note(
            "out",
            person=who,
            at=when,
            stage=state.stage[who],
            cause=cause,
            second=second,
            recorded=_recorded(world, cause, world.luck.uniform("dropoff.recorded", week, len(people))[who]),
        )
    state.stage[who] = Stage.OUT
    state.cause_out[who] = cause
    state.answer_at[who] = 0


def stalls(world: World, state: State, week: int) -> Bools:
    """By firm: stands where the planted stall is."""
    plan = world.profile.stall
    if not plan.segment or not world.story(plan.at, week) or "stall" in state.switches.without_stories:
        return np.zeros(len(world.companies), dtype=np.bool_)
    segment = [s.name for s in world.profile.segments].index(plan.segment)
    return np.asarray((world.companies.segment == segment) & (state.deal == Stage[plan.stage.upper()]), dtype=np.bool_)


def _deals(world: World, state: State, week: int, book: Book | None) -> tuple[Ints, Ints]:
    companies = world.companies
    open_ = (state.deal >= Stage.DEAL) & (state.deal <= Stage.PROPOSAL)
    firm = np.flatnonzero(open_)
    factor = np.array([AT_STAGE.get(Stage(stage), 0.0) for stage in range(len(Stage))])[state.deal[firm]]
    hazards = _table(world, "lost")[companies.segment[firm]] * factor[:, None]
    hazards[:, CAUSES.index("competitor")] *= market.rival_pulls(world, week)
    stalled = stalls(world, state, week)[firm]
    hazards[stalled, CAUSES.index(world.profile.stall.cause)] *= world.told(world.profile.stall.times)
    at = journey.deal_instants(world, week)[firm] + 1_800_000
    strikes = world.luck.uniform("dropoff.deal", week, len(companies))[firm] < -np.expm1(-hazards.sum(axis=1))
    strikes &= (at < world.calendar.end) & (at > state.deal_since[firm])
    firm, hazards, at, stalled = firm[strikes], hazards[strikes], at[strikes], stalled[strikes]
    cause, second = _chosen(hazards, world.luck.uniform("dropoff.deal.cause", week, len(companies))[firm])
    stage = state.deal[firm]
    state.deal[firm] = Stage.LOST
    state.deal_since[firm] = at
    state.lost_cause[firm] = cause
    if book is None:
        return firm[:0], at[:0]
    return _write_deals(world, week, book, firm, at, stage, cause, second, stalled)


def _write_deals(
    world: World, week: int, book: Book, firm: Ints, at: Ints, stage: Ints, cause: Ints, second: Ints, stalled: Bools
) -> tuple[Ints, Ints]:
    luck = world.luck.uniform("dropoff.deal.recorded", week, len(world.companies))[firm]
    plan = world.profile.stall
    recorded = _recorded(world, cause, luck)
    planted = stalled & (cause == CAUSES.index(plan.cause))
    recorded = np.where(planted & (luck < plan.recorded_share), RECORDED.index(plan.recorded), recorded)
    book.note("deal", company=firm, at=at, before=stage, after=np.full(len(firm), int(Stage.LOST)))
    book.note("lost", company=firm, at=at, stage=stage, cause=cause, second=second, recorded=recorded)
    looks = planted & (world.luck.uniform("dropoff.page", week, len(world.companies))[firm] < plan.page_share)
    return world.companies.first_person[firm[looks]], at[looks] + 7_200_000


def _recorded(world: World, cause: Ints, luck: Floats) -> Ints:
    result = np.zeros(len(cause), dtype=np.int64)
    for index, name in enumerate(CAUSES):
        words = CONFUSION[name]
        steps = np.cumsum(list(words.values()))
        numbers = np.array([RECORDED.index(word) for word in words])
        here = cause == index
        result[here] = numbers[np.minimum(np.searchsorted(steps, luck[here], side="right"), len(numbers) - 1)]
    return result
