"""Randomised holdouts: who is never mailed, which regions see no ads for a while, a 2 × 2 of pull (mail and ads) and
call, and who of those that complained is told the claim.

Drawn once, at birth, from luck of their own, so that they are independent of everything a person is. A firm buys as
one, so firms are drawn, not persons; in blocks of equal standing, so that few are enough (permuted blocks within
strata: Zelen, "The randomization and stratification of patients to clinical trials", J. Chronic Diseases 27, 1974).
"""

from __future__ import annotations

import numpy as np

from worlds.arrays import Bools, Ints
from worlds.luck import BIRTH, Luck
from worlds.mechanisms.people import Companies
from worlds.profiles.shape import Profile
from worlds.stages import Stage
from worlds.world import State, World

MAIL, ADS, FOLLOW_PULL, FOLLOW_CALL, CLAIM = (
    "mail_holdout",
    "ads_by_region",
    "follow_up_pull",
    "follow_up_call",
    "claim",
)


def drawn(profile: Profile, luck: Luck, companies: Companies) -> dict[str, Ints]:
    """Arms: 1 = treated, 0 = held out. By firm; of ``ads_by_region`` by region (half of them, rounded down, held
    out)."""
    regions, firms = len(profile.regions), len(companies)
    order = np.argsort(luck.uniform("experiment.ads", BIRTH, regions), kind="stable")
    ads = np.ones(regions, dtype=np.int64)
    ads[order[: regions // 2]] = 0
    follow_up = _in_blocks(luck, "experiment.follow_up", companies, 4)
    return {
        MAIL: (luck.uniform("experiment.mail", BIRTH, firms) >= profile.experiments.mail_holdout).astype(np.int64),
        ADS: ads,
        FOLLOW_PULL: follow_up % 2,
        FOLLOW_CALL: follow_up // 2,
        CLAIM: _in_blocks(luck, "experiment.claim", companies, 2),
    }


def worlds(profile: Profile) -> dict[str, tuple[tuple[str, int], ...]]:
    """The worlds in which everybody is of the same arm: what an experiment looks for is the difference between them."""
    plan = profile.experiments
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    if plan.follow_up_at:
        for pull, call in ((0, 0), (1, 0), (0, 1), (1, 1)):
            found[f"follow_up_{pull}{call}"] = ((FOLLOW_PULL, pull), (FOLLOW_CALL, call))
    if plan.claim_weeks:
        found |= {f"claim_{arm}": ((CLAIM, arm),) for arm in (0, 1)}
    return found


def _in_blocks(luck: Luck, mechanism: str, companies: Companies, arms: int) -> Ints:
    """By firm: an arm. Of ``arms`` firms of a segment and standing that follow each other each gets another one."""
    standing = np.digitize(companies.start, [int(Stage.LEAD), int(Stage.DEAL)])
    stratum = companies.segment * 3 + standing
    found = np.zeros(len(companies), dtype=np.int64)
    for number in np.unique(stratum).tolist():
        firms = np.flatnonzero(stratum == number)
        blocks = -(-len(firms) // arms)
        draws = luck.uniform(f"{mechanism}.{number}", BIRTH, blocks * arms).reshape(blocks, arms)
        found[firms] = np.argsort(draws, axis=1, kind="stable").ravel()[: len(firms)]
    return found


def running(world: World, at: float, weeks: int, week: int) -> bool:
    """Whether an experiment that begins at this share and lasts so many weeks runs in this week."""
    return at > 0 and world.week_at(at) <= week < world.week_at(at) + weeks


def _arm(world: World, state: State, name: str) -> Ints:
    """By firm: its arm; in a world in which all have the same, that."""
    forced = dict(state.switches.arms)
    return np.full(len(world.companies), forced[name]) if name in forced else world.arms[name]


def joins_follow_up(world: World, state: State) -> Bools:
    """By firm: on record by now, and neither a customer nor in a deal when the 2 × 2 began."""
    begin = _start_of(world, world.week_at(world.profile.experiments.follow_up_at))
    known = np.zeros(len(world.companies), dtype=np.bool_)
    known[world.people.company[state.known_at < 2**62]] = True
    return np.asarray(known & ((state.deal == 0) | (state.opened_at >= begin)), dtype=np.bool_)


def in_follow_up(world: World, state: State, week: int) -> Bools:
    """By person: of a firm that takes part in the 2 × 2, while it runs."""
    plan = world.profile.experiments
    if not running(world, plan.follow_up_at, plan.follow_up_weeks, week):
        return np.zeros(len(world.people), dtype=np.bool_)
    return np.asarray(joins_follow_up(world, state)[world.people.company], dtype=np.bool_)


def _start_of(world: World, week: int) -> int:
    zero = np.zeros(1, dtype=np.int64)
    return int(world.calendar.start_of(zero + week * 7, zero)[0])


def not_called(world: World, state: State, week: int) -> Bools:
    """By person: held out of calls this week."""
    held_out = _arm(world, state, FOLLOW_CALL)[world.people.company] == 0
    return np.asarray(in_follow_up(world, state, week) & held_out, dtype=np.bool_)


def mailed(world: World, state: State, week: int) -> Bools:
    """By person: not held out of mail this week."""
    pulled = _arm(world, state, FOLLOW_PULL)[world.people.company] == 1
    always = _arm(world, state, MAIL)[world.people.company] == 1
    return np.asarray(always & (pulled | ~in_follow_up(world, state, week)), dtype=np.bool_)


def shown(world: World, state: State, channel: str, week: int) -> Bools:
    """By person: not held out of this channel's ads this week, neither by region nor by name."""
    plan = world.profile.experiments
    pulled = _arm(world, state, FOLLOW_PULL)[world.people.company] == 1
    found = pulled | ~in_follow_up(world, state, week)
    if channel not in (plan.follow_up_channels or [channel]):
        found = np.ones(len(world.people), dtype=np.bool_)
    if running(world, plan.ads_at, plan.ads_weeks, week) and channel in (plan.ads_channels or [channel]):
        found &= world.arms[ADS][world.people.region] == 1
    return np.asarray(found, dtype=np.bool_)


def claim_runs(world: World, week: int) -> bool:
    """Whether this week half of those who complained are told the claim, and the others are not."""
    at = max((theme.claim_at for theme in world.profile.themes if theme.claim), default=0.0)
    return running(world, at, world.profile.experiments.claim_weeks, week)


def tell(world: World, state: State, week: int) -> None:
    """Tell the claim to all whom we know at firms that complained, of one arm; it is kept from those of the other."""
    if not claim_runs(world, week):
        return
    joined = state.complained_at < 2**62
    state.joined_claim[joined & (state.joined_claim < 0)] = week
    told = (joined & (_arm(world, state, CLAIM) == 1))[world.people.company] & (state.stage >= Stage.LEAD)
    kept = (joined & (_arm(world, state, CLAIM) == 0))[world.people.company]
    state.met_claim = (state.met_claim | told) & ~kept
