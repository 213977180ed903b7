"""``experiments/*.csv``: the firm's own lists of who is held out of what. A firm knows its holdouts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from worlds.arrays import Bools
from worlds.mechanisms import experiments
from worlds.outputs.csvfile import CsvFile
from worlds.truth.record import Record
from worlds.world import State, World

Rows = Iterable[tuple[str, ...]]


def write(world: World, state: State, root: Path, record: Record) -> None:
    """Write the lists of the experiments the profile runs."""
    plan, arms, company = world.profile.experiments, world.arms, world.people.company
    known = state.known_at < world.calendar.end

    def write_list(name: str, header: tuple[str, ...], rows: Rows) -> None:
        file = CsvFile(root, f"experiments/{name}.csv", header, record, seed=world.seed)
        file.rows(list(rows))
        file.close()

    def people(who: Bools) -> list[tuple[str, int]]:
        return [(world.people.email[person], int(company[person])) for person in np.flatnonzero(who).tolist()]

    if plan.mail_holdout:
        words = ("held out", "mailed")
        rows: Rows = ((email, words[arms[experiments.MAIL][firm]], _day(world, 0)) for email, firm in people(known))
        write_list("mail-holdout", ("Email", "Arm", "From"), rows)
    if plan.ads_at:
        words, days = ("held out", "ads"), _days(world, plan.ads_at, plan.ads_weeks)
        regions = (
            (region.name, words[arms[experiments.ADS][i]], *days) for i, region in enumerate(world.profile.regions)
        )
        write_list("ads-by-region", ("Region", "Arm", "From", "To"), regions)
    if plan.follow_up_at:
        words, days = ("no", "yes"), _days(world, plan.follow_up_at, plan.follow_up_weeks)
        drawn = people(followed_up(world, state)[company] & known)
        pull, call = arms[experiments.FOLLOW_PULL], arms[experiments.FOLLOW_CALL]
        rows = ((email, words[pull[firm]], words[call[firm]], *days) for email, firm in drawn)
        write_list("follow-up-2x2", ("Email", "Mail and ads", "Call", "From", "To"), rows)
    if plan.claim_weeks and (state.joined_claim >= 0).any():
        last = max(world.week_at(theme.claim_at) for theme in world.profile.themes if theme.claim) + plan.claim_weeks
        words, until = ("control", "told"), _day(world, last * 7 - 1)
        rows = (
            (email, words[arms[experiments.CLAIM][firm]], _day(world, int(state.joined_claim[firm]) * 7), until)
            for email, firm in people((state.joined_claim >= 0)[company] & known)
        )
        write_list("one-cup-answer", ("Email", "Group", "From", "To"), rows)


def followed_up(world: World, state: State) -> Bools:
    """By firm: whether it took part in the 2 × 2: it came on record before the end."""
    plan, zero = world.profile.experiments, np.zeros(1, dtype=np.int64)
    end = int(world.calendar.start_of(zero + (world.week_at(plan.follow_up_at) + plan.follow_up_weeks) * 7, zero)[0])
    first = np.full(len(world.companies), 2**62)
    np.minimum.at(first, world.people.company, state.known_at)
    return experiments.joins_follow_up(world, state) & (first < end)


def _days(world: World, at: float, weeks: int) -> tuple[str, str]:
    """The first and the last day of an experiment."""
    return _day(world, world.week_at(at) * 7), _day(world, (world.week_at(at) + weeks) * 7 - 1)


def _day(world: World, day: int) -> str:
    return world.calendar.day(day).isoformat()
