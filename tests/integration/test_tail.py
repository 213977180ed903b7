"""Reactions are told of each line at least once, in order, by cursors of their own; a failing line is parked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from twostroke.kit.time import now_micros, set_clock
from twostroke.ledger import tail
from twostroke.ledger.actions import catch_up, say
from twostroke.ledger.facts import Draft, Line, Precision
from twostroke.ledger.tail import AT_ONCE, follow, parked

pytestmark = pytest.mark.django_db


@dataclass
class Counting:
    """Remembers what it was told; fails at the subjects named."""

    name: str = "counting"
    kinds: frozenset[str] | None = frozenset({"page.viewed"})
    failing: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)

    def react(self, lines: Sequence[Line]) -> None:
        self.batches.append(len(lines))
        if self.failing & {line.subject for line in lines}:
            raise ValueError("anna@firm.example cannot be served")
        self.told += [line.subject for line in lines]


@pytest.fixture
def counting() -> Iterator[Counting]:
    reaction = Counting()
    tail.install([reaction])
    follow()
    yield reaction
    tail.install([])


def viewed(*names: str) -> None:
    for name in names:
        say(Draft("page.viewed", "person", name, now_micros() // 1000, Precision.MS))
    catch_up()


def test_each_line_of_its_kinds_is_told_once_in_the_order_of_the_log(counting: Counting) -> None:
    viewed("a", "b")
    say(Draft("screen.viewed", "person", "c", now_micros() // 1000, Precision.MS))
    viewed("d")
    follow()
    follow()
    assert counting.told == ["a", "b", "d"]


def test_a_line_that_was_not_folded_is_not_told_yet(counting: Counting) -> None:
    say(Draft("page.viewed", "person", "a", now_micros() // 1000, Precision.MS))
    follow()
    assert counting.told == []
    catch_up()
    follow()
    assert counting.told == ["a"]


def test_what_was_there_before_a_reaction_was_is_no_news_to_it(counting: Counting) -> None:
    viewed("a")
    later = Counting(name="later")
    tail.install([later])
    follow()
    viewed("b")
    follow()
    assert later.told == ["b"]


def test_more_than_a_batch_is_told_in_batches(counting: Counting) -> None:
    viewed(*[f"p{number}" for number in range(AT_ONCE + 5)])
    follow()
    assert counting.batches == [AT_ONCE, 5]


def test_a_line_that_fails_is_parked_without_its_words_and_the_others_go_on(counting: Counting) -> None:
    counting.failing = {"b"}
    viewed("a", "b", "c")
    follow()
    assert counting.told == ["a", "c"]
    [one] = parked()
    assert (one.reaction, one.tries) == ("counting", 1)
    assert one.error.startswith("ValueError in ")
    assert "test_tail.py" in one.error
    assert "anna" not in one.error


def test_a_parked_line_is_tried_again_later_and_is_parked_no_more_once_it_works(counting: Counting) -> None:
    counting.failing = {"b"}
    viewed("a", "b")
    follow()
    counting.failing = set()
    follow()
    assert counting.told == ["a"]
    in_two_minutes = now_micros() + 120_000_000
    set_clock(lambda: in_two_minutes)
    follow()
    assert (counting.told, parked()) == (["a", "b"], [])


def test_each_failure_waits_twice_as_long(counting: Counting) -> None:
    counting.failing = {"b"}
    viewed("b")
    follow()
    at = now_micros()
    for minutes in (1.5, 4, 9):
        set_clock(lambda minutes=minutes: at + int(minutes * 60_000_000))  # type: ignore[misc]
        follow()
    assert parked()[0].tries == 4
