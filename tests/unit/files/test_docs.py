"""The reference of mappings cannot lie: it names every field, and its example is a mapping."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from twostroke.connectors.files.fields import FIELDS
from twostroke.connectors.files.queries import load_mapping

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "mapping.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("record", sorted(FIELDS))
def test_the_reference_names_every_field_of_every_record(record: str) -> None:
    section = PAGE.split(f"### {record}\n")[1].split("###")[0]
    assert re.findall(r"`(\w+)`", section) == list(FIELDS[record])


def test_the_example_of_the_reference_is_a_mapping() -> None:
    mapping = load_mapping(PAGE.split("```yaml\n")[1].split("```")[0])
    assert mapping.tables[0].columns[3].values == {"GardenPro": "Garden Pro"}
