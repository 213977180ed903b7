"""What a process is at, told by numbers in a file it shares with the test: they can be read after it was killed."""

from __future__ import annotations

import ctypes
import mmap
import os
import random
import signal
import time
from dataclasses import dataclass
from pathlib import Path

_NAMES = ("received", "answered", "committed", "told", "transaction", "checkpoint", "moved")
_NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a kill fell. ``flying``: requests that were received and not answered."""

    flying: int
    in_transaction: bool
    before_answer: bool
    in_checkpoint: bool


class Marks:
    """Counters in a mapped file. Each has one writing thread, so no increment is lost."""

    def __init__(self, file: Path) -> None:
        with file.open("a+b") as there:
            there.truncate(8 * len(_NAMES))
            self._numbers = memoryview(mmap.mmap(there.fileno(), 8 * len(_NAMES))).cast("q")

    def add(self, name: str, much: int = 1) -> None:
        self._numbers[_NAMES.index(name)] += much

    def put(self, name: str, number: int) -> None:
        self._numbers[_NAMES.index(name)] = number

    def get(self, name: str) -> int:
        return self._numbers[_NAMES.index(name)]

    def clear(self) -> None:
        for name in _NAMES:
            self.put(name, 0)

    @property
    def flying(self) -> int:
        return self.get("received") - self.get("answered")

    def moment(self) -> Moment:
        return Moment(
            flying=self.flying,
            in_transaction=self.get("transaction") > 0,
            before_answer=self.get("committed") > self.get("told"),
            in_checkpoint=self.get("checkpoint") > 0,
        )


class KernelTimer:
    """SIGKILL for this process after so many seconds, sent by the kernel itself. Source: timer_create(2)."""

    class _Event(ctypes.Structure):
        _fields_ = (("value", ctypes.c_void_p), ("signal", ctypes.c_int), ("notify", ctypes.c_int),
                    ("rest", ctypes.c_char * 48))  # fmt: skip

    class _Times(ctypes.Structure):
        _fields_ = tuple((name, ctypes.c_long) for name in ("every_s", "every_ns", "s", "ns"))

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None, use_errno=True)
        self._timer = ctypes.c_void_p()
        event = self._Event(None, signal.SIGKILL, 0, b"")
        if self._library.timer_create(time.CLOCK_MONOTONIC, ctypes.byref(event), ctypes.byref(self._timer)):
            raise OSError(ctypes.get_errno(), "timer_create")

    def start(self, seconds: float) -> None:
        """Kill after so long, at least a microsecond; 0 stops it."""
        whole, part = divmod(int(seconds * _NANOSECONDS), _NANOSECONDS)
        times = self._Times(0, 0, whole, part)
        if self._library.timer_settime(self._timer, 0, ctypes.byref(times), None):
            raise OSError(ctypes.get_errno(), "timer_settime")

    def stop(self) -> None:
        self.start(0)


class Aim:
    """Kills this process at a random instant of one phase, once it has answered something and enough is in flight."""

    def __init__(self, phase: str, marks: Marks, *, flying: int, answered: int = 20) -> None:
        self._phase, self._marks, self._flying, self._answered = phase, marks, flying, answered
        self._chance = random.Random(os.urandom(8))
        self._timer = KernelTimer() if phase else None
        # How long the phase lasts here is learned from the times it was let pass.
        self._usual, self._began = 0.0005, 0.0

    def begins(self, phase: str) -> None:
        if phase != self._phase or self._timer is None or self._marks.get("answered") < self._answered:
            return
        self._began = time.monotonic()
        if self._marks.flying >= self._flying:
            self._timer.start(max(1e-6, self._chance.uniform(0, self._usual)))

    def ends(self, phase: str) -> None:
        if phase == self._phase and self._timer is not None:
            self._timer.stop()
            if self._began:
                self._usual = 0.8 * self._usual + 0.2 * (time.monotonic() - self._began)
