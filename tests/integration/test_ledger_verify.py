"""``verify`` finds whatever was changed, deleted, added, swapped or cut by SQL, and nothing where nothing was."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from msgspec import structs

from tests.histories import deal, message, oid, person, write
from twostroke.ledger import rules, triggers, walking
from twostroke.ledger.facts import LINE_COLUMNS, Draft, Held, Problem
from twostroke.ledger.heads import head_file, read_head, write_head
from twostroke.ledger.verify import start_check, verify

pytestmark = pytest.mark.usefixtures("fresh_database")

# The proof runs a thousand.
TAMPERINGS = int(os.environ.get("TWOSTROKE_TAMPERINGS", "60"))


def _sql(statement: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [tuple(row) for row in cursor.fetchall()] if cursor.description else []


def _one(statement: str, *given: Any) -> Any:
    return _sql(statement, *given)[0][0]


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
    _sql("UPDATE ledger_quarantined SET state = 'repaired' WHERE id = (SELECT max(id) FROM ledger_quarantined)")
    write(message("mended", deal("mended")), repaired=["crm"])
    erased = _one("SELECT min(seq) FROM ledger_personal WHERE seq > 5")
    content = _one("SELECT min(id) FROM ledger_quarantined")
    _sql("DELETE FROM ledger_personal WHERE seq = %s", erased)
    _sql("UPDATE ledger_quarantined SET original = NULL, reason = '' WHERE id = %s", content)
    who = oid("person", "gone")
    told = {"seqs": [erased], "held": [content]}
    write(message("erased", Draft("erasure.done", "person", who, identifier=who, properties=told)))


def test_a_clean_log_gives_no_problem() -> None:
    a_log()
    found = verify()
    assert found.problems == ()
    assert (found.lines, found.commits, found.unproven_lines) == (_one("SELECT count(*) FROM ledger_line"), 15, 0)
    assert start_check() == []


def test_an_empty_log_gives_no_problem() -> None:
    assert verify().problems == ()
    assert start_check() == []


Tampering = Callable[[random.Random], tuple[set[str], str]]
_CHANGEABLE = [
    c for c in LINE_COLUMNS if c not in ("seq", "personal_digest", "happened_at", "precision", "amount_minor")
]
_OTHER: dict[str, Any] = {"part": 7, "row": 99, "kind_version": 9, "observed": 5, "news": 5, "recorded_at": 12345}


def _any_line(luck: random.Random) -> int:
    return int(luck.choice(_sql("SELECT seq FROM ledger_line ORDER BY seq"))[0])


def line_changed(luck: random.Random) -> tuple[set[str], str]:
    seq, column = _any_line(luck), luck.choice(_CHANGEABLE)
    if column == "currency":
        _sql("UPDATE ledger_line SET currency = 'USD', amount_minor = 1 WHERE seq = %s", seq)
    else:
        _sql(f"UPDATE ledger_line SET {column} = %s WHERE seq = %s", _OTHER.get(column, "tampered"), seq)
    return {"changed"}, _commit_of(seq)


def line_given_another_time(luck: random.Random) -> tuple[set[str], str]:
    seq = _any_line(luck)
    _sql("UPDATE ledger_line SET happened_at = 77, precision = 's' WHERE seq = %s", seq)
    return {"changed"}, _commit_of(seq)


def _commit_of(seq: int) -> str:
    return f"commit {_one('SELECT number FROM ledger_commit WHERE %s BETWEEN first_seq AND last_seq', seq)},"


def line_deleted(luck: random.Random) -> tuple[set[str], str]:
    seq = _any_line(luck)
    _sql("DELETE FROM ledger_line WHERE seq = %s", seq)
    return {"gap"}, f"line {seq}"


def line_added_at_the_end(luck: random.Random) -> tuple[set[str], str]:
    del luck
    names = ", ".join({"seq": "seq + 1", "message_id": "'forged'"}.get(c, c) for c in LINE_COLUMNS)
    _sql(f"INSERT INTO ledger_line SELECT {names} FROM ledger_line WHERE seq = (SELECT max(seq) FROM ledger_line)")
    return {"added"}, f"line {_one('SELECT max(seq) FROM ledger_line')}"


def line_replaced_by_another(luck: random.Random) -> tuple[set[str], str]:
    seq = luck.randrange(2, 20)
    _sql("DELETE FROM ledger_line WHERE seq = %s", seq)
    names = ", ".join({"seq": "seq + 1", "message_id": "'forged'"}.get(c, c) for c in LINE_COLUMNS)
    _sql(f"INSERT INTO ledger_line SELECT {names} FROM ledger_line WHERE seq = %s", seq - 1)
    return {"changed"}, _commit_of(seq)


def lines_swapped(luck: random.Random) -> tuple[set[str], str]:
    one, other = luck.sample(range(1, 20), 2)
    for seq, to in ((one, 10_000), (other, one), (10_000, other)):
        _sql("UPDATE ledger_line SET seq = %s WHERE seq = %s", to, seq)
    return {"changed"}, _commit_of(one)


def log_cut_and_head_mended(luck: random.Random) -> tuple[set[str], str]:
    newest = _one("SELECT max(number) FROM ledger_commit")
    last = newest - luck.randrange(1, 5)
    seq, stamp, link = _sql("SELECT last_seq, recorded_at, hash FROM ledger_commit WHERE number = %s", last)[0]
    _sql("DELETE FROM ledger_line WHERE seq > %s", seq)
    _sql("DELETE FROM ledger_personal WHERE seq > %s", seq)
    _sql("DELETE FROM ledger_commit WHERE number > %s", last)
    _sql("DELETE FROM ledger_quarantined WHERE commit_number > %s", last)
    _sql("UPDATE ledger_head SET seq=%s, recorded_at=%s, commit_number=%s, hash=%s", seq, stamp, last, link)
    return {"cut"}, f"commit {newest}"


def commit_changed(luck: random.Random) -> tuple[set[str], str]:
    number = luck.randrange(1, 13)
    column, value = luck.choice(
        [("hash", "'0'"), ("tallies", "'{}'"), ("recorded_at", "1"), ("last_seq", "last_seq + 1")]
    )
    _sql(f"UPDATE ledger_commit SET {column} = {value} WHERE number = %s", number)
    return {"changed", "gap"}, ""


def commit_deleted(luck: random.Random) -> tuple[set[str], str]:
    number = luck.randrange(1, 13)
    _sql("DELETE FROM ledger_commit WHERE number = %s", number)
    return {"commit"}, f"commit {number}"


def chain_forged_without_the_key(luck: random.Random) -> tuple[set[str], str]:
    """Changes a line and makes all hashes after it anew, as somebody would who knows the program but not the key."""
    seq = _any_line(luck)
    _sql("UPDATE ledger_line SET body_hash = 'forged' WHERE seq = %s", seq)
    link = rules.NO_HASH
    for number, first, last, stamp, tallies in _sql(
        "SELECT number, first_seq, last_seq, recorded_at, tallies FROM ledger_commit ORDER BY number"
    ):
        lines = _sql(
            f"SELECT {', '.join(LINE_COLUMNS)} FROM ledger_line WHERE seq BETWEEN %s AND %s ORDER BY seq", first, last
        )
        link = rules.commit_hash(b"a guess", link, number, stamp, tallies, [rules.line_bytes(line) for line in lines])
        _sql("UPDATE ledger_commit SET hash = %s WHERE number = %s", link, number)
    _sql("UPDATE ledger_head SET hash = %s", link)
    return {"changed"}, _commit_of(seq)


def head_changed(luck: random.Random) -> tuple[set[str], str]:
    change = luck.choice(["seq = seq + 1", "hash = 'x'", "commit_number = commit_number + 1", "recorded_at = 1"])
    _sql(f"UPDATE ledger_head SET {change}")
    return {"head"}, ""


def head_deleted(luck: random.Random) -> tuple[set[str], str]:
    del luck
    _sql("DELETE FROM ledger_head")
    return {"head"}, ""


def _any_side(luck: random.Random) -> int:
    return int(luck.choice(_sql("SELECT seq FROM ledger_personal ORDER BY seq"))[0])


def side_row_changed(luck: random.Random) -> tuple[set[str], str]:
    seq = _any_side(luck)
    _sql(f"UPDATE ledger_personal SET {luck.choice(['content', 'salt'])} = '{{}}' WHERE seq = %s", seq)
    return {"side"}, f"line {seq}"


def side_row_deleted(luck: random.Random) -> tuple[set[str], str]:
    seq = _any_side(luck)
    _sql("DELETE FROM ledger_personal WHERE seq = %s", seq)
    return {"side"}, f"line {seq}"


def side_rows_swapped(luck: random.Random) -> tuple[set[str], str]:
    one = other = _any_side(luck)
    while other == one:
        other = _any_side(luck)
    for seq, to in ((one, 10_000), (other, one), (10_000, other)):
        _sql("UPDATE ledger_personal SET seq = %s WHERE seq = %s", to, seq)
    return {"side"}, f"line {one}"


def side_row_added(luck: random.Random) -> tuple[set[str], str]:
    bare = [seq for (seq,) in _sql("SELECT seq FROM ledger_line WHERE personal_digest IS NULL")]
    seq = luck.choice([*bare, 0, 100_000])
    _sql("INSERT INTO ledger_personal (seq, salt, content) VALUES (%s, 's', '{}')", seq)
    return {"side"}, f"line {seq}"


def _any_held(luck: random.Random) -> int:
    rows = _sql("SELECT id FROM ledger_quarantined WHERE original IS NOT NULL AND state = 'held' ORDER BY id")
    return int(luck.choice(rows)[0])


def held_message_changed(luck: random.Random) -> tuple[set[str], str]:
    columns = ["source", "message_id", "batch", "code", "reason", "original_digest", "row", "recorded_at"]
    column = luck.choice(columns)
    value = 9999 if column in ("row", "recorded_at") else "tampered"
    _sql(f"UPDATE ledger_quarantined SET {column} = %s WHERE id = %s", value, _any_held(luck))
    return {"held"}, ""


def held_content_changed(luck: random.Random) -> tuple[set[str], str]:
    _sql("UPDATE ledger_quarantined SET original = %s WHERE id = %s", luck.choice([b"other", None]), _any_held(luck))
    return {"held"}, ""


def held_message_deleted(luck: random.Random) -> tuple[set[str], str]:
    _sql("DELETE FROM ledger_quarantined WHERE id = %s", _any_held(luck))
    return {"held"}, ""


def held_message_moved(luck: random.Random) -> tuple[set[str], str]:
    number = luck.choice([0, 1, 500])
    _sql("UPDATE ledger_quarantined SET commit_number = %s WHERE id = %s", number, _any_held(luck))
    return {"held"}, ""


def held_message_counted_out(luck: random.Random) -> tuple[set[str], str]:
    _sql("UPDATE ledger_quarantined SET state = 'repaired' WHERE id = %s", _any_held(luck))
    return {"accounts"}, "source crm"


def tally_changed(luck: random.Random) -> tuple[set[str], str]:
    column = luck.choice(["stored", "duplicate", "quarantined"])
    _sql(f"UPDATE ledger_tally SET received = received + 1, {column} = {column} + 1 WHERE source = 'crm'")
    return {"accounts"}, "source crm"


def tally_deleted(luck: random.Random) -> tuple[set[str], str]:
    del luck
    _sql("DELETE FROM ledger_tally WHERE source = 'shop'")
    return {"accounts"}, "source shop"


def trigger_dropped(luck: random.Random) -> tuple[set[str], str]:
    name = luck.choice(sorted(triggers.sqlite_triggers()))
    if connection.vendor == "sqlite":
        _sql(f"DROP TRIGGER {name}")
    else:
        name, (table, _) = luck.choice(sorted(triggers.postgres_triggers().items()))
        _sql(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    return {"trigger"}, name


def index_dropped(luck: random.Random) -> tuple[set[str], str]:
    name = luck.choice(["ledger_line_batch", "ledger_line_subject", "ledger_line_event"])
    _sql(f"DROP INDEX {name}")
    return {"index"}, name


def unit_broken(luck: random.Random) -> tuple[set[str], str]:
    del luck
    _sql("INSERT INTO ledger_broken (projection, unit, error, since) VALUES ('deals.deal', 'u', 'KeyError', 1)")
    return {"projection"}, "deals.deal u"


TYPES: tuple[Tampering, ...] = (
    line_changed, line_given_another_time, line_deleted, line_added_at_the_end, line_replaced_by_another, lines_swapped,
    log_cut_and_head_mended, commit_changed, commit_deleted, chain_forged_without_the_key, head_changed, head_deleted,
    side_row_changed, side_row_deleted, side_rows_swapped, side_row_added, held_message_changed, held_content_changed,
    held_message_deleted, held_message_moved, held_message_counted_out, tally_changed, tally_deleted, trigger_dropped,
    index_dropped, unit_broken,
)  # fmt: skip


def _drop_triggers() -> None:
    for name in triggers.sqlite_triggers() if connection.vendor == "sqlite" else ():
        _sql(f"DROP TRIGGER IF EXISTS {name}")
    for name, (table, _) in () if connection.vendor == "sqlite" else triggers.postgres_triggers().items():
        _sql(f"DROP TRIGGER {name} ON {table}")


def _found(tamper: Tampering, luck: random.Random) -> tuple[tuple[Problem, ...], set[str], str]:
    """What verify says after a tampering by somebody who takes the triggers away and puts them back."""
    with transaction.atomic():
        if tamper is not trigger_dropped:
            _drop_triggers()
        types, position = tamper(luck)
        if tamper is not trigger_dropped:
            triggers.create(connection)
        problems = verify().problems
        transaction.set_rollback(True)
    return problems, types, position


def test_every_tampering_by_sql_is_found_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    a_log()
    missed, counted = [], Counter[str]()
    for number in range(max(TAMPERINGS, len(TYPES))):
        tamper = TYPES[number % len(TYPES)]
        problems, types, position = _found(tamper, random.Random(number))
        counted[tamper.__name__] += 1
        if not any(problem.type in types and position in f"{problem.position}," for problem in problems):
            missed.append((number, tamper.__name__, types, position, problems[:3]))
    assert missed == []
    assert verify().problems == ()
    with capsys.disabled():
        print(f" {counted.total()} tamperings of {len(counted)} types, all found", end=" ")


@pytest.mark.sqlite
def test_an_index_that_disagrees_with_its_table_is_found() -> None:
    a_log()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA writable_schema=ON")
        cursor.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'event_id', 'message_id') WHERE name = 'ledger_line_event'"
        )
    connection.close()
    assert {"index", "damage"} <= {problem.type for problem in verify().problems}


@pytest.mark.sqlite
def test_text_that_is_no_text_does_not_stop_the_reading() -> None:
    a_log()
    with transaction.atomic():
        _drop_triggers()
        _sql("UPDATE ledger_line SET campaign = CAST(x'fffe' AS TEXT) WHERE seq = 4")
        triggers.create(connection)
    assert [problem.type for problem in verify().problems] == ["changed"]


def test_lines_since_the_last_outside_head_are_counted_as_unproven() -> None:
    write(message("a", deal("a")))
    kept = head_file().read_bytes()
    write(message("b", deal("b"), deal("b", "deal.won")))
    head_file().write_bytes(kept)
    found = verify()
    assert (found.problems, found.unproven_lines) == ((), 2)
    head_file().unlink()
    assert verify().unproven_lines == 3


def test_a_log_of_another_installation_is_not_taken_for_ours() -> None:
    write(message("a", deal("a")))
    head = read_head()
    assert head is not None
    write_head(head.number + 1, head.seq, "f" * 64)
    assert {problem.type for problem in verify().problems} == {"cut"}
    assert [problem.type for problem in start_check()] == ["cut"]


def test_a_log_rewritten_under_its_own_key_is_told_by_the_head_outside() -> None:
    write(message("a", deal("a")))
    head_file().unlink()
    write_head(1, 1, "f" * 64)
    assert {problem.type for problem in verify().problems} == {"rewritten"}
    assert [problem.type for problem in start_check()] == ["rewritten"]


def test_a_start_on_a_database_of_a_newer_program_is_refused_with_a_sentence() -> None:
    _sql("INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_of_the_future', '2030-01-01')")
    [problem] = start_check()
    assert problem.position == "ledger.9999_of_the_future"
    assert "newer Twostroke" in problem.sentence


def test_verify_reads_one_view_while_others_write() -> None:
    write(message("a", deal("a")))
    said = walking.Walk.problems

    def late(self: walking.Walk) -> Any:
        write(message("late", deal("late")))
        return said(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walking.Walk, "problems", late)
        found = verify()
    assert (found.lines, [problem.type for problem in found.problems]) == (1, [])


def test_the_key_is_what_keeps_the_chain_from_being_forged(settings: Any) -> None:
    write(message("a", deal("a")))
    settings.TWOSTROKE_KEY = b"x" * 32
    assert {problem.type for problem in verify().problems} == {"changed"}
