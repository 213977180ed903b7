"""Tables thrown away and folded anew from the log: in place, or beside it to see whether they would be the same."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.utils import load_backend

from twostroke.ledger import projecting, state
from twostroke.ledger.databases import insert_rows
from twostroke.ledger.facts import Difference
from twostroke.ledger.snapshots import snapshot

_AT_ONCE = 2000
_TRIES = 20
_SETTINGS = "twostroke.site.settings"
_PLAIN = (models.TextField, models.CharField, models.IntegerField)


class RebuildError(RuntimeError):
    """The tables could not be rebuilt beside the log; the text says what happened and what to do."""


def rebuild(*, using: str = "default", progress: Callable[[int, int], None] | None = None) -> int:
    """Empty all projections and fold the log from its first line, in short transactions. Returns how many lines.

    No reaction runs. Until it is through, pages show what is folded so far; whoever stops it leaves the rest to the
    next ``catch_up``, which begins where this stopped.
    """
    projecting.start_again(using)
    return projecting.catch_up(using=using, progress=progress)


def check(*, using: str = "default", most: int = 100) -> list[Difference]:
    """Rebuild beside the log and compare every projection row by row; the first ``most`` differences, live one first.

    The truth is copied into a scratch database in the home and folded there by a process of its own; the copy is
    removed at the end. Raises ``RebuildError``.
    """
    with settled(using) as live, replayed(live) as scratch:
        return list(islice(compare(live, scratch), most))


@contextmanager
def settled(using: str = "default") -> Iterator[Any]:
    """A view of the database in which all lines are folded. Raises ``RebuildError`` if others write without pause."""
    for _ in range(_TRIES):
        projecting.catch_up(using=using)
        with snapshot(using) as live:
            if projecting.is_settled(live):
                yield live
                return
    raise RebuildError("New lines kept coming in: the tables never stood still. Try again when no import runs.")


@contextmanager
def replayed(live: Any) -> Iterator[Any]:
    """A connection to a scratch database that holds a copy of the truth, folded anew by a process of its own."""
    home: Path = settings.TWOSTROKE_HOME.path
    folder = settings.TWOSTROKE_HOME.scratch
    with tempfile.TemporaryDirectory(prefix="rebuild-", dir=folder) as made:
        file = Path(made) / "scratch.db"
        environment = os.environ | {
            "TWOSTROKE_HOME": str(home),
            "TWOSTROKE_DATABASE_URL": f"sqlite:///{file}",
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", _SETTINGS),
        }
        with (Path(made) / "words").open("w+") as words, _process(environment, words) as process:
            _expect(process, "ready", words)
            scratch = _open(file)
            try:
                _copy_truth(live, scratch)
                _answer(process)
                _expect(process, "done", words)
                yield scratch
            finally:
                scratch.close()


def compare(live: Any, other: Any) -> Iterator[Difference]:
    """Where the projections of two databases differ: every column but surrogate ids."""
    with tempfile.TemporaryDirectory(prefix="compare-", dir=settings.TWOSTROKE_HOME.scratch) as made:
        left, right = Path(made) / "live", Path(made) / "rebuilt"
        state.write_rows(left, live, state.projections())
        state.write_rows(right, other, state.projections())
        yield from state.differences(left, right)


@contextmanager
def _process(environment: dict[str, str], words: IO[str]) -> Iterator[subprocess.Popen[str]]:
    path = os.pathsep.join(entry for entry in sys.path if entry)
    process = subprocess.Popen(
        [sys.executable, "-m", "twostroke.ledger.replay"],
        env=environment | {"PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=words,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _answer(process: subprocess.Popen[str]) -> None:
    stdin = process.stdin
    assert stdin is not None
    stdin.write("go\n")
    stdin.flush()


def _expect(process: subprocess.Popen[str], word: str, words: IO[str]) -> None:
    stdout = process.stdout
    assert stdout is not None
    if stdout.readline().strip() == word:
        return
    process.wait()
    words.seek(0)
    last = words.read().strip().splitlines()[-1:] or ["it said nothing"]
    raise RebuildError(f"The process that rebuilds beside the log ended early: {last[0]}")


def _open(file: Path) -> Any:
    backend = load_backend("django.db.backends.sqlite3")
    given: dict[str, Any] = {"NAME": str(file), "OPTIONS": {}, "TIME_ZONE": None, "AUTOCOMMIT": True}
    given |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "ATOMIC_REQUESTS": False}
    return backend.DatabaseWrapper(given, "scratch")


def _copy_truth(live: Any, scratch: Any) -> None:
    with scratch.cursor() as cursor:
        # A copy that is lost with the machine is made again.
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA foreign_keys=OFF")
    for model in apps.get_models():
        if getattr(model, "nature", "") == "truth":
            _copy(model, live, scratch)


def _copy(model: type[models.Model], live: Any, scratch: Any) -> None:
    fields = model._meta.concrete_fields
    turned = [(at, field) for at, field in enumerate(fields) if not isinstance(field, _PLAIN)]
    every = model._default_manager.order_by("pk").values_list(*(field.attname for field in fields))
    rows = iter(every.query.get_compiler(connection=live).results_iter(chunked_fetch=True))
    while chunk := list(islice(rows, _AT_ONCE)):
        ready: Sequence[Sequence[Any]] = chunk
        if turned:
            ready = [_as_sqlite(row, turned, scratch) for row in chunk]
        with scratch.cursor() as cursor:
            cursor.execute("BEGIN")
        insert_rows(scratch, model._meta.db_table, [field.column for field in fields], ready)
        with scratch.cursor() as cursor:
            cursor.execute("COMMIT")


def _as_sqlite(row: Sequence[Any], turned: Sequence[tuple[int, Any]], scratch: Any) -> list[Any]:
    found = list(row)
    for at, field in turned:
        found[at] = field.get_db_prep_save(found[at], scratch)
    return found
