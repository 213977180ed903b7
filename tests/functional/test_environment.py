"""What `make` says where something of the system is missing: one sentence that names it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.architecture.trees import ROOT


def _made(tmp_path: Path, python: str, fakes: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the script with nothing on the path but these programs, each a line of shell."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, line in fakes.items():
        (tools / name).write_text(f"#!/bin/sh\n{line}\n")
        (tools / name).chmod(0o755)
    return subprocess.run(
        ["/bin/sh", str(ROOT / "tools" / "environment.sh"), str(tmp_path / "venv"), python],
        env={"PATH": str(tools)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_without_python_the_package_is_named(tmp_path: Path) -> None:
    done = _made(tmp_path, "python3", {})
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "install the package python3" in done.stderr


def test_a_python_too_old_is_told_its_version(tmp_path: Path) -> None:
    old = 'case "$2" in *exit*) exit 1;; *) echo 3.9;; esac'
    done = _made(tmp_path, "python3", {"python3": old})
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "3.11, 3.12 or 3.13, and python3 is 3.9" in done.stderr


def test_without_the_venv_module_its_package_is_named(tmp_path: Path) -> None:
    bare = 'case "$2" in *ensurepip*) exit 1;; *print*) echo 3.12;; esac'
    done = _made(tmp_path, "python3", {"python3": bare})
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "install the package python3-venv (or python3.12-venv)" in done.stderr


def test_where_the_usual_python_is_too_old_a_newer_one_beside_it_is_taken(tmp_path: Path) -> None:
    made = f'case "$1" in -m) /bin/mkdir -p "{tmp_path}/venv";; esac'
    done = _made(tmp_path, "python3", {"python3": "exit 1", "python3.12": made})
    assert done.returncode == 0, done.stderr
    assert os.path.isdir(tmp_path / "venv")
