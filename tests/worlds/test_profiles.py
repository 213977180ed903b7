"""Profiles: ours load, yours may build on them, and mistakes are answered with a sentence."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from worlds import profiles
from worlds.profiles.page import page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "worlds-profiles.md"


def _file(tmp_path: Path, text: str) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize("name", profiles.NAMES)
def test_each_profile_loads_and_says_what_it_is(name: str) -> None:
    assert len(profiles.load(name).about) > 20


def test_your_own_profile_says_only_what_differs(tmp_path: Path) -> None:
    mid = '[[segments]]\nname = "mid_office"\namount = 5.0\n'
    new = '[[segments]]\nname = "new"\nlabel = "New"\nroute = "self_serve"\n'
    mine = profiles.load(_file(tmp_path, f'like = "coffee"\n[mail]\nreads = 0.9\n{mid}{new}'))
    theirs = profiles.load("coffee")
    assert (mine.mail.reads, mine.mail.every_weeks) == (0.9, theirs.mail.every_weeks)
    assert [s.name for s in mine.segments] == [*(s.name for s in theirs.segments), "new"]
    assert dataclasses.replace(mine.segments[1], amount=theirs.segments[1].amount) == theirs.segments[1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[mail]\nread = 1.0", r"mine.mail has no key 'read'; it knows .*reads"),
        ('[mail]\nreads = "often"', r"mine.mail.reads must be a float, not 'often'"),
        ('[[segments]]\nname = "mid_office"\nlost = {boredom = 0.1}', "no cause 'boredom'; there are price"),
        ('[[segments]]\nname = "mid_office"\nseason = [1.0]', "season needs twelve numbers"),
        ('[[segments]]\nname = "mid_office"\ncommittee = [3, 1]', "committee needs two numbers"),
        ('[[segments]]\nname = "mid_office"\nstart = {asleep = 0.1}', "no stage 'asleep'"),
        ('[[teams]]\nname = "North"\nregions = ["Moon"]', "names 'Moon', which is none of"),
        ('[firm]\nholidays = ["whenever"]', "not a holiday"),
        ("[[segments]]\nname = 'x'", "lacks the key 'label'"),
        ("mail = ", "is not TOML"),
    ],
)
def test_a_mistake_is_answered_with_where_and_what_would_be_right(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(profiles.ProfileError, match=sentence):
        profiles.load(_file(tmp_path, f'like = "coffee"\n{text}\n' if text != "mail = " else text))


def test_a_profile_nobody_knows_names_those_there_are() -> None:
    with pytest.raises(profiles.ProfileError, match="coffee, b2b"):
        profiles.load("tea")


def test_a_profile_that_is_like_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'like = "{path}"', "utf-8")
    with pytest.raises(profiles.ProfileError, match="like itself"):
        profiles.load(str(path))


def test_the_reference_page_is_what_the_code_says() -> None:
    assert PAGE.read_text("utf-8") == page(), (
        "write it anew: python -m worlds.profiles.page > docs/reference/worlds-profiles.md"
    )


def test_the_reference_page_says_something_of_every_key() -> None:
    assert [line for line in page().splitlines() if line.startswith("| `") and line.endswith("|  |")] == []
