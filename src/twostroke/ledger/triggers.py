"""The triggers that keep the log append-only, on both databases, and the look whether they are all there.

SQLite's REPLACE deletes without firing delete triggers unless ``recursive_triggers`` is on, and a stranger's connection
has it off: so an insert that would land on an existing line is refused before the replacing starts. PostgreSQL's
triggers are ALWAYS triggers: ``session_replication_role = replica`` does not silence them.
"""

from __future__ import annotations

from typing import Any

IMMUTABLE = ("ledger_line", "ledger_commit")
UNCHANGEABLE = ("ledger_personal", "ledger_head", "ledger_quarantined")

_REFUSED = "the log is append-only: {table} refuses {act}"


def _sqlite_trigger(table: str, act: str, when: str = "") -> str:
    text = _REFUSED.format(table=table, act=act)
    return (
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {when} "
        f"BEGIN SELECT RAISE(ABORT, '{text}'); END"
    )


def sqlite_triggers() -> dict[str, str]:
    """Name → statement of each trigger on SQLite."""
    found: dict[str, str] = {}
    for table in IMMUTABLE:
        for act in ("UPDATE", "DELETE"):
            found[f"{table}_no_{act.lower()}"] = _sqlite_trigger(table, act)
    found["ledger_line_no_insert"] = _sqlite_trigger(
        "ledger_line",
        "INSERT",
        "WHEN EXISTS (SELECT 1 FROM ledger_line WHERE seq = NEW.seq) OR EXISTS (SELECT 1 FROM ledger_line "
        "WHERE source = NEW.source AND message_id = NEW.message_id AND part = NEW.part)",
    )
    found["ledger_commit_no_insert"] = _sqlite_trigger(
        "ledger_commit", "INSERT", "WHEN EXISTS (SELECT 1 FROM ledger_commit WHERE number = NEW.number)"
    )
    found["ledger_personal_no_update"] = _sqlite_trigger("ledger_personal", "UPDATE")
    found["ledger_personal_no_insert"] = _sqlite_trigger(
        "ledger_personal", "INSERT", "WHEN EXISTS (SELECT 1 FROM ledger_personal WHERE seq = NEW.seq)"
    )
    found["ledger_head_no_delete"] = _sqlite_trigger("ledger_head", "DELETE")
    found["ledger_head_no_update"] = _sqlite_trigger(
        "ledger_head", "UPDATE", "WHEN NEW.seq < OLD.seq OR NEW.commit_number <= OLD.commit_number"
    )
    found["ledger_quarantined_no_delete"] = _sqlite_trigger("ledger_quarantined", "DELETE")
    found["ledger_quarantined_no_update"] = _sqlite_trigger(
        "ledger_quarantined",
        "UPDATE",
        "WHEN NEW.id <> OLD.id OR NEW.source <> OLD.source OR NEW.code <> OLD.code "
        "OR NEW.commit_number <> OLD.commit_number OR NEW.original_digest <> OLD.original_digest",
    )
    return found


_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the log is append-only: % refuses %', TG_TABLE_NAME, TG_OP; END $$
"""


def postgres_triggers() -> dict[str, str]:
    """Name → statement of each trigger on PostgreSQL."""
    found: dict[str, str] = {}

    def refuse(table: str, acts: str, name: str, when: str = "") -> None:
        each = "STATEMENT" if acts == "TRUNCATE" else "ROW"
        found[name] = (
            f"CREATE TRIGGER {name} BEFORE {acts} ON {table} FOR EACH {each} {when} EXECUTE FUNCTION ledger_refuse()"
        )

    for table in IMMUTABLE:
        refuse(table, "UPDATE OR DELETE", f"{table}_no_change")
    refuse("ledger_personal", "UPDATE", "ledger_personal_no_update")
    refuse("ledger_head", "DELETE", "ledger_head_no_delete")
    refuse(
        "ledger_head",
        "UPDATE",
        "ledger_head_no_update",
        "WHEN (NEW.seq < OLD.seq OR NEW.commit_number <= OLD.commit_number)",
    )
    refuse("ledger_quarantined", "DELETE", "ledger_quarantined_no_delete")
    refuse(
        "ledger_quarantined",
        "UPDATE",
        "ledger_quarantined_no_update",
        "WHEN (NEW.id <> OLD.id OR NEW.source <> OLD.source OR NEW.code <> OLD.code "
        "OR NEW.commit_number <> OLD.commit_number OR NEW.original_digest <> OLD.original_digest)",
    )
    for table in (*IMMUTABLE, *UNCHANGEABLE):
        refuse(table, "TRUNCATE", f"{table}_no_truncate")
    return found


def create(connection: Any) -> None:
    """Create the triggers on a Django connection, once, from a migration."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for statement in sqlite_triggers().values():
                cursor.execute(statement)
            return
        cursor.execute(_POSTGRES_FUNCTION)
        for name, statement in postgres_triggers().items():
            cursor.execute(statement)
            table = statement.split(" ON ")[1].split(" ")[0]
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def missing(connection: Any) -> list[str]:
    """Names of triggers that are not there, are switched off, or no longer say what they should."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            there = dict(cursor.fetchall())
            return [name for name, statement in sqlite_triggers().items() if there.get(name) != statement]
        cursor.execute(
            "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND p.proname = 'ledger_refuse' "
            "AND c.relnamespace = current_schema()::regnamespace AND p.prosrc LIKE '%%RAISE EXCEPTION%%'"
        )
        names = {row[0] for row in cursor.fetchall()}
        return [name for name in postgres_triggers() if name not in names]
