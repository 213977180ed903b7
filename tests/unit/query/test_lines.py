"""The lake's SQL against plain Python: which lines count, where they stand, and who said the last word."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twostroke.ledger import civil
from twostroke.query.engines import Answer, DuckDB
from twostroke.query.lines import civil_days, in_force, last_words, on_civil_day, stepped
from twostroke.query.words import any_of, ctes, name, numbered, text

DAY = 86_400_000
ZONES = st.sampled_from(["UTC", "Europe/Vienna", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland"])
LINE = pa.schema(
    [
        ("seq", pa.int64()), ("kind", pa.string()), ("source", pa.string()), ("message_id", pa.string()),
        ("part", pa.int32()), ("happened_at", pa.int64()), ("precision", pa.string()), ("recorded_ms", pa.int64()),
    ]
)  # fmt: skip
KINDS = pa.table(
    {
        "kind": ["opened", "moved", "closed"], "rank": pa.array([10, 20, 30], pa.int32()),
        "place": ["first", "middle", "last"],
    }
)  # fmt: skip
NOTHING = pa.table({"seq": pa.array([], pa.int64())})


def ask(sql: str, **relations: Any) -> list[tuple[Any, ...]]:
    return DuckDB().run(sql, relations).rows


def table(rows: list[tuple[Any, ...]], schema: pa.Schema = LINE) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [() for _ in schema]
    return pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def days(zone: str, first: int = 19_990, last: int = 20_010) -> pa.Table:
    return civil.calendar(zone, first, last)


@st.composite
def lines(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    rows = []
    for seq in range(1, draw(st.integers(0, 9)) + 1):
        precision = draw(st.sampled_from(["ms", "day", "unknown"]))
        at = 20_000 * DAY + draw(st.integers(0, 3)) * DAY
        happened = {"ms": at + draw(st.integers(0, DAY - 1)), "day": at, "unknown": None}[precision]
        stamp = 20_001 * DAY + draw(st.integers(0, DAY))
        rows.append((seq, draw(st.sampled_from(["opened", "moved", "closed"])), "crm", f"m{seq}", 0, happened,
                     precision, stamp))  # fmt: skip
    return rows


@given(lines(), ZONES)
def test_a_line_stands_where_the_words_of_the_log_put_it(rows: list[tuple[Any, ...]], zone: str) -> None:
    calendar = days(zone)
    found = ask(in_force(["l.seq"]), lines=table(rows), kinds=KINDS, suppressed=NOTHING, calendar=calendar)
    starts = {row["day_ms"]: row for row in calendar.to_pylist()}
    column = {"opened": "start_ms", "moved": "mid_ms", "closed": "last_ms"}
    for seq, *_, instant in found:
        _, kind, _, _, _, happened, precision, stamp = rows[seq - 1]
        if precision == "unknown":
            assert instant == stamp
        elif precision == "day":
            assert instant == starts[happened][column[kind]]
        else:
            assert instant == happened
    assert len(found) == len(rows)


@given(lines(), st.sets(st.integers(1, 9)), st.sets(st.sampled_from(["opened", "moved", "closed", "unheard"])))
def test_only_lines_in_force_and_of_the_kinds_asked_for_are_there(
    rows: list[tuple[Any, ...]], out: set[int], kinds: set[str]
) -> None:
    suppressed = pa.table({"seq": pa.array(sorted(out), pa.int64())})
    found = ask(
        in_force(["l.seq"], kinds=kinds), lines=table(rows), kinds=KINDS, suppressed=suppressed, calendar=days("UTC")
    )
    assert {row[0] for row in found} == {row[0] for row in rows if row[0] not in out and row[1] in kinds}


@given(ZONES, st.lists(st.integers(19_995 * DAY, 20_005 * DAY), min_size=1, max_size=8))
def test_an_instant_falls_on_the_civil_day_that_the_zone_says(zone: str, instants: list[int]) -> None:
    import zoneinfo

    asked = pa.table({"at": pa.array(instants, pa.int64())})
    sql = ctes(
        {"days": civil_days("date")},
        f"SELECT a.at, d.date FROM asked AS a LEFT JOIN days AS d ON {on_civil_day('a.at', 'd')}",
    )
    for at, date in ask(sql, asked=asked, calendar=days(zone)):
        there = dt.datetime.fromtimestamp(at / 1000, tz=dt.UTC).astimezone(zoneinfo.ZoneInfo(zone))
        assert date == there.date().isoformat()


@given(ZONES)
def test_every_instant_of_a_span_falls_on_exactly_one_day(zone: str) -> None:
    instants = pa.table({"at": pa.array(range(19_999 * DAY, 20_003 * DAY, 1_800_000), pa.int64())})
    sql = ctes(
        {"days": civil_days()},
        f"SELECT a.at, COUNT(*) FROM asked AS a INNER JOIN days AS d ON {on_civil_day('a.at', 'd')} GROUP BY a.at",
    )
    found = ask(sql, asked=instants, calendar=days(zone))
    assert len(found) == instants.num_rows
    assert {n for _, n in found} == {1}


def test_days_before_1970_are_days_too() -> None:
    calendar = civil.calendar("America/New_York", -30, 5)
    instants = pa.table({"at": pa.array([-1, 0, -25 * DAY, 4 * 3_600_000, 5 * 3_600_000], pa.int64())})
    sql = ctes(
        {"days": civil_days("date")},
        f"SELECT a.at, d.date FROM asked AS a LEFT JOIN days AS d ON {on_civil_day('a.at', 'd')} ORDER BY a.at",
    )
    assert ask(sql, asked=instants, calendar=calendar) == [
        (-25 * DAY, "1969-12-06"), (-1, "1969-12-31"), (0, "1969-12-31"), (4 * 3_600_000, "1969-12-31"),
        (5 * 3_600_000, "1970-01-01"),
    ]  # fmt: skip


STEPS = st.lists(
    st.tuples(st.sampled_from("st"), st.integers(0, 3), st.integers(0, 2), st.sampled_from([None, "x", "y", "z"])),
    max_size=10,
)
STEPPED = pa.schema(
    [
        ("subject", pa.string()), ("instant", pa.int64()), ("rank", pa.int32()), ("source", pa.string()),
        ("message_id", pa.string()), ("part", pa.int32()), ("word", pa.string()),
    ]
)  # fmt: skip


def placed(rows: list[tuple[str, int, int, str | None]]) -> pa.Table:
    return table([(s, at, rank, "crm", f"m{n:02}", 0, word) for n, (s, at, rank, word) in enumerate(rows)], STEPPED)


@given(STEPS, st.booleans())
def test_the_lines_of_each_subject_are_numbered_in_their_order(
    rows: list[tuple[str, int, int, str | None]], backwards: bool
) -> None:
    found = ask(
        f"SELECT subject, message_id, step FROM ({stepped('lines', backwards=backwards)}) AS s", lines=placed(rows)
    )
    expected = []
    for subject in {row[0] for row in rows}:
        mine = sorted((at, rank, f"m{n:02}") for n, (s, at, rank, _) in enumerate(rows) if s == subject)
        ordered = list(reversed(mine)) if backwards else mine
        expected += [(subject, message, step) for step, (_, _, message) in enumerate(ordered, 1)]
    assert sorted(found) == sorted(expected)


@given(STEPS)
def test_the_last_word_of_each_subject_is_the_last_that_was_said(rows: list[tuple[str, int, int, str | None]]) -> None:
    words = {"word": ("word IS NOT NULL", "word"), "ending": ("rank = 2", "word")}
    sql = ctes({"placed": stepped("lines")}, last_words("placed", words, only="rank > 0"))
    expected = set()
    for subject in {row[0] for row in rows}:
        mine = [row for _, row in sorted(enumerate(rows), key=lambda one: (one[1][1], one[1][2], one[0]))]
        mine = [row for row in mine if row[0] == subject]
        if any(rank > 0 for _, _, rank, _ in mine):
            said = [word for _, _, _, word in mine if word is not None]
            ended = [word for _, _, rank, word in mine if rank == 2]
            expected.add((subject, said[-1] if said else None, ended[-1] if ended else None))
    assert set(ask(sql, lines=placed(rows))) == expected


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30))
def test_any_text_comes_back_out_of_a_literal(value: str) -> None:
    assert ask(f"SELECT {text(value)}") == [(value,)]


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6), max_size=6),
    st.text("ab'", max_size=3),
)
def test_a_list_holds_what_is_in_it(values: list[str], asked: str) -> None:
    assert ask(f"SELECT {any_of(text(asked), values)}") == [(asked in values,)]


@given(st.dictionaries(st.text("abc'", max_size=3), st.integers(-9, 9), max_size=5), st.text("abc'", max_size=3))
def test_a_text_gets_its_number(numbers: dict[str, int], asked: str) -> None:
    assert ask(f"SELECT {numbered(text(asked), numbers)}") == [(numbers.get(asked),)]


@given(st.from_regex(r"[a-z_][a-z0-9_]{0,20}", fullmatch=True))
def test_a_plain_name_is_quoted_and_nothing_else_is(called: str) -> None:
    assert name(called) == f'"{called}"'


def test_an_answer_is_read_by_name() -> None:
    assert Answer(("a", "b"), [(1, None), (2, "x")]).mappings() == [{"a": 1, "b": None}, {"a": 2, "b": "x"}]
    assert Answer(("a",), []).mappings() == []


def test_a_row_shorter_than_its_names_is_an_error_not_a_gap() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Answer(("a", "b"), [(1,)]).mappings()


def test_parameters_are_values_and_never_sql() -> None:
    found = DuckDB().run("SELECT ?, ?", {}, ["x' OR 1=1 --", 5]).rows
    assert found == [("x' OR 1=1 --", 5)]


def test_the_engine_fetches_nothing_from_elsewhere() -> None:
    import duckdb

    with pytest.raises(duckdb.Error):
        DuckDB().run("INSTALL httpfs FROM community", {})
    with pytest.raises(duckdb.Error):
        DuckDB().run("SELECT * FROM read_csv('https://example.invalid/x.csv')", {})
