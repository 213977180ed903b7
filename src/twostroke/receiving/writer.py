"""The one writer: requests wait in a bounded queue, and one thread commits them in groups.

A request is answered after the commit that holds its events, never before. Between two commits the thread sleeps
outside of the lock, so that others who write come in between (LEDGER §6).
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.db import InterfaceError, OperationalError, connections, transaction

from twostroke.identity.actions import store_identifiers
from twostroke.identity.facts import Identifier
from twostroke.identity.queries import risen_mark
from twostroke.intake.actions import NOT_STORABLE, Reception, held, named_in, unstorable
from twostroke.intake.facts import Envelope, RefusedError
from twostroke.kit.pacing import Pace
from twostroke.kit.time import now_millis
from twostroke.ledger.actions import CONFLICT, Checkpoints, InvalidMessageError, append
from twostroke.ledger.facts import Held, Message, Outcome
from twostroke.receiving.answers import Result
from twostroke.receiving.budgets import Budgets

log = logging.getLogger("twostroke.receiving")

MOST_WAITING = 20_000
MOST_WAITING_BYTES = 64_000_000
# Who waits for SQLite's lock looks again after 1, 2, 5, 10, 15 … ms (sqlite3_busy_timeout): the shorter a commit, the
# sooner a look meets no lock.
_COMMIT_SECONDS = 0.015
_TRIES = 10
_MOST_UNNAMED = 50_000
_TOO_MUCH_SAID = "Too much of what this source sends is broken: nothing of this was taken. Mend it, and send it again."
_NOT_CONFIRMED = {"SQLITE_IOERR_FSYNC", "SQLITE_IOERR_DIR_FSYNC"}
_CONFLICT_SAID = "Another event with this id and other content was stored before: give each event an id of its own."


@dataclass(frozen=True, slots=True)
class Busy:
    """Nothing of a request was taken: come again after ``seconds``. ``status`` 429: by the source's own doing."""

    status: int
    code: str
    sentence: str
    seconds: float


Done = Callable[[list[Result] | Busy], None]


