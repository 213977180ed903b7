"""What a row is: new, same, changed; one sentence a case of LEDGER 3."""

from __future__ import annotations

import sys

import pytest
from msgspec import structs

from tests.histories import deal
from twostroke.intake.facts import TranslatedRow, Verdict
from twostroke.intake.rules import Judge, Known, record_id, short_record, short_version, version_of
from twostroke.ledger.facts import Precision, Team

KEY = b"k" * 32
RECORD = "a" * 32
NEW, SAME, CHANGED = Verdict.NEW, Verdict.SAME, Verdict.CHANGED
MONDAY, TUESDAY, WEDNESDAY = 100, 200, 300


def message(word: str) -> str:
    return f"{RECORD}.{word * 32}"


A, B, C = (message(word) for word in "abc")


def known(counts: str | None, **attested: tuple[int, int, int, str]) -> Known:
    """What was said before: by message, (version time, stamp, row, batch)."""
    return Known(counts, {message(word): place for word, place in attested.items()})


def judge(version_time: int = WEDNESDAY, stamp: int = 1000) -> Judge:
    return Judge((version_time, stamp))


def verdicts(words: str, before: Known | None, at: Judge) -> list[Verdict]:
    """What each row of a file that says these of one record turns out to be, once all of it was seen."""
    found: list[Verdict] = []
    last: int | None = None
    for row, word in enumerate(words, 1):
        verdict, same_after_all = at.verdict(message(word), row, before, last)
        if same_after_all:
            changed = max(place for place, one in enumerate(found) if one is CHANGED)
            found[changed] = SAME
        found.append(verdict)
        last = short_version(message(word))
    return found


def test_a_record_nobody_spoke_of_is_new() -> None:
    assert verdicts("a", None, judge()) == [NEW]


def test_a_record_whose_every_import_was_undone_is_new_again() -> None:
    assert verdicts("a", known(None), judge()) == [NEW]


def test_what_counts_already_is_the_same() -> None:
    assert verdicts("a", known(A, a=(MONDAY, 1, 1, "one")), judge()) == [SAME]


def test_another_word_in_a_newer_file_is_a_change() -> None:
    at = judge()
    assert verdicts("b", known(A, a=(MONDAY, 1, 1, "one")), at) == [CHANGED]
    assert at.older == 0


def test_a_word_that_was_said_before_and_counts_no_longer_is_a_change_back() -> None:
    before = known(B, a=(MONDAY, 1, 1, "one"), b=(TUESDAY, 2, 1, "two"))
    assert verdicts("a", before, judge()) == [CHANGED]


@pytest.mark.parametrize(("word", "verdict"), [("a", SAME), ("c", CHANGED), ("b", SAME)])
def test_an_older_file_changes_nothing_and_that_is_counted(word: str, verdict: Verdict) -> None:
    at = judge(MONDAY)
    before = known(B, a=(MONDAY, 1, 1, "one"), b=(TUESDAY, 2, 1, "two"))
    assert verdicts(word, before, at) == [verdict]
    assert at.older == (word != "b")


def test_of_two_files_of_one_date_the_one_that_came_first_keeps_its_place() -> None:
    before = known(B, a=(MONDAY, 1, 1, "one"), b=(MONDAY, 2, 1, "two"))
    at = judge(MONDAY, 3)
    assert (verdicts("a", before, at), at.older) == ([SAME], 0)


def test_a_new_word_under_the_same_date_counts_as_the_later_import() -> None:
    assert verdicts("c", known(B, b=(MONDAY, 2, 1, "two")), judge(MONDAY, 3)) == [CHANGED]


@pytest.mark.parametrize(
    ("words", "found"), [("aa", [NEW, SAME]), ("ab", [NEW, CHANGED]), ("aba", [NEW, CHANGED, CHANGED])]
)
def test_a_new_record_named_twice_is_new_once(words: str, found: list[Verdict]) -> None:
    assert verdicts(words, None, judge()) == found


