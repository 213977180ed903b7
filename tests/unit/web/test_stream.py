"""A stream: months from the newest down, what has no time last, so many lines at once and no more."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.lines import told
from twostroke.intake.facts import By, HitVerdict
from twostroke.ledger.facts import Told
from twostroke.web.stream import Named, stream_of

ZONES = st.sampled_from(["UTC", "America/Los_Angeles", "Asia/Tokyo"])
TIMES = st.none() | st.integers(1_600_000_000_000, 1_800_000_000_000)


def ordered(times: list[int | None]) -> list[Told]:
    """Lines in fold order: those without a time where they were received, which is after all others here."""
    lines = [told("page.viewed", at=at, seq=seq) for seq, at in enumerate(times, 1)]
    return sorted(lines, key=lambda one: (one.line.happened_at is None, one.line.happened_at or 0, one.line.seq))


@given(st.lists(TIMES, max_size=25), ZONES, st.integers(0, 30))
def test_a_stream_shows_the_newest_first_and_says_what_it_leaves_out(
    times: list[int | None], zone: str, shown: int
) -> None:
    lines = ordered(times)
    stream = stream_of(lines, {}, about=frozenset(), zone=zone, shown=shown)
    there = [line for chapter in stream.chapters for line in chapter.lines]
    known = [one.line.seq for one in reversed(lines) if one.line.happened_at is not None]
    unknown = [one.line.seq for one in lines if one.line.happened_at is None]
    assert [line.seq for line in there] == [*known, *unknown][:shown]
    assert (stream.total, stream.left_out) == (len(lines), max(0, len(lines) - shown))
    assert sum(stream.counts.values()) == len(lines)


@given(st.lists(TIMES.filter(bool), min_size=1, max_size=25), ZONES)
def test_each_line_stands_in_the_month_its_zone_says(times: list[int], zone: str) -> None:
    stream = stream_of(ordered(list(times)), {}, about=frozenset(), zone=zone)
    for chapter in stream.chapters:
        for line in chapter.lines:
            assert line.at is not None
            there = dt.datetime.fromtimestamp(line.at / 1000, tz=dt.UTC).astimezone(ZoneInfo(zone))
            assert chapter.title == f"{there:%B %Y}"
    titles = [chapter.title for chapter in stream.chapters]
    assert len(titles) == len(set(titles))


def test_the_filters_name_the_three_that_touch_first_and_then_whoever_else_is_there() -> None:
    lines = [told("page.viewed", team=team, seq=n) for n, team in enumerate(["system", "sales", "partner", "sales"])]
    stream = stream_of(lines, {}, about=frozenset(), zone="UTC")
    assert [(team, n, key) for team, _, n, key in stream.teams] == [
        ("marketing", 0, "1"), ("sales", 2, "2"), ("customer", 0, "3"), ("partner", 1, "4"), ("system", 1, "5"),
    ]  # fmt: skip


def test_everybody_a_line_points_to_is_named_but_whom_the_page_is_about() -> None:
    names = {id_: Named(id_.upper(), f"/{id_}/") for id_ in ("anna", "firm", "sofia", "deal", "product")}
    line = told(
        "call.made", at=1, identifier="anna", company="firm", actor="sofia", subject="anna",
        said={"deal": "deal", "product": "product"},
    )  # fmt: skip
    [shown] = stream_of([line], names, about=frozenset({"anna"}), zone="UTC").chapters[0].lines
    assert shown.person is None
    assert [one.name for one in (shown.company, shown.actor, shown.subject, shown.product) if one] == [
        "FIRM", "SOFIA", "DEAL", "PRODUCT",
    ]  # fmt: skip


def test_who_is_named_already_is_not_named_as_the_subject_again() -> None:
    names = {"anna": Named("Anna"), "firm": Named("Firm")}
    for subject in ("anna", "firm"):
        line = told("call.made", at=1, identifier="anna", company="firm", subject=subject)
        [shown] = stream_of([line], names, about=frozenset(), zone="UTC").chapters[0].lines
        assert shown.subject is None


def test_an_id_nobody_knows_has_no_name() -> None:
    [shown] = stream_of([told("call.made", at=1, actor="x")], {}, about=frozenset(), zone="UTC").chapters[0].lines
    assert (shown.actor, shown.person, shown.product) == (None, None, None)


def test_a_day_stands_in_its_month_in_every_zone() -> None:
    first_of_march = 1_772_323_200_000
    for zone in ("America/Los_Angeles", "UTC", "Pacific/Auckland"):
        line = told("deal.won", at=first_of_march, precision="day")
        assert [one.title for one in stream_of([line], {}, about=frozenset(), zone=zone).chapters] == ["March 2026"]


def test_an_empty_stream_is_empty() -> None:
    stream = stream_of([], {}, about=frozenset(), zone="UTC")
    assert (list(stream.chapters), stream.total, stream.left_out) == ([], 0, 0)


def test_what_machines_did_between_two_other_lines_is_folded_together() -> None:
    lines = [told("page.viewed", at=1_700_000_000_000 + n, seq=n) for n in range(1, 7)]
    machine = HitVerdict(By.MACHINE, "crawler", "Googlebot")
    stream = stream_of(
        lines, {}, about=frozenset(), zone="UTC",
        verdicts={2: machine, 3: machine, 5: HitVerdict(By.UNSURE, "odd"), 6: machine},
    )  # fmt: skip
    [chapter] = stream.chapters
    assert [([line.seq for line in run.lines], run.machine) for run in chapter.runs] == [
        ([6], True), ([5], False), ([4], False), ([3, 2], True), ([1], False),
    ]  # fmt: skip
    assert "Googlebot" in chapter.runs[0].lines[0].why
    assert sum(stream.counts.values()) == len(lines)
