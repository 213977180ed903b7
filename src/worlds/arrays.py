"""Names for array types, and the few vectorised moves that several mechanisms need."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.str_]


def pick(cumulative: Floats, luck: Floats) -> Ints:
    """For each number in [0, 1): the index of the share it falls into. ``cumulative`` ends at 1."""
    return np.minimum(np.searchsorted(cumulative, luck, side="right"), len(cumulative) - 1).astype(np.int64)


def shares(weights: list[float]) -> Floats:
    """Weights as cumulative shares that end at exactly 1. Raises ``ValueError`` where they are all zero."""
    total = np.cumsum(np.asarray(weights, dtype=np.float64))
    if total[-1] <= 0:
        raise ValueError("shares need at least one weight above zero")
    return np.asarray(total / total[-1], dtype=np.float64)


def counts(rate: Floats, luck: Floats, most: int) -> Ints:
    """Poisson counts by inversion, at most ``most``.

    By inversion, not by the generator's own sampler: with the same luck a higher rate never gives a smaller count, so
    that two worlds that share their luck differ by effect alone.
    """
    term = np.exp(-rate)
    total = term.copy()
    found = np.zeros(len(rate), dtype=np.int64)
    for number in range(1, most + 1):
        found += luck >= total
        term = term * rate / number
        total += term
    return found


def rank_within(group: Ints, score: Floats) -> Ints:
    """The place of each element in its group by falling score, from 0; ties by position."""
    if len(group) == 0:
        return np.zeros(0, dtype=np.int64)
    order = np.lexsort((-score, group))
    ordered = group[order]
    first = np.r_[True, ordered[1:] != ordered[:-1]]
    begins = np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - begins
    return rank
