"""The world whose answer is computed by hand in docs/explanation/worlds.md, and the page that says so."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.worlds.small import UNTIL, lived, truth
from worlds import api, profiles
from worlds.truth import effects
from worlds.world import State, World

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "worlds.md"
PEOPLE, WEEKS = 4000, 51
RATES = {"as_it_was": 0.03, "without_pull": 0.015, "without_push": 0.01, "without_either": 0.005}


@pytest.fixture(scope="module")
def by_hand() -> tuple[World, dict[str, State]]:
    return lived("by-hand", people=PEOPLE, months=12)


def _expected(name: str) -> float:
    return PEOPLE * (1 - math.exp(-RATES[name] * WEEKS))


@pytest.mark.parametrize("name", RATES)
def test_as_many_are_won_as_the_closed_form_says(by_hand: tuple[World, dict[str, State]], name: str) -> None:
    won = int(effects.won(by_hand[1][name]).sum())
    share = _expected(name) / PEOPLE
    assert abs(won - _expected(name)) < 4 * math.sqrt(PEOPLE * share * (1 - share))


@pytest.mark.parametrize("name", ["without_pull", "without_push", "without_either"])
def test_effects_come_out_as_computed_within_four_standard_errors(
    by_hand: tuple[World, dict[str, State]], name: str
) -> None:
    """With shared luck each buyer is won in both worlds, in one, or in none: the difference is a binomial count."""
    world, states = by_hand
    every = effects.won(states["as_it_was"]) | True
    found = effects.difference(
        effects.sums(world, states["as_it_was"], every), effects.sums(world, states[name], every)
    )
    share = (_expected("as_it_was") - _expected(name)) / PEOPLE
    error = 4 * math.sqrt(PEOPLE * share * (1 - share))
    assert abs(found["deals"] - PEOPLE * share) < error
    assert found["deals_minor"] == found["deals"] * 100_000


def test_whoever_is_won_without_help_is_won_with_it(by_hand: tuple[World, dict[str, State]]) -> None:
    states = by_hand[1]
    assert not (effects.won(states["without_either"]) & ~effects.won(states["as_it_was"])).any()


def test_the_page_computes_the_same_numbers() -> None:
    """The table of the page: world, rate, chance after 51 weeks, won of 4,000."""
    table = re.findall(r"^\| `(\w+)` \| ([\d.]+) \| ([\d.]+) \| ([\d,]+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert {name for name, *_ in table} == set(RATES)
    for name, rate, chance, won in table:
        assert float(rate) == RATES[name]
        assert float(chance) == pytest.approx(1 - math.exp(-RATES[name] * WEEKS), abs=5e-5)
        assert int(won.replace(",", "")) == round(_expected(name))


def test_the_profile_holds_the_terms_the_page_computes_with() -> None:
    win = profiles.load("by-hand").segments[0].win
    assert (win.base, win.pull, win.push, win.both) == (0.005, 0.005, 0.010, 0.010)


def test_the_profile_on_the_page_comes_out_as_the_page_foretells(tmp_path: Path) -> None:
    text = PAGE.read_text("utf-8")
    block = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    told = re.search(r"foretells\s+([\d,]+) deals with and ([\d,]+) without pull", text)
    assert block
    assert told
    (tmp_path / "tea.toml").write_text(block[1], "utf-8")
    _, states = lived(profiles.load(str(tmp_path / "tea.toml")), people=PEOPLE, months=12)
    for name, number in zip(("as_it_was", "without_pull"), told.groups(), strict=True):
        expected = int(number.replace(",", ""))
        share = expected / PEOPLE
        assert abs(int(effects.won(states[name]).sum()) - expected) < 4 * math.sqrt(PEOPLE * share * (1 - share))


def test_the_truth_shows_each_part_of_the_hazard(tmp_path: Path) -> None:
    api.make(seed=1, people=20, months=3, until=UNTIL, profile="by-hand", out=tmp_path)
    table = pq.read_table(tmp_path / "truth" / "weeks.parquet").to_pylist()
    open_ = [row for row in table if row["stage"] == 7]
    assert len(open_) > 100
    for row in open_:
        assert [row[part] for part in ("base", "pull", "push", "both", "hazard")] == pytest.approx(
            [0.005, 0.005, 0.01, 0.01, 0.03]
        )
    assert truth(tmp_path, "world")["weeks"] == 13
