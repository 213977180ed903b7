"""Effects: the difference between worlds that share their luck, per person and in money."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from worlds.arrays import Bools
from worlds.mechanisms.pull import touches
from worlds.world import State, World

Sums = dict[str, int]


def won(state: State) -> Bools:
    """By firm: won within the world (customers it began with do not count)."""
    return np.asarray(state.won_at > 1, dtype=np.bool_)


def sums(world: World, state: State, firms: Bools) -> Sums:
    """Deals won, their money and the money of orders of these firms, minor units."""
    new = won(state) & firms
    deals = int(world.companies.amount_minor[new].sum())
    orders = int(state.orders_minor[firms].sum())
    return {"deals": int(new.sum()), "deals_minor": deals, "orders_minor": orders, "total_minor": deals + orders}


def difference(one: Sums, other: Sums) -> Sums:
    """Key by key, one minus other."""
    return {key: value - other[key] for key, value in one.items()}


def split(worlds: dict[str, Sums]) -> dict[str, Sums]:
    """What pull, push and both together did, from the four worlds with and without each."""
    full, no_pull, no_push, neither = (
        worlds[n] for n in ("as_it_was", "without_pull", "without_push", "without_either")
    )
    pull_alone, push_alone, total = (
        difference(no_push, neither),
        difference(no_pull, neither),
        difference(full, neither),
    )
    return {
        "pull": difference(full, no_pull),
        "push": difference(full, no_push),
        "total": total,
        "pull_alone": pull_alone,
        "push_alone": push_alone,
        "interaction": difference(difference(total, pull_alone), push_alone),
    }


def effects(world: World, states: list[State]) -> dict[str, Any]:
    """``effects.json``: the sums of each world, the split, the same by segment."""
    every = np.ones(len(world.companies), dtype=np.bool_)
    worlds = {state.switches.name: sums(world, state, every) for state in states}
    full = worlds["as_it_was"]
    by_segment = {}
    for number, segment in enumerate(world.profile.segments):
        here = world.companies.segment == number
        by_segment[segment.name] = split({state.switches.name: sums(world, state, here) for state in states[:4]})
    return {
        "unit": f"deals; minor units of {world.profile.firm.currency}",
        "worlds": worlds,
        "effects": split(worlds),
        "effects_by_segment": by_segment,
        "effect_of": {
            name.removeprefix("without_"): difference(full, other)
            for name, other in worlds.items()
            if name.startswith("without_") and name not in _FOUR
        },
    }


_FOUR = ("as_it_was", "without_pull", "without_push", "without_either")


def credit(world: World, states: list[State]) -> dict[str, Any]:
    """``credit.json``: what naive last-touch credit says of each channel, beside what the channel did where it is
    judged.

    Last touch: the last click on an ad or mail, or card at a fair, of any member of the firm before the deal opened.
    """
    state = states[0]
    new = np.flatnonzero(won(state))
    amounts = world.companies.amount_minor
    names = touches(world)
    full = int(amounts[new].sum())
    naive = {name: int(amounts[new[state.deal_touch[new] == number]].sum()) for number, name in enumerate(names)}
    naive["none"] = int(amounts[new[state.deal_touch[new] < 0]].sum())
    true = {}
    for other in states:
        for channel in other.switches.without_channels:
            true[channel] = full - int(amounts[won(other)].sum())
    pull = sum(minor for name, minor in naive.items() if name != "none")
    return {
        "unit": f"minor units of {world.profile.firm.currency}, deals won only",
        "won_minor": full,
        "last_touch_minor": naive,
        "true_minor": true,
        "last_touch_says_pull_minor": pull,
        "true_pull_minor": full - int(amounts[won(states[1])].sum()),
        "true_pull_alone_minor": int(amounts[won(states[2])].sum()) - int(amounts[won(states[3])].sum()),
    }


def write_people(world: World, states: list[State], path: Path) -> None:
    """``effects_people.parquet``: a row a person and world. A firm's money stands with its first person (the
    decider)."""
    people = world.people
    count = len(people)
    decides = people.role == 0
    schema = pa.schema(
        [
            ("person", pa.int32()),
            ("world", pa.string()),
            ("stage", pa.int8()),
            ("won", pa.bool_()),
            ("deals_minor", pa.int64()),
            ("orders_minor", pa.int64()),
        ]
    )
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for state in states:
            has_won = won(state)[people.company]
            columns = [
                pa.array(np.arange(count, dtype=np.int32)),
                pa.array([state.switches.name] * count),
                pa.array(state.shown(people.company).astype(np.int8)),
                pa.array(has_won & (state.stage >= 2) & (state.stage != 10)),
                pa.array(np.where(decides & has_won, world.companies.amount_minor[people.company], 0)),
                pa.array(np.where(decides, state.orders_minor[people.company], 0)),
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
