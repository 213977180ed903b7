"""What hands do: keyboard, palette, filters, theme, search as one types, charts, files from drop to undo."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PICTURES, Site
from tests.cast import ADA, LEA, SAM

pytestmark = pytest.mark.browser
Opened = Callable[..., Page]
AMBIGUOUS = "Contact ID,Email,Create Date\n1,eve@fair.example,03/04/2026\n2,finn@fair.example,05/06/2026\n"


def test_the_palette_opens_by_key_and_knows_other_words(opened: Opened) -> None:
    page = opened(SAM)
    page.keyboard.press("Control+k")
    field = page.locator("#palette-field")
    expect(field).to_be_focused()
    for other, title in (
        ("contacts", "People"),
        ("accounts", "Companies"),
        ("reports", "Numbers"),
        ("metrics", "Numbers"),
    ):
        field.fill(other)
        expect(page.locator("#palette-list li[aria-selected=true]")).to_contain_text(title)
    field.fill("dashboards")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#palette-list li[aria-selected=true]")).to_contain_text("Numbers")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/numbers/")


def test_the_palette_finds_a_person_by_part_of_a_name(opened: Opened) -> None:
    page = opened(SAM)
    page.keyboard.press("Control+k")
    page.locator("#palette-field").fill("dora")
    found = page.locator("#palette-list li.found")
    expect(found).to_contain_text("Dora Malm")
    page.screenshot(path=PICTURES / "palette-1440-light.png")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Dora Malm")


def test_single_keys_go_places_walk_rows_and_can_be_turned_off(opened: Opened) -> None:
    page = opened(SAM)
    with page.expect_navigation():
        page.keyboard.press("g")
        page.keyboard.press("p")
    assert page.url.endswith("/people/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("a.row").nth(1)).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.locator("#single-keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()


def test_the_skip_link_comes_first_and_leads_past_the_navigation(opened: Opened) -> None:
    page = opened(SAM)
    page.goto("/people/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_the_theme_changes_at_once_and_stays(opened: Opened) -> None:
    page = opened(SAM)
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.click(".who summary")
    with page.expect_response("**/theme/"):
        page.click("text=Dark")
    assert page.evaluate(background) != light
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate(background) != light


def test_people_are_found_as_one_types_and_the_address_is_the_view(opened: Opened) -> None:
    page = opened(SAM)
    page.goto("/people/")
    page.locator("#q").press_sequentially("bo lin")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page.locator("#list")).to_contain_text("Bo Lind")
    expect(page).to_have_url(re.compile(r"/people/\?q=bo(\+|%20)lin$"))
    page.reload()
    expect(page.locator("#list tbody tr")).to_have_count(1)


def test_the_number_keys_take_a_team_out_of_the_stream(opened: Opened) -> None:
    page = opened(SAM)
    page.goto("/deals/?status=won")
    page.click("a.row")
    lines = page.locator(".line[data-team=sales]")
    expect(lines.first).to_be_visible()
    page.keyboard.press("2")
    expect(lines.first).to_be_hidden()
    assert page.locator("[data-team-filter=sales]").get_attribute("aria-pressed") == "false"
    page.keyboard.press("2")
    expect(lines.first).to_be_visible()


def test_charts_are_drawn_under_the_policy_without_eval(opened: Opened) -> None:
    page = opened(LEA)
    answer = page.goto("/numbers/")
    assert answer is not None
    assert "unsafe" not in (answer.header_value("content-security-policy") or "unsafe")
    bars = page.locator("[data-chart='pipeline-chart-1'] svg .mark-rect path")
    expect(bars).to_have_count(1)
    expect(page.locator("[data-chart='lifecycle-chart-1'] svg .mark-rect path").first).to_be_attached()


def test_a_chart_follows_the_theme_without_being_drawn_again(opened: Opened) -> None:
    page = opened(LEA)
    page.goto("/numbers/pipeline/")
    bar = page.locator("[data-chart] svg .mark-rect path").first
    fill = "element => getComputedStyle(element).fill"
    light = bar.evaluate(fill)
    page.emulate_media(color_scheme="dark")
    dark = bar.evaluate(fill)
    assert light != dark
    page.emulate_media(media="print", color_scheme="dark")
    assert bar.evaluate(fill) == light, "paper is light"


def test_the_leaders_home_prints_on_one_page(opened: Opened) -> None:
    page = opened(LEA)
    page.goto("/")
    expect(page.locator("[data-chart] svg .mark-rect").first).to_be_attached()
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1


def test_a_chart_keeps_its_place_free_while_it_loads(opened: Opened) -> None:
    page = opened(LEA)
    page.goto("/numbers/pipeline/")
    expect(page.locator("[data-chart] svg .mark-rect path").first).to_be_attached()
    drawn = page.locator("[data-chart]").bounding_box()
    held = re.search(r'<svg width="1" height="(\d+)"', page.request.get("/numbers/pipeline/").text())
    assert drawn is not None
    assert held is not None
    assert abs(float(held[1]) - drawn["height"]) <= 12


def test_files_go_in_by_hand_and_come_out_again(opened: Opened, site: Site) -> None:
    page = opened(ADA)
    page.goto("/setup/imports/new/")
    page.set_input_files("#id_files", {"name": "fair.csv", "mimeType": "text/csv", "buffer": AMBIGUOUS.encode()})
    expect(page.locator("#drop-list")).to_contain_text("fair.csv")
    page.fill("#id_source", "fair")
    page.click("text=Look at it first")
    expect(page.locator("#import")).to_contain_text("One question first", timeout=30_000)
    page.screenshot(path=PICTURES / "import-question-1440-light.png", full_page=True)
    page.check("text=The day comes first")
    page.click("text=Go on")
    expect(page.locator("#import")).to_contain_text("2 rows would come in as 2 new", timeout=30_000)
    page.screenshot(path=PICTURES / "import-look-1440-light.png", full_page=True)
    page.click("text=Bring it in")
    expect(page.locator("#import")).to_contain_text("2 rows came in: 2 new", timeout=30_000)
    page.goto("/people/?q=finn")
    expect(page.locator("#list")).to_contain_text("finn@fair.example")
    page.go_back()
    page.click("text=Take this import back")
    page.screenshot(path=PICTURES / "import-undo-1440-light.png", full_page=True)
    page.click("button:has-text('Take it back')")
    expect(page.locator("#import")).to_contain_text("This import was taken back", timeout=30_000)
    page.goto("/people/?q=finn")
    expect(page.locator("#list")).to_contain_text("Nobody found")


def test_files_can_be_dropped(opened: Opened) -> None:
    page = opened(ADA)
    page.goto("/setup/imports/new/")
    page.evaluate(
        """() => {
            const all = new DataTransfer();
            all.items.add(new File(["a,b"], "one.csv"));
            all.items.add(new File(["a,b"], "two.csv"));
            document.getElementById("drop").dispatchEvent(new DragEvent("drop", {dataTransfer: all, cancelable: true}));
        }"""
    )
    expect(page.locator("#drop-list li")).to_have_count(2)
    assert page.evaluate("document.getElementById('id_files').files.length") == 2
