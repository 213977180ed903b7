"""The real clients for web pages in a real browser: batches, beacons when a page closes, consent and Do-Not-Track."""

from __future__ import annotations

import http.server
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connections
from playwright.sync_api import Page, sync_playwright

from tests.clients.outcomes import CLIENTS, happened, wanted
from tests.intake_steps import Served, accounts, serving
from twostroke.ledger.actions import catch_up
from twostroke.ledger.verify import verify

pytestmark = [pytest.mark.clients, pytest.mark.usefixtures("fresh_database")]
HERE = Path(__file__).parent
CHROMIUM = os.environ.get("TWOSTROKE_CHROMIUM", "/usr/bin/chromium")
PAGES = ["segment", "rudder"]
Opened = Callable[..., Page]

CALLS = """async () => {
  analytics.page('Pricing')
  await new Promise((on) => setTimeout(on, 1500))
  analytics.identify('u-1', { email: 'bo.lind@nordwind.example', name: 'Bo Lind' })
  analytics.track('Trial Extended', { days: 7 })
  analytics.track('Order Completed', { order_id: 'o-1', revenue: 12.5, currency: 'EUR' })
  analytics.group('g-1', { name: 'Nordwind' })
}"""
# The first page view comes before anybody is named; all that follows names user and device.
MADE = ("page", "identify", "track, ids", "order, ids", "group, ids")


def apart(ask: Callable[[], Any]) -> Any:
    """Ask the database in a thread of its own: in this one Playwright keeps a loop, where Django refuses to answer."""

    def asked() -> Any:
        try:
            return ask()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asked).result()


@pytest.fixture
def website() -> Iterator[str]:
    """A website on this machine: the two pages, and the clients as npm brings them."""

    class Files(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            name = path.partition("?")[0].lstrip("/")
            return str((CLIENTS if name.startswith("node_modules") else HERE) / name)

        def log_message(self, *words: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def web(fresh_database: None, website: str) -> Iterator[Served]:
    with serving(origins=[website]) as served:
        yield served


@pytest.fixture
def opened(web: Served, website: str) -> Iterator[Opened]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])

        def open_page(which: str, key: str = "public", *, do_not_track: bool = False, **more: str) -> Page:
            page = browser.new_context().new_page()
            if do_not_track:
                page.add_init_script("Object.defineProperty(navigator, 'doNotTrack', { get: () => '1' })")
            said = {"key": getattr(web, key), "intake": f"http://127.0.0.1:{web.port}", **more}
            page.goto(f"{website}/{which}_page.html?{urlencode(said)}")
            return page

        yield open_page
        browser.close()


def received(messages: int) -> bool:
    """Whether so many messages came in within a while."""
    until = time.monotonic() + 30
    while counted()[0] < messages and time.monotonic() < until:
        time.sleep(0.1)
    return counted()[0] == messages


def counted() -> tuple[int, ...]:
    found: tuple[int, ...] = apart(accounts)
    return found


@pytest.mark.parametrize("which", PAGES)
def test_what_a_page_sends_with_a_public_key_comes_in_as_the_table_says(which: str, opened: Opened) -> None:
    opened(which).evaluate(CALLS)
    assert received(len(MADE))
    assert apart(happened) == wanted("public", MADE)
    assert apart(verify).problems == ()


@pytest.mark.parametrize("which", PAGES)
def test_a_secret_key_in_a_page_brings_nothing_in(which: str, opened: Opened, web: Served) -> None:
    page = opened(which, "secret")
    page.evaluate(CALLS)
    page.wait_for_timeout(2500)
    assert counted() == (0, 0, 0, 0)
    assert web.app.counted.by_status.keys() <= {204, 403}
    assert web.app.counted.by_status[403]


@pytest.mark.parametrize("which", PAGES)
def test_what_waits_in_a_page_that_is_closed_still_comes_in(which: str, opened: Opened) -> None:
    page = opened(which, batch="1")
    page.evaluate(CALLS)
    page.wait_for_timeout(1500)
    before = counted()[0]
    page.goto("about:blank")
    assert received(len(MADE))
    assert before < len(MADE)
    assert apart(happened) == wanted("public", MADE)


@pytest.mark.parametrize("which", PAGES)
def test_nothing_is_sent_without_consent(which: str, opened: Opened) -> None:
    page = opened(which, consent="no")
    page.evaluate(CALLS)
    page.wait_for_timeout(2500)
    assert counted() == (0, 0, 0, 0)


@pytest.mark.parametrize("which", PAGES)
def test_nothing_is_sent_of_somebody_who_asks_not_to_be_tracked(which: str, opened: Opened) -> None:
    page = opened(which, do_not_track=True)
    page.evaluate(CALLS)
    page.wait_for_timeout(2500)
    assert counted() == (0, 0, 0, 0)


@pytest.mark.parametrize("which", PAGES)
def test_what_a_page_claims_of_a_person_names_nobody(which: str, opened: Opened) -> None:
    from twostroke.identity.queries import resolve

    opened(which).evaluate(CALLS)
    assert received(len(MADE))
    apart(catch_up)
    assert [hit.name for hit in apart(lambda: resolve("bo.lind@nordwind.example")) if hit.name == "Bo Lind"] == []
