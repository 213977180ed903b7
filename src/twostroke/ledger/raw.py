"""The tables of the log as they lie there: whole, in order, without any index that could have been tampered with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from twostroke.ledger.facts import LINE_COLUMNS, Line

_WITHOUT_INDEXES = ("enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan")


class Raw:
    """Streams of one connection; rows come in the order of their keys, however many there are."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._sqlite = connection.vendor == "sqlite"
        if not self._sqlite:
            with connection.cursor() as cursor:
                for name in _WITHOUT_INDEXES:
                    cursor.execute(f"SET LOCAL {name} = off")

    def lines(self) -> Iterator[Line]:
        """Every line by seq."""
        return map(Line._make, self._rows("ledger_line", LINE_COLUMNS, "seq"))

    def personal(self) -> Iterator[tuple[int, str, str]]:
        """Every side row (seq, salt, content) by seq."""
        return self._rows("ledger_personal", ("seq", "salt", "content"), "seq")

    def commits(self) -> Iterator[tuple[int, int, int, int, str, str]]:
        """Every commit (number, first seq, last seq, stamp, tallies, hash) by number."""
        return self._rows(
            "ledger_commit", ("number", "first_seq", "last_seq", "recorded_at", "tallies", "hash"), "number"
        )

    def held(self) -> Iterator[tuple[Any, ...]]:
        """Every quarantined message by commit and id: commit, id, source, message id, batch, row, code, reason,
        original, digest, stamp, state."""
        names = (
            "commit_number", "id", "source", "message_id", "batch", "row", "code", "reason", "original",
            "original_digest", "recorded_at", "state",
        )  # fmt: skip
        return self._rows("ledger_quarantined", names, "commit_number, id")

    def tallies(self) -> dict[str, tuple[int, int, int, int]]:
        """Source → received, stored, duplicate, quarantined."""
        names = ("source", "received", "stored", "duplicate", "quarantined")
        return {row[0]: row[1:] for row in self._rows("ledger_tally", names, "source")}

    def heads(self) -> list[tuple[int, int, int, str]]:
        """The head rows (seq, stamp, commit, hash): one, where all is well."""
        return list(self._rows("ledger_head", ("seq", "recorded_at", "commit_number", "hash"), "id"))

    def _rows(self, table: str, columns: Sequence[str], order: str) -> Iterator[Any]:
        names = ", ".join(f'"{column}"' for column in columns)
        without = " NOT INDEXED" if self._sqlite else ""
        with self._connection.chunked_cursor() as cursor:
            if not self._sqlite:
                cursor.cursor.itersize = 5000
            cursor.execute(f"SELECT {names} FROM {table}{without} ORDER BY {order}")
            yield from cursor
