"""What a piece of work takes: seconds on the clock and on the processor, and the memory it holds."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Spent:
    """Seconds on the clock and on the processor."""

    wall: float = 0.0
    processor: float = 0.0

    @contextmanager
    def spending(self) -> Iterator[None]:
        """Add what the block takes."""
        wall, processor = time.perf_counter(), time.process_time()
        yield
        self.wall += time.perf_counter() - wall
        self.processor += time.process_time() - processor

    def without(self, other: Spent) -> Spent:
        """What is left."""
        return Spent(self.wall - other.wall, self.processor - other.processor)


class Memory:
    """Looks five times a second at how much memory the process holds, shared pages included, in kB."""

    def __init__(self) -> None:
        self.most = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.2):
            for line in Path("/proc/self/status").read_text("ascii").splitlines():
                if line.startswith("VmRSS:"):
                    self.most = max(self.most, int(line.split()[1]))
