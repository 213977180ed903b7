"""The tutorial is run as it is printed: each command works, and says what the page says it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.trees import ROOT, none, text_of

# The page of the website needs a server that runs meanwhile: tests/functional/test_intake_docs.py.
_FOUND = sorted(page for page in (ROOT / "docs" / "tutorials").glob("*.md") if page.stem != "your-website")
_WHOLE = {"the-demo-company": [pytest.mark.demo]}
PAGES = [pytest.param(page, id=page.stem, marks=_WHOLE.get(page.stem, [])) for page in _FOUND]
_BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_MARK = "-- end of step --"


def _steps(page: Path) -> list[tuple[str, list[str]]]:
    """Each script of the page with the lines that the page says it prints."""
    steps: list[tuple[str, list[str]]] = []
    for kind, text in _BLOCK.findall(text_of(page)):
        if kind == "sh":
            steps.append((text, []))
        else:
            steps[-1][1].extend(line.strip() for line in text.splitlines() if line.strip())
    return steps


@pytest.mark.parametrize("page", PAGES)
def test_every_command_works_and_says_what_the_page_says(page: Path, tmp_path: Path) -> None:
    steps = _steps(page)
    assert any(expected for _, expected in steps)
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "twostroke").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m twostroke "$@"\n')
    (tmp_path / "bin" / "twostroke").chmod(0o755)
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    script = f"\necho '{_MARK}'\n".join(text for text, _ in steps)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        env={"PATH": path, "PYTHONPATH": str(ROOT / "src"), "HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    said = done.stdout.split(_MARK)
    assert len(said) == len(steps)
    none(
        [
            f"after {text.strip().splitlines()[-1]}: {line}"
            for (text, expected), printed in zip(steps, said, strict=True)
            for line in expected
            if line not in printed
        ]
    )
