"""The hazard equation, against numbers computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from worlds.hazard import carried, level, rate


def test_the_parts_are_the_terms_times_their_levels_and_the_multiplier() -> None:
    parts = rate(np.array([[0.01, 0.02, 0.04, 0.08]]), np.array([0.5]), np.array([0.25]), np.array([2.0]))
    assert [float(p[0]) for p in (parts.base, parts.pull, parts.push, parts.both)] == pytest.approx(
        [0.02, 0.02, 0.02, 0.02]
    )
    assert float(parts.total[0]) == pytest.approx(0.08)
    assert float(parts.chance[0]) == pytest.approx(1 - math.exp(-0.08))


def test_without_pull_neither_pull_nor_both_is_left() -> None:
    parts = rate(np.array([[0.01, 0.02, 0.04, 0.08]]), np.array([0.0]), np.array([1.0]), np.array([1.0]))
    assert float(parts.total[0]) == pytest.approx(0.05)


def test_a_level_is_a_half_where_the_stock_equals_the_half_and_saturates() -> None:
    assert level(np.array([0.0, 1.5, 1e9]), 1.5).tolist() == pytest.approx([0.0, 0.5, 1.0])


def test_with_half_nought_any_contact_is_all() -> None:
    assert level(np.array([0.0, 0.1, 7.0]), 0.0).tolist() == [0.0, 1.0, 1.0]


def test_a_stock_is_forgotten_geometrically() -> None:
    stock = np.array([8.0])
    for _ in range(3):
        stock = carried(stock, 0.5, np.array([0.0]))
    assert stock.tolist() == [1.0]
