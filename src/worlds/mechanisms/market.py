"""The market: seasons, a rival's launch, a price promotion. Multipliers without unit."""

from __future__ import annotations

import numpy as np

from worlds.arrays import Bools, Floats
from worlds.stages import Stage
from worlds.world import State, World


def season(world: World, week: int) -> Floats:
    """By segment: the multiplier of the month the week's Thursday lies in."""
    month = world.calendar.month(week)
    return np.array([segment.season[month] for segment in world.profile.segments])


def rival(world: World, state: State, week: int) -> float:
    """The multiplier on all moves from SAL on, since the rival's launch."""
    plan = world.profile.rival
    return world.told(plan.multiplier) if world.story(plan.at, week) else 1.0


def rival_pulls(world: World, week: int) -> float:
    """How many times likelier leaving for a competitor is."""
    plan = world.profile.rival
    return world.told(plan.times) if world.story(plan.at, week) else 1.0


def promotion(world: World, state: State, week: int) -> tuple[float, float]:
    """The multiplier of the rate of orders, and the share of the price that is paid."""
    plan = world.profile.promotion
    if not world.story(plan.at, week) or "promotion" in state.switches.without_stories:
        return 1.0, 1.0
    since = week - world.week_at(plan.at)
    if since < plan.weeks:
        return world.told(1.0 + plan.lift), 1.0 - plan.discount
    if since < 2 * plan.weeks:
        return world.told(1.0 - plan.dip), 1.0
    return 1.0, 1.0


def in_market(world: World, state: State, week: int) -> Bools:
    """By person: has entered and has not left."""
    return np.asarray((world.people.enters <= week) & (state.stage != Stage.OUT), dtype=np.bool_)


def need(world: World, state: State, week: int) -> Floats:
    """By person: the multiplier of a need that ripens after a fair — a twentieth before, the fair's lift for a while,
    then 1."""
    result = np.ones(len(world.people))
    if world.profile.strength.stories == 0 or "fair" in state.switches.without_stories:
        return result
    fair = next((fair for fair in world.profile.fairs if fair.ripens_weeks), None)
    if fair is None:
        return result
    since = week - state.need_from
    waiting = (state.need_from >= 0) & (since < 0)
    ripe = (state.need_from >= 0) & (since >= 0) & (since < fair.ripe_weeks)
    result[waiting] = world.told(0.05)
    result[ripe] = world.told(fair.ripe_lift)
    return result


def words(world: World, state: State, week: int) -> Floats:
    """By person: the multiplier of concerns, and of the claims that answer them, on all moves from SAL on."""
    result = np.ones(len(world.people))
    for theme in world.profile.themes:
        if theme.concern == 1.0 and theme.claim_lift == 1.0:
            continue
        cares = world.people.cares[theme.name]
        result[cares] *= world.told(theme.concern)
        if theme.claim and world.story(theme.claim_at, week) and "claim" not in state.switches.without_stories:
            dial = min(1.0, world.profile.strength.pull)
            answered = cares & state.met_claim
            result[answered] *= (1.0 + (world.told(theme.claim_lift) - 1.0) * dial) / (
                1.0 + (world.told(theme.concern) - 1.0) * dial
            )
    return result


def claim_published(world: World, week: int) -> bool:
    """Whether a claim stands on the site."""
    return any(theme.claim and world.story(theme.claim_at, week) for theme in world.profile.themes)


def claim_is_out(world: World, state: State, week: int) -> float:
    """The chance to meet the claim in a visit or a mail read; 0 before it is out."""
    if "claim" in state.switches.without_stories:
        return 0.0
    return max((t.meets for t in world.profile.themes if t.claim and world.story(t.claim_at, week)), default=0.0)
