"""A simulated firm, brought in once for all tests that look at it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from twostroke.kit.home import Home

if TYPE_CHECKING:  # Django is loaded when the run begins, after this file
    from tests.databases import Prepared
    from tests.stories.firms import Firm

# Small by day; the proof looks at the firm at its own size (TESTING.md).
SIZES = {"quick": (260, 13), "proof": (2000, 18), "torture": (2000, 18)}


@pytest.fixture(scope="session", params=["hubspot", "salesforce"])
def _brought(
    request: pytest.FixtureRequest,
    django_db_setup: Prepared,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Firm, str, Home]]:
    from django.db import connection
    from django.test import override_settings

    from tests.databases import point_at
    from tests.stories.firms import brought_in, made

    people, months = SIZES[os.environ.get("TWOSTROKE_EXAMPLES", "quick")]
    folder: Path = tmp_path_factory.mktemp(f"firm-{request.param}")
    home = Home(folder / "home")
    home.path.mkdir()
    shutil.copytree(Home.chosen().path / "keys", home.path / "keys")
    home.create()
    with django_db_blocker.unblock(), override_settings(TWOSTROKE_HOME=home):
        before = connection.settings_dict["NAME"]
        copy = django_db_setup.copy(f"firm_{request.param}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
        point_at(copy)
        firm = brought_in(made(folder / "world", crm=request.param, people=people, months=months))
        point_at(before)
    yield firm, copy, home
    with django_db_blocker.unblock():
        django_db_setup.drop(copy)


@pytest.fixture
def firm(_brought: tuple[Firm, str, Home], django_db_blocker: Any, settings: Any) -> Iterator[Firm]:
    """The coffee company with one of its two CRMs; this test's database and home are the ones it was brought into.

    Tests only look: all of them see the same.
    """
    from django.db import connection

    from tests.databases import point_at

    found, copy, home = _brought
    settings.TWOSTROKE_HOME = home
    with django_db_blocker.unblock():
        before = connection.settings_dict["NAME"]
        point_at(copy)
        yield found
        point_at(before)
