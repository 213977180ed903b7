"""Charts as specifications: every figure is in them, nothing is evaluated, colours are names."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from twostroke.web.charts import SHADES, Bar, Chart, bars, stacked_bars

LABELS = st.text(max_size=12)
ROWS = st.lists(st.builds(Bar, LABELS, st.floats(0, 1e12), st.text(max_size=9)), max_size=9)
SERIES = ("open", "won", "lost")
CUT = st.lists(
    st.builds(Bar, st.sampled_from("abc"), st.integers(0, 99), st.just("1"), st.sampled_from(SERIES)), max_size=9
)


def texts(value: Any) -> list[str]:
    """All texts in a specification but those of its data."""
    if isinstance(value, dict):
        return [text for name, one in value.items() if name != "data" for text in texts(one)]
    if isinstance(value, list | tuple):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


def sound(chart: Chart) -> None:
    """What holds of every chart."""
    spec = json.loads(json.dumps(chart.spec, allow_nan=False))
    assert chart.height > 0
    assert chart.says
    said = texts({name: value for name, value in spec.items() if name != "$schema"})
    assert not [text for text in said if re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|http", text)]
    assert not [text for text in said if "signal" in text or "=>" in text]


@given(ROWS)
def test_a_bar_for_each_row_in_the_order_given_with_its_figure(rows: list[Bar]) -> None:
    chart = bars(rows, axis="EUR", says="What it shows.")
    sound(chart)
    values = chart.spec["data"]["values"]
    assert [(one["label"], one["value"], one["text"]) for one in values] == [(r.label, r.value, r.text) for r in rows]
    low, high = chart.spec["encoding"]["x"]["scale"]["domain"]
    assert low == 0
    assert high > 0
    assert all(row.value <= high for row in rows)


@given(st.integers(1, 40), st.integers(1, 40))
def test_a_chart_grows_with_its_rows(few: int, more: int) -> None:
    def height(n: int) -> int:
        return bars([Bar(str(i), 1, "1") for i in range(n)], axis="x", says="y").height

    assert height(few) < height(few + more)
    assert height(0) == height(1)


@given(CUT)
def test_a_bar_is_cut_in_the_order_of_its_series(rows: list[Bar]) -> None:
    chart = stacked_bars(rows, axis="Deals", series=SERIES, title="Outcome", says="What it shows.")
    sound(chart)
    assert [one["place"] for one in chart.spec["data"]["values"]] == [SERIES.index(row.series) for row in rows]
    scale = chart.spec["encoding"]["color"]["scale"]
    assert scale["domain"] == list(SERIES)
    assert len(scale["range"]) == len(SERIES)
    assert chart.spec["encoding"]["y"]["sort"] == list(dict.fromkeys(row.label for row in rows))


@given(st.integers(1, 20))
def test_shades_go_from_light_to_dark_and_never_back(n: int) -> None:
    series = [f"s{i}" for i in range(n)]
    scale = stacked_bars([], axis="x", series=series, title="t", says="y").spec["encoding"]["color"]["scale"]
    places = [SHADES.index(shade) for shade in scale["range"]]
    assert places == sorted(places)
    assert places[0] == 0
    assert n == 1 or places[-1] == len(SHADES) - 1


def test_colours_that_are_given_are_taken() -> None:
    chart = stacked_bars([], axis="x", series=SERIES, title="t", says="y", colours=("var(--a)", "var(--b)", "var(--c)"))
    assert chart.spec["encoding"]["color"]["scale"]["range"] == ["var(--a)", "var(--b)", "var(--c)"]
