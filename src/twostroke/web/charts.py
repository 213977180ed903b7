"""Charts as Vega-Lite specifications, made here and drawn by whoever shows them: a browser, or a mailed report.

Colours are named as ``var(--name)`` after the custom properties of ``static/web/ground.css``: a browser draws with the
names, so that themes and paper need no second drawing; whoever draws elsewhere puts values in. Each chart stands beside
a table with the same figures and the links, for keyboards, screen readers and paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Spec = dict[str, Any]

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_STEP = 34
_AXIS_HEIGHT = 50
# As many as a phone has room for beside each other.
_LEGEND_COLUMNS, _LEGEND_HEAD, _LEGEND_ROW = 3, 18, 13

# Steps of one hue from few to many: order is seen without knowing colours.
SHADES = ("var(--shade-1)", "var(--shade-2)", "var(--shade-3)", "var(--shade-4)", "var(--shade-5)", "var(--shade-6)",
          "var(--shade-7)", "var(--shade-8)")  # fmt: skip

# Each tick by itself (0, 500, 1k), not all in thousands of the largest.
_LENGTH_AXIS: Spec = {"tickCount": 4, "tickMinStep": 1, "labelExpr": "format(datum.value, '~s')", "titlePadding": 6}
_LABEL_AXIS: Spec = {"ticks": False, "domain": False, "labelPadding": 8}

_CONFIG: Spec = {
    "background": "transparent",
    "font": "var(--sans)",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--ink-2)",
        "titleColor": "var(--ink-3)",
        "gridColor": "var(--line)",
        "domainColor": "var(--line-strong)",
        "tickColor": "var(--line-strong)",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 180,
    },
    "legend": {
        "labelColor": "var(--ink-2)",
        "titleColor": "var(--ink-3)",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "symbolType": "square",
    },
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is called, how long it is, and the figure as it is written beside it."""

    label: str
    value: float
    text: str
    series: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """An estimate between its limits, as it is written, and whether 0 lies outside them."""

    label: str
    low: float
    value: float
    high: float
    text: str
    is_apart: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A specification, its height in pixels (to keep its place free), and a sentence that says what it shows."""

    spec: Spec
    height: int
    says: str


def bars(rows: Sequence[Bar], *, axis: str, says: str, colour: str = "var(--accent)") -> Chart:
    """Horizontal bars in the order given, each with its figure written at its end."""
    height = _STEP * max(1, len(rows))
    longest = max((row.value for row in rows), default=0)
    # Room for the figures written after the longest bar, on a phone too.
    written = max((len(row.text) for row in rows), default=0)
    room = 1.3 if written < 7 else 1.75 if written < 13 else 2.1
    label = {
        "field": "label",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": _LABEL_AXIS,
    }
    length = {
        "field": "value",
        "type": "quantitative",
        "title": axis,
        "scale": {"domain": [0, longest * room or 1], "nice": False},
        "axis": _LENGTH_AXIS,
    }
    spec = _framed(rows, height)
    spec["encoding"] = {"y": label, "x": length}
    spec["layer"] = [
        {
            "mark": {"type": "bar", "height": {"band": 0.66}, "cornerRadiusEnd": 3, "color": colour},
            "encoding": {"tooltip": [{"field": "label", "title": " "}, {"field": "text", "title": axis}]},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 6, "color": "var(--ink)", "fontSize": 12},
            "encoding": {"text": {"field": "text", "type": "nominal"}},
        },
    ]
    return Chart(spec, height + _AXIS_HEIGHT, says)


def stacked_bars(
    rows: Sequence[Bar], *, axis: str, series: Sequence[str], title: str, says: str, colours: Sequence[str] = ()
) -> Chart:
    """Horizontal bars cut into ``series``, in their order: in ``colours``, else from light to dark."""
    labels = list(dict.fromkeys(row.label for row in rows))
    height = _STEP * max(1, len(labels))
    order = {name: place for place, name in enumerate(series)}
    spec = _framed(rows, height, lambda row: {"place": order[row.series]})
    shades = list(colours) or [
        SHADES[round(i * (len(SHADES) - 1) / max(1, len(series) - 1))] for i in range(len(series))
    ]
    spec["mark"] = {"type": "bar", "height": {"band": 0.66}}
    spec["encoding"] = {
        "y": {
            "field": "label",
            "type": "nominal",
            "sort": labels,
            "title": None,
            "axis": _LABEL_AXIS,
        },
        "x": {"field": "value", "type": "quantitative", "title": axis, "axis": _LENGTH_AXIS},
        "color": {
            "field": "series",
            "type": "nominal",
            "title": title,
            "sort": list(series),
            "scale": {"domain": list(series), "range": shades},
            "legend": {"orient": "top", "direction": "horizontal", "columns": _LEGEND_COLUMNS},
        },
        "order": {"field": "place", "type": "quantitative"},
        "tooltip": [
            {"field": "label", "title": " "},
            {"field": "series", "title": title},
            {"field": "text", "title": axis},
        ],
    }
    legend = _LEGEND_HEAD + _LEGEND_ROW * -(-len(series) // _LEGEND_COLUMNS)
    return Chart(spec, height + _AXIS_HEIGHT + legend, says)


def ranges(rows: Sequence[Range], *, axis: str, says: str) -> Chart:
    """Estimates with their limits, in the order given, around a line at 0; those that 0 lies outside of are strong."""
    height = _STEP * max(1, len(rows))
    spec = _framed([Bar(row.label, row.value, row.text) for row in rows], height)
    for value, row in zip(spec["data"]["values"], rows, strict=True):
        value |= {"low": row.low, "high": row.high, "apart": row.is_apart}
    label = {
        "field": "label",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": _LABEL_AXIS | {"labelLimit": 190},
    }
    length = {"type": "quantitative", "title": axis, "axis": {"tickCount": 4, "titlePadding": 6}}
    tooltip = [{"field": "label", "title": " "}, {"field": "text", "title": axis}]
    colour = {"condition": {"test": "datum.apart", "value": "var(--accent)"}, "value": "var(--line-strong)"}
    spec["layer"] = [
        {
            "mark": {"type": "bar", "height": {"band": 0.4}, "cornerRadius": 3},
            "encoding": {
                "y": label, "x": {"field": "low", **length}, "x2": {"field": "high"}, "color": colour,
                "tooltip": tooltip,
            },
        },
        {
            "mark": {"type": "tick", "thickness": 3, "height": {"band": 0.7}, "color": "var(--ink)"},
            "encoding": {"y": label, "x": {"field": "value", **length}, "tooltip": tooltip},
        },
        {"mark": {"type": "rule", "color": "var(--ink-3)"}, "encoding": {"x": {"datum": 0}}},
    ]  # fmt: skip
    return Chart(spec, height + _AXIS_HEIGHT, says)


def _framed(rows: Sequence[Bar], height: int, more: Any = None) -> Spec:
    values: list[Mapping[str, Any]] = [
        {"label": row.label, "value": row.value, "text": row.text, "series": row.series, **(more(row) if more else {})}
        for row in rows
    ]
    return {
        "$schema": _SCHEMA,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 0, "right": 4, "top": 4, "bottom": 6},
        "config": _CONFIG,
        "data": {"values": values},
    }
