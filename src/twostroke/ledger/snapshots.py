"""One unchanging view of the database for those who read all of it, without keeping anybody from writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections

_BEGIN = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}


@contextmanager
def snapshot(using: str = "default") -> Iterator[Any]:
    """A Django connection that sees the database as it is now, whatever is committed meanwhile.

    It is a connection of its own: Django's transactions on SQLite take the write lock, and reading millions of lines
    must not. Within a transaction of the caller's it is the caller's connection, which sees what is not committed yet.
    """
    if connections[using].in_atomic_block:
        yield connections[using]
        return
    apart = connections.create_connection(using)
    try:
        with apart.cursor() as cursor:
            if apart.vendor == "sqlite":
                cursor.execute("PRAGMA query_only=ON")
            cursor.execute(_BEGIN[apart.vendor])
            cursor.execute("SELECT 1 FROM ledger_head")  # the view begins with the first look
            cursor.fetchall()
        yield apart
    finally:
        apart.close()
