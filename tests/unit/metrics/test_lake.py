"""The lake is a copy of the log: whole, rebuildable, without the personal side, told as of any line."""

from __future__ import annotations

import json
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.unit.metrics.logs import settle, tell, tell_of
from twostroke.ledger import lake, parquet
from twostroke.ledger.actions import change_definition
from twostroke.ledger.catalogue import current
from twostroke.ledger.civil import calendar
from twostroke.ledger.facts import LINE_COLUMNS
from twostroke.ledger.models import Segment
from twostroke.ledger.queries import every_line, head_seq
from twostroke.metrics.queries import compute
from twostroke.query.engines import DuckDB

pytestmark = pytest.mark.django_db


def a_log(lines: int = 7) -> None:
    for number in range(lines):
        tell("deal.opened", number, stage="talk", amount=100 + number)
    settle()


def files() -> list[Any]:
    return sorted(lake._folder().glob("*.parquet"))


def lake_lines(up_to: int | None = None) -> list[tuple[Any, ...]]:
    columns = ", ".join(f'"{column}"' for column in parquet.STORED)
    relations = lake.relations(up_to=head_seq() if up_to is None else up_to)
    return DuckDB().run(f"SELECT {columns} FROM lines ORDER BY seq", {"lines": relations["lines"]}).rows


def log_lines() -> list[tuple[Any, ...]]:
    return [tuple(getattr(line, column) for column in parquet.STORED) for line in every_line()]


@pytest.mark.parametrize(("hottest", "segment"), [(0, 3), (2, 3), (100, 3), (0, 100)])
def test_sealed_or_hot_the_lake_holds_every_line_once(hottest: int, segment: int) -> None:
    a_log()
    lake.seal(hottest=hottest, segment=segment)
    assert head_seq() - sum(part.rows for part in Segment.objects.all()) <= hottest
    assert lake_lines() == log_lines()


def test_it_leaves_out_only_what_proves_a_line() -> None:
    assert set(LINE_COLUMNS) - set(parquet.STORED) == {"body_hash", "personal_digest"}


def test_nothing_personal_comes_to_the_lake() -> None:
    tell_of("ann", "person.described", personal={"name": "Ann Unmistakable"})
    settle()
    lake.seal(hottest=0)
    told = [pq.read_table(file).to_pylist() for file in files()]
    assert told
    assert "Unmistakable" not in json.dumps(told)


def test_sealing_again_does_nothing() -> None:
    a_log()
    assert lake.seal(hottest=0) == head_seq()
    assert lake.seal(hottest=0) == 0
    assert len(files()) == 1


def test_files_nobody_listed_are_not_read() -> None:
    a_log()
    lake.seal(hottest=0)
    stray = files()[0]
    stray.with_name(f"000-{stray.name}").write_bytes(stray.read_bytes())
    assert lake_lines() == log_lines()


