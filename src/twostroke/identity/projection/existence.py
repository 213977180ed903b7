"""A person is there only while a line in force names one of their identifiers (LEDGER 2)."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connections

from twostroke.identity.models import Claimed
from twostroke.ledger.databases import value_rows
from twostroke.ledger.queries import Log

COLUMN_OF = {"person": "identifier", "company": "company", "colleague": "actor"}
# People's acts on identity itself name nobody: they would keep alive whom no line speaks of.
NOT_NAMING = ("identity.merged", "identity.unmerged", "identity.split")
_NOT_NAMING = ", ".join(f"'{kind}'" for kind in NOT_NAMING)


def named_by_lines(names: Collection[str], kind: str, log: Log) -> set[str]:
    """Which of these a line in force names in its own columns; people's acts on identity itself do not count."""
    if not names:
        return set()
    column = COLUMN_OF[kind]
    connection = connections[log.using]
    one, given = value_rows(connection, sorted(names))
    in_force = (
        f"AND l.kind NOT IN ({_NOT_NAMING}) AND NOT EXISTS (SELECT 1 FROM ledger_suppressed s WHERE s.seq = l.seq)"
    )
    sql = (
        f"SELECT v.value FROM {one} WHERE EXISTS (SELECT 1 FROM ledger_line l "
        f"WHERE l.{column} = v.value AND l.{column} IS NOT NULL {in_force})"
    )
    parameters = [*given]
    if kind != "person":
        sql += (
            " OR EXISTS (SELECT 1 FROM ledger_line l WHERE l.subject = v.value AND NOT (l.subject_kind = 'person' "
            f"AND l.subject_kind IS NOT NULL) AND l.subject_kind = %s {in_force})"
        )
        parameters.append(kind)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {name for (name,) in cursor.fetchall()}


def named_by_claims(names: Collection[str], kind: str, log: Log) -> set[str]:
    """Which of these, standing at the border, a claim in force names though the claims followed do not."""
    if not names:
        return set()
    connection = connections[log.using]
    rows, given = value_rows(connection, sorted(names))
    sql = (
        f"SELECT v.value FROM {rows} WHERE EXISTS (SELECT 1 FROM identity_claimed c WHERE c.identifier = v.value "
        "AND c.kind = %s AND c.what <> %s AND NOT EXISTS (SELECT 1 FROM ledger_suppressed s WHERE s.seq = c.seq))"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*given, kind, Claimed.ACT])
        return {name for (name,) in cursor.fetchall()}
