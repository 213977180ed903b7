"""SO FAR: a life in one sentence, by rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lines import told
from twostroke.site.wiring import all_kinds
from twostroke.web import sofar
from twostroke.web.sofar import so_far, span

DAY = 86_400_000
KINDS = sorted(kind.name for kind in all_kinds())


def test_every_act_it_tells_is_a_kind_of_line_and_told_once() -> None:
    kinds = [kind for kind, _, _ in sofar._ACTS]
    assert set(kinds) <= set(KINDS)
    assert len(kinds) == len(set(kinds))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(KINDS), st.none() | st.integers(0, 900 * DAY), st.sampled_from([None, "fair", "e-mail"])
        ),
        max_size=40,
    ),
    st.sampled_from([None, "mql", "customer"]),
)
def test_any_life_is_one_short_sentence_that_begins_with_a_capital(
    life: list[tuple[str, int | None, str | None]], stage: str | None
) -> None:
    lines = [told(kind, at=at, channel=channel, seq=seq) for seq, (kind, at, channel) in enumerate(life, 1)]
    clauses = so_far(lines, now=900 * DAY, stage=stage)
    if not lines:
        assert clauses == []
        return
    assert 1 <= len(clauses) <= 8
    assert clauses[0].text[0].isupper()
    assert all(clause.text and "%" not in clause.text and "{" not in clause.text for clause in clauses)
    assert {clause.seq for clause in clauses if clause.seq is not None} <= {one.line.seq for one in lines}
    assert (clauses[-1].text.casefold().startswith("stands at")) == (stage is not None)


def test_where_there_is_too_much_to_tell_the_beginning_and_the_end_are_told() -> None:
    kinds = [kind for kind, _, _ in sofar._ACTS]
    clauses = so_far([told(kind, at=n * DAY, seq=n) for n, kind in enumerate(kinds, 10)], now=100 * DAY)
    assert clauses[0].text == "On the log for 3 months"
    assert len(clauses) == 7
    assert clauses[-1].text == "a deal was lost"


def test_one_is_told_in_words_and_many_with_their_number() -> None:
    def end(kind: str, n: int) -> str:
        return so_far([told(kind, at=DAY, seq=i) for i in range(n)], now=2 * DAY)[-1].text

    assert [end("call.made", n) for n in (1, 2, 12)] == ["was called once", "was called 2 times", "was called 12 times"]
    assert [end("form.submitted", n) for n in (1, 2)] == ["sent a form", "sent 2 forms"]
    assert [end("mail.sent", n) for n in (1, 3)] == ["got 1 mail from us", "got 3 mails from us"]


def test_visits_are_told_as_the_newest_source_counted_them() -> None:
    lines = [
        told("person.described", at=DAY, said={"visits": 4}, seq=1),
        told("person.described", at=2 * DAY, said={"visits": 2}, seq=2),
        told("person.described", at=3 * DAY, seq=3),
    ]
    assert [(clause.text, clause.seq) for clause in so_far(lines, now=3 * DAY)][1:] == [("visited the site twice", 2)]


def test_the_channel_of_a_dated_line_comes_before_that_of_an_undated_one() -> None:
    lines = [told("card.taken", channel="fair", seq=1), told("form.submitted", at=DAY, channel="ads", seq=2)]
    assert so_far(lines, now=2 * DAY)[0].text == "Came by ads 1 day ago"


@pytest.mark.parametrize(
    ("millis", "words"),
    [
        (-5, "less than an hour"), (3_599_999, "less than an hour"),
        (3_600_000, "1 hour"), (DAY - 1, "23 hours"), (DAY, "1 day"),
        (20 * DAY, "20 days"), (21 * DAY, "3 weeks"), (89 * DAY, "13 weeks"), (90 * DAY, "3 months"),
        (729 * DAY, "24 months"), (730 * DAY, "2 years"), (3653 * DAY, "10 years"),
    ],
)  # fmt: skip
def test_a_span_is_told_in_one_round_unit(millis: int, words: str) -> None:
    assert span(millis) == words


@given(st.integers(0, 40_000 * DAY), st.integers(0, 40_000 * DAY))
def test_a_longer_span_is_never_told_as_a_shorter_one(one: int, other: int) -> None:
    units = {"hour": 3_600_000, "day": DAY, "week": 7 * DAY, "month": 2_630_016_000, "year": 31_557_600_000}

    def size(millis: int) -> float:
        if span(millis) == "less than an hour":
            return 0
        number, unit = span(millis).split()
        return int(number) * units[unit.rstrip("s")]

    if one <= other:
        # Rounding in a larger unit may lose up to half of that unit, never more.
        assert size(one) <= size(other) + 16 * DAY
