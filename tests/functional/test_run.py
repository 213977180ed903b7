"""What a run of the tests says about itself: nothing is left out in silence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.trees import ROOT

REAL = "tests/architecture/test_strangers.py"


def _run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("TWOSTROKE_", "PYTEST_", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words],
        cwd=ROOT, env={**kept, **variables}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_in_a_strangers_clone_one_line_says_that_the_real_files_are_not_there(tmp_path: Path) -> None:
    done = _run(REAL, TWOSTROKE_SHARED_DATA=str(tmp_path / "nothing"))
    said = [line for line in done.stdout.splitlines() if line.startswith("Tests over real files were left out")]
    assert (done.returncode, len(said)) == (0, 1), done.stdout


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_where_nothing_may_be_skipped_a_skipped_test_fails_the_run(tmp_path: Path, workers: tuple[str, ...]) -> None:
    done = _run(REAL, *workers, TWOSTROKE_SHARED_DATA=str(tmp_path / "nothing"), TWOSTROKE_NOTHING_SKIPPED="1")
    assert done.returncode == 1, done.stdout
    assert "nothing may be skipped here" in done.stdout


def test_a_test_that_would_flush_the_log_is_refused_with_the_fixture_to_take(tmp_path: Path) -> None:
    module = tmp_path / "test_flush.py"
    module.write_text("def test_it(transactional_db): ...\n")
    done = _run("-c", str(ROOT / "pyproject.toml"), f"--confcutdir={ROOT}", "--rootdir", str(ROOT), REAL, str(module))
    assert done.returncode == pytest.ExitCode.USAGE_ERROR, done.stdout
    assert "ask for the fixture fresh_database instead" in done.stdout + done.stderr
