"""``verify`` finds whatever was changed, deleted, added, swapped or cut by SQL, and nothing where nothing was."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest
from django.db import connection, transaction

from tests.histories import deal, message, write
from tests.tamperings import TYPES, a_log, drop_triggers, found, one, sql
from twostroke.ledger import triggers, walking
from twostroke.ledger.heads import head_file, read_head, write_head
from twostroke.ledger.verify import start_check, verify

pytestmark = pytest.mark.usefixtures("fresh_database")

# The proof runs a thousand.
TAMPERINGS = int(os.environ.get("TWOSTROKE_TAMPERINGS", "41"))


def test_a_clean_log_gives_no_problem() -> None:
    a_log()
    clean = verify()
    assert clean.problems == ()
    assert (clean.lines, clean.commits, clean.unproven_lines) == (one("SELECT count(*) FROM ledger_line"), 15, 0)
    assert start_check() == []


def test_an_empty_log_gives_no_problem() -> None:
    assert verify().problems == ()
    assert start_check() == []


def test_every_tampering_by_sql_is_found_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    a_log()
    assert verify().unproven_lines == 0
    told: dict[str, list[str]] = {tamper.__name__: [] for tamper in TYPES}
    missed = []
    for number in range(max(TAMPERINGS, len(TYPES))):
        tamper = TYPES[number % len(TYPES)]
        problems, expected = found(tamper, random.Random(number))
        answers = [problem for problem in problems if expected.answered_by(problem)]
        if answers:
            told[tamper.__name__].append(f"{answers[0].type} at {answers[0].position}")
        else:
            missed.append((number, tamper.__name__, expected, problems[:3]))
    assert missed == []
    assert verify().problems == ()
    counted = {name: len(answers) for name, answers in told.items()}
    with capsys.disabled():
        print(f" {sum(counted.values())} tamperings of {len(counted)} types, all found", end=" ")
        if TAMPERINGS >= 1000:
            print()
            for name, answers in told.items():
                print(f"  {len(answers):3} {name.replace('_', ' '):<52} such as: {answers[0]}")


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
        drop_triggers()
        sql("UPDATE ledger_line SET campaign = CAST(x'fffe' AS TEXT) WHERE seq = 4")
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
    sql("INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_of_the_future', '2030-01-01')")
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
