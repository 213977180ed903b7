"""Cards of numbers: every figure of a result is on its card, sums are sums, and each row leads to those behind it."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from itertools import product
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twostroke.metrics.facts import AsOf, Result, Row
from twostroke.metrics.queries import metric
from twostroke.web.numbers.lifecycle import biggest_step, lifecycle_card
from twostroke.web.numbers.pipeline import pipeline_card
from twostroke.web.numbers.reading import UNKNOWN, amounts, share, who_address, whole
from twostroke.web.numbers.shapes import Number
from twostroke.web.numbers.touches import month_words, touches_card

MONTHS = ("2026-01", "2026-02", "2026-11", "")
TEAMS = ("marketing", "sales", "customer", "partner")


def result(name: str, rows: list[Row], by: tuple[str, ...] = ()) -> Result:
    one = metric(name)
    return Result(one, AsOf(9, "2026-11-22T08:00:00.000Z"), "touches", tuple(rows), one.grains[0], by)


def touch(month: str, team: str, stroke: str, count: int) -> Row:
    return Row({"month": month or None, "team": team, "stroke": stroke}, {"count": count, "value": str(count)})


TOUCHES = st.dictionaries(
    st.tuples(st.sampled_from(MONTHS), st.sampled_from(TEAMS), st.sampled_from(("push", "pull"))), st.integers(1, 5000)
).map(lambda found: [touch(*key, count) for key, count in found.items()])


def figures(card: Number) -> dict[str, list[int]]:
    """The cells of the card's table as numbers, by label."""
    [table] = card.tables
    return {row.label: [int(cell.replace(",", "")) for cell in row.cells] for row in table.rows}


@given(TOUCHES)
def test_touches_have_a_row_a_month_whose_teams_and_strokes_add_up(rows: list[Row]) -> None:
    card = touches_card(result("touches", rows))
    if not rows:
        assert (card.sentence, card.tables) == ("No touch is on the log yet.", [])
        return
    [table] = card.tables
    assert len(table.rows) == len({row.key["month"] for row in rows})
    for label, cells in figures(card).items():
        *teams, push, pull, together = cells
        assert sum(teams) == push + pull == together
        assert together == whole(row for row in rows if month_words(row.key["month"]) == label)
    assert len(table.heads) == len(table.rows[0].cells) + 1
    assert f"{whole(rows):,} touches are on the log" in card.sentence


@given(TOUCHES)
def test_the_chart_of_touches_draws_what_has_a_month_from_the_oldest_on(rows: list[Row]) -> None:
    card = touches_card(result("touches", rows))
    dated = [row for row in rows if row.key["month"]]
    assert bool(card.charts) == bool(dated)
    for chart in card.charts:
        values = chart.spec["data"]["values"]
        assert sum(one["value"] for one in values) == whole(dated)
        labels = list(dict.fromkeys(one["label"] for one in values))
        assert labels == [month_words(month) for month in sorted({str(row.key["month"]) for row in dated})]


def test_only_the_latest_months_are_drawn_and_the_chart_says_so() -> None:
    rows = [touch(f"{year}-{month:02}", "sales", "push", 1) for year, month in product((2024, 2025), range(1, 13))]
    [chart] = touches_card(result("touches", rows)).charts
    assert len({one["label"] for one in chart.spec["data"]["values"]}) == 18
    assert chart.says == "Touches a month, by team. The latest 18 months."


def deal(status: str, stage: str | None, currency: str, count: int, value: str, without: int = 0, **more: Any) -> Row:
    return Row(
        {"status": status, "stage": stage, "currency": currency, **more},
        {"count": count, "value": value, "without_value": without},
    )


def test_the_pipeline_is_told_in_a_sentence_with_what_was_decided_beside_it() -> None:
    rows = [
        deal("open", "Proposal", "EUR", 2, "9600.00"), deal("open", None, "EUR", 1, "0.00", 1),
        deal("won", None, "EUR", 1, "18400.50"), deal("lost", None, "EUR", 3, "5000.00"),
    ]  # fmt: skip
    card = pipeline_card(result("pipeline", rows))
    assert card.sentence.replace("\u00a0", " ") == (
        "3 deals are open, worth EUR 9,600; 1 of them names no amount. Beside it: 1 won for EUR 18,400.50 and 3 lost; "
        "of those decided 25 % were won."
    )
    stages, beside = card.tables
    assert [row.label for row in stages.rows] == ["Proposal", "no stage"]
    assert stages.foot is not None
    assert [cell.replace("\u00a0", " ") for cell in stages.foot.cells] == ["3", "EUR 9,600", "1"]
    assert [row.label for row in beside.rows] == ["Won", "Lost"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "No deal is on the log yet."),
        ([deal("open", "A", "EUR", 1, "0", 1)], "1 deal is open; it names no amount"),
        ([deal("open", "A", "EUR", 2, "0", 2)], "2 deals are open; none of them names an amount"),
        ([deal("open", "A", "EUR", 3, "5", 2)], "3 deals are open, worth EUR 5; 2 of them name no amount"),
        ([deal("won", None, "EUR", 1, "5")], "0 deals are open. Beside it: 1 won for EUR 5 and 0 lost"),
        ([deal("lost", None, "EUR", 1, "5")], "of those decided 0 % were won"),
        ([deal("open", "A", "EUR", 1, "5"), deal("open", "A", "USD", 1, "7")], "worth EUR 5 + USD 7"),
    ],
)
def test_the_sentence_of_the_pipeline_fits_what_there_is(rows: list[Row], words: str) -> None:
    assert words in pipeline_card(result("pipeline", rows)).sentence.replace("\u00a0", " ")


