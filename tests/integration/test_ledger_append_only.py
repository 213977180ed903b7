"""The holes of append-only, each closed: by whatever connection, statement or setting somebody tries (LEDGER 6)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.histories import deal, message, write
from twostroke.ledger import triggers
from twostroke.ledger.facts import Held

pytestmark = pytest.mark.usefixtures("fresh_database")

_KEPT = tuple(table for table in triggers.GUARDED if table != "ledger_personal")
_LINE = "source, message_id, part"


@pytest.fixture
def raw() -> Iterator[Any]:
    """A stranger's connection, without any of our settings, to a log with a line of each sort."""
    write(message("a", deal("a", personal={"name": "Acme"})), held=[Held("crm", "odd", "It is odd.", b"x")])
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        stranger: Any = sqlite3.connect(at["NAME"], isolation_level=None)
    else:
        stranger = psycopg.connect(
            host=at["HOST"], port=at["PORT"] or None, user=at["USER"], dbname=at["NAME"], autocommit=True
        )
    yield stranger
    stranger.close()


def _refused(raw: Any, statement: str) -> None:
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match="append-only"):
        raw.execute(statement)


def test_nothing_is_deleted(raw: Any) -> None:
    for table in _KEPT:
        _refused(raw, f"DELETE FROM {table}")


def test_nothing_is_changed(raw: Any) -> None:
    for change in (
        "ledger_line SET amount_minor = 1, currency = 'EUR'",
        "ledger_line SET batch = batch",
        "ledger_commit SET tallies = '{}'",
        "ledger_personal SET content = '{}'",
        "ledger_head SET seq = 0",
        "ledger_head SET recorded_at = 0, commit_number = commit_number + 1",
        "ledger_quarantined SET code = 'fine'",
        "ledger_quarantined SET message_id = 'm'",
        "ledger_quarantined SET reason = 'Nothing is wrong.'",
        "ledger_quarantined SET recorded_at = 1",
    ):
        _refused(raw, f"UPDATE {change}")


def test_a_held_message_can_be_marked_repaired_and_its_content_can_be_erased(raw: Any) -> None:
    raw.execute("UPDATE ledger_quarantined SET state = 'repaired'")
    raw.execute("UPDATE ledger_quarantined SET original = NULL, reason = ''")


def test_a_side_row_can_go_but_no_other_comes_in_its_place(raw: Any) -> None:
    if connection.vendor == "sqlite":
        _refused(raw, "INSERT OR REPLACE INTO ledger_personal VALUES (1, 's', '{}')")
    raw.execute("DELETE FROM ledger_personal")


@pytest.mark.sqlite
def test_nothing_is_replaced_by_a_stranger_whose_recursive_triggers_are_off(raw: Any) -> None:
    assert raw.execute("PRAGMA recursive_triggers").fetchone() == (0,)
    for table in _KEPT:
        _refused(raw, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@pytest.mark.sqlite
def test_a_line_cannot_be_replaced_by_way_of_its_message_id(raw: Any) -> None:
    columns = [row[1] for row in raw.execute("PRAGMA table_info(ledger_line)")]
    chosen = ", ".join("99" if column == "seq" else f'"{column}"' for column in columns)
    _refused(raw, f"INSERT OR REPLACE INTO ledger_line SELECT {chosen} FROM ledger_line")


@pytest.mark.sqlite
def test_on_conflict_cannot_update_a_line(raw: Any) -> None:
    _refused(
        raw,
        "INSERT INTO ledger_line SELECT * FROM ledger_line WHERE true "
        f"ON CONFLICT ({_LINE}) DO UPDATE SET body_hash = 'x'",
    )


@pytest.mark.postgres
def test_on_conflict_cannot_update_a_line_on_postgresql(raw: Any) -> None:
    _refused(raw, f"INSERT INTO ledger_line TABLE ledger_line ON CONFLICT ({_LINE}) DO UPDATE SET body_hash = 'x'")


@pytest.mark.postgres
def test_nothing_is_truncated(raw: Any) -> None:
    for table in triggers.GUARDED:
        _refused(raw, f"TRUNCATE {table} CASCADE")


@pytest.mark.postgres
def test_a_session_that_poses_as_a_replica_is_refused_all_the_same(raw: Any) -> None:
    raw.execute("SET session_replication_role = replica")
    _refused(raw, "DELETE FROM ledger_line")


def test_a_log_as_it_was_made_misses_no_trigger() -> None:
    assert triggers.missing(connection) == []


@pytest.mark.sqlite
def test_each_dropped_or_rewritten_trigger_is_missed_on_sqlite(raw: Any) -> None:
    for name, statement in triggers.sqlite_triggers().items():
        raw.execute(f"DROP TRIGGER {name}")
        assert triggers.missing(connection) == [name]
        raw.execute(statement.replace("RAISE(ABORT, ", "RAISE(IGNORE) --").replace("; END", "\n; END"))
        assert triggers.missing(connection) == [name]
        raw.execute(f"DROP TRIGGER {name}")
        raw.execute(statement)


@pytest.mark.postgres
def test_each_dropped_or_disabled_trigger_is_missed_on_postgresql(raw: Any) -> None:
    for name, (table, statement) in triggers.postgres_triggers().items():
        for change in ("DISABLE TRIGGER", "ENABLE TRIGGER", "ENABLE REPLICA TRIGGER"):
            raw.execute(f"ALTER TABLE {table} {change} {name}")
            assert triggers.missing(connection) == [name]
        raw.execute(f"DROP TRIGGER {name} ON {table}")
        assert triggers.missing(connection) == [name]
        raw.execute(statement)
        raw.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    assert triggers.missing(connection) == []


@pytest.mark.postgres
def test_a_trigger_with_another_condition_or_on_another_table_is_missed(raw: Any) -> None:
    for made in (
        "BEFORE DELETE OR UPDATE ON ledger_line FOR EACH ROW WHEN (false)",
        "BEFORE DELETE OR UPDATE ON ledger_tally FOR EACH ROW",
        "BEFORE DELETE ON ledger_line FOR EACH ROW",
    ):
        raw.execute("DROP TRIGGER IF EXISTS ledger_line_no_change ON ledger_line")
        raw.execute(f"CREATE TRIGGER ledger_line_no_change {made} EXECUTE FUNCTION ledger_refuse()")
        table = made.split(" ON ")[1].split()[0]
        raw.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER ledger_line_no_change")
        assert triggers.missing(connection) == ["ledger_line_no_change"]
        raw.execute(f"DROP TRIGGER ledger_line_no_change ON {table}")


@pytest.mark.postgres
def test_a_function_that_refuses_nothing_any_more_is_noticed(raw: Any) -> None:
    raw.execute(
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RETURN NEW; /* RAISE EXCEPTION */ END$$"
    )
    assert set(triggers.missing(connection)) == set(triggers.postgres_triggers())
