"""Over real files, brought in as anybody would: metrics, their reference and the files themselves agree."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from tests.spec import numbers_by_hand as by_hand
from tests.spec.raw_log import raw_lines
from twostroke.connectors.files.actions import Wish, run_import
from twostroke.ledger import lake
from twostroke.ledger.catalogue import current
from twostroke.ledger.queries import reporting_currency, zone
from twostroke.metrics.queries import compute, people

pytestmark = [pytest.mark.shared_data, pytest.mark.usefixtures("fresh_database")]

KINDS = {kind.name: (kind.rank, str(kind.place)) for kind in current()}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_pipeline_of_a_crm_is_that_of_its_file_and_of_the_words(shared_data: Path) -> None:
    folder = shared_data / "maven-crm"
    run_import(Wish((folder,)))
    lake.seal(hottest=100, segment=5000)
    result = compute("pipeline")

    in_the_file = Counter(row["deal_stage"] for row in rows_of(folder / "sales_pipeline.csv"))
    worth = sum(Decimal(row["close_value"] or 0) for row in rows_of(folder / "sales_pipeline.csv"))
    told = {row.key["stage"] or str(row.key["status"]).capitalize(): row.measures["count"] for row in result.rows}
    assert told == in_the_file == {"Won": 4238, "Lost": 2473, "Engaging": 1589, "Prospecting": 500}
    assert result.total("value", status="won") == worth == 10_005_534

    expected = by_hand.pipeline(raw_lines(), KINDS, zone(), reporting_currency())
    assert {tuple(row.key.values()): dict(row.measures) for row in result.rows} == expected
    assert sum(Decimal(one.measures["value"]) for one in people("pipeline", key={"status": "won"}, limit=None)) == worth


def test_the_lifecycle_of_a_lead_list_is_that_of_its_file_and_of_the_words(shared_data: Path) -> None:
    path = shared_data / "x-education" / "Leads.csv"
    run_import(Wish((path,)))
    lake.seal(hottest=100, segment=5000)
    result = compute("lifecycle", by=["channel", "heard"])

    leads = rows_of(path)
    reached: Counter[str] = Counter()
    heard: dict[str, Counter[str]] = defaultdict(Counter)
    for row in result.rows:
        reached[str(row.key["stage"])] += int(row.measures["count"])
        heard[str(row.key["stage"])][str(row.key["heard"])] += int(row.measures["count"])
    assert reached["lead"] == len(leads) == 5000
    assert reached["customer"] == sum(row["Converted"] == "1" for row in leads)
    said = Counter(row["How did you hear about X Education"] for row in leads)
    silent = said.pop("Select", 0) + said.pop("", 0)
    assert heard["lead"] == {**said, "None": silent}

    lines = raw_lines()
    expected = by_hand.lifecycle(lines, KINDS, zone(), by_hand.who_is_who(lines, frozenset()))
    told = {tuple(row.key.values()): {name: row.measures[name] for name in ("count", "here")} for row in result.rows}
    assert told == expected
