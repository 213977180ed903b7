"""The home of an installation: made once, its keys kept, everything in it its owner's alone."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from twostroke.kit.home import Home
from twostroke.kit.pacing import Pace


def test_a_home_has_folders_and_two_keys_of_32_bytes(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert not home.exists()
    home.create()
    assert home.exists()
    for folder in (home.lake, home.heads, home.uploads, home.mappings, home.scratch):
        assert folder.is_dir()
    keys = {home.key(name) for name in ("installation", "web")}
    assert {len(key) for key in keys} == {32}
    assert len(keys) == 2


def test_making_a_home_again_changes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    before = {path: path.read_bytes() for path in home.path.rglob("*") if path.is_file()}
    home.create(installation_key=b"x" * 32)
    assert before == {path: path.read_bytes() for path in home.path.rglob("*") if path.is_file()}


def test_a_missing_folder_or_key_is_made_again(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    key = home.key("installation")
    home.scratch.rmdir()
    (home.path / "keys" / "web.key").unlink()
    home.create()
    assert home.scratch.is_dir()
    assert len(home.key("web")) == 32
    assert home.key("installation") == key


def test_a_key_from_elsewhere_is_taken_by_a_new_home(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create(installation_key=bytes(range(32)))
    assert home.key("installation") == bytes(range(32))
    assert home.key("web") != bytes(range(32))


def test_nobody_else_may_look_into_a_home(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    before = os.umask(0)
    try:
        home.create()
    finally:
        os.umask(before)
    for path in (home.path, home.path / "keys", home.uploads, home.lake):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700, path
    for path in (home.path / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_many_who_make_the_same_home_at_once_agree_on_its_keys(tmp_path: Path) -> None:
    seen: list[bytes] = []

    def make() -> None:
        home = Home(tmp_path / "home")
        home.create()
        seen.append(home.key("installation"))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1
    assert sorted(path.name for path in (tmp_path / "home" / "keys").iterdir()) == ["installation.key", "web.key"]


def test_the_home_is_the_one_named_else_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TWOSTROKE_HOME", str(tmp_path / "a" / ".." / "b"))
    assert Home.chosen().path == tmp_path / "b"
    monkeypatch.setenv("TWOSTROKE_HOME", "~/crm")
    assert Home.chosen().path == Path.home() / "crm"
    monkeypatch.setenv("TWOSTROKE_HOME", "")
    assert Home.chosen().path.name == "twostroke"


def slices(seconds_a_step: float, n: int, monkeypatch: pytest.MonkeyPatch, **more: int) -> list[int]:
    """The sizes of ``n`` slices of work that takes so long a step."""
    now = 0.0
    monkeypatch.setattr("time.perf_counter", lambda: now)
    pace, sizes = Pace(**more), []
    for _ in range(n):
        with pace.slice() as size:
            sizes.append(size)
            now += size * seconds_a_step
    return sizes


def test_slices_become_as_large_as_the_time_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert slices(0.0001, 6, monkeypatch)[-1] == pytest.approx(250, abs=2)
    assert slices(0.00005, 6, monkeypatch)[-1] == pytest.approx(500, abs=2)


def test_slow_work_comes_in_small_slices_and_never_smaller_than_makes_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    assert slices(0.01, 4, monkeypatch)[-1] == 20
    assert slices(10.0, 4, monkeypatch, smallest=5)[-1] == 5


def test_quick_work_grows_at_most_fourfold_a_slice_and_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert slices(0.0, 4, monkeypatch) == [200, 800, 2000, 2000]
    assert slices(0.0, 3, monkeypatch, size=1, smallest=1, largest=9) == [1, 4, 9]


def test_one_slow_slice_is_followed_by_smaller_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("time.perf_counter", lambda: now)
    pace, sizes = Pace(), []
    for seconds in (0.025, 0.1, 0.025):
        with pace.slice() as size:
            sizes.append(size)
            now += seconds
    assert sizes == [200, 200, 50]


def test_a_home_whose_making_was_killed_can_be_made_by_a_process_of_the_same_number(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    (home.path / "keys").mkdir(parents=True)
    (home.path / "keys" / f"installation.{os.getpid()}").write_text("half a key")
    home.create()
    assert len(home.key("installation")) == 32
