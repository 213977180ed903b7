"""Work in slices that end by elapsed time, so that nobody waits long for the write lock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

WRITE_SECONDS = 0.025


@dataclass(slots=True)
class Pace:
    """How much to do in the next slice so that it takes about ``seconds``: measured on the slices before.

    Either ``slice`` around the work, or ``begin`` once the lock is there and ``end`` when it is gone.
    """

    size: int = 200
    seconds: float = WRITE_SECONDS
    smallest: int = 20
    largest: int = 2000
    _began: float = 0.0

    @contextmanager
    def slice(self) -> Iterator[int]:
        """One slice: yields how much to do, and learns from how long it took."""
        self.begin()
        yield self.size
        self.end()

    def begin(self) -> None:
        """A slice of ``size`` begins."""
        self._began = time.perf_counter()

    def end(self) -> None:
        """It has ended."""
        factor = min(4.0, self.seconds / max(time.perf_counter() - self._began, 1e-6))
        self.size = max(self.smallest, min(self.largest, int(self.size * factor)))