def test_amounts_of_two_currencies_have_no_common_bar() -> None:
    rows = [deal("open", "A", "EUR", 1, "500"), deal("open", "A", "USD", 2, "7"), deal("open", "B", "EUR", 4, "1")]
    [chart] = pipeline_card(result("pipeline", rows)).charts
    assert [(one["label"], one["value"]) for one in chart.spec["data"]["values"]] == [("A", 3), ("B", 4)]
    labels = [row.label for row in pipeline_card(result("pipeline", rows)).tables[0].rows]
    assert labels == ["A, EUR", "A, USD", "B, EUR"]


def rung(stage: str, count: int, here: int, **more: str | None) -> Row:
    return Row({"stage": stage, **more}, {"count": count, "value": str(count), "here": here})


def test_the_lifecycle_says_how_many_came_how_far_and_where_most_stay() -> None:
    rows = [rung("lead", 100, 60), rung("mql", 40, 30), rung("customer", 10, 10)]
    card = lifecycle_card(result("lifecycle", rows))
    assert card.sentence.replace("\u00a0", " ") == (
        "100 touches are on the ladder; 10 of them (10 %) reached customer. Most are left between lead and MQL: 60."
    )
    assert [row.cells for row in card.tables[0].rows] == [
        ["100", "100\u00a0%", "60"], ["40", "40\u00a0%", "30"], ["10", "10\u00a0%", "10"],
    ]  # fmt: skip


STAGES = ("lead", "mql", "customer")


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(STAGES), st.sampled_from([None, "fair", "organic-search"])),
        st.integers(0, 50),
        min_size=1,
    )
)
def test_the_lifecycle_by_channel_counts_everybody_where_they_stand(here: dict[tuple[str, str | None], int]) -> None:
    channels = list(dict.fromkeys(channel for _, channel in here))

    def reached(stage: str, channel: str | None) -> int:
        return sum(here.get((later, channel), 0) for later in STAGES[STAGES.index(stage) :])

    rows = [
        rung(stage, reached(stage, channel), here.get((stage, channel), 0), channel=channel)
        for stage in STAGES
        for channel in channels
        if reached(stage, channel)
    ]
    card = lifecycle_card(result("lifecycle", rows, by=("channel",)))
    if not rows:
        assert card.sentence == "Nobody on the log has reached a stage yet."
        return
    drawn = card.charts[0].spec["data"]["values"]
    assert sum(one["value"] for one in drawn) == sum(here.values())
    named = {"fair": "fair", "organic-search": "organic search", None: "none named"}
    there = {channel for channel in channels if reached("lead", channel)}
    assert {row.label for row in card.tables[0].rows} == {named[channel] for channel in there}
    counts = [sum(one["value"] for one in drawn if one["label"] == row.label) for row in card.tables[0].rows]
    assert counts == sorted(counts, reverse=True)


def test_where_nobody_is_left_behind_no_step_is_the_biggest() -> None:
    assert biggest_step(result("lifecycle", [])) is None
    assert biggest_step(result("lifecycle", [rung("lead", 4, 0), rung("customer", 4, 4)])) is None
    assert biggest_step(result("lifecycle", [rung("lead", 5, 1), rung("customer", 4, 4)])) == ("lead", "customer", 1)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_share_is_a_tenth_of_a_per_cent_exact_and_of_nothing_unknown(part: int, more: int) -> None:
    told = share(part, part + more)
    if part + more == 0:
        assert told == UNKNOWN
        return
    written = Decimal(told.removesuffix("\u00a0%").replace(",", ""))
    assert abs(written - Decimal(100 * part) / (part + more)) <= Decimal("0.05")


def test_amounts_are_told_currency_by_currency_and_nothing_is_told_of_nothing() -> None:
    rows = [
        deal("open", "A", "USD", 1, "0.10"),
        deal("open", "A", "EUR", 1, "0.20"),
        deal("open", "B", "USD", 1, "0.20"),
    ]
    assert amounts(rows) == "EUR\u00a00.20 + USD\u00a00.30"
    assert amounts([]) == amounts([deal("open", "A", "EUR", 1, "0.00")]) == ""


@given(st.dictionaries(st.sampled_from(["status", "stage", "currency"]), st.none() | st.text(min_size=1, max_size=9)))
def test_the_way_to_those_behind_a_row_carries_its_whole_key(key: dict[str, str | None]) -> None:
    address = who_address(result("pipeline", []), key)
    path, _, query = address.partition("?")
    assert path == "/numbers/pipeline/who/"
    read = {name: values[0] or None for name, values in parse_qs(query, keep_blank_values=True).items()}
    assert read == key


def test_a_total_adds_rows_of_one_key_and_never_two_currencies() -> None:
    rows = [deal("open", "A", "EUR", 1, "1.10"), deal("won", None, "EUR", 2, "2.20"), deal("open", "A", "USD", 4, "9")]
    one = result("pipeline", rows)
    assert one.total() == 7
    assert one.total(status="open") == 5
    assert one.total("value", currency="EUR") == Decimal("3.30")
    with pytest.raises(ValueError, match="pipeline has amounts in 2 currencies: name one"):
        one.total("value")
    assert dataclasses.replace(one, rows=()).total("value") == 0
