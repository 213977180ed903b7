"""``twostroke demo``, as people run it: a company of its own, brought in once, that can live on."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.trees import ROOT
from tests.children import until

SMALL = ("--people", "60", "--until", "2026-03-04", "--no-up")


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TWOSTROKE_", "DJANGO_"))}
    return kept | {"TWOSTROKE_HOME": str(home), "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}


def twostroke(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "twostroke", *words],
        env=environment(home), cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def company(home: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((home / "DEMO").read_text("utf-8"))["company"]
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a small company that was brought in."""
    path = tmp_path_factory.mktemp("demo") / "home"
    done = twostroke(path, "demo", *SMALL)
    assert done.returncode == 0, done.stderr
    sums = re.search(
        r"([\d,]+) messages received = ([\d,]+) stored \+ ([\d,]+) duplicate \+ ([\d,]+) quar", done.stdout
    )
    assert sums, done.stdout
    received, *parts = (int(number.replace(",", "")) for number in sums.groups())
    assert received == sum(parts) > 1500
    assert "/sign-in/" in done.stdout.splitlines()[-1]
    return path


def test_a_second_run_brings_nothing_in_again_and_keeps_its_company(home: Path) -> None:
    before = twostroke(home, "accounts").stdout
    assert twostroke(home, "demo", "--no-up").returncode == 0  # another day and size are not asked for again
    assert twostroke(home, "accounts").stdout == before
    assert company(home)["until"] == "2026-03-04"


def test_nothing_of_the_files_stays_in_the_home(home: Path) -> None:
    assert list((home / "scratch").iterdir()) == []
    assert list((home / "uploads").iterdir()) == []


def test_somebodys_own_home_is_left_alone(tmp_path: Path) -> None:
    assert twostroke(tmp_path / "own", "init").returncode == 0
    done = twostroke(tmp_path / "own", "demo", *SMALL)
    assert done.returncode == 1
    assert "somebody's own home" in done.stderr
    assert not (tmp_path / "own" / "DEMO").exists()


def test_a_day_nobody_can_read_is_refused_and_leaves_no_demo_behind(tmp_path: Path) -> None:
    done = twostroke(tmp_path / "home", "demo", "--until", "yesterday", "--no-up")
    assert done.returncode == 2
    assert "2026-03-02" in done.stderr
    assert not (tmp_path / "home").exists()


def test_the_company_lives_on_and_what_comes_in_is_news_until_ctrl_c(home: Path, tmp_path: Path) -> None:
    before = json.loads(twostroke(home, "imports", "--json").stdout)
    output = tmp_path / "output"
    with output.open("wb") as told:
        living = subprocess.Popen(
            [sys.executable, "-m", "twostroke.cli.demo_live"],
            env=environment(home), cwd=ROOT, stdout=told, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            until(lambda: company(home)["lived_until"], output=output)
            living.send_signal(signal.SIGINT)
            assert living.wait(30) == 0, output.read_text()
        finally:
            living.kill()
    after = json.loads(twostroke(home, "imports", "--json").stdout)
    fresh = [one for one in after if one not in before]
    assert fresh
    assert all(one["state"] == "done" for one in fresh)
