"""Luck depends on who and when, never on what was drawn before."""

from __future__ import annotations

import numpy as np
import pytest

from worlds.arrays import counts, pick, rank_within, shares
from worlds.luck import BIRTH, Luck


def test_the_same_key_gives_the_same_luck_whatever_was_drawn_before() -> None:
    fresh, used = Luck(5), Luck(5)
    for week in (3, 1, 2):
        used.uniform("mail", week, 10)
        used.uniform("push", week, 99)
    assert (fresh.uniform("visits", 7, 50) == used.uniform("visits", 7, 50)).all()


def test_a_larger_world_begins_with_the_luck_of_the_smaller() -> None:
    assert (Luck(5).uniform("visits", 7, 1000)[:50] == Luck(5).uniform("visits", 7, 50)).all()


@pytest.mark.parametrize("other", [(6, "visits", 7), (5, "mail", 7), (5, "visits", 8), (5, "visits", BIRTH)])
def test_another_seed_mechanism_or_week_has_other_luck(other: tuple[int, str, int]) -> None:
    seed, mechanism, week = other
    assert not np.isin(Luck(5).uniform("visits", 7, 100), Luck(seed).uniform(mechanism, week, 100)).any()


def test_nobody_can_change_the_luck_that_others_share() -> None:
    with pytest.raises(ValueError, match="read-only"):
        Luck(5).uniform("visits", 7, 10)[0] = 0.5


def test_a_seed_that_is_none_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="whole number from 0"):
        Luck(-1)


def test_uniform_luck_is_uniform_and_normal_luck_normal() -> None:
    many = 200_000
    flat, bell = Luck(1).uniform("a", 0, many), Luck(1).normal("b", 0, many)
    # Four standard errors of a mean of so many.
    assert abs(flat.mean() - 0.5) < 4 * (1 / 12) ** 0.5 / many**0.5
    assert abs(bell.mean()) < 4 / many**0.5
    assert abs(bell.std() - 1) < 4 / (2 * many) ** 0.5


def test_a_higher_rate_never_counts_less_with_the_same_luck() -> None:
    luck = Luck(3).uniform("counts", 0, 5000)
    low, high = counts(np.full(5000, 0.4), luck, 9), counts(np.full(5000, 0.9), luck, 9)
    assert (high >= low).all()
    assert abs(low.mean() - 0.4) < 4 * (0.4 / 5000) ** 0.5


def test_shares_are_picked_in_proportion() -> None:
    found = pick(shares([1, 0, 3]), Luck(3).uniform("pick", 0, 20_000))
    assert set(found.tolist()) == {0, 2}
    assert abs((found == 2).mean() - 0.75) < 0.0125


def test_ranks_begin_anew_in_each_group() -> None:
    assert rank_within(np.array([1, 0, 1, 0, 1]), np.array([5.0, 1.0, 9.0, 2.0, 7.0])).tolist() == [2, 1, 0, 0, 1]
