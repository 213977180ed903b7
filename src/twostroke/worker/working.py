"""The loop of a worker: one job after the other, with a sign of life beside it, and the projections kept current.

Four threads at most. The main one runs jobs, so that a stop can be raised in it; one beats for the job at hand; one
folds new lines, because a long import must not keep everybody's timelines old; and one seals lines that have cooled,
because writing a file of the lake takes seconds in which new lines would wait.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
import traceback
from pathlib import Path
from types import FrameType

from django.db import DatabaseError, InterfaceError, connection, connections

import twostroke
from twostroke.kit.time import iso, now_millis
from twostroke.ledger import lake, tail
from twostroke.ledger.actions import Checkpoints
from twostroke.ledger.projecting import behind, catch_up
from twostroke.queue.actions import claim, fail, finish, heartbeat, prune, release
from twostroke.queue.facts import LEASE_MS, GiveUpError, Leased, LostLeaseError
from twostroke.worker.handlers import handler_of

log = logging.getLogger("twostroke.worker")

IDLE_SECONDS = 0.2
GRACE_SECONDS = 5.0
_SECONDS_AFTER_TROUBLE = 2.0
_CHECKPOINT_SECONDS = 10.0  # what web pages wrote in the meantime is little
_PRUNE_EVERY_MS = 3_600_000
_KEEP_MS = 7 * 86_400_000
_OURS = Path(twostroke.__file__).parent


class Stopped(BaseException):
    """Raised in the midst of a handler that did not end in time after a stop.

    Like KeyboardInterrupt: no handler may take it for a fault of its job.
    """


class Worker:
    """Runs jobs until told to stop.

    ``lease_ms``: after how long without a sign of life another worker takes over. ``grace_seconds``: how long the job
    at hand may go on after a stop; then it is broken off and given back.
    """

    def __init__(
        self, *, lease_ms: int = LEASE_MS, idle_seconds: float = IDLE_SECONDS, grace_seconds: float = GRACE_SECONDS
    ) -> None:
        self.name = f"{socket.gethostname()[:80]}:{os.getpid()}"
        self.lease_ms = lease_ms
        self.idle_seconds = idle_seconds
        self.grace_seconds = grace_seconds
        # A plain flag: a signal may come while the main thread holds the lock inside of an Event.
        self.stopping = False
        self._breakable = False
        self._pruned_at = 0
        self._troubles: dict[str, str] = {}

    def trouble(self) -> str:
        """What is wrong, and since when; ``""`` where nothing is."""
        return " ".join(self._troubles.values())

    def run(self) -> None:
        """Work until SIGTERM or SIGINT. Must be called in the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGALRM, self._break_off)
        projector = threading.Thread(target=self._keep_current, name="projector", daemon=True)
        sealer = threading.Thread(target=self._keep_sealed, name="sealer", daemon=True)
        projector.start()
        sealer.start()
        log.info("worker %s began", self.name)
        while not self.stopping:
            try:
                if not self.step():
                    self._tidy()
                    time.sleep(self.idle_seconds)
                self._troubles.pop("the database", None)
            except (DatabaseError, InterfaceError) as error:
                self._trouble("the database", error)
        signal.setitimer(signal.ITIMER_REAL, 0)
        projector.join(self.grace_seconds)
        sealer.join(self.grace_seconds)  # a file that is not done by then is a draft nobody reads
        log.info("worker %s ended", self.name)

    def step(self) -> bool:
        """Do one due job; False if there was none."""
        leased = claim(worker=self.name, lease_ms=self.lease_ms)
        if leased is None:
            return False
        began = time.monotonic()
        try:
            with _Heart(leased):
                how = self._do(leased)
        except LostLeaseError:
            how = "was taken over by another worker: nothing more was done here"
        log.info("job %d %s %s (%.1f s)", leased.id, leased.kind, how, time.monotonic() - began)
        return True

    def _do(self, leased: Leased) -> str:
        """Do the job, and say how it went."""
        if self.stopping:
            release(leased)
            return "was given back before it began"
        handler = handler_of(leased.kind)
        if handler is None:
            return _failed(leased, f"This program knows no work called {leased.kind}.")
        try:
            self._breakable = True
            try:
                handler(leased)
            finally:
                self._breakable = False
        except LostLeaseError:
            raise
        except GiveUpError as error:
            return _failed(leased, str(error), final=True)
        except Stopped:
            connections.close_all()  # wherever it was broken off: what was not committed must not be
            release(leased)
            return "was given back, to be gone on with"
        except Exception as error:
            return _failed(leased, named(error))
        finish(leased)
        return "done"

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if not self.stopping:
            self.stopping = True
            signal.setitimer(signal.ITIMER_REAL, max(self.grace_seconds, 0.001))

    def _break_off(self, number: int, frame: FrameType | None) -> None:
        if self._breakable:
            self._breakable = False
            raise Stopped

    def _keep_current(self) -> None:
        """Fold new lines as they come; a cheap look when there are none."""
        checkpoints = Checkpoints(seconds=_CHECKPOINT_SECONDS)
        while not self.stopping:
            try:
                where = behind()
                if where.lines or where.units:
                    catch_up(progress=self._between_slices)
                tail.follow(between=lambda: self._between_slices(0, 0))
                checkpoints.between_slices()
                self._troubles.pop("the projections", None)
            except Stopped:
                break
            except Exception as error:  # a projector that died silently would leave every screen old
                self._trouble("the projections", error)
            time.sleep(self.idle_seconds)
        connections.close_all()

    def _keep_sealed(self) -> None:
        """Seal what has cooled; a cheap look when there is nothing."""
        while not self.stopping:
            try:
                lake.seal()
                self._troubles.pop("the lake", None)
            except Exception as error:
                self._trouble("the lake", error)
            time.sleep(self.idle_seconds)
        connections.close_all()

    def _between_slices(self, done: int, total: int) -> None:
        if self.stopping:
            raise Stopped

    def _trouble(self, what: str, error: Exception) -> None:
        self._troubles.setdefault(what, f"Trouble with {what} since {iso(now_millis())}: {named(error)}")
        log.warning("trouble with %s: %s; going on in %.0f s", what, named(error), _SECONDS_AFTER_TROUBLE)
        connections.close_all()
        until = time.monotonic() + _SECONDS_AFTER_TROUBLE
        while not self.stopping and time.monotonic() < until:
            time.sleep(self.idle_seconds)

    def _tidy(self) -> None:
        """Once an hour, forget jobs that ended a week ago."""
        now = now_millis()
        if now - self._pruned_at < _PRUNE_EVERY_MS:
            return
        if prune(finished_before=now - _KEEP_MS) == 0:
            self._pruned_at = now


class _Heart:
    """Beats for a job while the block runs, three times a lease. Stops when the job is lost."""

    def __init__(self, leased: Leased) -> None:
        self._leased = leased
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heart", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._ended.wait(self._leased.lease_ms / 3000):
                try:
                    heartbeat(self._leased)
                except LostLeaseError:
                    return
                except (DatabaseError, InterfaceError) as error:
                    log.warning("no sign of life for job %d: %s", self._leased.id, named(error))
                    connection.close()
        finally:
            connection.close()


def _failed(leased: Leased, why: str, *, final: bool = False) -> str:
    again = fail(leased, why, final=final)
    if again is None:
        return f"failed for good: {why}"
    return f"failed: {why} Tried again in {max(0, again - now_millis()) / 1000:.0f} s."


def named(error: BaseException) -> str:
    """An error by its type and the place in our code: its words could hold what somebody typed."""
    places = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(_OURS)]
    if not places:
        return f"{type(error).__name__}."
    return f"{type(error).__name__} in {Path(places[-1].filename).relative_to(_OURS)}:{places[-1].lineno}."
