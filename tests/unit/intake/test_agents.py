"""What a user agent says: names without what tells people apart, and who is behind them."""

from __future__ import annotations

import pytest
from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from hypothesis import given
from hypothesis import strategies as st

from twostroke.intake.agents import judged
from twostroke.intake.facts import By, names_of_agent

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/131.0.6778.86 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
BROWSERS = {
    CHROME,
    f"{IPHONE} Version/18.3.1 Mobile/15E148 Safari/604.1",
    f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/501.0;FBDV/iPhone14,3;FBMD/iPhone;FBSN/iOS]",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
    f"Mozilla/5.0 (Linux; Android 14; SM-S918B) {WEBKIT} SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 9; CUBOT NOTE 20) {WEBKIT} Chrome/90.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 15; CPH2557 Build/AP3A.240617.008; wv) {WEBKIT} Version/4.0 Chrome/142.0.7444.142 "
    "Mobile Safari/537.36 Instagram 406.0.0.58.159 Android",
    "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)",
}  # fmt: skip
OTHERS = {
    "": (By.UNSURE, "unnamed", ""),
    "Mozilla/5.0": (By.UNSURE, "odd", ""),
    "Mozilla/5.0 (compatible; LinkGuard/3.0)": (By.UNSURE, "odd", ""),
    "python-requests/2.32.3": (By.UNSURE, "library", "python-requests"),
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)": (
        By.UNSURE, "proxy", "via ggpht.com"
    ),
    CHROME.replace("Chrome", "HeadlessChrome"): (By.MACHINE, "steered", "HeadlessChrome"),
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)": (By.MACHINE, "crawler", "Googlebot"),
    "Mozilla/5.0 (compatible; NobodyKnowsItBot/0.1)": (By.MACHINE, "crawler", "NobodyKnowsItBot"),
    "shelf-checker/2 (+https://shelf.example/why)": (By.MACHINE, "crawler", "shelf-checker"),
}  # fmt: skip


@pytest.mark.parametrize("agent", sorted(BROWSERS))
def test_a_browser_is_a_humans(agent: str) -> None:
    assert judged(names_of_agent(agent)) == (By.HUMAN, "browser", "")


@pytest.mark.parametrize("agent", sorted(OTHERS))
def test_others_are_told_by_their_names(agent: str) -> None:
    assert judged(names_of_agent(agent)) == OTHERS[agent]


def test_a_browser_that_says_a_program_steers_it_is_a_machines() -> None:
    assert judged(names_of_agent(CHROME), True).by is By.MACHINE


def test_the_names_that_are_kept_find_nearly_every_machine_of_the_list() -> None:
    agents = {agent for entry in CRAWLER_USER_AGENTS_DATA for agent in entry["instances"]}
    humans = {agent for agent in agents if judged(names_of_agent(agent)).by is By.HUMAN}
    assert len(agents) > 2000
    # Some say who they are only where browsers tell of their system, which is not kept.
    assert len(humans) <= len(agents) / 100


def test_what_tells_people_apart_is_not_kept() -> None:
    names = names_of_agent(f"{CHROME} (contact jane.doe@example.com) Acme/1.2.3-abcdef jane%40example.com")
    assert names == "Mozilla/5 AppleWebKit/537 Chrome/131 Safari/537 (contact *) Acme/1 *"


@given(st.text(max_size=400))
def test_any_text_is_an_agent_and_its_names_are_short_plain_text(text: str) -> None:
    names = names_of_agent(text)
    assert len(names) <= 160
    assert names == " ".join(names.split())
    assert judged(names).by in By
