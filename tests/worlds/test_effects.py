"""Counterfactual worlds: what is switched off does nothing, and nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest

from tests.worlds.small import UNTIL, lived
from worlds import life, profiles
from worlds.truth import effects
from worlds.world import State, Switches, World


def _outcome(state: State) -> tuple[list[int], list[int], list[int]]:
    return state.stage.tolist(), state.deal.tolist(), state.orders_minor.tolist()


def test_where_nothing_works_every_counterfactual_world_is_the_same_to_the_cent() -> None:
    _, states = lived("no-effect")
    real = _outcome(states["as_it_was"])
    assert sum(real[2]) > 0
    assert effects.won(states["as_it_was"]).sum() > 5
    assert [name for name, state in states.items() if _outcome(state) != real] == []


def test_where_only_pull_works_push_changes_nobody() -> None:
    _, states = lived("pull-only")
    assert _outcome(states["without_push"]) == _outcome(states["as_it_was"])
    assert effects.won(states["as_it_was"]).sum() > effects.won(states["without_pull"]).sum()


def test_where_only_push_works_pull_changes_nobody() -> None:
    _, states = lived("push-only")
    assert _outcome(states["without_pull"]) == _outcome(states["as_it_was"])
    assert effects.won(states["as_it_was"]).sum() > effects.won(states["without_push"]).sum()


@pytest.fixture(scope="module")
def split() -> dict[str, dict[str, dict[str, int]]]:
    world, states = lived("coffee", people=1000)
    found: dict[str, dict[str, dict[str, int]]] = effects.effects(world, list(states.values()))["effects_by_segment"]
    return found


def test_hotel_chains_are_won_by_push_alone(split: dict[str, dict[str, dict[str, int]]]) -> None:
    hotel = split["hotel_chain"]
    assert hotel["push"]["deals"] == hotel["total"]["deals"] > 5
    assert set(hotel["pull"].values()) == {0}


def test_small_offices_are_won_by_pull_alone(split: dict[str, dict[str, dict[str, int]]]) -> None:
    """But for what a fair ripens, which only the world without either lacks."""
    small = split["small_office"]
    assert small["total"]["deals"] - 2 <= small["pull"]["deals"] <= small["total"]["deals"]
    assert small["pull"]["deals"] > 10
    assert small["push"]["deals"] == 0


def test_mid_offices_are_won_by_both_together(split: dict[str, dict[str, dict[str, int]]]) -> None:
    mid = split["mid_office"]
    assert mid["interaction"]["deals"] > 0.6 * mid["total"]["deals"] > 5


def test_the_split_adds_up() -> None:
    names = ("as_it_was", "without_pull", "without_push", "without_either")
    found = effects.split({name: {"deals": n} for name, n in zip(names, (10, 4, 3, 1), strict=True)})
    assert {name: part["deals"] for name, part in found.items()} == {
        "pull": 6,
        "push": 7,
        "total": 9,
        "pull_alone": 2,
        "push_alone": 3,
        "interaction": 4,
    }


def test_twenty_seeds_are_twenty_companies_of_one_kind() -> None:
    names, outcomes, wins = set(), set(), []
    for seed in range(20):
        world, states = _short(seed)
        names.add(tuple(world.companies.name[:20]))
        outcomes.add(tuple(states.deal.tolist()))
        wins.append(int(effects.won(states).sum()))
        assert world.calendar.weeks == 26
        assert world.terms.shape == (3, 8, 4)
    assert len(names) == len(outcomes) == 20
    assert len(set(wins)) > 4
    assert 0.5 < np.mean(wins) < 20


def _short(seed: int) -> tuple[World, State]:
    plan = profiles.load("coffee")
    world = life.begin(plan, seed=seed, count=300, months=6, until=UNTIL)
    states: list[State] = []
    for _, now in life.lived(world, [Switches()]):
        states = now
    return world, states[0]


def test_an_ad_without_weight_has_no_effect_by_any_way_round() -> None:
    _, states = lived("coffee", people=300, months=9)
    assert _outcome(states["without_search-brand"]) == _outcome(states["as_it_was"])
    assert _outcome(states["without_feed-ads"]) != _outcome(states["as_it_was"])
