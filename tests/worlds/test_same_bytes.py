"""The same arguments give the same bytes; the door and the command line."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from tests.worlds.small import UNTIL
from worlds import api
from worlds.__main__ import main


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _made(out: Path, seed: int = 3, people: int = 80) -> api.Made:
    return api.make(seed=seed, people=people, months=3, until=UNTIL, profile="coffee", out=out)


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = _made(tmp_path / "one"), _made(tmp_path / "other")
    assert _hashes(one.out) == _hashes(other.out)
    assert one.lines == other.lines


def test_another_seed_gives_another_company_in_the_same_files(tmp_path: Path) -> None:
    one, other = _hashes(_made(tmp_path / "one").out), _hashes(_made(tmp_path / "other", seed=4).out)
    assert set(one) == set(other)
    same = {name for name in one if one[name] == other[name]}
    public = {name for name in same if name.startswith("public")}
    assert public == {"public/catalogue/launches.csv", "public/catalogue/price-list.csv"}


def test_a_world_may_be_made_anew_in_its_own_folder_but_in_nobody_elses(tmp_path: Path) -> None:
    before = _hashes(_made(tmp_path / "world").out)
    _made(tmp_path / "world", seed=9)
    assert _hashes(_made(tmp_path / "world").out) == before
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine", "utf-8")
    with pytest.raises(api.NotEmptyError, match="name an empty folder"):
        _made(tmp_path / "thesis")
    assert (tmp_path / "thesis" / "chapter.txt").read_text("utf-8") == "mine"


def test_progress_is_told_week_by_week(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    api.make(
        seed=1, people=5, months=1, until=UNTIL, out=tmp_path, progress=lambda done, all_: told.append((done, all_))
    )
    assert told == [(week, 4) for week in range(1, 5)]


def test_the_command_line_makes_a_world_and_says_what_it_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--seed", "1", "--people", "5", "--months", "1", "--until", "2026-03-02", "--out", str(tmp_path / "w")]
    assert main(arguments) == 0
    assert "lines in" in capsys.readouterr().out
    assert (tmp_path / "w" / "truth" / "world.json").is_file()


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (["--profile", "tea"], "no profile 'tea'"),
        (["--until", "soon"], "until is"),
        (["--people", "0"], "at least one person"),
        (["--months", "0"], "at least one month"),
    ],
)
def test_a_wish_that_cannot_be_fulfilled_is_answered_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wish: list[str], sentence: str
) -> None:
    assert main(["--seed", "1", "--out", str(tmp_path / "w"), *wish]) == 2
    assert sentence in capsys.readouterr().err


def test_now_means_the_latest_eight_oclock_that_has_passed() -> None:
    assert api._day("2026-03-02", "Europe/Berlin") == date(2026, 3, 2)
    assert (date.today() - api._day("now", "Europe/Berlin")).days in (-1, 0, 1)


def test_a_world_lived_beyond_its_last_day_is_the_same_life_a_little_longer(tmp_path: Path) -> None:
    shorter = _made(tmp_path / "shorter").out
    longer = api.make(
        seed=3, people=80, months=3, until=UNTIL, profile="coffee", out=tmp_path / "longer", beyond=10
    ).out  # fmt: skip
    for name in ("hubspot/calls.csv", "hubspot/deal-property-history.csv", "support/messages.csv", "ads/spend.csv"):
        before, after = ((folder / "public" / name).read_text("utf-8").splitlines() for folder in (shorter, longer))
        assert set(before) <= set(after), name
    assert len(after) > len(before), "a day of advertising more is a row more"


def test_without_its_truth_a_world_is_the_same_in_public(tmp_path: Path) -> None:
    whole = _made(tmp_path / "whole").out
    bare = api.make(
        seed=3, people=80, months=3, until=UNTIL, profile="coffee", out=tmp_path / "bare", truth=False
    ).out  # fmt: skip
    assert _hashes(bare / "public") == _hashes(whole / "public")
    assert not (bare / "truth").exists()
