"""The vectorised moves against plain Python, one element at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from worlds.arrays import counts, pick, rank_within, shares
from worlds.book import Book
from worlds.hazard import carried, level, rate
from worlds.luck import BIRTH, Luck
from worlds.stages import CAUSES, MOVE_NAMES, NEXT_MOVE, RECORDED, Move, Stage

LUCK = st.floats(0, 1, exclude_max=True)
WEIGHTS = st.lists(st.floats(0, 100), min_size=1, max_size=8).filter(lambda weights: sum(weights) > 1e-6)


@given(WEIGHTS, st.lists(LUCK, max_size=20))
def test_each_number_falls_into_the_share_it_lies_in(weights: list[float], luck: list[float]) -> None:
    cumulative = shares(weights)
    assert cumulative[-1] == 1
    for number, index in zip(luck, pick(cumulative, np.array(luck)).tolist(), strict=True):
        below = cumulative[index - 1] if index else 0.0
        assert below <= number
        assert number < cumulative[index] or index == len(weights) - 1


@given(WEIGHTS, st.lists(LUCK, min_size=1, max_size=20))
def test_nothing_without_weight_is_ever_picked(weights: list[float], luck: list[float]) -> None:
    found = pick(shares([0.0, *weights]), np.array(luck))
    assert 0 not in found.tolist()


@pytest.mark.parametrize("weights", [[0.0], [0.0, 0.0]])
def test_shares_of_nothing_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="at least one weight above zero"):
        shares(weights)


@given(st.lists(st.tuples(st.floats(0, 8), LUCK), max_size=20), st.integers(1, 12))
def test_counts_are_those_of_poisson_by_inversion(pairs: list[tuple[float, float]], most: int) -> None:
    rates, luck = (np.array([pair[at] for pair in pairs], dtype=np.float64) for at in (0, 1))
    for (mean, number), found in zip(pairs, counts(rates, luck, most).tolist(), strict=True):
        total, expected = 0.0, 0
        for k in range(most):
            total += math.exp(-mean) * mean**k / math.factorial(k)
            expected += number >= total + 1e-12
        # At the very edge of a step the two may round apart.
        assert abs(found - expected) <= 1
        assert 0 <= found <= most


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=20))
def test_ranks_within_a_group_are_those_of_sorting_it(rows: list[tuple[int, int]]) -> None:
    found = rank_within(
        np.array([r[0] for r in rows], dtype=np.int64), np.array([r[1] for r in rows], dtype=np.float64)
    )
    for at, (group, score) in enumerate(rows):
        before = [
            other for other, (g, s) in enumerate(rows) if g == group and (s > score or (s == score and other < at))
        ]
        assert found[at] == len(before)


@given(st.floats(0, 1e6, allow_subnormal=False), st.floats(0, 1e6))
def test_a_level_lies_between_nothing_and_all_and_more_is_never_less(stock: float, half: float) -> None:
    low, high = level(np.array([stock, stock + 1]), half).tolist()
    assert 0 <= low <= high <= 1
    assert (low > 0) == (stock > 0)


@given(st.lists(st.floats(0, 2), min_size=4, max_size=4), st.floats(0, 1), st.floats(0, 1), st.floats(0, 3))
def test_the_parts_of_a_rate_add_up_and_its_chance_is_one(
    terms: list[float], pull: float, push: float, multiplier: float
) -> None:
    parts = rate(np.array([terms]), np.array([pull]), np.array([push]), np.array([multiplier]))
    base, alone, together, both = terms
    expected = multiplier * (base + alone * pull + together * push + both * pull * push)
    assert parts.total[0] == pytest.approx(expected)
    assert parts.chance[0] == pytest.approx(1 - math.exp(-expected))
    assert 0 <= parts.chance[0] <= 1


@given(st.floats(0, 1), st.lists(st.floats(0, 9), max_size=12))
def test_a_stock_is_the_sum_of_what_came_each_forgotten_by_its_age(carry: float, came: list[float]) -> None:
    stock = np.zeros(1)
    for contact in came:
        stock = carried(stock, carry, np.array([contact]))
    by_age = sum(contact * carry**age for age, contact in enumerate(reversed(came)))
    assert stock[0] == pytest.approx(by_age)


@given(st.integers(0, 2**64 - 1), st.text(max_size=8), st.integers(BIRTH, 500), st.integers(1, 50), st.integers(1, 50))
def test_luck_is_a_function_of_who_and_when(seed: int, mechanism: str, week: int, few: int, more: int) -> None:
    luck = Luck(seed)
    long = luck.uniform(mechanism, week, few + more).tolist()
    luck.uniform(mechanism, week + 1, 3)
    assert luck.uniform(mechanism, week, few).tolist() == long[:few]
    assert all(0 <= number < 1 for number in long)
    assert (
        Luck(seed).whole(mechanism, week, few).tolist() == Luck(seed).whole(mechanism, week, few + more).tolist()[:few]
    )
    assert (
        Luck(seed).normal(mechanism, week, few).tolist()
        == Luck(seed).normal(mechanism, week, few + more).tolist()[:few]
    )


def test_what_follows_from_luck_is_made_once_a_week_and_nobody_may_change_it() -> None:
    luck, made = Luck(1), []

    def make() -> np.ndarray:
        made.append(1)
        return np.arange(3)

    for week in (1, 1, 2, 2, 1):
        assert luck.once("x", week, make).tolist() == [0, 1, 2]
    assert len(made) == 3
    with pytest.raises(ValueError, match="read-only"):
        luck.once("x", 1, make)[0] = 9


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_beyond_its_range_is_refused(seed: int) -> None:
    with pytest.raises(ValueError, match=r"a seed is a whole number from 0 to 2\*\*64 - 1"):
        Luck(seed)


def test_the_book_of_a_week_keeps_rows_by_kind_in_the_order_they_were_noted() -> None:
    book = Book(3)
    book.note("visit", person=np.array([1, 2]), at=np.array([5, 6]))
    book.note("visit", person=np.array([], dtype=np.int64), at=np.array([], dtype=np.int64))
    book.note("visit", person=np.array([3]), at=np.array([7]))
    assert {name: column.tolist() for name, column in book.of("visit").items()} == {
        "person": [1, 2, 3],
        "at": [5, 6, 7],
    }
    assert book.of("mail") == {}
    assert book.week == 3


def test_every_stage_that_can_be_left_has_one_move_and_every_move_a_name() -> None:
    assert set(NEXT_MOVE.values()) == set(Move) - {Move.NONE}
    assert len(MOVE_NAMES) == len(Move) - 1
    assert not NEXT_MOVE.keys() & {Stage.WON, Stage.LOST, Stage.OUT, Stage.MQL}
    assert len(set(CAUSES)) == len(CAUSES)
    assert len(set(RECORDED)) == len(RECORDED)
