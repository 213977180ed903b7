"""The same file again, a corrected one, an old one, and taking back: what counts is what the files say (LEDGER 3)."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.functional.import_steps import account, bring, deals, odd, state, sums, table, twostroke, worth

pytestmark = pytest.mark.usefixtures("fresh_database")
NOW = ("--file-date", "now")


def undo(report: dict[str, object]) -> None:
    said = twostroke("undo", report["import"])
    assert said.code == 0, said.err


def test_mara_brings_the_same_file_twice_and_it_counts_once(tmp_path: Path) -> None:
    file = deals(tmp_path / "deals.csv", {"a": 10, "b": 20, "c": 30})
    assert sums(bring(file)) == (3, 0, 0, 0)
    once = state()
    assert sums(bring(file)) == (0, 3, 0, 0)
    assert state() == once
    assert account() == (6, 3, 3, 0)


def test_a_corrected_row_counts_instead_of_the_first(tmp_path: Path) -> None:
    bring(deals(tmp_path / "deals.csv", {"a": 10, "b": 20}, day=1))
    assert sums(bring(deals(tmp_path / "deals.csv", {"a": 11, "b": 20, "c": 5}, day=2))) == (1, 1, 1, 0)
    assert worth() == {"a": "11", "b": "20", "c": "5"}


@pytest.mark.parametrize(("said", "ends"), [("AB", "B"), ("ABA", "A"), ("ABAB", "B"), ("ABBA", "A"), ("ABCA", "A")])
@pytest.mark.parametrize("dated", [True, False])
def test_the_last_word_of_newer_files_counts(tmp_path: Path, said: str, ends: str, dated: bool) -> None:
    value = {"A": 100, "B": 200, "C": 300}
    for day, word in enumerate(said):
        file = deals(tmp_path / "deals.csv", {"k": value[word]}, day=day if dated else 1)
        report = bring(file) if dated else bring(file, *NOW)
    assert worth() == {"k": str(value[ends])}
    assert odd(report, "older than what is known") is None


def test_an_old_file_brought_in_late_stays_old_and_the_report_says_so(tmp_path: Path) -> None:
    bring(deals(tmp_path / "new.csv", {"a": 20, "b": 2}, day=9))
    report = bring(deals(tmp_path / "old.csv", {"a": 10, "b": 2}, day=1))
    assert worth() == {"a": "20", "b": "2"}
    assert sums(report) == (0, 1, 1, 0)
    assert odd(report, "older than what is known") == 1


def test_an_old_file_brought_in_again_stays_old_and_the_report_says_so(tmp_path: Path) -> None:
    old = deals(tmp_path / "old.csv", {"a": 10}, day=1)
    bring(old)
    bring(deals(tmp_path / "new.csv", {"a": 20}, day=9))
    report = bring(old)
    assert worth() == {"a": "20"}
    assert sums(report) == (0, 1, 0, 0)
    assert odd(report, "older than what is known") == 1


def test_an_old_file_that_is_true_now_is_said_to_be(tmp_path: Path) -> None:
    old = deals(tmp_path / "old.csv", {"a": 10}, day=1)
    bring(old)
    bring(deals(tmp_path / "new.csv", {"a": 20}, day=9))
    assert sums(bring(old, *NOW)) == (0, 0, 1, 0)
    assert worth() == {"a": "10"}


@pytest.mark.parametrize("rows", ["AB", "ABA", "AAB", "ABAB", "ABCA"])
@pytest.mark.parametrize("more", [(), NOW])
def test_a_file_that_names_a_key_twice_comes_back_as_all_the_same(
    tmp_path: Path, rows: str, more: tuple[str, ...]
) -> None:
    value = {"A": 100, "B": 200, "C": 300}
    file = deals(tmp_path / "deals.csv", [("k", value[row]) for row in rows], day=1)
    bring(file, *more)
    once = worth()
    assert once == {"k": str(value[rows[-1]])}
    for _ in range(3):
        report = bring(file, *more)
        assert sums(report) == (0, len(rows), 0, 0)
        assert odd(report, "older than what is known") is None
        assert worth() == once


def test_of_a_key_named_twice_the_other_way_round_the_last_row_is_the_change(tmp_path: Path) -> None:
    bring(deals(tmp_path / "deals.csv", [("k", 100), ("k", 200)], day=1))
    assert sums(bring(deals(tmp_path / "deals.csv", [("k", 200), ("k", 100)], day=2))) == (0, 1, 1, 0)
    assert worth() == {"k": "100"}


def test_a_file_that_keeps_only_the_first_of_two_words_changes_the_record(tmp_path: Path) -> None:
    bring(deals(tmp_path / "deals.csv", [("k", 100), ("k", 200)], day=1))
    assert sums(bring(deals(tmp_path / "deals.csv", [("k", 100)], day=2))) == (0, 0, 1, 0)
    assert worth() == {"k": "100"}


def test_rows_far_apart_that_name_one_key_are_judged_across_slices(tmp_path: Path) -> None:
    rows = [("k", 1), *((f"d{n}", n) for n in range(700)), ("k", 2)]
    file = deals(tmp_path / "deals.csv", rows, day=1)
    assert sums(bring(file)) == (701, 0, 1, 0)
    assert sums(bring(file)) == (0, 702, 0, 0)
    assert worth()["k"] == "2"


def test_dated_files_end_alike_in_whatever_order_they_come(tmp_path: Path) -> None:
    days = {1: {"a": 10, "b": 1}, 2: {"a": 20, "c": 3}, 3: {"a": 30, "b": 2}}
    for number, order in enumerate(itertools.permutations(days)):
        for day in order:
            bring(deals(tmp_path / f"{day}.csv", days[day], day=day), source=f"crm{number}")
    from twostroke.deals.models import Deal

    found = sorted(Deal.objects.values_list("source", "name", "amount_minor"))
    each = {source: [rest for name, *rest in found if name == source] for source, *_ in found}
    assert len(each) == 6
    assert all(rows == [["Deal a", 3000], ["Deal b", 200], ["Deal c", 300]] for rows in each.values())


@pytest.mark.parametrize(("taken", "left"), [(0, "C"), (1, "C"), (2, "B")])
def test_undo_leaves_exactly_what_the_other_files_say(tmp_path: Path, taken: int, left: str) -> None:
    value = {"A": 100, "B": 200, "C": 300}
    reports = [
        bring(deals(tmp_path / f"{word}.csv", {"k": value[word], f"only {word}": 1}, day=day))
        for day, word in enumerate("ABC")
    ]
    undo(reports[taken])
    others = [word for number, word in enumerate("ABC") if number != taken]
    assert worth() == {"k": str(value[left]), **{f"only {word}": "1" for word in others}}


def test_undo_leaves_the_state_as_if_the_import_had_never_been(tmp_path: Path) -> None:
    bring(deals(tmp_path / "one.csv", {"a": 10, "b": 20}, day=1))
    before = state()
    report = bring(deals(tmp_path / "two.csv", [("a", 11), ("b", 20), ("c", 9), ("a", 12)], day=2))
    assert state() != before
    undo(report)
    assert state() == before


def test_what_an_undone_file_said_alone_counts_again_once_another_file_says_it(tmp_path: Path) -> None:
    file = deals(tmp_path / "deals.csv", {"a": 10}, day=1)
    report = bring(file)
    undo(report)
    assert worth() == {}
    assert sums(bring(file)) == (1, 0, 0, 0)
    assert worth() == {"a": "10"}
    assert account() == (2, 1, 1, 0)


def test_undo_of_the_first_of_two_equal_files_changes_nothing(tmp_path: Path) -> None:
    file = deals(tmp_path / "deals.csv", {"a": 10, "b": 20})
    first = bring(file)
    bring(file)
    before = state()
    undo(first)
    assert state() == before


def test_undo_twice_is_refused_in_a_sentence(tmp_path: Path) -> None:
    report = bring(deals(tmp_path / "deals.csv", {"a": 10}))
    undo(report)
    again = twostroke("undo", report["import"])
    assert (again.code, "was undone before" in again.err) == (1, True)
    unknown = twostroke("undo", "nothing")
    assert (unknown.code, "There is no import nothing" in unknown.err) == (1, True)


def test_rows_without_a_key_are_told_apart_by_what_they_say_and_their_place_among_equals(tmp_path: Path) -> None:
    header = ("Campaign", "Date", "Cost", "Clicks")
    rows = [("fair", "2026-01-05", 10, 1), ("fair", "2026-01-05", 10, 1), ("ads", "2026-01-06", 5, 2)]
    assert sums(bring(table(tmp_path / "spend.csv", header, rows))) == (3, 0, 0, 0)
    assert sums(bring(table(tmp_path / "spend.csv", header, rows[::-1]))) == (0, 3, 0, 0)
    assert sums(bring(table(tmp_path / "spend.csv", header, [*rows, rows[0]]))) == (1, 3, 0, 0)


def test_shuffled_rows_are_the_same_rows(tmp_path: Path) -> None:
    rows = {f"d{n}": n + 1 for n in range(50)}
    bring(deals(tmp_path / "deals.csv", rows, day=1))
    report = bring(deals(tmp_path / "deals.csv", dict(reversed(rows.items())), day=2))
    assert sums(report) == (0, 50, 0, 0)


def test_two_sources_may_use_the_same_keys(tmp_path: Path) -> None:
    file = deals(tmp_path / "deals.csv", {"a": 10})
    assert sums(bring(file, source="north")) == (1, 0, 0, 0)
    assert sums(bring(file, source="south")) == (1, 0, 0, 0)
    assert (account("north"), account("south")) == ((1, 1, 0, 0), (1, 1, 0, 0))


def test_records_that_a_newer_export_leaves_out_are_said_and_kept(tmp_path: Path) -> None:
    bring(deals(tmp_path / "deals.csv", {f"d{n}": 1 for n in range(10)}, day=1))
    report = bring(deals(tmp_path / "deals.csv", {f"d{n}": 1 for n in range(8)}, day=2))
    assert odd(report, "are not in this one") == 2
    assert len(worth()) == 10


def test_a_file_that_has_little_in_common_with_the_last_of_its_name_leaves_nothing_out(tmp_path: Path) -> None:
    bring(deals(tmp_path / "deals.csv", {f"january {n}": 1 for n in range(10)}, day=1))
    report = bring(deals(tmp_path / "deals.csv", {f"february {n}": 1 for n in range(10)}, day=2))
    assert odd(report, "are not in this one") is None
