"""A column type of the log's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _Integer = models.BigIntegerField[int, int]
else:
    _Integer = models.BigIntegerField


class RowNumber(_Integer):
    """A 64-bit primary key that on SQLite *is* the row's place in the table.

    SQLite takes a key for the row id only if it is spelled ``integer``; Django's ``bigint`` would cost a hidden row id
    and one more index on the largest table there is (https://www.sqlite.org/rowidtable.html).
    """

    def db_type(self, connection: Any) -> str | None:
        """``integer`` on SQLite, which holds 64 bits there; ``bigint`` elsewhere."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)
