"""Prepared databases: migrated once per test process, then copied, because tables of the log cannot be flushed.

The log's triggers refuse UPDATE, DELETE and TRUNCATE in the tests as everywhere, so a test that commits gets a copy of
its own: a copied file on SQLite, CREATE DATABASE … TEMPLATE on PostgreSQL.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from django.core.management import call_command
from django.db import connection, connections


class Prepared(Protocol):
    """A migrated, empty database that can be copied."""

    def copy(self, name: str) -> str:
        """Make a copy and return what goes into ``NAME``."""
        ...

    def drop(self, name: str) -> None:
        """Remove a copy made by ``copy``."""
        ...


def prepare(folder: Path, worker: str) -> Prepared:
    """Migrate a fresh database of the engine the run was asked for, and point the connection at a copy of it."""
    prepared: Prepared
    if connection.vendor == "sqlite":
        prepared = SqliteFile(folder / "prepared.db")
    else:
        prepared = PostgresTemplate(f"prepared_{worker}")
    point_at(prepared.copy("run" if connection.vendor == "sqlite" else f"run_{worker}"))
    return prepared


def point_at(name: str) -> None:
    """Let every connection of this process, in whatever thread, be to the database ``name``."""
    connections.close_all()
    connection.settings_dict["NAME"] = name


@contextmanager
def fresh(prepared: Prepared, name: str) -> Iterator[None]:
    """A copy of the prepared database for the length of the block; everything committed in it goes with it."""
    before = connection.settings_dict["NAME"]
    copy = prepared.copy(name)
    point_at(copy)
    try:
        yield
    finally:
        point_at(before)
        prepared.drop(copy)


@contextmanager
def copied(name: str) -> Iterator[None]:
    """A copy of the database the connection is to now, for the length of the block."""
    before = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()
        copy = str(shutil.copyfile(before, Path(before).with_name(f"{name}.db")))
    else:
        connections.close_all()
        copy = name
        PostgresTemplate._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        PostgresTemplate._execute(f'CREATE DATABASE "{name}" TEMPLATE "{before}"')
    point_at(copy)
    try:
        yield
    finally:
        point_at(before)
        _drop(copy)


def _drop(copy: str) -> None:
    if connection.vendor == "sqlite":
        for tail in ("", "-wal", "-shm"):
            Path(copy + tail).unlink(missing_ok=True)
    else:
        PostgresTemplate._execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')


class SqliteFile:
    """A prepared file; copies stand beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        point_at(str(path))
        call_command("migrate", verbosity=0, interactive=False)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()

    def copy(self, name: str) -> str:
        return str(shutil.copyfile(self._path, self._path.with_name(f"{name}.db")))

    def drop(self, name: str) -> None:
        _drop(name)


class PostgresTemplate:
    """A prepared database nobody stays connected to, so that it can serve as a template."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
        point_at(name)
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()

    def copy(self, name: str) -> str:
        self.drop(name)
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{self._name}"')
        return name

    def drop(self, name: str) -> None:
        _drop(name)

    @staticmethod
    def _execute(*statements: str) -> None:
        at = connection.settings_dict
        with psycopg.connect(
            host=at["HOST"],
            port=at["PORT"] or None,
            user=at["USER"],
            password=at["PASSWORD"],
            dbname="postgres",
            autocommit=True,
        ) as raw:
            for statement in statements:
                raw.execute(statement.encode())
