"""Randomised holdouts: who is never mailed, which regions see no ads for a while, and a 2 × 2 of mail and call.

Drawn once, at birth, from luck of their own, so that they are independent of everything a person is.
"""

from __future__ import annotations

import numpy as np

from worlds.arrays import Bools, Ints
from worlds.luck import BIRTH, Luck
from worlds.profiles.shape import Profile
from worlds.world import State, World

MAIL, ADS, FOLLOW_MAIL, FOLLOW_CALL = "mail_holdout", "ads_by_region", "follow_up_mail", "follow_up_call"


def drawn(profile: Profile, luck: Luck, people: int) -> dict[str, Ints]:
    """Arms: 1 = treated, 0 = held out. By person; of ``ads_by_region`` by region (half of them, rounded down, held
    out)."""
    regions = len(profile.regions)
    order = np.argsort(luck.uniform("experiment.ads", BIRTH, regions), kind="stable")
    ads = np.ones(regions, dtype=np.int64)
    ads[order[: regions // 2]] = 0
    return {
        MAIL: (luck.uniform("experiment.mail", BIRTH, people) >= profile.experiments.mail_holdout).astype(np.int64),
        ADS: ads,
        FOLLOW_MAIL: (luck.uniform("experiment.follow_mail", BIRTH, people) >= 0.5).astype(np.int64),
        FOLLOW_CALL: (luck.uniform("experiment.follow_call", BIRTH, people) >= 0.5).astype(np.int64),
    }


def running(world: World, at: float, weeks: int, week: int) -> bool:
    """Whether an experiment that begins at this share and lasts so many weeks runs in this week."""
    return at > 0 and world.week_at(at) <= week < world.week_at(at) + weeks


def in_follow_up(world: World, state: State, week: int) -> Bools:
    """By person: leads since the 2 × 2 began, while it runs."""
    plan = world.profile.experiments
    if not running(world, plan.follow_up_at, plan.follow_up_weeks, week):
        return np.zeros(len(world.people), dtype=np.bool_)
    zero = np.zeros(1, dtype=np.int64)
    begin = int(world.calendar.start_of(zero + world.week_at(plan.follow_up_at) * 7, zero)[0])
    return np.asarray((state.known_at >= begin) & (state.known_at < 2**62), dtype=np.bool_)


def ads_run(world: World, week: int) -> Bools:
    """By person: whether ads are shown in the person's region in this week."""
    plan = world.profile.experiments
    if not running(world, plan.ads_at, plan.ads_weeks, week):
        return np.ones(len(world.people), dtype=np.bool_)
    return np.asarray(world.arms[ADS][world.people.region] == 1, dtype=np.bool_)
