"""SQLite's write-ahead log, moved into the database file by those who write for long, between two transactions.

SQLite by itself does it within somebody's commit once the log is some megabytes long; at millions of lines, where
nearly every page written is another one, that made one commit in four last half a second. Moving holds no lock that
others wait for, so it is done by imports, folds and the worker, about once a second, and in a commit (settings) only
where none of them is there to do it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.db import connections

EVERY_SECONDS = 1.0
# Others who write come in between two slices; one that waits for a lock looks for it only now and then.
GAP_SECONDS = 0.001


@dataclass(slots=True)
class Checkpoints:
    """For one who writes slice after slice. The first is due ``seconds`` after the beginning: short work makes none."""

    using: str = "default"
    seconds: float = EVERY_SECONDS
    _last: float = field(default_factory=time.monotonic)

    def between_slices(self) -> None:
        """Let others write, and move the log if it is time. Call it outside of transactions."""
        time.sleep(GAP_SECONDS)
        if time.monotonic() - self._last < self.seconds:
            return
        connection = connections[self.using]
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
                cursor.fetchone()
        self._last = time.monotonic()
