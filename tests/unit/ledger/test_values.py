"""Values of declared types, spelled names in SQL conditions, and the head kept outside: the small parts of the log."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from twostroke.kit.canonical import canonical_json
from twostroke.ledger import heads, triggers
from twostroke.ledger.databases import in_list, insert_rows
from twostroke.ledger.facts import Type
from twostroke.ledger.fitting import Schema
from twostroke.ledger.force import record_of
from twostroke.ledger.heads import read_head, write_head
from twostroke.ledger.values import EXPECTED, fits, is_plain_text, overlong

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(ANYTHING)
def test_what_fits_as_json_can_be_written_and_comes_back(value: Any) -> None:
    if fits(Type.JSON)(value):
        # Beyond 2^53 a number in JSON is a double, however it is spelled.
        back = json.loads(canonical_json(value), parse_int=lambda n: int(n) if abs(int(n)) < 2**53 else float(n))
        assert back == value


@given(st.sampled_from(Type), ANYTHING)
def test_nothing_but_json_takes_none_and_whole_numbers_are_no_truth_values(declared: Type, value: Any) -> None:
    fit = fits(declared)
    assert fit(None) == (declared is Type.JSON)
    if declared in (Type.INTEGER, Type.DECIMAL, Type.TEXT, Type.DATE, Type.ID):
        assert not fit(True)
    if fit(value) and declared not in (Type.JSON, Type.IDS):
        assert type(value) in (str, int, bool)


def test_every_type_says_what_it_expects() -> None:
    assert set(EXPECTED) == set(Type)


@pytest.mark.parametrize(
    ("declared", "good", "bad"),
    [
        (Type.INTEGER, [0, -5, 2**53 - 1], [2**53, -(2**53), 1.0, "5", True]),
        (Type.DECIMAL, ["0", "-12.50", "0.001"], ["1,5", "1.", ".5", "1e5", "01", "+1", "١", "", 1.5, "1" * 65]),
        (Type.BOOLEAN, [True, False], [0, 1, "true", None]),
        (Type.DATE, ["2024-02-29", "0001-01-01"], ["2023-02-29", "2024-2-9", "20240229", "2024-02-29T", "٢٠٢٤-٠١-٠١"]),
        (Type.ID, ["0" * 32, "crm:m1:0", "a.b-c_d"], ["", "a b", "anna@firm.example", "ä", "x" * 129, 5]),
        (Type.IDS, [[], ["a", "b"], ("a",)], ["a", [""], ["a", 5], {"a"}]),
        (Type.TEXT, ["", "ä", "x" * 32_768], ["a\0b", "\ud800", "x" * 32_769, "é" * 16_385, b"x"]),
        (Type.JSON, [None, {"a": [1, 2.5, "x"]}], [math.nan, math.inf, {1: 2}, {"a": {"b"}}, 2**53, "\0"]),
    ],
)  # fmt: skip
def test_each_type_takes_what_is_meant_and_nothing_that_only_looks_alike(
    declared: Type, good: list[Any], bad: list[Any]
) -> None:
    assert [value for value in good if not fits(declared)(value)] == []
    assert [value for value in bad if fits(declared)(value)] == []


def test_json_may_be_deep_but_not_endless() -> None:
    deep: Any = 1
    for _ in range(32):
        deep = [deep]
    assert fits(Type.JSON)(deep)
    assert not fits(Type.JSON)([deep])


@given(st.text(max_size=40))
def test_plain_text_is_text_that_both_databases_store(text: str) -> None:
    assert is_plain_text(text) == ("\0" not in text and text.encode("utf-8", "replace").decode() == text)


@given(st.integers(8_000, 33_000), st.sampled_from("aé王🙂"))
def test_text_is_measured_in_bytes(length: int, letter: str) -> None:
    assert overlong(letter * length) == (len(letter.encode()) * length > 32_768)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values", [[], ["a"], ["a", "b", "it's", "ä", "{x}", '"', "\\", "%s"], [str(n) for n in range(3000)]]
)
def test_any_number_of_values_is_one_parameter(values: list[str]) -> None:
    condition, given_ = in_list(connection, "name", values)
    assert len(given_) == 1
    with connection.cursor() as cursor:
        insert_rows(connection, "ledger_cursor", ("name", "seq"), [(value, n) for n, value in enumerate(values)])
        insert_rows(connection, "ledger_cursor", ("name", "seq"), [("another", 0)])
        cursor.execute(f"SELECT name FROM ledger_cursor WHERE {condition}", given_)
        assert {name for (name,) in cursor.fetchall()} == set(values)


def test_the_record_of_a_row_is_the_first_half_of_its_name() -> None:
    assert record_of(f"{'a' * 32}.{'b' * 32}") == "a" * 32
    assert [record_of(name) for name in ("", "m1", "a" * 32, "a" * 31 + ".b", "a" * 33 + ".b")] == [None] * 5


@pytest.fixture
def head(fresh_home: Path) -> Path:
    return heads.head_file()


def test_no_head_is_there_before_the_first_commit(head: Path) -> None:
    assert read_head() is None


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=12))
def test_the_newest_head_is_the_one_that_is_read(tmp_path_factory: pytest.TempPathFactory, numbers: list[int]) -> None:
    from unittest.mock import patch

    file = tmp_path_factory.mktemp("heads") / "head"
    with patch.object(heads, "head_file", lambda: file):
        for number in numbers:
            write_head(number, number * 10, f"{number:064x}")
        found = read_head()
    assert found is not None
    assert (found.number, found.seq, found.hash) == (max(numbers), max(numbers) * 10, f"{max(numbers):064x}")


@pytest.mark.parametrize("at", [0, 21, 60, 110, 127])
def test_a_head_that_was_changed_or_torn_is_not_believed(at: int, head: Path) -> None:
    write_head(4, 40, "a" * 64)
    write_head(5, 50, "b" * 64)
    content = bytearray(head.read_bytes())
    content[128 + at] ^= 1
    head.write_bytes(bytes(content))
    found = read_head()
    assert found is not None
    assert found.number in (4, 5)
    assert found.number == 4 or at == 127


@pytest.mark.parametrize("content", [b"", b"\n", b"x" * 256, b"1 2 3\n" + b" " * 250])
def test_what_is_no_head_is_none(content: bytes, head: Path) -> None:
    head.write_bytes(content)
    assert read_head() is None


def test_every_table_of_the_log_is_guarded_on_both_databases() -> None:
    sqlite = " ".join(triggers.sqlite_triggers().values())
    postgres = {table for table, _ in triggers.postgres_triggers().values()}
    for table in triggers.GUARDED:
        assert f"ON {table} " in sqlite, table
        assert table in postgres, table
    assert {"no_truncate"} <= {
        name.removeprefix(f"{table}_") for name, (table, _) in triggers.postgres_triggers().items()
    }
    assert all(re.match(r"CREATE TRIGGER \w+ BEFORE ", text) for text in triggers.sqlite_triggers().values())


@pytest.mark.parametrize(
    ("schema", "fit", "words"),
    [
        (Schema((), (), ()), True, ""),
        (Schema(("ledger.0002",), (), ()), False, "the database is older than this program (ledger.0002 is to come)"),
        (Schema(("ledger.0002",), ("ledger.0099",), ()), False, "changed by a newer Twostroke (ledger.0099 is unknown"),
        (
            Schema((), (), ("ledger_line_no_update",)),
            False,
            "the log is not protected: ledger_line_no_update is not there",
        ),
    ],
)
def test_how_the_tables_stand_is_told_in_a_sentence_with_what_to_do(schema: Schema, fit: bool, words: str) -> None:
    assert schema.fits == fit
    assert words in schema.sentence()
    assert fit or ": " in schema.sentence() or "." in schema.sentence()
