"""The triggers that keep the log append-only, on both databases, and the look whether they are all there.

SQLite's REPLACE deletes without firing delete triggers unless ``recursive_triggers`` is on, and a stranger's connection
has it off: so an insert that would land on an existing row is refused before the replacing starts. PostgreSQL's
triggers are ALWAYS triggers: ``session_replication_role = replica`` does not silence them.
"""

from __future__ import annotations

import re
from typing import Any

IMMUTABLE = ("ledger_line", "ledger_commit")
GUARDED = (*IMMUTABLE, "ledger_personal", "ledger_head", "ledger_quarantined")

_REFUSED = "the log is append-only: {table} refuses {act}"
_HEAD_GOES_BACK = "NEW.seq < OLD.seq OR NEW.commit_number <= OLD.commit_number OR NEW.recorded_at < OLD.recorded_at"
# A held message may be marked repaired or discarded, and its content may go on erasure; nothing else.
_HELD_FIXED = (
    "id", "commit_number", "source", "message_id", "batch", "row", "code", "original_digest", "recorded_at",
)  # fmt: skip
_HELD_IS_REWRITTEN = " OR ".join(
    [
        *(f"NEW.{column} {{differs}} OLD.{column}" for column in _HELD_FIXED),
        "(NEW.original {differs} OLD.original AND NEW.original IS NOT NULL)",
        "(NEW.reason {differs} OLD.reason AND NEW.original IS NOT NULL)",
    ]
)


def _there_already(table: str, *keys: str) -> str:
    """The condition that a row with one of these keys (columns joined by commas) is there."""
    return " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE "
        + " AND ".join(f"{column} = NEW.{column}" for column in key.split(","))
        + ")"
        for key in keys
    )


def sqlite_triggers() -> dict[str, str]:
    """Name → statement of each trigger on SQLite."""
    found: dict[str, str] = {}

    def refuse(table: str, act: str, when: str = "") -> None:
        name, text = f"{table}_no_{act.lower()}", _REFUSED.format(table=table, act=act)
        condition = f"WHEN {when} " if when else ""
        found[name] = (
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} {condition}BEGIN SELECT RAISE(ABORT, '{text}'); END"
        )

    for table in IMMUTABLE:
        refuse(table, "UPDATE")
        refuse(table, "DELETE")
    refuse("ledger_line", "INSERT", _there_already("ledger_line", "seq", "source,message_id,part"))
    refuse("ledger_commit", "INSERT", _there_already("ledger_commit", "number"))
    refuse("ledger_personal", "UPDATE")
    refuse("ledger_personal", "INSERT", _there_already("ledger_personal", "seq"))
    refuse("ledger_head", "DELETE")
    refuse("ledger_head", "INSERT", _there_already("ledger_head", "id"))
    refuse("ledger_head", "UPDATE", _HEAD_GOES_BACK)
    refuse("ledger_quarantined", "DELETE")
    refuse("ledger_quarantined", "INSERT", _there_already("ledger_quarantined", "id"))
    refuse("ledger_quarantined", "UPDATE", _HELD_IS_REWRITTEN.format(differs="IS NOT"))
    return found


_FUNCTION_BODY = "BEGIN RAISE EXCEPTION 'the log is append-only: % refuses %', TG_TABLE_NAME, TG_OP; END"
_POSTGRES_FUNCTION = (
    f"CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $${_FUNCTION_BODY}$$"
)


def postgres_triggers() -> dict[str, tuple[str, str]]:
    """Name → table and statement of each trigger on PostgreSQL."""
    found: dict[str, tuple[str, str]] = {}

    def refuse(table: str, name: str, acts: str, when: str = "") -> None:
        each = "STATEMENT" if acts == "TRUNCATE" else "ROW"
        condition = f"WHEN ({when}) " if when else ""
        found[f"{table}_{name}"] = (
            table,
            f"CREATE TRIGGER {table}_{name} BEFORE {acts} ON {table} FOR EACH {each} {condition}"
            "EXECUTE FUNCTION ledger_refuse()",
        )

    for table in IMMUTABLE:
        refuse(table, "no_change", "DELETE OR UPDATE")
    refuse("ledger_personal", "no_update", "UPDATE")
    refuse("ledger_head", "no_delete", "DELETE")
    refuse("ledger_head", "no_update", "UPDATE", _HEAD_GOES_BACK)
    refuse("ledger_quarantined", "no_delete", "DELETE")
    refuse("ledger_quarantined", "no_update", "UPDATE", _HELD_IS_REWRITTEN.format(differs="IS DISTINCT FROM"))
    for table in GUARDED:
        refuse(table, "no_truncate", "TRUNCATE")
    return found


def create(connection: Any) -> None:
    """Create the triggers on a Django connection, or put them back as they should be. For migrations."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, statement in sqlite_triggers().items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(statement)
            return
        cursor.execute(_POSTGRES_FUNCTION)
        for name, (table, statement) in postgres_triggers().items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            cursor.execute(statement)
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def missing(connection: Any) -> list[str]:
    """Names of triggers that are not there, are switched off, or no longer say what they should."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            there = dict(cursor.fetchall())
            return [name for name, statement in sqlite_triggers().items() if there.get(name) != statement]
        cursor.execute(
            "SELECT t.tgname, pg_get_triggerdef(t.oid), p.prosrc FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND c.relnamespace = current_schema()::regnamespace"
        )
        said = {name: _plain(text) for name, text, body in cursor.fetchall() if body == _FUNCTION_BODY}
    return [name for name, (_, statement) in postgres_triggers().items() if said.get(name) != _plain(statement)]


def _plain(statement: str) -> str:
    """A statement without what PostgreSQL adds when it shows it: parentheses, quotes, the schema, capitals."""
    return re.sub(r"[()\s]+", " ", re.sub(r'"|\bpublic\.', "", statement.lower())).strip()
