"""Whether the tables of the log are as the program needs them: triggers, columns, indexes, and not from the future."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db import models

from twostroke.ledger import triggers
from twostroke.ledger.facts import Problem
from twostroke.ledger.fitting import stands
from twostroke.ledger.models import Commit, Head, Line, Personal, Quarantined, Tally

KEPT: tuple[type[models.Model], ...] = (Line, Personal, Commit, Head, Tally, Quarantined)


def schema_problems(connection: Any) -> Iterator[Problem]:
    """What is wrong with triggers, columns and indexes of the tables of the log."""
    for name in triggers.missing(connection):
        yield Problem("trigger", name, f"The trigger {name} is missing or changed: the log could be rewritten.")
    with connection.cursor() as cursor:
        for model in KEPT:
            table = model._meta.db_table
            there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
            for field in model._meta.concrete_fields:
                if field.column not in there:
                    yield Problem("column", f"{table}.{field.column}", f"{table} has no column {field.column}.")
            yield from _indexes(connection, cursor, model)


def steps(using: str) -> list[Problem]:
    """Where the database is older or newer than this program."""
    found = stands(using)
    named = found.unknown_steps or found.missing_steps
    return [Problem("schema", named[-1], found.sentence())] if named else []


def _indexes(connection: Any, cursor: Any, model: type[models.Model]) -> Iterator[Problem]:
    table = model._meta.db_table
    there = _told(connection, cursor, table)
    named = [(index.name, index.fields, False) for index in model._meta.indexes]
    named += [(c.name, list(c.fields), True) for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
    for name, fields, unique in named:
        found = there.get(name)
        if found != (list(fields), unique):
            yield Problem("index", name, f"The index {name} of {table} is missing, broken or on other columns.")


def _told(connection: Any, cursor: Any, table: str) -> dict[str, tuple[list[str], bool]]:
    """Each index by name: its columns and whether it is unique; those PostgreSQL calls invalid are left out."""
    found = {
        name: (list(one["columns"]), bool(one["unique"]))
        for name, one in connection.introspection.get_constraints(cursor, table).items()
        if one["index"] or one["unique"]
    }
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE i.indrelid = %s::regclass AND NOT (i.indisvalid AND i.indisready AND i.indislive)",
            [table],
        )
        for (name,) in cursor.fetchall():
            found.pop(name, None)
    return found


def damage(connection: Any) -> Iterator[Problem]:
    """What the database itself finds broken: pages, rows out of order, indexes that disagree with their tables.

    SQLite's ``integrity_check`` compares every index with its table. PostgreSQL's ``amcheck`` does where it is
    installed; we read its tables without any index, so a broken one can hide nothing from us.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for model in KEPT:
                table = model._meta.db_table
                cursor.execute(f"PRAGMA integrity_check({table})")
                for (words,) in cursor.fetchall():
                    if words != "ok":
                        yield Problem("damage", table, f"The database file is damaged at {table}: {_short(words)}.")
            return
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'amcheck'")
        if cursor.fetchone() is None:
            return
        for model in KEPT:
            yield from _amcheck(cursor, model._meta.db_table)


def _amcheck(cursor: Any, table: str) -> Iterator[Problem]:
    cursor.execute(
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = %s::regclass",
        [table],
    )
    for (name,) in cursor.fetchall():
        try:
            cursor.execute("SAVEPOINT looking")
            cursor.execute("SELECT bt_index_check(%s::regclass, true)", [name])
        except Exception as error:  # amcheck tells by raising, in many classes
            cursor.execute("ROLLBACK TO SAVEPOINT looking")
            yield Problem("damage", name, f"The index {name} does not fit its table: {_short(str(error))}.")


def _short(words: str) -> str:
    """The database's own words, without values it may quote."""
    return re.sub(r"'[^']*'", "'…'", words.splitlines()[0])[:200]
