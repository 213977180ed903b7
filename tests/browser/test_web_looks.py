"""Every screen at three widths in both themes: axe finds nothing serious, nothing hangs over, a picture is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import PICTURES
from tests.cast import ADA, LEA, MARA, SAM, Person

pytestmark = pytest.mark.browser
Opened = Callable[..., Page]

WIDTHS = (360, 768, 1440)
THEMES = ("light", "dark")
# Names of screens: who opens them, where they are; "→" follows the first such link of the page.
SCREENS: dict[str, tuple[Person | None, str]] = {
    "sign-in": (None, "/sign-in/"),
    "home-sales": (SAM, "/"),
    "home-marketing": (MARA, "/"),
    "home-leader": (LEA, "/"),
    "home-admin": (ADA, "/"),
    "people": (SAM, "/people/"),
    "person": (MARA, "/people/?q=anna → a.row"),
    "companies": (SAM, "/companies/"),
    "company": (SAM, "/companies/?q=nordwind → a.row"),
    "deals": (SAM, "/deals/?status=all"),
    "deal": (SAM, "/deals/?status=won → a.row"),
    "numbers": (LEA, "/numbers/"),
    "lifecycle-by-channel": (MARA, "/numbers/lifecycle/?by=channel"),
    "pipeline": (SAM, "/numbers/pipeline/"),
    "conversion": (LEA, "/numbers/conversion/"),
    "machines": (LEA, "/numbers/machines/"),
    "spend": (MARA, "/numbers/spend/"),
    "holdouts": (LEA, "/numbers/holdouts/"),
    "holdouts-by-sector": (MARA, "/numbers/holdouts/?by=sector"),
    "who-may-be-one": (ADA, "/setup/who/companies/"),
    "number-who": (LEA, "/numbers/pipeline/who/?status=open"),
    "setup": (ADA, "/setup/"),
    "quarantine": (ADA, "/setup/quarantine/"),
    "parked": (ADA, "/setup/parked/"),
    "keys": (ADA, "/setup/keys/"),
    "password": (SAM, "/setup/password/"),
    "imports": (ADA, "/setup/imports/"),
    "import": (ADA, "/setup/imports/ → a.row"),
    "import-new": (MARA, "/setup/imports/new/"),
    "not-found": (SAM, "/no-such-page/"),
}


def go(page: Page, where: str) -> None:
    address, _arrow, link = where.partition(" → ")
    page.goto(address)
    if link:
        page.click(link)
    page.wait_for_load_state("load")
    for place in page.locator("[data-chart]").all():
        place.locator(".mark-rect").first.wait_for(state="attached")


def serious(page: Page) -> list[str]:
    found: dict[str, Any] = Axe().run(page).response
    return [
        f"{one['id']}: {one['help']} {[node['target'] for node in one['nodes']][:3]}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_sound_at_every_width(name: str, theme: str, opened: Opened) -> None:
    person, where = SCREENS[name]
    page = opened(person, theme=theme)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        go(page, where)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"hangs over at {width}"
        assert serious(page) == [], f"at {width}"
        page.screenshot(path=PICTURES / f"{name}-{width}-{theme}.png", full_page=True)
