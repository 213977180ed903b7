"""How every test run begins: a home of its own, SQLite or a real PostgreSQL, and the cast.

Settings are read from a home, so the home must stand before Django is loaded: that is why the settings module is named
here and not in ``pyproject.toml``.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Person
    from tests.databases import Prepared

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("TWOSTROKE_SHARED_DATA") or ROOT.parent / "shared" / "data")
_DATABASE_FIXTURES = frozenset({"db", "fresh_database", "django_db_setup"})
_FLUSHING_FIXTURES = frozenset({"transactional_db", "django_db_reset_sequences", "live_server"})
_HERE: dict[str, Any] = {}

# Examples drawn per property; the proof runs draw more (TESTING.md).
for profile, examples in {"quick": 40, "proof": 3000, "torture": 50_000}.items():
    hypothesis.settings.register_profile(
        profile,
        max_examples=examples,
        deadline=None,  # no test is timed
        suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
        print_blob=True,
    )
hypothesis.settings.load_profile(os.environ.get("TWOSTROKE_EXAMPLES", "quick"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgres"), default="sqlite", help="database the tests run on")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Make the home and the database server, then let Django be loaded. Workers inherit both from their controller."""
    if "TWOSTROKE_TEST_RUN" not in os.environ:
        _HERE["folder"] = Path(tempfile.mkdtemp(prefix="ts-test-"))
        os.environ["TWOSTROKE_TEST_RUN"] = str(_HERE["folder"])
        os.environ["TWOSTROKE_HOME"] = str(_HERE["folder"] / "home")
        os.environ.pop("TWOSTROKE_DATABASE_URL", None)
        if config.getoption("--database") == "postgres" and not config.getoption("collectonly"):
            from tests.postgres import Postgres

            _HERE["postgres"] = Postgres().start()
            os.environ["TWOSTROKE_DATABASE_URL"] = _HERE["postgres"].url()
    from twostroke.kit.home import Home

    if hasattr(config, "workerinput"):  # each worker writes heads and lakes of its own
        os.environ["TWOSTROKE_HOME"] = str(Path(os.environ["TWOSTROKE_TEST_RUN"]) / config.workerinput["workerid"])
    Home.chosen().create()
    os.environ["DJANGO_SETTINGS_MODULE"] = "twostroke.site.settings"
    import django

    django.setup()
    # A worker that inherited the name would load settings before this file gives it a home of its own.
    del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand tests out so that what is costly is made once."""
    from tests.together import Together

    return Together(config, log)


def pytest_unconfigure() -> None:
    if "postgres" in _HERE:
        _HERE["postgres"].stop()
    if "folder" in _HERE:
        shutil.rmtree(_HERE["folder"], ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what belongs to this database, and say where real files are missing."""
    on_postgres = config.getoption("--database") == "postgres"
    for item in items:
        _refuse_flushing(item)
        if item.get_closest_marker("shared_data") and not SHARED.is_dir():
            item.add_marker(pytest.mark.skip(reason=f"no real files at {os.path.relpath(SHARED, ROOT)}"))
    kept = [item for item in items if (_for_postgres(item) if on_postgres else not item.get_closest_marker("postgres"))]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _for_postgres(item: pytest.Item) -> bool:
    """What never touches a database says the same twice: the second run leaves it out."""
    if item.get_closest_marker("sqlite"):
        return False
    named = _DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    return bool(named or item.get_closest_marker("django_db") or item.get_closest_marker("postgres"))


def _refuse_flushing(item: pytest.Item) -> None:
    marker = item.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or _FLUSHING_FIXTURES & set(getattr(item, "fixturenames", ())):
        raise pytest.UsageError(
            f"{item.nodeid}: the log cannot be flushed; ask for the fixture fresh_database instead."
        )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where nothing may be skipped (``.ci/run`` says so), a skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter is not None else []
    if skipped and os.environ.get("TWOSTROKE_NOTHING_SKIPPED") == "1" and not hasattr(session.config, "workerinput"):
        _HERE["refused"] = len(skipped)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not SHARED.is_dir():
        terminalreporter.write_line(
            f"Tests over real files were left out: there are none at {os.path.relpath(SHARED, ROOT)}."
        )
    if "refused" in _HERE:
        terminalreporter.write_line(
            f"{_HERE['refused']} skipped, and nothing may be skipped here: the run fails.", red=True
        )


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prepared]:
    """One migrated database per test process, and a copy of it for tests that roll back."""
    from django.db import connections

    from tests.databases import prepare

    with django_db_blocker.unblock():
        prepared = prepare(tmp_path_factory.mktemp("database"), os.environ.get("PYTEST_XDIST_WORKER", "main"))
    yield prepared
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def fresh_database(
    django_db_setup: Prepared, django_db_blocker: Any, fresh_home: Path, request: pytest.FixtureRequest
) -> Iterator[None]:
    """A database and a home of one's own, for tests that commit, use threads or look from a second connection."""
    from tests.databases import fresh

    assert request.node.get_closest_marker("django_db") is None, (
        "fresh_database stands for django_db: take the mark away"
    )
    with django_db_blocker.unblock(), fresh(django_db_setup, f"fresh_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"):
        yield


@pytest.fixture
def fresh_home(tmp_path: Path, settings: Any) -> Path:
    """An empty home with this run's keys; the settings point at it until the test ends."""
    from twostroke.kit.home import Home

    home = Home(tmp_path / "home")
    home.path.mkdir()
    shutil.copytree(Home.chosen().path / "keys", home.path / "keys")
    home.create()
    settings.TWOSTROKE_HOME = home
    return home.path


@pytest.fixture(autouse=True)
def _nothing_left_over(request: pytest.FixtureRequest) -> Iterator[None]:
    """The machine's own clock again after each test; no head or lake file outlives a rolled-back test."""
    yield
    from twostroke.kit.home import Home
    from twostroke.kit.time import set_clock

    set_clock(None)
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        home = Home.chosen()
        for folder in (home.heads, home.lake, home.uploads, home.mappings, home.scratch):
            if any(folder.iterdir()):
                shutil.rmtree(folder)
                folder.mkdir(mode=0o700)


@pytest.fixture
def shared_data() -> Path:
    """The folder of real files. Mark the test ``shared_data``; read there, copy nothing."""
    return SHARED


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    """``signed_in(SAM)``: a web client of that member of the cast. Somebody without a role stays signed out."""

    def sign_in(person: Person) -> Client:
        from django.test import Client

        from twostroke.team import actions
        from twostroke.team.models import User

        client = Client()
        if person.role is not None:
            member = actions.add_user(email=person.email, name=person.name, role=person.role)
            client.force_login(User.objects.get(pk=member.id))
        return client

    return sign_in
