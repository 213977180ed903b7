"""``experiments/*.csv``: the firm's own lists of who is held out of what. A firm knows its holdouts."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from worlds.mechanisms import experiments
from worlds.outputs.catalogue import day_of
from worlds.outputs.csvfile import CsvFile
from worlds.truth.record import Record
from worlds.world import State, World


def write(world: World, state: State, root: Path, record: Record) -> None:
    """Write the lists of the experiments the profile runs."""
    plan = world.profile.experiments
    emails = world.people.email
    known = np.flatnonzero(state.known_at < world.calendar.end).tolist()
    if plan.mail_holdout:
        arms = world.arms[experiments.MAIL]
        file = CsvFile(root, "experiments/mail-holdout.csv", ("Email", "Arm"), record, seed=world.seed)
        file.rows([(emails[person], "mailed" if arms[person] else "held out") for person in known])
        file.close()
    if plan.ads_at:
        begin, end = day_of(world, plan.ads_at), world.calendar.day((world.week_at(plan.ads_at) + plan.ads_weeks) * 7)
        file = CsvFile(root, "experiments/ads-by-region.csv", ("Region", "Arm", "From", "To"), record, seed=world.seed)
        arms = world.arms[experiments.ADS]
        file.rows(
            [
                (region.name, "ads" if arms[i] else "held out", begin.isoformat(), end.isoformat())
                for i, region in enumerate(world.profile.regions)
            ]
        )
        file.close()
    if plan.follow_up_at:
        begin = day_of(world, plan.follow_up_at)
        end = world.calendar.day((world.week_at(plan.follow_up_at) + plan.follow_up_weeks) * 7)
        first = int(
            world.calendar.start_of(np.array([world.week_at(plan.follow_up_at) * 7]), np.zeros(1, dtype=np.int64))[0]
        )
        last = int(
            world.calendar.start_of(
                np.array([(world.week_at(plan.follow_up_at) + plan.follow_up_weeks) * 7]), np.zeros(1, dtype=np.int64)
            )[0]
        )
        file = CsvFile(
            root, "experiments/follow-up-2x2.csv", ("Email", "Mail", "Call", "From", "To"), record, seed=world.seed
        )
        mail, call = world.arms[experiments.FOLLOW_MAIL], world.arms[experiments.FOLLOW_CALL]
        file.rows(
            [
                (
                    emails[person],
                    "yes" if mail[person] else "no",
                    "yes" if call[person] else "no",
                    begin.isoformat(),
                    end.isoformat(),
                )
                for person in known
                if first <= state.known_at[person] < last
            ]
        )
        file.close()
