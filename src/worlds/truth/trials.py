"""What the firm's experiments came to, and what they were looking for: the same firms with all of them in one arm."""

from __future__ import annotations

from typing import Any

import numpy as np

from worlds.arrays import Bools
from worlds.mechanisms import experiments
from worlds.outputs.trials import followed_up
from worlds.truth import effects
from worlds.world import State, World

Told = dict[str, Any]
_OUTCOMES = ("opened", "won")


def told(world: World, states: list[State]) -> Told:
    """``experiments.json``: of each experiment the arms as they came out, and the true shares where all are of one."""
    plan, found = world.profile.experiments, Told()
    if plan.mail_holdout:
        found[experiments.MAIL] = _mail(world, states[0])
    if plan.ads_at:
        arms = world.arms[experiments.ADS]
        found[experiments.ADS] = {
            "from": world.calendar.day(world.week_at(plan.ads_at) * 7).isoformat(),
            "weeks": plan.ads_weeks,
            "channels": plan.ads_channels or [channel.name for channel in world.profile.channels],
            "held_out": [region.name for i, region in enumerate(world.profile.regions) if not arms[i]],
        }
    if plan.follow_up_at:
        found["follow_up"] = _follow_up(world, {state.switches.name: state for state in states})
    if plan.claim_weeks:
        found[experiments.CLAIM] = _claim(world, {state.switches.name: state for state in states})
    return found


def _mail(world: World, state: State) -> Told:
    first = world.companies.first_person
    known, new = state.known_at[first] < world.calendar.end, effects.won(state)
    arms = world.arms[experiments.MAIL]
    return {
        word: {
            "firms": int((known & (arms == arm)).sum()),
            "won": int((new & (arms == arm)).sum()),
            "won_minor": int(world.companies.amount_minor[new & (arms == arm)].sum()),
        }
        for arm, word in ((1, "treated"), (0, "held_out"))
    }


def _follow_up(world: World, states: dict[str, State]) -> Told:
    """By segment, and by cell (pull, call): firms drawn, and how many of them opened a deal and won one in time."""
    plan, state = world.profile.experiments, states["as_it_was"]
    joined = followed_up(world, state)
    pull, call = world.arms[experiments.FOLLOW_PULL], world.arms[experiments.FOLLOW_CALL]
    until = _instant(world, world.week_at(plan.follow_up_at) + plan.follow_up_weeks)
    found = {}
    for number, segment in enumerate(world.profile.segments):
        mine = joined & (world.companies.segment == number)
        found[segment.name] = {
            f"{p}{c}": {
                "firms": int((mine & (pull == p) & (call == c)).sum()),
                **_counts(state, mine & (pull == p) & (call == c), 0, until),
                "truly": _shares(states[f"follow_up_{p}{c}"], mine, 0, until),
            }
            for p in (0, 1)
            for c in (0, 1)
        }
    return found


def _claim(world: World, states: dict[str, State]) -> Told:
    """By arm: firms that complained and were drawn, and how many of them won afterwards."""
    state, arms = states["as_it_was"], world.arms[experiments.CLAIM]
    since = np.array([_instant(world, max(week, 0)) for week in state.joined_claim.tolist()])
    # Who had bought before can buy no second time.
    joined = (state.joined_claim >= 0) & ((state.won_at == 0) | (state.won_at >= since))
    until = world.calendar.end
    return {
        word: {
            "firms": int((joined & (arms == arm)).sum()),
            **_counts(state, joined & (arms == arm), since, until),
            "truly": _shares(states[f"claim_{arm}"], joined, since, until),
        }
        for arm, word in ((1, "treated"), (0, "held_out"))
    }


def _outcomes(state: State, since: Any, until: int) -> dict[str, Bools]:
    at = {"opened": state.opened_at, "won": np.where(state.won_at > 1, state.won_at, 2**62)}
    return {name: np.asarray((at[name] >= since) & (at[name] < until)) for name in _OUTCOMES}


def _counts(state: State, firms: Bools, since: Any, until: int) -> dict[str, int]:
    return {name: int((happened & firms).sum()) for name, happened in _outcomes(state, since, until).items()}


def _shares(state: State, firms: Bools, since: Any, until: int) -> dict[str, float]:
    count = max(1, int(firms.sum()))
    return {name: round(number / count, 4) for name, number in _counts(state, firms, since, until).items()}


def _instant(world: World, week: int) -> int:
    zero = np.zeros(1, dtype=np.int64)
    return int(world.calendar.start_of(zero + week * 7, zero)[0])
