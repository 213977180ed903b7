"""Keeps the processes of an installation running, and ends them together.

A child that ends by itself is started again, after a wait that grows. Children live in sessions of their own, so that
Ctrl-C reaches only the supervisor; where the supervisor itself is killed, the kernel tells them to end (prctl(2),
PR_SET_PDEATHSIG).
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

STOP_SECONDS = 10.0
FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
STEADY_SECONDS = 60.0
_TICK = 0.1
_PR_SET_PDEATHSIG = 1


def wait_before_restart(crashes: int) -> float:
    """Seconds to wait after the ``crashes``-th crash in a row: 0.5, 1, 2, … at most 30."""
    return min(LONGEST_WAIT, FIRST_WAIT * float(2 ** min(crashes - 1, 10)))


@dataclass
class Child:
    """A process to keep running. ``handed``: open files it inherits."""

    name: str
    command: Sequence[str]
    handed: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    crashes: int = 0
    started: float = 0.0
    start_at: float = 0.0


@dataclass
class Supervisor:
    """Runs children until SIGTERM, SIGINT or SIGHUP. ``say`` gets sentences for people; ``each_tick`` comes often."""

    children: Sequence[Child]
    environment: Mapping[str, str]
    say: Callable[[str], None]
    each_tick: Callable[[], None] = lambda: None
    stop_seconds: float = STOP_SECONDS
    _stopping: bool = field(default=False, init=False)

    def run(self) -> None:
        """Start the children and keep them running; returns when all have ended after a stop."""
        # Who started us with a signal ignored (nohup, a script's background job) wants it ignored.
        heard = [number for number in _STOPS if signal.getsignal(number) is not signal.SIG_IGN]
        before = {number: signal.signal(number, self._stop) for number in heard}
        try:
            while not self._stopping:
                for child in self.children:
                    self._keep(child)
                self.each_tick()
                time.sleep(_TICK)
        finally:
            self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _keep(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_at and not self._stopping:
                self._start(child, now)
            return
        code = child.process.poll()
        if code is None:
            return
        _kill_group(child.process.pid)  # what it left behind would stand beside the next one
        child.process = None
        child.crashes = 1 if now - child.started >= STEADY_SECONDS else child.crashes + 1
        wait = wait_before_restart(child.crashes)
        child.start_at = now + wait
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        self.say(f"The {child.name} {how}; starting it again in {wait:g} s.")

    def _start(self, child: Child, now: float) -> None:
        child.started = now
        child.process = subprocess.Popen(
            child.command,
            stdin=subprocess.DEVNULL,
            env=dict(self.environment),
            pass_fds=child.handed,
            start_new_session=True,
            preexec_fn=_end_with(os.getpid()),  # noqa: PLW1509 - this process has one thread
        )

    def _end_all(self) -> None:
        there = [child.process for child in self.children if child.process is not None]
        for process in there:
            process.terminate()
        until = time.monotonic() + self.stop_seconds
        for process in there:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, until - time.monotonic()))
            _kill_group(process.pid)
            process.wait()


_STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _end_with(parent: int) -> Callable[[], None] | None:
    """What a new child does first: asks the kernel for SIGTERM when its parent dies."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask
