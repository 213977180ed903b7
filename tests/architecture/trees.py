"""The repository as text and as syntax trees, for tests about its shape."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Python files of these folders of the repository, without migrations (their shape is Django's)."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(sorted(path for path in found if "migrations" not in path.parts))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), str(path))


@cache
def committed_files() -> tuple[Path, ...]:
    """What a clone holds: files git knows, or, in an unpacked archive, files outside of built folders."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not {".venv", "build", "dist", ".home"} & set(path.parts)]
    return tuple(path for path in found if path.is_file())


def text_of(path: Path) -> str:
    """The text of a file; empty for what is not there or is no UTF-8 text."""
    try:
        return path.read_text("utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return ""


def shown(path: Path) -> str:
    """The path as people write it."""
    return str(path.relative_to(ROOT))


def none(found: list[str]) -> None:
    """Fail and name everything that was found, one a line."""
    assert not found, "\n" + "\n".join(sorted(set(found)))