TWICE = known(B, a=(MONDAY, 1, 1, "one"), b=(MONDAY, 1, 2, "one"))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ab", [SAME, SAME]),
        ("aab", [SAME, SAME, SAME]),
        ("abab", [SAME, SAME, SAME, SAME]),
        ("a", [CHANGED]),
        ("ba", [SAME, CHANGED]),
        ("aba", [SAME, SAME, CHANGED]),
        ("cb", [CHANGED, SAME]),
        ("abc", [SAME, SAME, CHANGED]),
    ],
)
@pytest.mark.parametrize("date", [WEDNESDAY, MONDAY])
def test_a_record_named_twice_before_is_judged_by_the_last_word(words: str, found: list[Verdict], date: int) -> None:
    at = judge(date)
    if date == MONDAY:  # under the first file's own date what it said keeps its place: only a new word changes it
        found = [verdict if words[place] == "c" else SAME for place, verdict in enumerate(found)]
    assert verdicts(words, TWICE, at) == found
    assert at.older == 0


def test_the_verdicts_of_a_file_never_run_below_zero() -> None:
    """A change is only taken back where one was counted."""
    for words in ("a", "ab", "ba", "aba", "bab", "abc", "cab", "acb", "cba", "aabb", "abcabc"):
        for before in (None, TWICE, known(A, a=(MONDAY, 1, 1, "one")), known(None)):
            for at in (judge(), judge(MONDAY, 3), judge(50)):
                assert len(verdicts(words, before, at)) == len(words)


def row(*drafts: object, number: int = 1) -> TranslatedRow:
    return TranslatedRow(number, "k", drafts or (deal("a", amount_minor=1, currency="EUR"),))  # type: ignore[arg-type]


def test_a_version_is_what_the_lines_say_and_not_where_they_stand() -> None:
    assert version_of(KEY, row(number=1)) == version_of(KEY, row(number=2))
    assert version_of(KEY, row()) == version_of(KEY, row(deal("a", currency="EUR", amount_minor=1)))


def test_every_field_of_a_line_is_part_of_the_version() -> None:
    base = deal("a", at=1, amount_minor=1, currency="EUR", properties={"stage": "x"}, personal={"name": "n"})
    other = {
        "kind": "deal.won", "subject_kind": "order", "subject": "s", "happened_at": 2, "precision": Precision.DAY,
        "identifier": "i", "company": "c", "actor": "x", "channel": "web", "campaign": "spring", "content": "red",
        "amount_minor": 2, "currency": "USD", "properties": {"stage": "y"}, "personal": {"name": "m"},
        "team": Team.SALES,
    }  # fmt: skip
    seen = {version_of(KEY, row(base))} | {
        version_of(KEY, row(structs.replace(base, **{k: v}))) for k, v in other.items()
    }
    assert len(seen) == len(other) + 1


def test_the_order_of_fields_is_not_part_of_the_version() -> None:
    one, two = deal("a", personal={"x": 1, "y": 2}), deal("a", personal={"y": 2, "x": 1})
    assert version_of(KEY, row(one)) == version_of(KEY, row(two))


def test_records_of_two_types_sources_or_keys_are_different_records() -> None:
    named = {record_id(KEY, *words) for words in [("crm", "deal", "1"), ("crm", "person", "1"), ("shop", "deal", "1"),
                                                  ("crm", "deal", "2"), ("crm", "deal1", "")]}  # fmt: skip
    assert len(named) == 5
    assert record_id(b"other key" * 4, "crm", "deal", "1") not in named


def test_short_names_are_of_record_and_version() -> None:
    assert short_record(A) == short_record(B)
    assert short_version(A) != short_version(B)
    assert short_version(A) == int("a" * 15, 16)
    # A digit more, and a million of them takes half as much memory again.
    assert sys.getsizeof(short_record("f" * 32 + "." + "f" * 32)) == sys.getsizeof(2**60 - 1) < sys.getsizeof(2**64 - 1)
