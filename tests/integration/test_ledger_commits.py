"""What is committed, when, and who sees it: one at a time, several at once, and when something breaks in between."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from itertools import pairwise

import pytest
from django.db import connection, connections, transaction

from tests.histories import deal, message, write
from twostroke.ledger import append as writer
from twostroke.ledger.append import append
from twostroke.ledger.heads import OutsideHead, head_file, read_head, write_head
from twostroke.ledger.queries import accounting, every_line, head_seq

pytestmark = pytest.mark.usefixtures("fresh_database")

WRITERS, EACH = 4, 12


class RegretError(Exception):
    pass


def _in_threads(*works: Callable[[], None]) -> None:
    failed: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_append_outside_of_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"):
        append([message("a", deal("a"))])


def test_rollback_leaves_nothing_and_the_outside_head_where_it_was() -> None:
    write(message("a", deal("a")))
    before = read_head()

    @transaction.atomic
    def regretted() -> None:
        append([message("b", deal("b"))])
        raise RegretError

    with pytest.raises(RegretError):
        regretted()
    assert [line.message_id for line in every_line()] == ["a"]
    assert (read_head(), [a.received for a in accounting()]) == (before, [1])
    write(message("b", deal("b")))
    assert [line.seq for line in every_line()] == [1, 2]


def test_a_commit_moves_the_outside_head() -> None:
    for number in (1, 2, 3):
        write(message(f"{number}", deal("a"), deal("a", "deal.won")))
        head = read_head()
        assert head is not None
        assert (head.number, head.seq) == (number, 2 * number)


def test_a_log_in_another_database_leaves_the_heads_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "DEFAULT_DB_ALIAS", "elsewhere")
    write(message("a", deal("a")))
    assert read_head() is None


def test_when_the_heads_file_cannot_be_written_what_is_committed_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*head: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(writer, "write_head", full)
    write(message("a", deal("a")))
    assert head_seq() == 1
    assert read_head() is None


def test_an_older_head_never_replaces_a_newer_one() -> None:
    for number in (1, 2, 5, 3):
        write_head(number, number, f"{number:064d}")
    assert read_head() == OutsideHead(5, 5, f"{5:064d}")


def test_a_torn_write_leaves_the_head_before_it() -> None:
    for number in (1, 2, 3):
        write_head(number, number, f"{number:064d}")
    whole = head_file().read_bytes()
    for torn in (1, 40, 100, 127):
        head_file().write_bytes(whole[:128] + whole[128 : 128 + torn] + b"9" * (128 - torn))
        assert read_head() == OutsideHead(2, 2, f"{2:064d}")


def test_four_writers_at_once_leave_no_gap_and_lose_nothing() -> None:
    def work(who: int) -> None:
        for number in range(EACH):
            write(message(f"{who}-{number}", deal(f"{number}"), deal(f"{number}", "deal.won")))

    _in_threads(*(lambda who=who: work(who) for who in range(WRITERS)))  # type: ignore[misc]
    lines = list(every_line())
    assert [line.seq for line in lines] == list(range(1, 2 * WRITERS * EACH + 1))
    assert all(one.message_id == other.message_id for one, other in zip(lines[::2], lines[1::2], strict=True))
    assert all(one.recorded_at < other.recorded_at for one, other in pairwise(lines[::2]))
    assert [(a.received, a.stored) for a in accounting()] == [(WRITERS * EACH, WRITERS * EACH)]


def test_the_same_message_from_four_writers_at_once_is_stored_once() -> None:
    _in_threads(*[lambda: [write(message(f"{n}", deal("a"))) for n in range(EACH)] and None] * WRITERS)
    assert head_seq() == EACH
    assert [(a.stored, a.duplicate) for a in accounting()] == [(EACH, (WRITERS - 1) * EACH)]


def test_who_reads_beside_the_writers_never_sees_a_line_before_the_one_that_precedes_it() -> None:
    done, gaps = threading.Event(), list[tuple[int, int]]()

    def read() -> None:
        while not done.is_set():
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*), coalesce(max(seq), 0) FROM ledger_line")
                count, newest = cursor.fetchone()
            if count != newest:
                gaps.append((count, newest))

    def work() -> None:
        try:
            _in_threads(*(lambda who=who: write_some(who) for who in range(WRITERS)))  # type: ignore[misc]
        finally:
            done.set()

    def write_some(who: int) -> None:
        for number in range(EACH):
            write(*[message(f"{who}-{number}-{n}", deal(f"{n}")) for n in range(1 + who)])

    _in_threads(read, work)
    assert gaps == []


def test_a_writer_killed_before_its_commit_leaves_nothing_behind() -> None:
    write(message("a", deal("a")))
    connections.close_all()
    child = os.fork()
    if child == 0:
        with transaction.atomic():
            append([message("b", deal("b"))])
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    write(message("c", deal("c")))
    assert [(line.seq, line.message_id) for line in every_line()] == [(1, "a"), (2, "c")]
