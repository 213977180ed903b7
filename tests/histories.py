"""Histories for tests of the log: acts, and files brought in the way intake brings them, as plain messages.

A story is told without a database: it fixes the stamps and decides what a later import says again. What a database then
makes of its messages, in whatever order they arrive, is what the tests look at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from msgspec import structs

from twostroke.kit.time import DAY_MS
from twostroke.ledger import projecting, state
from twostroke.ledger.append import append
from twostroke.ledger.databases import insert_rows
from twostroke.ledger.facts import LINE_COLUMNS, Draft, Held, Line, Message, Outcome, Precision, definition_subject

START = 1_780_000_000_000_000
DAY_ONE = 20_000 * DAY_MS


def oid(*words: object) -> str:
    """An opaque id, the same for the same words."""
    return hashlib.sha256("\x1f".join(map(str, words)).encode()).hexdigest()[:32]


def deal(name: str, kind: str = "deal.opened", **more: Any) -> Draft:
    """A line about a deal: with ``at`` to the millisecond, with ``day`` known by its day, else of unknown time."""
    when: dict[str, Any] = {}
    if (at := more.pop("at", None)) is not None:
        when = {"happened_at": at, "precision": Precision.MS}
    if (day := more.pop("day", None)) is not None:
        when = {"happened_at": day * DAY_MS, "precision": Precision.DAY}
    return Draft(kind, "deal", oid("deal", name), **when, **more)


def person(name: str, kind: str, **more: Any) -> Draft:
    """A line about a person, who is named by one identifier."""
    who = oid("person", name)
    return Draft(kind, "person", who, identifier=who, **more)


def message(name: str, *drafts: Draft, source: str = "crm", **more: Any) -> Message:
    """A message of another sender than a file; its content decides its hash."""
    return Message(source, name, oid("body", drafts), drafts, **more)


def write(*messages: Message, held: Sequence[Held] = (), repaired: Sequence[str] = ()) -> list[Outcome]:
    """Append in one transaction."""
    with transaction.atomic():
        return append(messages, held=held, repaired=repaired)


Row = tuple[str, Sequence[Draft]]


@dataclass
class Story:
    """Messages in the order they were said, with fixed stamps: two or three to the millisecond."""

    messages: list[Message] = field(default_factory=list)
    stored: set[tuple[str, str]] = field(default_factory=set)
    stamp: int = START
    batches: int = 0

    def say(self, name: str, *drafts: Draft, source: str = "crm", wait: int = 400, **more: Any) -> Message:
        """One more message."""
        self.stamp += wait
        said = message(name, *drafts, source=source, recorded_at=self.stamp, **more)
        self.messages.append(said)
        return said

    def bring(self, rows: Iterable[Row], *, date: int | None = None, source: str = "crm", wait: int = 400) -> str:
        """Bring in a file: rows of (key, lines), its date in ms or None. Returns its batch."""
        self.batches += 1
        batch = oid("batch", source, self.batches)
        started: dict[str, Any] = {"import": f"i{self.batches}", "file_no": 1, "source_name": source, "history": True}
        if date is not None:
            started["version_time"] = date
        about = oid("import", self.batches)
        self.say(
            f"started:{batch}", Draft("import.started", "import", about, properties=started), source=source, wait=wait,
            batch=batch,
        )  # fmt: skip
        again = []
        for number, (key, drafts) in enumerate(rows, 1):
            name = f"{oid('record', source, key)}.{oid('version', key, drafts)}"
            if (source, name) in self.stored:
                again.append([name, number])
            else:
                self.stored.add((source, name))
                self.say(name, *drafts, source=source, batch=batch, row=number, news=False)
        if again:
            told = {"batch": batch, "rows": again}
            self.say(f"confirmed:{batch}", Draft("import.confirmed", "import", about, properties=told), source=source)
        return batch

    def undo(self, batch: str) -> None:
        """Take a file back."""
        draft = Draft("import.undone", "import", oid("import", batch), properties={"batch": batch})
        self.say(f"undone:{batch}", draft, source="twostroke")

    def define(self, name: str, value: Any) -> None:
        """Change a definition."""
        told = {"name": name, "value": value}
        draft = Draft("definition.changed", "definition", definition_subject(name), properties=told)
        self.say(f"definition:{len(self.messages)}", draft, source="twostroke")

    def write(self, at_once: int = 1000) -> None:
        """Append all of it in order."""
        for start in range(0, len(self.messages), at_once):
            write(*self.messages[start : start + at_once])


Arrived = tuple[tuple[Line, ...], dict[int, tuple[str, str]]]


def arrived() -> list[Arrived]:
    """The messages of the log at hand as (lines, their side rows by part), in commit order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, salt, content FROM ledger_personal")
        sides = {seq: (salt, content) for seq, salt, content in cursor.fetchall()}
        cursor.execute(f"SELECT {', '.join(LINE_COLUMNS)} FROM ledger_line ORDER BY seq")
        lines = [Line._make(row) for row in cursor.fetchall()]
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.source, line.message_id), []).append(line)
    return [(tuple(g), {line.part: sides[line.seq] for line in g if line.seq in sides}) for g in groups.values()]


def arrive(messages: Sequence[Arrived], after: int = 0) -> None:
    """Put messages on a log in another order than they were recorded in, as only a test does it."""
    seq, lines, sides = after, [], []
    for group, personal in messages:
        for line in group:
            seq += 1
            lines.append(line._replace(seq=seq))
            if line.part in personal:
                sides.append((seq, *personal[line.part]))
    insert_rows(connection, "ledger_line", LINE_COLUMNS, lines)
    insert_rows(connection, "ledger_personal", ("seq", "salt", "content"), sides)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_head SET seq = %s, commit_number = commit_number + 1", [seq])


def counting() -> dict[str, str]:
    """Record → the message whose lines are in force, of all records with one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT message_id FROM ledger_line l WHERE batch IS NOT NULL AND message_id LIKE %s "
            "AND NOT EXISTS (SELECT 1 FROM ledger_suppressed s WHERE s.seq = l.seq)",
            ["%.%"],
        )
        return {name.split(".")[0]: name for (name,) in cursor.fetchall()}


def state_now() -> dict[str, str]:
    """The state hash, all lines folded."""
    projecting.catch_up()
    return state.state_hash()


def rows_now() -> bytes:
    """Every row of every projection with every column but surrogate ids."""
    file = Path(settings.TWOSTROKE_HOME.scratch) / "rows"
    state.write_rows(file, connection, state.projections())
    try:
        return file.read_bytes()
    finally:
        file.unlink()


@contextmanager
def nothing_stays() -> Iterator[None]:
    """A world of its own for one example of a property: whatever is written is gone after the block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def without_stamp(said: Message) -> Message:
    """The message as its sender sends it again."""
    return structs.replace(said, recorded_at=None)
