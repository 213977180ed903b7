"""A small world that several tests look at; made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.worlds.small import UNTIL
from worlds import api


@pytest.fixture(scope="session")
def coffee(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small coffee world, dirty as ever."""
    out = tmp_path_factory.mktemp("coffee")
    api.make(seed=7, people=240, months=15, until=UNTIL, profile="coffee", out=out)
    return out
