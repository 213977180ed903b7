"""The only writer of the log: what it stores, counts, holds back and refuses (LEDGER 1 and 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from django.db import connection, transaction
from msgspec import structs

from tests.histories import deal, message, write
from twostroke.kit.time import set_clock
from twostroke.ledger.append import CONFLICT, InvalidMessageError, append
from twostroke.ledger.facts import Accounting, Draft, Held, Message, Outcome
from twostroke.ledger.queries import accounting, every_line

pytestmark = pytest.mark.django_db

WON = message("m1", deal("a", at=1), deal("a", "deal.won", at=2, personal={"words": "Ja, gerne – 中文"}))
OTHER = structs.replace(WON, body_hash="another")
HELD = Held("crm", "unreadable", "The row has no key.", b'{"x": 1}', row=7)


def _rows(sql: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [tuple(row) for row in cursor.fetchall()]


@contextmanager
def _statements() -> Iterator[list[str]]:
    said: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        said.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield said


def test_a_message_becomes_lines_with_one_stamp_and_numbered_parts() -> None:
    assert write(WON, message("m2", deal("b"))) == [Outcome.STORED, Outcome.STORED]
    lines = list(every_line())
    assert [line.seq for line in lines] == [1, 2, 3]
    assert [(line.message_id, line.part) for line in lines] == [("m1", 0), ("m1", 1), ("m2", 0)]
    assert lines[0].recorded_at == lines[1].recorded_at < lines[2].recorded_at
    assert len({line.event_id for line in lines}) == 3


def test_the_same_message_is_stored_once_whether_it_comes_in_one_call_or_in_two() -> None:
    assert write(WON, WON) == [Outcome.STORED, Outcome.DUPLICATE]
    assert write(WON) == [Outcome.DUPLICATE]
    assert len(list(every_line())) == 2


def test_the_same_id_with_other_content_is_held_as_a_conflict_and_the_first_stays() -> None:
    assert write(WON, OTHER) == [Outcome.STORED, Outcome.QUARANTINED]
    assert {line.body_hash for line in every_line()} == {WON.body_hash}
    assert _rows("SELECT code, message_id FROM ledger_quarantined") == [(CONFLICT, "m1")]


def test_a_conflict_keeps_all_that_is_needed_to_bring_the_message_in_again() -> None:
    write(WON, OTHER)
    [(original,)] = _rows("SELECT original FROM ledger_quarantined")
    told = msgspec.json.decode(bytes(original))
    assert told["body_hash"] == "another"
    assert told["drafts"][1]["personal"] == {"words": "Ja, gerne – 中文"}


def test_a_quarantined_message_holds_no_id() -> None:
    write(held=[replace(HELD, message_id="m1")])
    assert write(WON) == [Outcome.STORED]


def test_two_sources_may_use_the_same_id() -> None:
    assert write(WON, structs.replace(OTHER, source="shop")) == [Outcome.STORED, Outcome.STORED]


def test_the_accounts_add_up_after_every_step() -> None:
    steps: list[tuple[list[Message], list[Held], list[str], tuple[int, int, int, int]]] = [
        ([WON], [], [], (1, 1, 0, 0)),
        ([WON, WON], [], [], (3, 1, 2, 0)),
        ([OTHER], [HELD], [], (5, 1, 2, 2)),
        ([message("repaired", deal("r"))], [], ["crm"], (5, 2, 2, 1)),
        ([WON], [], ["crm"], (5, 2, 3, 0)),
    ]
    for messages, held, repaired, expected in steps:
        write(*messages, held=held, repaired=repaired)
        assert accounting() == [Accounting("crm", *expected)]


def test_the_database_itself_refuses_accounts_that_do_not_add_up() -> None:
    write(WON)
    with pytest.raises(Exception, match="ledger_tally_adds_up"), transaction.atomic():
        _rows("UPDATE ledger_tally SET received = received + 1 RETURNING source")


def test_a_message_with_one_bad_line_is_refused_whole_with_everything_it_came_with() -> None:
    bad = message("bad", deal("a"), Draft("deal.eaten", "deal", "x"))
    with pytest.raises(InvalidMessageError, match=r"deal\.eaten"):
        write(WON, bad)
    assert list(every_line()) == []
    assert accounting() == []


@pytest.mark.parametrize(
    "said",
    [
        message("", deal("a")),
        message("a\x1fb", deal("a")),
        message("a\x00b", deal("a")),
        message("half \ud800 a character", deal("a")),
        message("m", deal("a"), source="two\nlines"),
        message("m", deal("a"), batch="a\x1eb"),
        message("m"),
    ],
    ids=["empty", "separator", "nul", "surrogate", "newline", "batch", "no lines"],
)
def test_names_that_no_column_or_key_could_hold_are_refused(said: Message) -> None:
    with pytest.raises(InvalidMessageError):
        write(said)


@pytest.mark.parametrize("value", [float("nan"), {1: "a key that is no text"}, object()], ids=["nan", "key", "object"])
def test_what_json_cannot_say_is_refused_without_repeating_it(value: Any) -> None:
    with pytest.raises(InvalidMessageError, match=r"^deal\.opened has a field that JSON cannot hold$"):
        write(message("m", deal("a", personal={"x": value})))


def test_stamps_increase_even_when_the_clock_goes_back() -> None:
    set_clock(lambda: 5_000)
    write(message("a", deal("a")), message("b", deal("b")))
    set_clock(lambda: 1_000)
    write(message("c", deal("c")), held=[HELD])
    write(message("d", deal("d")))
    assert [line.recorded_at for line in every_line()] == [5_000, 5_001, 5_002, 5_004]


def test_replay_keeps_the_stamps_and_goes_on_after_them() -> None:
    set_clock(lambda: 1_000)
    write(message("a", deal("a"), recorded_at=7_000))
    write(message("b", deal("b")))
    assert [line.recorded_at for line in every_line()] == [7_000, 7_001]


def test_a_stamp_that_goes_back_is_refused() -> None:
    write(message("a", deal("a"), recorded_at=7_000))
    with pytest.raises(InvalidMessageError, match="replay in commit order"):
        write(message("b", deal("b"), recorded_at=7_000))


def test_what_is_not_declared_lies_beside_the_line_under_a_salted_digest() -> None:
    write(message("a", deal("a", personal={"name": "Acme"})), message("b", deal("b", personal={"name": "Acme"})))
    one, other = every_line()
    assert one.personal_digest != other.personal_digest
    assert _rows("SELECT content FROM ledger_personal ORDER BY seq") == [('{"name":"Acme"}',)] * 2


def _work(count: int) -> int:
    """How many statements one call with ``count`` messages takes."""
    messages = [
        message(f"{count}-{n}", deal(f"{n}", personal={"n": n}), deal(f"{n}", "deal.won")) for n in range(count)
    ]
    with transaction.atomic(), _statements() as said:
        append([*messages, *messages], held=[HELD] * count)
    return len(said)


@pytest.mark.sqlite
def test_a_call_takes_the_same_number_of_statements_for_one_message_or_three_hundred() -> None:
    assert _work(1) == _work(300) < 12