@pytest.mark.parametrize("harm", ["gone", "spoilt", "cut short"])
def test_a_harmed_file_is_made_anew_from_the_log(harm: str) -> None:
    a_log()
    lake.seal(hottest=0, segment=3)
    before, victim = compute("pipeline").rows, files()[1]
    if harm == "gone":
        victim.unlink()
    else:
        content = bytearray(victim.read_bytes())
        content[len(content) // 2] ^= 1
        victim.write_bytes(bytes(content) if harm == "spoilt" else bytes(content[:-9]))
    assert lake_lines() == log_lines()
    assert compute("pipeline").rows == before
    assert all(parquet.is_whole(lake._folder() / part.file, part.sha256) for part in Segment.objects.all())


def test_files_of_an_older_shape_are_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    a_log()
    lake.seal(hottest=0)
    old = files()
    monkeypatch.setattr(parquet, "shape", lambda: "another1shap")
    assert lake_lines() == log_lines()
    assert set(files()).isdisjoint(old)


def test_a_dropped_lake_comes_back_from_the_log() -> None:
    a_log()
    lake.seal(hottest=0)
    before = compute("pipeline").rows
    lake.drop()
    assert files() == []
    assert Segment.objects.count() == 0
    assert compute("pipeline").rows == before
    assert lake.seal(hottest=0) == head_seq()


def test_whoever_seals_the_same_lines_second_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    a_log()
    write = parquet.write

    def overtaken(*given: Any) -> tuple[str, str]:
        made = write(*given)
        monkeypatch.setattr(parquet, "write", write)
        lake.seal(hottest=0)
        return made

    monkeypatch.setattr(parquet, "write", overtaken)
    assert lake.seal(hottest=0) == 0
    assert len(files()) == 1
    assert lake_lines() == log_lines()


def test_a_failed_write_leaves_no_file_and_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    a_log()

    def full(*given: Any, **more: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(pq, "write_table", full)
    with pytest.raises(OSError, match="disk full"):
        lake.seal(hottest=0)
    assert list(lake._folder().iterdir()) == []
    assert Segment.objects.count() == 0


@pytest.mark.usefixtures("fresh_home")
def test_the_row_and_the_watermark_are_written_together_and_no_line_is_read_meanwhile() -> None:
    a_log()
    with CaptureQueriesContext(connection) as seen:
        lake.seal(hottest=0)
    statements = [query["sql"] for query in seen.captured_queries]
    begin = max(n for n, sql in enumerate(statements) if sql.startswith(("SAVEPOINT", "BEGIN")))
    assert not any("ledger_line" in sql for sql in statements[begin:])
    assert any("ledger_segment" in sql for sql in statements[begin:])
    assert any("UPDATE ledger_cursor" in sql for sql in statements[begin:])


def test_lines_after_the_moment_asked_for_are_not_there() -> None:
    a_log()
    lake.seal(hottest=0, segment=3)
    for seq in (0, 2, 3, 5):
        assert lake_lines(seq) == log_lines()[:seq]


def test_the_tail_is_read_no_wider_than_asked() -> None:
    a_log(2)
    tail = lake.relations(up_to=head_seq(), kinds=["deal.won"], columns=("subject",))["lines"].tail  # type: ignore[union-attr]
    assert tail.num_rows == 0
    assert "properties" not in tail.column_names


def test_definitions_hold_from_their_line_on() -> None:
    assert lake.reporting_currency_as_of(head_seq()) == "EUR"
    change_definition(name="installation.currency", value="USD")
    first = head_seq()
    change_definition(name="installation.currency", value="JPY")
    assert lake.reporting_currency_as_of(first - 1) == "EUR"
    assert lake.reporting_currency_as_of(first) == "USD"
    assert lake.reporting_currency_as_of(head_seq()) == "JPY"


def test_every_kind_lies_beside_the_lines_with_its_rank_and_place() -> None:
    told = lake.relations(up_to=0)["kinds"].to_pylist()  # type: ignore[union-attr]
    assert [(one["kind"], one["rank"], one["place"]) for one in told] == [
        (kind.name, kind.rank, str(kind.place)) for kind in current()
    ]


def test_the_days_clocks_change_are_an_hour_shorter_or_longer() -> None:
    hours = {
        day["date"]: (day["end_ms"] - day["start_ms"]) // 3_600_000
        for day in calendar("Europe/Berlin", 20_540, 20_754).to_pylist()
    }
    assert hours["2026-03-29"] == 23
    assert hours["2026-10-25"] == 25
    assert hours["2026-10-26"] == 24


def test_a_calendar_knows_weeks_months_quarters_and_far_days() -> None:
    near, far = calendar("UTC", 20_454, 20_454, [-719_162]).to_pylist()
    assert (near["date"], near["week"], near["month"], near["quarter"]) == (
        "2026-01-01",
        "2026-W01",
        "2026-01",
        "2026-Q1",
    )
    assert far["date"] == "0001-01-01"


def test_a_line_of_the_year_one_costs_one_day_and_not_two_thousand_years() -> None:
    from twostroke.ledger.facts import Precision

    tell("deal.opened", 1, at=-62_135_596_800_000, precision=Precision.DAY)
    tell("deal.opened", 2, at=1_700_000_000_000, precision=Precision.MS)
    settle()
    days = lake.relations(up_to=head_seq())["calendar"].to_pylist()  # type: ignore[union-attr]
    assert "0001-01-01" in {day["date"] for day in days}
    assert len(days) < 6000


def test_within_a_transaction_nothing_is_sealed_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    a_log()
    monkeypatch.setattr(lake, "HOTTEST", 1)
    with transaction.atomic():
        lake.relations(up_to=head_seq())
    assert files() == []
