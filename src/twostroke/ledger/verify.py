"""Proof that no line was changed, lost or added: one reading of the whole log, in one unchanging view of it.

Tables are read without their indexes, so that a tampered index hides nothing. Every commit's hash is made again from
the lines as they lie there; a commit that does not fit is named, and the next one is judged by the hash that is stored,
so that one change is one problem and not thousands.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from twostroke.kit.time import now_millis
from twostroke.ledger import schema
from twostroke.ledger.facts import Problem, Verification
from twostroke.ledger.heads import OutsideHead, read_head
from twostroke.ledger.raw import Raw
from twostroke.ledger.snapshots import snapshot
from twostroke.ledger.walking import Walk

_MOST = 1000


def verify(*, using: str = "default") -> Verification:
    """Read the whole log and say what is wrong with it. An empty ``problems`` is a proof, up to the outside head.

    Whoever has the installation's key and the heads file could forge both; nobody can with SQL alone.
    """
    began = time.perf_counter()
    # Before the view begins, for a head is written outside only after its commit: what it names must be in view.
    outside = read_head() if using == DEFAULT_DB_ALIAS else None
    with snapshot(using) as connection, _as_stored(connection):
        problems = [*schema.steps(using), *schema.schema_problems(connection)]
        if any(problem.type == "column" for problem in problems):
            return Verification(tuple(problems), 0, 0, 0, time.perf_counter() - began)
        problems += schema.damage(connection)
        walk = Walk(Raw(connection), settings.TWOSTROKE_KEY, outside.number if outside else 0)
        problems += islice(walk.problems(), _MOST)
        problems += _outside(outside, walk.head, walk.link)
        problems += _accounts(walk)
        problems += _broken(connection)
    unproven = walk.lines if outside is None else max(0, walk.lines - outside.seq)
    return Verification(tuple(problems), walk.lines, walk.commits, unproven, time.perf_counter() - began)


def remember_verified(found: Verification) -> None:
    """Note beside the database when the log was last read whole, and what was found, for ``/healthz``."""
    said = {"at": now_millis(), "lines": found.lines, "problems": len(found.problems)}
    file: Path = settings.TWOSTROKE_HOME.heads / "verified"
    draft = file.with_suffix(f".{os.getpid()}")
    draft.write_bytes(msgspec.json.encode(said))
    draft.replace(file)


def last_verified() -> dict[str, int] | None:
    """``at`` (ms since 1970 UTC), ``lines`` and ``problems`` of the last whole reading; None where there was none."""
    file: Path = settings.TWOSTROKE_HOME.heads / "verified"
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, int])
    except (OSError, msgspec.MsgspecError):
        return None


def start_check(*, using: str = "default") -> list[Problem]:
    """What every start looks at, a few rows: triggers, columns, indexes, a newer schema, the head kept outside."""
    outside = read_head() if using == DEFAULT_DB_ALIAS else None
    connection = connections[using]
    problems = [*schema.steps(using), *schema.schema_problems(connection)]
    if any(problem.type == "column" for problem in problems) or outside is None:
        return problems
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, recorded_at, commit_number, hash FROM ledger_head WHERE id = 1")
        head = cursor.fetchone()
        cursor.execute("SELECT hash FROM ledger_commit WHERE number = %s", [outside.number])
        link = cursor.fetchone()
    return problems + _outside(outside, head, link[0] if link else None)


@contextmanager
def _as_stored(connection: Any) -> Iterator[None]:
    """Read text that is no text as what it is, instead of stopping at it."""
    if connection.vendor != "sqlite":
        yield
        return
    raw = connection.connection
    before, raw.text_factory = raw.text_factory, lambda stored: stored.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = before


def _outside(outside: OutsideHead | None, head: tuple[int, int, int, str] | None, link: str | None) -> list[Problem]:
    if outside is None:
        return []
    if head is None or head[2] < outside.number or head[0] < outside.seq:
        there = "nothing" if head is None else f"commit {head[2]} and line {head[0]}"
        sentence = (
            f"The log was cut: commit {outside.number} with line {outside.seq} was written, now it ends at {there}. "
            "Go back to a backup."
        )
        return [Problem("cut", f"commit {outside.number}", sentence)]
    if outside.number and link != outside.hash:
        sentence = "The log is not the one whose head was kept outside of it: it was rewritten, or is another one."
        return [Problem("rewritten", f"commit {outside.number}", sentence)]
    return []


def _accounts(walk: Walk) -> list[Problem]:
    """Tallies told three times: by the commits, by the rows themselves, by the table of tallies."""
    found: list[Problem] = []
    none: Counter[str] = Counter()
    for source in sorted(walk.said.keys() | walk.stored.keys() | walk.held.keys() | walk.tallies.keys()):
        said = walk.said.get(source, none)
        counted = (walk.stored[source], said["duplicate"], walk.held[source])
        chained = (said["stored"], said["duplicate"], said["quarantined"])
        if counted != chained or walk.tallies.get(source) != (sum(chained), *chained):
            names = "stored {}, duplicate {}, quarantined {}"
            found.append(
                Problem(
                    "accounts",
                    f"source {source}",
                    f"The accounts of {source} do not add up: the commits say {names.format(*chained)}; there are "
                    f"{names.format(*counted)}; the table of tallies says {walk.tallies.get(source)}.",
                )
            )
    return found


def _broken(connection: Any) -> list[Problem]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT projection, unit, error FROM ledger_broken ORDER BY projection, unit LIMIT 100")
        return [
            Problem("projection", f"{name} {unit}", f"{name} could not be folded for {unit}: {error}.")
            for name, unit, error in cursor.fetchall()
        ]
