"""The log as it lies in the database, for references that share no code with the program."""

from __future__ import annotations

from typing import Any

from django.db import connection


def raw_lines(up_to: int | None = None) -> list[dict[str, Any]]:
    """Every line as the table has it, by seq."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ledger_line ORDER BY seq")
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [line for line in found if up_to is None or line["seq"] <= up_to]
