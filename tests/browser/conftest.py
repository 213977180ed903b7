"""A real server over a firm's files and a real browser before it, once for all tests here."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, StorageState, sync_playwright

from tests.cast import PASSWORD, TEAM, Person
from tests.functional.web_data import write_files

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "build" / "screens"
CHROMIUM = os.environ.get("TWOSTROKE_CHROMIUM", "/usr/bin/chromium")
# A page that is asked for because it is not there; the browser complains of the answer it should get.
ABSENT = "/no-such-page/"
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HELD_OUT = """Email,Arm,From
anna.berg@nordwind.example,mailed,2026-02-01
dora.malm@sund.example,held out,2026-02-01
"""
_ADD_USERS = """
import django; django.setup()
import sys, json
from twostroke.team.actions import add_user
from twostroke.team.facts import Role
for email, name, role, password in json.loads(sys.argv[1]):
    add_user(email=email, name=name, role=Role(role), password=password)
"""


@dataclass(frozen=True)
class Site:
    """A running installation: its address, its environment, where the firm's files lie."""

    address: str
    environment: dict[str, str]
    files: Path


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Web server and worker over a home of their own, with the firm's files brought in."""
    folder = tmp_path_factory.mktemp("site")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TWOSTROKE_", "DJANGO_"))},
        "TWOSTROKE_HOME": str(folder / "home"),
        "DJANGO_SETTINGS_MODULE": "twostroke.site.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    write_files(folder / "files")
    (folder / "files" / "spring-holdout.csv").write_text(HELD_OUT, "utf-8")
    _prepare(environment, folder / "files")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    web = ["-m", "gunicorn", "-b", f"127.0.0.1:{port}", "--threads", "4", "--no-control-socket", "twostroke.site.wsgi"]
    with ExitStack() as running:
        running.enter_context(_running(web, environment, folder / "web.log"))
        running.enter_context(_running(["-m", "twostroke.worker"], environment, folder / "worker.log"))
        address = f"http://localhost:{port}"
        _wait_for(f"{address}/healthz", folder / "web.log")
        yield Site(address, environment, folder / "files")


def _prepare(environment: dict[str, str], files: Path) -> None:
    users = [[one.email, one.name, one.role, PASSWORD] for one in TEAM]
    for command in (
        ["-c", "from twostroke.kit.home import Home; Home.chosen().create()"],
        ["-m", "django", "migrate", "-v", "0"],
        ["-c", _ADD_USERS, json.dumps(users)],
        ["-m", "twostroke.cli.main", "import", str(files), "--as", "crm"],
    ):
        done = subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, *command], env=environment, stdout=out, stderr=out, cwd=log.parent)
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(address: str, log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                assert answer.status == 200
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"The server did not answer. Its log: {log.read_text(errors='replace')[-3000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def keys() -> dict[str, StorageState]:
    """Who has signed in already, by address: hashing a password is slow on purpose."""
    return {}


@pytest.fixture
def opened(site: Site, browser: Browser, keys: dict[str, StorageState]) -> Iterator[Callable[..., Page]]:
    """``opened(SAM, width=360, theme="dark")``: a page of a browser of their own, signed in; None stays outside.

    Whatever the browser's console complains of fails the test at its end.
    """
    complaints: list[str] = []

    def heard(said: ConsoleMessage) -> None:
        if said.type == "error" and not said.location["url"].endswith(ABSENT):
            complaints.append(said.text)

    with ExitStack() as contexts:

        def open_(person: Person | None, *, width: int = 1440, theme: str = "light") -> Page:
            context = browser.new_context(
                base_url=site.address,
                viewport={"width": width, "height": 900},
                color_scheme=theme,  # type: ignore[arg-type]
                storage_state=keys.get(person.email) if person else None,
            )
            contexts.callback(context.close)
            page = context.new_page()
            page.on("console", heard)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto("/sign-in/")
            if person is not None and person.email not in keys:
                page.fill("#id_email", person.email)
                page.fill("#id_password", PASSWORD)
                with page.expect_navigation():
                    page.keyboard.press("Enter")
                keys[person.email] = context.storage_state()
            return page

        yield open_
    assert complaints == []
