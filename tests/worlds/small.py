"""Making small worlds, and reading what they wrote."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from worlds import life, profiles
from worlds.profiles.shape import Profile
from worlds.world import State, World

UNTIL = date(2026, 3, 2)
"""A Monday: the last week is cut at its very beginning."""


def lived(
    profile: Profile | str, *, seed: int = 7, people: int = 240, months: int = 14
) -> tuple[World, dict[str, State]]:
    """A world and the last states of all its variants, by name; nothing is written."""
    plan = profiles.load(profile) if isinstance(profile, str) else profile
    world = life.begin(plan, seed=seed, count=people, months=months, until=UNTIL)
    states: list[State] = []
    for _, now in life.lived(world, life.variants(plan)):
        states = now
    return world, {state.switches.name: state for state in states}


def truth(folder: Path, name: str) -> Any:
    """A JSON file of the truth."""
    return json.loads((folder / "truth" / f"{name}.json").read_text("utf-8"))


def rows(folder: Path, name: str, delimiter: str = ",") -> list[dict[str, str]]:
    """A public CSV file as dictionaries; broken rows lack their last columns."""
    with (folder / "public" / name).open(encoding="utf-8", newline="") as file:
        return [{k: v or "" for k, v in row.items()} for row in csv.DictReader(file, delimiter=delimiter)]


def messages(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """The messages of a Segment file that can be read."""
    for line in (folder / "public" / "segment" / f"{name}.jsonl").read_text("utf-8").splitlines():
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            continue
