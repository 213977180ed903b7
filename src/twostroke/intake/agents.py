"""What a user agent says of who is there: its names kept without what tells people apart, and what they mean. Pure.

The whole user agent is personal and can be erased; a verdict must not change with that. So a line keeps the names alone
(``agent``), and verdicts follow from them. Known names come from the list of the project crawler-user-agents.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from twostroke.kit.text import domain_start

_LONGEST = 160
# What stands in brackets is mostly system, device and language; machines say there who they are and who is to be asked.
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SAYS_WHO = re.compile(
    r"compatible|https?:|www\.|\.com\b|@|(?<!cu)bot|crawl|spider|scan|fetch|preview|proxy", re.IGNORECASE
)
_DETAIL = re.compile(r"(/v?\d{1,4})[.\w-]*")
_WORD = re.compile(r"[^\s/?&=;()]+")

_BROWSER = re.compile(
    r"\b(Chrome|Chromium|CriOS|Firefox|FxiOS|Safari|Edge?|EdgA|EdgiOS|OPR|Opera|MSIE|Trident|Gecko)\b"
)
_IN_AN_APP = re.compile(r"AppleWebKit/\d+ Mobile/\d+")
# "compatible" is said by machines, and by the Internet Explorer of old.
_POSES = re.compile(r"\bcompatible\b(?!; (MSIE|Konqueror))")
_PROXIES = re.compile(r"GoogleImageProxy|YahooMailProxy|YahooCacheSystem|ImageProxy|via ggpht\.com", re.IGNORECASE)
# CUBOT is a maker of telephones.
_NAMES_ITSELF = re.compile(r"[\w.-]*(?<!cu)(?:bot|crawler|spider|scraper)\b|\+https?://", re.IGNORECASE)
# Patterns of the list that also meet people: a build of Android, an editor and a wrapper that have a browser inside.
_MEET_PEOPLE = frozenset({r"AP3A\.240617\.008", r"Code\/1\.", "Fluid", r"Trae\/"})


class By(StrEnum):
    """Who did it, as far as its traces tell."""

    HUMAN = "human"
    MACHINE = "machine"
    UNSURE = "unsure"


class Named(NamedTuple):
    """What the name of a software says of who is there: who, why (a code of ``REASONS``), and the name."""

    by: By
    reason: str
    told: str = ""


UNNAMED = Named(By.UNSURE, "unnamed")
BROWSER = Named(By.HUMAN, "browser")


@lru_cache(maxsize=1024)
def names_of_agent(user_agent: str) -> str:
    """The names in a user agent with their main versions; no system, device, language or address; ``""`` for none."""
    kept = _BRACKETS.sub(lambda found: found.group() if _SAYS_WHO.search(found.group()) else "", user_agent[:2000])
    plain = "".join(sign if sign.isprintable() else " " for sign in kept)
    return " ".join(_DETAIL.sub(r"\1", _WORD.sub(_no_address, plain)).split())[:_LONGEST]


def _no_address(found: re.Match[str]) -> str:
    word = found[0]
    return "*" if 0 < word.find(".", domain_start(word)) < len(word) - 1 else word


@lru_cache(maxsize=4096)
def judged(agent: str, webdriver: bool = False) -> Named:
    """Who is there, by the names of the software alone; ``webdriver``: the browser says a program steers it."""
    if webdriver:
        return Named(By.MACHINE, "steered", "navigator.webdriver")
    if not agent:
        return UNNAMED
    if found := _PROXIES.search(agent):
        return Named(By.UNSURE, "proxy", found.group())
    for reason, by in (("steered", By.MACHINE), ("library", By.UNSURE), ("crawler", By.MACHINE)):
        if found := _known()[reason].search(agent):
            return Named(by, reason, _tidy(found.group()))
    if found := _NAMES_ITSELF.search(agent):
        # One that only says where to ask about it goes by its first word.
        name = found.group() if found.group()[0] != "+" else agent.partition("/")[0]
        return Named(By.MACHINE, "crawler", _tidy(name))
    looks_like_one = _BROWSER.search(agent) or _IN_AN_APP.search(agent)
    return BROWSER if looks_like_one and not _POSES.search(agent) else Named(By.UNSURE, "odd")


def _tidy(name: str) -> str:
    return name.strip("/;() +")[:40]


@cache
def _known() -> dict[str, re.Pattern[str]]:
    """The list, compiled: browsers steered by programs, libraries that fetch pages, crawlers and scanners."""
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA

    patterns: dict[str, list[str]] = {"steered": [], "library": [], "crawler": []}
    for entry in CRAWLER_USER_AGENTS_DATA:
        tags = entry.get("tags", ())
        which = "steered" if "browser-automation" in tags else "library" if "http-library" in tags else "crawler"
        if entry["pattern"] not in _MEET_PEOPLE:
            patterns[which].append(entry["pattern"])
    return {which: re.compile("|".join(some)) for which, some in patterns.items()}


def list_version() -> str:
    """Which edition of the list of names is installed."""
    from importlib.metadata import version

    return version("crawler-user-agents")
