"""The look whether anything is left of an erased person in raw bytes: of the home's files and of the database's."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from twostroke.kit.personal import Sought
from twostroke.kit.traces import Traces

_PATIENCE = 10.0
_ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Leftover:
    """Where something of the person still stands, and what to do. ``where``: a file within the home, or a table."""

    where: str
    sentence: str


def leftovers(who: Sought) -> Iterator[Leftover]:
    """What is left of ``who`` and of what was said of them alone.

    Texts that stand in rows of others too (a city, a job title, an address that hers is a piece of) tell nothing and
    are passed over.
    """
    if not truncated():
        yield Leftover(
            "the database's write-ahead log",
            "Somebody reads the database without pause, so its write-ahead log could not be emptied. Run it again.",
        )
    looked_for = Traces({*who.traces.words, *who.said})
    found = {where: words for where, path in _files() if (words := looked_for.in_file(path))}
    # The files of a database server are not ours to read: there every word is looked for in the rows.
    suspects = set().union(*found.values()) if connection.vendor == "sqlite" else set(looked_for.words)
    rows = _rows_saying(suspects) if suspects else {}
    yield from _in_rows(who, rows)
    yield from _in_files(who, found, rows)


_Rows = dict[str, list[tuple[str, str]]]


def _in_rows(who: Sought, rows: _Rows) -> Iterator[Leftover]:
    for word, tables in sorted(rows.items()):
        if word in who.words:
            yield from (Leftover(table, _NAMED) for table, text in tables if who.is_named_in(text))


def _in_files(who: Sought, found: Mapping[str, set[str]], rows: _Rows) -> Iterator[Leftover]:
    paths = dict(_files())
    for where, words in sorted(found.items()):
        alone = bool(words - rows.keys())
        if where.startswith(_DATABASE):
            if alone:
                yield Leftover(where, _LEFT_IN_DATABASE)
        # A piece of somebody else's address may stand there by right; the whole of hers may not.
        elif alone or (words & set(who.words) and who.is_in_bytes(paths[where].read_bytes())):
            yield Leftover(where, _LEFT_IN_FILE)


_DATABASE = "the database file"
_NAMED = "A row here still names the person."
_LEFT_IN_FILE = "This file still holds something of the person: remove it, or take it out there by hand."
_LEFT_IN_DATABASE = (
    "Pages the database no longer uses still hold something of the person. Stop everything that uses it, run "
    "`VACUUM` on it, and erase again."
)


def truncated() -> bool:
    """Empty SQLite's write-ahead log into the database, waiting for readers; whether it is empty now."""
    if connection.vendor != "sqlite":
        return True
    until = time.monotonic() + _PATIENCE
    while True:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = bool(cursor.fetchone()[0])
        if not busy or time.monotonic() > until:
            return not busy
        time.sleep(0.05)


def _files() -> Iterator[tuple[str, Path]]:
    home: Path = settings.TWOSTROKE_HOME.path
    database = Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
    tails = ("", "-wal", "-journal")
    of_database = {Path(f"{database}{tail}").resolve(): tail for tail in tails} if database is not None else {}
    for path in sorted(home.rglob("*")):
        if path.is_file() and path.resolve() not in of_database:
            yield str(path.relative_to(home)), path
    for path, tail in of_database.items():
        if path.is_file():
            yield f"{_DATABASE}{tail}", path


def _rows_saying(words: Collection[str]) -> _Rows:
    """Each of these words that stands in a row of any table, with (table, the row's text) of some such rows."""
    found: _Rows = {}
    traces = Traces(words)
    for table, texts in _all_rows():
        # Most rows say nothing of it: they are looked through together first.
        if traces.in_text("\n".join(texts)):
            for word, text in ((word, row) for row in texts for word in traces.in_text(row)):
                some = found.setdefault(word, [])
                if len(some) < _ENOUGH:
                    some.append((table, text))
    return found


def _all_rows() -> Iterator[tuple[str, list[str]]]:
    """The rows of every table as texts, some thousands at a time; tables without any text left out."""
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        names = [f'"{field.column}"' for field in model._meta.concrete_fields if _holds_text(field)]
        if names:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {', '.join(names)} FROM {table}")
                while rows := cursor.fetchmany(2000):
                    yield table, ["\x1f".join(_text(value) for value in row if value is not None) for row in rows]


def _holds_text(field: Any) -> bool:
    return field.get_internal_type() in {"TextField", "CharField", "BinaryField", "JSONField", "EmailField"}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")