@dataclass(frozen=True, slots=True)
class Job:
    """The events of one request, and whom to tell. ``whole``: the request itself is held back for this reason."""

    envelope: Envelope
    events: tuple[bytes, ...]
    done: Done
    at: float
    whole: RefusedError | None = None

    @property
    def size(self) -> int:
        return max(1, len(self.events))

    @property
    def bytes(self) -> int:
        return sum(map(len, self.events))


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with the database, since when (ms since 1970 UTC)."""

    sentence: str
    since: int


@dataclass(slots=True)
class Waiting:
    """Requests that wait, a line for each source; taken in turns, so that a long line holds up nobody else's."""

    events: int = 0
    bytes: int = 0
    _lines: dict[str, deque[Job]] = field(default_factory=dict)
    _of: dict[str, int] = field(default_factory=dict)

    def fits(self, job: Job) -> bool:
        """Whether there is room for it: in all, and in the half one source may have."""
        if not self.events:
            return True
        mine = self._of.get(job.envelope.source, 0) + job.size
        room = self.events + job.size <= MOST_WAITING and self.bytes + job.bytes <= MOST_WAITING_BYTES
        return room and (mine <= MOST_WAITING // 2 or not self._of.get(job.envelope.source))

    def put(self, job: Job) -> None:
        source = job.envelope.source
        self._lines.setdefault(source, deque()).append(job)
        self._of[source] = self._of.get(source, 0) + job.size
        self.events += job.size
        self.bytes += job.bytes

    def take(self, size: int) -> list[Job]:
        """Jobs of about ``size`` events in turns of the sources; at least one where any waits."""
        taken: list[Job] = []
        while self._lines and size > 0:
            for source in list(self._lines):
                line = self._lines[source]
                job = line.popleft()
                taken.append(job)
                size -= job.size
                self.events -= job.size
                self.bytes -= job.bytes
                self._of[source] -= job.size
                if not line:
                    del self._lines[source], self._of[source]
                if size <= 0:
                    break
        return taken

    def oldest(self) -> float | None:
        """When the one who waits longest came, by the monotonic clock."""
        return min((line[0].at for line in self._lines.values()), default=None)


@dataclass(slots=True)
class Translated:
    """A job's events as what goes to the log; ``order`` says for each event which list it is in, and where."""

    job: Job
    messages: list[Message] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    order: list[tuple[bool, int]] = field(default_factory=list)

    def add(self, one: Message | Held) -> None:
        to: list[Message] | list[Held] = self.messages if isinstance(one, Message) else self.held
        self.order.append((isinstance(one, Message), len(to)))
        to.append(one)  # type: ignore[arg-type]

    def results(self, outcomes: Sequence[Outcome]) -> list[Result]:
        """The result of each event in the order sent."""
        return [
            _said(outcomes[at]) if stored else Result("quarantined", self.held[at].code, self.held[at].reason)
            for stored, at in self.order
        ]


_SAID = {
    Outcome.STORED: Result("stored"),
    Outcome.DUPLICATE: Result("duplicate"),
    Outcome.QUARANTINED: Result("quarantined", CONFLICT, _CONFLICT_SAID),
}
_said = _SAID.__getitem__


class _ErasedMeanwhileError(Exception):
    """Somebody was erased after these events were translated: their names must be made anew."""


class Writer:
    """Takes jobs from any thread, commits them on its own. ``between`` is called there about once a second."""

    def __init__(self, *, quarantine: Budgets, between: Callable[[], None] = lambda: None) -> None:
        self._quarantine = quarantine
        self._between = between
        self._waiting = Waiting()
        self._changed = threading.Condition()
        self._stopping = False
        self._pace = Pace(size=200, seconds=_COMMIT_SECONDS, smallest=10, largest=5000)
        self._checkpoints = Checkpoints()
        self._reception: Reception | None = None
        self._mark = -1
        self._left_over = 0  # identifiers that no stored line has named yet
        self.trouble: Trouble | None = None
        self.committed = 0
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Commit what waits, then end."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()

    def put(self, job: Job) -> Busy | None:
        """Queue a job; ``Busy`` where there is no room, and then it is not queued."""
        with self._changed:
            if self._stopping:
                return Busy(503, "stopping", "The server is being stopped. Send it again in a moment.", 2)
            if not self._waiting.fits(job):
                return Busy(503, "overloaded", "More is waiting than can be stored at once. Send it again shortly.", 1)
            self._waiting.put(job)
            self._changed.notify()
        return None

    def waiting(self) -> tuple[int, float]:
        """How many events wait, and for how many seconds the oldest of them has."""
        with self._changed:
            oldest = self._waiting.oldest()
            return self._waiting.events, 0.0 if oldest is None else time.monotonic() - oldest

    def _run(self) -> None:
        quiet = 0.0
        while True:
            if time.monotonic() - quiet >= 1:
                self._or_say_so(self._between)
                quiet = time.monotonic()
            with self._changed:
                if not self._waiting.events and not self._stopping:
                    self._changed.wait(1.0)
                jobs = self._waiting.take(self._pace.size)
                if not jobs and self._stopping:
                    break
            if jobs:
                self._or_say_so(partial(self._store, jobs), jobs)
                # A disk in trouble refuses this, too, and then it is tried again after the next commit.
                self._or_say_so(self._checkpoints.between_slices)
        connections.close_all()

    def _or_say_so(self, what: Callable[[], None], jobs: Sequence[Job] = ()) -> None:
        """The last resort: whatever happens, everybody is answered and the thread goes on."""
        try:
            what()
        except Exception as error:
            self._in_trouble(jobs, error)

    def _store(self, jobs: Sequence[Job]) -> None:
        """Store the jobs in one commit and tell each; where one spoils it for the others, each by itself."""
        try:
            translated = self._within_budget(self._translate(jobs))
            self._commit(translated)
        except (OperationalError, InterfaceError) as error:
            self._in_trouble(jobs, error)
        except Exception as error:  # no event, however odd, may stop the server or take others with it
            log.warning("events are stored one by one: %s", _named(error))
            for job in jobs:
                self._store_one_by_one(job)

    def _translate(self, jobs: Sequence[Job]) -> list[Translated]:
        if self._reception is None:
            self._mark, self._left_over = risen_mark(), 0
            self._reception = Reception()
        return [_translated(job, self._reception) for job in jobs]

    def _within_budget(self, translated: Sequence[Translated]) -> list[Translated]:
        now, found = time.monotonic(), []
        for one in translated:
            wait = self._quarantine.take(one.job.envelope.source, len(one.held), now) if one.held else 0.0
            if wait:
                one.job.done(Busy(429, "too_much_quarantined", _TOO_MUCH_SAID, wait))
            else:
                found.append(one)
        return found

    def _commit(self, translated: Sequence[Translated]) -> None:
        if not any(one.order for one in translated):
            outcomes: list[Outcome] = []
        else:
            translated, outcomes = self._written(translated)
        self.trouble = None
        at = 0
        for one in translated:
            one.job.done(one.results(outcomes[at : at + len(one.messages)]))
            at += len(one.messages)

    def _written(self, translated: Sequence[Translated]) -> tuple[Sequence[Translated], list[Outcome]]:
        """What was stored in the end: what the log cannot hold is held back, names of the erased are made anew."""
        try:
            for _ in range(_TRIES):
                try:
                    return translated, self._write(translated)
                except InvalidMessageError:
                    translated = [_storable(one) for one in translated]
                except _ErasedMeanwhileError:
                    self._reception = None
                    translated = self._translate([one.job for one in translated])
            raise RuntimeError("erasures followed each other faster than a commit")
        except BaseException:
            # Identifiers that were to be stored are stored nowhere: they are minted anew with the next look.
            self._reception = None
            raise

    def _write(self, translated: Sequence[Translated]) -> list[Outcome]:
        messages = [message for one in translated for message in one.messages]
        withheld = [one for job in translated for one in job.held]
        with transaction.atomic():
            self._pace.begin()
            transaction.on_commit(self._pace.end)
            outcomes = append(messages, held=withheld)
            store_identifiers(self._named(messages, outcomes, alone=not withheld))
            if risen_mark() != self._mark:
                raise _ErasedMeanwhileError
        self.committed += len(messages) + len(withheld)
        if self._left_over > _MOST_UNNAMED:
            self._reception = None
        return outcomes

    def _named(self, messages: Sequence[Message], outcomes: Sequence[Outcome], *, alone: bool) -> list[Identifier]:
        """The new identifiers that stored lines name. An address in what is held back belongs to quarantine alone, and
        one that was erased must not return with a line that says nothing new."""
        if self._reception is None:
            return []
        minter = self._reception.minter
        stored = [m for m, outcome in zip(messages, outcomes, strict=True) if outcome is Outcome.STORED]
        if alone and len(stored) == len(messages) and not self._left_over:
            return minter.drain()
        found = minter.drain_named(named_in(draft for message in stored for draft in message.drafts))
        self._left_over = minter.waiting()
        return found

    def _store_one_by_one(self, job: Job) -> None:
        """Each event of a job in a commit of its own; one that cannot be stored by any means is held back."""
        results: list[Result] = []
        try:
            for raw in job.events:
                single = Job(job.envelope, (raw,), _into(results), job.at, job.whole)
                try:
                    self._commit(self._translate([single]))
                except (OperationalError, InterfaceError):
                    raise
                except Exception as error:
                    refused = RefusedError(NOT_STORABLE, f"The program cannot store it ({_named(error)}).")
                    self._commit(self._translate([Job(job.envelope, (raw,), _into(results), job.at, refused)]))
        except (OperationalError, InterfaceError) as error:
            self._in_trouble([job], error)
            return
        job.done(results)

    def _in_trouble(self, jobs: Sequence[Job], error: Exception) -> None:
        since = now_millis() if self.trouble is None else self.trouble.since
        self.trouble = Trouble(sentence_of(error), since)
        log.warning("nothing can be stored: %s", self.trouble.sentence)
        connections.close_all()
        for job in jobs:
            job.done(Busy(503, "storage", f"Nothing can be stored just now: {self.trouble.sentence}", 2))


def _translated(job: Job, reception: Reception) -> Translated:
    read: list[Message | RefusedError] = []
    for raw in job.events:
        try:
            if job.whole is not None:
                raise job.whole
            read.append(reception.message(job.envelope, raw))
        except RefusedError as refused:
            read.append(refused)
    broken = [raw for raw, one in zip(job.events, read, strict=True) if isinstance(one, RefusedError)]
    again = iter(reception.said_again(job.envelope, broken) if broken and job.whole is None else [None] * len(broken))
    found = Translated(job)
    for raw, one in zip(job.events, read, strict=True):
        if isinstance(one, RefusedError):
            found.add(next(again) or held(job.envelope, raw, one))
        else:
            found.add(one)
    return found


def _storable(one: Translated) -> Translated:
    """The same; what the log cannot hold is held back with the reason."""
    checked = Translated(one.job)
    for (stored, at), raw in zip(one.order, one.job.events, strict=True):
        refused = unstorable(one.messages[at]) if stored else None
        if refused is not None:
            checked.add(held(one.job.envelope, raw, refused))
        else:
            checked.add(one.messages[at] if stored else one.held[at])
    return checked


def _into(results: list[Result]) -> Done:
    def note(said: list[Result] | Busy) -> None:
        results.extend([Result("quarantined", said.code, said.sentence)] if isinstance(said, Busy) else said)

    return note


def sentence_of(error: Exception) -> str:
    """What is wrong with the database, in words. Source: the result codes of SQLite, PostgreSQL's SQLSTATE classes."""
    if getattr(error.__cause__, "sqlite_errorname", "") in _NOT_CONFIRMED:
        return "the disk does not confirm what is written to it: it may be failing. Look at the system's log (dmesg)."
    text = str(error).lower()
    if "disk i/o error" in text or "disk is full" in text or "no space left" in text or "file too large" in text:
        return "the disk is full, or the database's file may not grow. Make room: nothing acknowledged is lost."
    if "locked" in text or "busy" in text:
        return "another program holds the database locked for longer than it may."
    if "connect" in text or "terminat" in text or "closed" in text or "shutdown" in text or "starting up" in text:
        return "the database server does not answer. It is tried again with each request."
    return f"the database refuses to write ({type(error).__name__})."


def _named(error: Exception) -> str:
    """An error by its type and place: its words could hold what somebody sent."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
