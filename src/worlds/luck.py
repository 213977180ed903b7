"""Luck: random numbers that depend on who and when, never on what was drawn before.

Every number is a function of (seed, mechanism, week, index). The generator is Philox 4x64 (Salmon, Moraes, Dror and
Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11), a counter-based one: seed and mechanism are its key, the
week is a word of its counter. Index i of the answer belongs to person (or company) i, whatever else happened in the
world; so two worlds with the same seed share their luck, and a world of more people begins with the same first people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np

from worlds.arrays import Floats, Ints

BIRTH = -1
"""The week of what is drawn once, before the first week."""


class Luck:
    """The dice of one seed. Keeps this week's arrays, so that parallel worlds do not draw them again."""

    def __init__(self, seed: int) -> None:
        """``seed``: any whole number from 0 to 2**64 - 1. Raises ``ValueError`` for another."""
        if not 0 <= seed < 2**64:
            raise ValueError(f"a seed is a whole number from 0 to 2**64 - 1, not {seed}")
        self.seed = seed
        self._week = BIRTH
        self._kept: dict[tuple[str, int], Floats] = {}
        self._made: dict[str, Ints] = {}

    def _generator(self, mechanism: str, week: int) -> np.random.Generator:
        name = int.from_bytes(hashlib.blake2b(mechanism.encode(), digest_size=8).digest(), "big")
        key = np.array([self.seed, name], dtype=np.uint64)
        counter = np.array([0, 0, week + 1, 0], dtype=np.uint64)
        return np.random.Generator(np.random.Philox(key=key, counter=counter))

    def uniform(self, mechanism: str, week: int, size: int) -> Floats:
        """``size`` numbers in [0, 1). Read-only: the same array is given to every world that asks."""
        self._turn(week)
        found = self._kept.get((mechanism, size))
        if found is None:
            found = self._generator(mechanism, week).random(size)
            found.flags.writeable = False
            self._kept[(mechanism, size)] = found
        return found

    def _turn(self, week: int) -> None:
        if week != self._week:
            self._kept.clear()
            self._made.clear()
            self._week = week

    def once(self, name: str, week: int, make: Callable[[], Ints]) -> Ints:
        """What ``make`` gives, made once a week for all parallel worlds: for arrays that follow from luck alone."""
        self._turn(week)
        found = self._made.get(name)
        if found is None:
            found = make()
            found.flags.writeable = False
            self._made[name] = found
        return found

    def normal(self, mechanism: str, week: int, size: int) -> Floats:
        """``size`` standard normal numbers by Box-Muller, two uniforms each: index i needs nothing of its
        neighbours."""
        self._turn(week)
        found = self._kept.get((mechanism + "/normal", size))
        if found is None:
            first = 1.0 - self.uniform(mechanism + "/radius", week, size)
            angle = self.uniform(mechanism + "/angle", week, size)
            found = np.sqrt(-2.0 * np.log(first)) * np.cos(2.0 * np.pi * angle)
            self._kept[(mechanism + "/normal", size)] = found
        return found

    def whole(self, mechanism: str, week: int, size: int) -> Ints:
        """``size`` whole numbers in [0, 2**63)."""
        return self._generator(mechanism, week).integers(0, 2**63 - 1, size=size, dtype=np.int64)
