"""Ways to tamper with a log by SQL, each saying what ``verify`` must answer: which type of problem, and where.

Whoever tampers takes the triggers away and puts them back. Everything lies before the last head written outside.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connection, transaction
from msgspec import structs

from tests.histories import deal, message, oid, person, write
from twostroke.ledger import rules, triggers
from twostroke.ledger.facts import LINE_COLUMNS, Draft, Held, Problem
from twostroke.ledger.verify import verify


def sql(statement: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [tuple(row) for row in cursor.fetchall()] if cursor.description else []


def one(statement: str, *given: Any) -> Any:
    return sql(statement, *given)[0][0]


def a_log() -> None:
    """Lines with and without side rows, several a message, of two sources; held, repaired and erased ones."""
    for number in range(12):
        name = f"{number}"
        messages = [
            message(name, deal(name, personal={"name": f"Deal {name}"}), deal(name, "deal.won", at=number)),
            message(name, person(name, "person.described", personal={"first_name": "Ann"}), source="shop"),
            message(f"{number // 2}-again", deal("again", day=3)),
        ]
        held = [Held("crm", "odd", f"Row {number} is odd.", b"\x00\xff" * number, f"h{number}", "b", number)] * (
            number % 3
        )
        write(*messages, held=held)
    write(structs.replace(message("3", deal("3")), body_hash="another"))
    sql("UPDATE ledger_quarantined SET state = 'repaired' WHERE id = (SELECT max(id) FROM ledger_quarantined)")
    write(message("mended", deal("mended")), repaired=["crm"])
    erased = one("SELECT min(seq) FROM ledger_personal WHERE seq > 5")
    content = one("SELECT min(id) FROM ledger_quarantined")
    sql("DELETE FROM ledger_personal WHERE seq = %s", erased)
    sql("UPDATE ledger_quarantined SET original = NULL, reason = '' WHERE id = %s", content)
    who = oid("person", "gone")
    told = {"seqs": [erased], "held": [content]}
    write(message("erased", Draft("erasure.done", "person", who, identifier=who, properties=told)))


class Expected(NamedTuple):
    """A problem of this type at this place (several words: whichever of them)."""

    type: str
    position: str

    def answered_by(self, problem: Problem) -> bool:
        """Whether a problem says so. Its place may say more: the commit, and the lines in it."""
        return problem.type == self.type and f"{problem.position},".startswith(f"{self.position},")


Tampering = Callable[[random.Random], Expected]
_CHANGEABLE = [c for c in LINE_COLUMNS if c not in ("seq", "happened_at", "precision", "amount_minor")]
_OTHER: dict[str, Any] = {"part": 7, "row": 99, "kind_version": 9, "observed": 5, "news": 5, "recorded_at": 12345}


def _any_line(luck: random.Random) -> int:
    return int(luck.choice(sql("SELECT seq FROM ledger_line ORDER BY seq"))[0])


def _commit_of(seq: int) -> str:
    return f"commit {one('SELECT number FROM ledger_commit WHERE %s BETWEEN first_seq AND last_seq', seq)}"


def _last() -> int:
    return int(one("SELECT max(seq) FROM ledger_line"))


def _newest() -> int:
    return int(one("SELECT max(number) FROM ledger_commit"))


def line_changed(luck: random.Random) -> Expected:
    seq, column = _any_line(luck), luck.choice(_CHANGEABLE)
    if column == "currency":
        sql("UPDATE ledger_line SET currency = 'USD', amount_minor = 1 WHERE seq = %s", seq)
    else:
        sql(f"UPDATE ledger_line SET {column} = %s WHERE seq = %s", _OTHER.get(column, "tampered"), seq)
    return Expected("changed", _commit_of(seq))


def line_given_another_time(luck: random.Random) -> Expected:
    seq = _any_line(luck)
    sql("UPDATE ledger_line SET happened_at = 77, precision = 's' WHERE seq = %s", seq)
    return Expected("changed", _commit_of(seq))


def line_deleted(luck: random.Random) -> Expected:
    seq = _any_line(luck)
    sql("DELETE FROM ledger_line WHERE seq = %s", seq)
    return Expected("gap", f"line {seq}")


def lines_deleted_in_a_row(luck: random.Random) -> Expected:
    seq = luck.randrange(1, _last() - 5)
    sql("DELETE FROM ledger_line WHERE seq BETWEEN %s AND %s", seq, seq + luck.randrange(1, 5))
    return Expected("gap", f"line {seq}")


def line_deleted_and_those_after_it_moved_up(luck: random.Random) -> Expected:
    seq = luck.randrange(1, _last())
    where = _commit_of(seq)
    sql("DELETE FROM ledger_line WHERE seq = %s", seq)
    sql("UPDATE ledger_line SET seq = -(seq - 1) WHERE seq > %s", seq)
    sql("UPDATE ledger_line SET seq = -seq WHERE seq < 0")
    return Expected("changed", where)


def _copied(seq: int, to: int) -> None:
    names = ", ".join({"seq": str(to), "message_id": "'forged'"}.get(c, c) for c in LINE_COLUMNS)
    sql(f"INSERT INTO ledger_line SELECT {names} FROM ledger_line WHERE seq = %s", seq)


def line_added_at_the_end(luck: random.Random) -> Expected:
    del luck
    seq = _last()
    _copied(seq, seq + 1)
    return Expected("added", f"line {seq + 1}")


def line_added_before_the_first(luck: random.Random) -> Expected:
    _copied(_any_line(luck), 0)
    return Expected("added", "line 0")


def line_inserted_and_those_after_it_moved_down(luck: random.Random) -> Expected:
    seq = luck.randrange(2, _last())
    where = _commit_of(seq)
    sql("UPDATE ledger_line SET seq = -(seq + 1) WHERE seq >= %s", seq)
    sql("UPDATE ledger_line SET seq = -seq WHERE seq < 0")
    _copied(seq - 1, seq)
    return Expected("changed", where)


def line_replaced_by_another(luck: random.Random) -> Expected:
    seq = luck.randrange(2, 20)
    sql("DELETE FROM ledger_line WHERE seq = %s", seq)
    _copied(seq - 1, seq)
    return Expected("changed", _commit_of(seq))


def lines_swapped(luck: random.Random) -> Expected:
    first, other = luck.sample(range(1, 20), 2)
    for seq, to in ((first, 10_000), (other, first), (10_000, other)):
        sql("UPDATE ledger_line SET seq = %s WHERE seq = %s", to, seq)
    return Expected("changed", _commit_of(first))


def log_cut_and_head_mended(luck: random.Random) -> Expected:
    newest = _newest()
    last = newest - luck.randrange(1, 5)
    seq, stamp, link = sql("SELECT last_seq, recorded_at, hash FROM ledger_commit WHERE number = %s", last)[0]
    _cut(seq, last)
    sql("UPDATE ledger_head SET seq=%s, recorded_at=%s, commit_number=%s, hash=%s", seq, stamp, last, link)
    return Expected("cut", f"commit {newest}")


def _cut(seq: int, commit: int) -> None:
    sql("DELETE FROM ledger_line WHERE seq > %s", seq)
    sql("DELETE FROM ledger_personal WHERE seq > %s", seq)
    sql("DELETE FROM ledger_commit WHERE number > %s", commit)
    sql("DELETE FROM ledger_quarantined WHERE commit_number > %s", commit)


def log_cut_and_head_left(luck: random.Random) -> Expected:
    commit = _newest() - luck.randrange(1, 5)
    _cut(one("SELECT last_seq FROM ledger_commit WHERE number = %s", commit), commit)
    return Expected("head", f"commit {commit}")


def log_emptied(luck: random.Random) -> Expected:
    """The whole log as if it had never been, tallies and head with it."""
    del luck
    newest = _newest()
    for table in ("ledger_line", "ledger_personal", "ledger_commit", "ledger_quarantined", "ledger_tally"):
        sql(f"DELETE FROM {table}" if connection.vendor == "sqlite" else f"TRUNCATE {table}")
    sql("UPDATE ledger_head SET seq = 0, recorded_at = 0, commit_number = 0, hash = %s", rules.NO_HASH)
    return Expected("cut", f"commit {newest}")


def lines_truncated(luck: random.Random) -> Expected:
    del luck
    sql("DELETE FROM ledger_line" if connection.vendor == "sqlite" else "TRUNCATE ledger_line")
    return Expected("gap", "line 1")


def commit_changed(luck: random.Random) -> Expected:
    number = luck.randrange(1, 13)
    column, value = luck.choice(
        [("hash", "'0'"), ("tallies", "'{}'"), ("recorded_at", "1"), ("last_seq", "last_seq+1")]
    )
    sql(f"UPDATE ledger_commit SET {column} = {value} WHERE number = %s", number)
    return Expected("changed", f"commit {number}")


def commit_deleted(luck: random.Random) -> Expected:
    number = luck.randrange(1, 13)
    sql("DELETE FROM ledger_commit WHERE number = %s", number)
    return Expected("commit", f"commit {number}")


def commits_swapped(luck: random.Random) -> Expected:
    number = luck.randrange(1, 12)
    for before, after in ((number, 999), (number + 1, number), (999, number + 1)):
        sql("UPDATE ledger_commit SET number = %s WHERE number = %s", after, before)
    return Expected("changed", f"commit {number}")


def chain_forged_without_the_key(luck: random.Random) -> Expected:
    """Changes a line and makes all hashes after it anew, as somebody would who knows the program but not the key."""
    seq = _any_line(luck)
    sql("UPDATE ledger_line SET body_hash = 'forged' WHERE seq = %s", seq)
    link = rules.NO_HASH
    for number, first, last, stamp, tallies in sql(
        "SELECT number, first_seq, last_seq, recorded_at, tallies FROM ledger_commit ORDER BY number"
    ):
        lines = sql(
            f"SELECT {', '.join(LINE_COLUMNS)} FROM ledger_line WHERE seq BETWEEN %s AND %s ORDER BY seq", first, last
        )
        link = rules.commit_hash(b"a guess", link, number, stamp, tallies, [rules.line_bytes(line) for line in lines])
        sql("UPDATE ledger_commit SET hash = %s WHERE number = %s", link, number)
    sql("UPDATE ledger_head SET hash = %s", link)
    return Expected("changed", _commit_of(seq))


def head_row_changed(luck: random.Random) -> Expected:
    change = luck.choice(["seq = seq + 1", "hash = 'x'", "commit_number = commit_number + 1", "recorded_at = 1"])
    sql(f"UPDATE ledger_head SET {change}")
    return Expected("head", f"commit {_newest()}")


def head_row_deleted(luck: random.Random) -> Expected:
    del luck
    sql("DELETE FROM ledger_head")
    return Expected("head", f"commit {_newest()}")


def _any_side(luck: random.Random) -> int:
    return int(luck.choice(sql("SELECT seq FROM ledger_personal ORDER BY seq"))[0])


def side_row_changed(luck: random.Random) -> Expected:
    seq = _any_side(luck)
    sql(f"UPDATE ledger_personal SET {luck.choice(['content', 'salt'])} = '{{}}' WHERE seq = %s", seq)
    return Expected("side", f"line {seq}")


def side_row_deleted(luck: random.Random) -> Expected:
    seq = _any_side(luck)
    sql("DELETE FROM ledger_personal WHERE seq = %s", seq)
    return Expected("side", f"line {seq}")


def side_row_deleted_and_an_erasure_forged(luck: random.Random) -> Expected:
    seq = _any_side(luck)
    done = one("SELECT seq FROM ledger_line WHERE kind = 'erasure.done'")
    sql("DELETE FROM ledger_personal WHERE seq = %s", seq)
    sql("UPDATE ledger_line SET properties = %s WHERE seq = %s", f'{{"seqs":[{seq}]}}', done)
    return Expected("changed", _commit_of(done))


def side_row_and_what_the_line_keeps_of_it_deleted(luck: random.Random) -> Expected:
    seq = _any_side(luck)
    sql("DELETE FROM ledger_personal WHERE seq = %s", seq)
    sql("UPDATE ledger_line SET personal_digest = NULL WHERE seq = %s", seq)
    return Expected("changed", _commit_of(seq))


def side_rows_swapped(luck: random.Random) -> Expected:
    first, other = luck.sample([seq for (seq,) in sql("SELECT seq FROM ledger_personal ORDER BY seq")], 2)
    for seq, to in ((first, 10_000), (other, first), (10_000, other)):
        sql("UPDATE ledger_personal SET seq = %s WHERE seq = %s", to, seq)
    return Expected("side", f"line {first}")


def side_row_added(luck: random.Random) -> Expected:
    bare = [seq for (seq,) in sql("SELECT seq FROM ledger_line WHERE personal_digest IS NULL")]
    seq = luck.choice([*bare, 0, 100_000])
    sql("INSERT INTO ledger_personal (seq, salt, content) VALUES (%s, 's', '{}')", seq)
    return Expected("side", f"line {seq}")


def side_rows_truncated(luck: random.Random) -> Expected:
    del luck
    first = one("SELECT min(seq) FROM ledger_personal")
    sql("DELETE FROM ledger_personal" if connection.vendor == "sqlite" else "TRUNCATE ledger_personal")
    return Expected("side", f"line {first}")


def _any_held(luck: random.Random) -> tuple[int, str]:
    rows = sql(
        "SELECT id, commit_number FROM ledger_quarantined WHERE original IS NOT NULL AND state = 'held' ORDER BY id"
    )
    name, commit = luck.choice(rows)
    return int(name), f"commit {commit}"


def held_message_changed(luck: random.Random) -> Expected:
    columns = ["source", "message_id", "batch", "code", "reason", "original_digest", "row", "recorded_at"]
    column, (name, where) = luck.choice(columns), _any_held(luck)
    value = 9999 if column in ("row", "recorded_at") else "tampered"
    sql(f"UPDATE ledger_quarantined SET {column} = %s WHERE id = %s", value, name)
    return Expected("held", where)


def held_content_changed(luck: random.Random) -> Expected:
    name, where = _any_held(luck)
    sql("UPDATE ledger_quarantined SET original = %s WHERE id = %s", b"other", name)
    return Expected("held", where)


def held_content_taken_away(luck: random.Random) -> Expected:
    name, _ = _any_held(luck)
    sql("UPDATE ledger_quarantined SET original = NULL, reason = '' WHERE id = %s", name)
    return Expected("held", f"quarantined message {name}")


def held_message_deleted(luck: random.Random) -> Expected:
    name, where = _any_held(luck)
    sql("DELETE FROM ledger_quarantined WHERE id = %s", name)
    return Expected("held", where)


def held_message_added(luck: random.Random) -> Expected:
    name, where = _any_held(luck)
    columns = (
        "commit_number, source, message_id, batch, row, code, reason, original, original_digest, recorded_at, state"
    )
    sql(
        f"INSERT INTO ledger_quarantined (id, {columns}) SELECT id + 10000, {columns} FROM ledger_quarantined "
        "WHERE id = %s",
        name,
    )
    return Expected("held", where)


def held_message_moved(luck: random.Random) -> Expected:
    name, where = _any_held(luck)
    sql("UPDATE ledger_quarantined SET commit_number = %s WHERE id = %s", luck.choice([0, 1, 500]), name)
    return Expected("held", where)


def held_message_counted_out(luck: random.Random) -> Expected:
    sql("UPDATE ledger_quarantined SET state = 'repaired' WHERE id = %s", _any_held(luck)[0])
    return Expected("accounts", "source crm")


def tally_changed(luck: random.Random) -> Expected:
    source, column = luck.choice(["crm", "shop"]), luck.choice(["stored", "duplicate", "quarantined"])
    sql(f"UPDATE ledger_tally SET received = received + 1, {column} = {column} + 1 WHERE source = %s", source)
    return Expected("accounts", f"source {source}")


def tally_deleted(luck: random.Random) -> Expected:
    source = luck.choice(["crm", "shop"])
    sql("DELETE FROM ledger_tally WHERE source = %s", source)
    return Expected("accounts", f"source {source}")


def tally_added(luck: random.Random) -> Expected:
    sql("INSERT INTO ledger_tally VALUES ('forged', %s, %s, 0, 0)", *[luck.randrange(1, 9)] * 2)
    return Expected("accounts", "source forged")


def tallies_swapped(luck: random.Random) -> Expected:
    del luck
    for name, to in (("crm", "x"), ("shop", "crm"), ("x", "shop")):
        sql("UPDATE ledger_tally SET source = %s WHERE source = %s", to, name)
    return Expected("accounts", "source crm")


def trigger_dropped(luck: random.Random) -> Expected:
    if connection.vendor == "sqlite":
        name = luck.choice(sorted(triggers.sqlite_triggers()))
        sql(f"DROP TRIGGER {name}")
    else:
        name, (table, _) = luck.choice(sorted(triggers.postgres_triggers().items()))
        sql(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    return Expected("trigger", name)


def index_dropped(luck: random.Random) -> Expected:
    name = luck.choice(["ledger_line_batch", "ledger_line_subject", "ledger_line_event"])
    sql(f"DROP INDEX {name}")
    return Expected("index", name)


def unit_broken(luck: random.Random) -> Expected:
    del luck
    sql("INSERT INTO ledger_broken (projection, unit, error, since) VALUES ('deals.deal', 'u', 'KeyError', 1)")
    return Expected("projection", "deals.deal u")


TYPES: tuple[Tampering, ...] = (
    line_changed, line_given_another_time, line_deleted, lines_deleted_in_a_row,
    line_deleted_and_those_after_it_moved_up, line_added_at_the_end, line_added_before_the_first,
    line_inserted_and_those_after_it_moved_down, line_replaced_by_another, lines_swapped, lines_truncated,
    log_cut_and_head_mended, log_cut_and_head_left, log_emptied, commit_changed, commit_deleted, commits_swapped,
    chain_forged_without_the_key, head_row_changed, head_row_deleted, side_row_changed, side_row_deleted,
    side_row_deleted_and_an_erasure_forged, side_row_and_what_the_line_keeps_of_it_deleted, side_rows_swapped,
    side_row_added, side_rows_truncated, held_message_changed, held_content_changed, held_content_taken_away,
    held_message_deleted, held_message_added, held_message_moved, held_message_counted_out, tally_changed,
    tally_deleted, tally_added, tallies_swapped, trigger_dropped, index_dropped, unit_broken,
)  # fmt: skip


def drop_triggers() -> None:
    """What somebody does first who wants to rewrite the log."""
    for name in triggers.sqlite_triggers() if connection.vendor == "sqlite" else ():
        sql(f"DROP TRIGGER IF EXISTS {name}")
    for name, (table, _) in () if connection.vendor == "sqlite" else triggers.postgres_triggers().items():
        sql(f"DROP TRIGGER {name} ON {table}")


def found(tamper: Tampering, luck: random.Random) -> tuple[tuple[Problem, ...], Expected]:
    """What verify says after a tampering, and what it must say; then all is as it was."""
    with transaction.atomic():
        if tamper is not trigger_dropped:
            drop_triggers()
        expected = tamper(luck)
        if tamper is not trigger_dropped:
            triggers.create(connection)
        problems = verify().problems
        transaction.set_rollback(True)
    return problems, expected
