"""Words of SQL: what is written means the same on every engine, and nothing from outside becomes SQL."""

from __future__ import annotations

import pyarrow as pa
import pytest
import sqlglot

from twostroke.metrics import queries
from twostroke.metrics.definitions import DEFINITIONS
from twostroke.query.engines import DuckDB
from twostroke.query.lines import last_words, stepped
from twostroke.query.relations import Parted
from twostroke.query.words import DIALECTS, any_of, ctes, json_text, name, numbered, pretty, text


def asked(expression: str, **relations: pa.Table) -> object:
    return DuckDB().run(f"SELECT {expression}", relations).rows[0][0]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("called", DEFINITIONS)
def test_the_sql_of_each_metric_is_spoken_in_each_dialect(called: str, dialect: str) -> None:
    by = [dimension.name for dimension in queries.metric(called).dimensions]
    for grain in queries.metric(called).grains:
        said = queries.sql(called, by=by, grain=grain, dialect=dialect)
        assert sqlglot.parse_one(said, read=dialect).sql(dialect, pretty=True) == said


def test_the_sql_shown_is_the_sql_that_counts() -> None:
    one = DEFINITIONS["pipeline"]
    from twostroke.metrics.rules import asked as ask
    from twostroke.metrics.rules import counting_sql

    sql = counting_sql(one, ask(one, (), None, None))
    assert sqlglot.parse_one(queries.sql("pipeline"), read="duckdb") == sqlglot.parse_one(pretty(sql), read="duckdb")


def test_no_metric_divides_or_asks_an_engine_about_time_zones() -> None:
    for called in DEFINITIONS:
        tree = sqlglot.parse_one(queries.sql(called), read="duckdb")
        forbidden = (sqlglot.exp.Div, sqlglot.exp.IntDiv, sqlglot.exp.AtTimeZone, sqlglot.exp.Anonymous)
        assert list(tree.find_all(*forbidden)) == []


@pytest.mark.parametrize("hostile", ["a b", "A", "a;", '"', "", "1a", "ä"])
def test_a_name_that_is_no_plain_name_is_refused(hostile: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        name(hostile)


@pytest.mark.parametrize("value", ["it's", "''", "; DROP TABLE lines --", "ünï\\", "?", "$1"])
def test_a_text_comes_back_as_it_was(value: str) -> None:
    assert asked(text(value)) == value


def test_a_list_of_values_reads_the_same_whatever_its_order() -> None:
    assert any_of("a", ["y", "x"]) == any_of("a", ["x", "y"]) == "a IN ('x', 'y')"
    assert asked(any_of("'x'", [])) is False


def test_a_member_of_json_is_its_text_and_missing_is_null() -> None:
    table = pa.table({"p": ['{"stage":"it\'s \\"q\\" ü"}', "{}"]})
    found = DuckDB().run(f"SELECT {json_text('p', 'stage')} FROM t", {"t": table}).rows
    assert found == [('it\'s "q" ü',), (None,)]


def test_texts_get_their_numbers_and_others_none() -> None:
    assert asked(numbered("'b'", {"a": 1, "b": 2})) == 2
    assert asked(numbered("'c'", {"a": 1})) is None


def test_the_last_line_that_says_a_word_counts_even_if_later_ones_are_silent() -> None:
    lines = pa.table(
        {
            "subject": ["s", "s", "s", "t"], "instant": [1, 3, 2, 1], "rank": [1, 1, 1, 1], "source": [""] * 4,
            "message_id": list("abcd"), "part": [0] * 4, "word": ["one", None, "two", None],
        }
    )  # fmt: skip
    words = last_words("placed", {"word": ("word IS NOT NULL", "word")}, only="instant > 0")
    found = DuckDB().run(f"{ctes({'placed': stepped('lines')}, words)} ORDER BY p.subject", {"lines": lines}).rows
    assert found == [("s", "two"), ("t", None)]


def test_a_relation_in_parts_is_their_union_without_what_lies_beyond() -> None:
    tail = pa.table({"seq": [1, 2, 3]})
    assert DuckDB().run("SELECT SUM(seq) FROM l", {"l": Parted((), tail, ("seq", 2))}).rows == [(3,)]


def test_what_one_question_offers_the_next_does_not_see() -> None:
    DuckDB().run("SELECT 1", {"mine": pa.table({"a": [1]})})
    import duckdb

    with pytest.raises(duckdb.CatalogException):
        DuckDB().run("SELECT * FROM mine", {})
