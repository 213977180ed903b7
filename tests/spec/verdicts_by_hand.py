"""Human or machine again, slowly and plainly, from the words of the page on machines. No code of ours.

Lines are mappings of the log's columns. Each hit is compared with each other line; nothing is sorted or indexed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

Line = Mapping[str, Any]

VIEWS = {
    "page.viewed", "screen.viewed", "form.submitted", "content.viewed", "content.downloaded", "video.watched",
    "promotion.viewed", "promotion.clicked", "signup.completed", "ad.shown", "ad.clicked", "product.searched",
    "product.listed", "product.clicked", "product.viewed",
}  # fmt: skip
ARRIVALS = {"mail.sent", "mail.delivered"}
HITS = VIEWS | {"mail.opened", "mail.clicked"}
# What the agents that the tests use are, as anybody would say who reads them.
AGENTS = {
    "": None,
    "Mozilla/5 AppleWebKit/537 Chrome/126 Safari/537": None,
    "Mozilla/5 (compatible; Googlebot/2; +http://www.google.com/bot.html)": ("machine", "crawler"),
    "Mozilla/5 AppleWebKit/537 HeadlessChrome/126 Safari/537": ("machine", "steered"),
    "Python-urllib/3": ("unsure", "library"),
    "Mozilla/5 Gecko Firefox/11 (via ggpht.com GoogleImageProxy)": ("unsure", "proxy"),
    "Mozilla/5": ("unsure", "odd"),
}
ORDER = ["said", "crawler", "steered", "scanned", "burst", "swept", "pace", "library", "proxy", "odd", "soon",
         "blind"]  # fmt: skip


def said(line: Line) -> dict[str, Any]:
    """The properties of a line."""
    found: dict[str, Any] = json.loads(line["properties"])
    return found


def itself(line: Line) -> tuple[str, str] | None:
    """What a line says of itself."""
    told = said(line)
    if told.get("by") in ("human", "machine"):
        return told["by"], "said"
    if told.get("webdriver"):
        return "machine", "steered"
    return of_agent(told.get("agent", ""))


def of_agent(agent: str) -> tuple[str, str] | None:
    """What the names of a software say; a browser's nothing."""
    if agent in AGENTS:
        return AGENTS[agent]
    if "Headless" in agent:
        return "machine", "steered"
    if any(word in agent.lower() for word in ("bot", "crawler", "spider")):
        return "machine", "crawler"
    browser = any(word in agent for word in ("Chrome", "Safari", "Firefox")) and "compatible" not in agent
    return None if browser else ("unsure", "odd")


def open_question(line: Line) -> bool:
    """Whether the line leaves open who did it."""
    own = itself(line)
    return own is None or own[0] == "unsure"


def verdicts(lines: Iterable[Line]) -> dict[tuple[str, str, int], tuple[str, str]]:
    """By the name of a line in force, its verdict and reason, for those of which something is known."""
    lines = list(lines)
    together: dict[Any, list[Line]] = defaultdict(list)
    for line in lines:
        if line["kind"] in HITS or line["kind"] in ARRIVALS:
            together[line["subject"] if line["kind"].startswith("mail.") else line["identifier"]].append(line)
    found: dict[tuple[str, str, int], list[tuple[str, str]]] = {}
    for mine in together.values():
        hits = [line for line in mine if line["kind"] in HITS]
        for line in hits:
            whys = [own] if (own := itself(line)) is not None else []
            if open_question(line) and line["precision"] in ("ms", "s"):
                whys += around(line, hits, mine)
            if whys:
                found[line["source"], line["message_id"], line["part"]] = whys
    rank = {"machine": 0, "human": 1, "unsure": 2}
    return {name: min(whys, key=lambda one: (rank[one[0]], ORDER.index(one[1]))) for name, whys in found.items()}


def without_machines(lines: Iterable[Line]) -> list[Line]:
    """The lines (all of them in force) but for what machines did."""
    lines = list(lines)
    found = verdicts(lines)
    return [
        line for line in lines
        if found.get((line["source"], line["message_id"], line["part"]), ("", ""))[0] != "machine"
    ]  # fmt: skip


def around(line: Line, hits: list[Line], lines: list[Line]) -> list[tuple[str, str]]:
    """What the lines around a hit say of it."""
    if line["kind"] == "mail.clicked":
        return of_click(line, hits, lines)
    if line["kind"] == "mail.opened":
        return of_opening(line, hits, lines)
    return of_pace(line, hits)


def apart(one: Line, other: Line) -> int:
    return abs(int(one["happened_at"]) - int(other["happened_at"]))


def of_mail(line: Line, lines: Iterable[Line], *kinds: str) -> list[Line]:
    return [
        o for o in lines if o["kind"] in kinds and o["subject"] == line["subject"] and o["precision"] in ("ms", "s")
    ]


def by_machine(click: Line, hits: list[Line], lines: list[Line]) -> bool:
    """Whether a click is a machine's, by itself or by what is around it."""
    own = itself(click)
    if own is not None and own[0] != "unsure":
        return own[0] == "machine"
    return any(who == "machine" for who, _ in of_click(click, hits, lines, further=False))


def of_click(line: Line, hits: list[Line], lines: list[Line], *, further: bool = True) -> list[tuple[str, str]]:
    arrivals = of_mail(line, lines, "mail.sent", "mail.delivered")
    if any(apart(line, one) <= 10_000 for one in arrivals):
        return [("machine", "scanned")]
    link = said(line).get("link")
    links = [said(one).get("link") for one in of_mail(line, hits, "mail.clicked") if apart(line, one) <= 1000]
    if link and any(other and other != link for other in links):
        return [("machine", "burst")]
    if not further or not any(apart(line, one) <= 60_000 for one in arrivals):
        return []
    read = [
        one for one in of_mail(line, hits, "mail.opened")
        if one["happened_at"] <= line["happened_at"] and is_somebodys(one, hits, lines)
    ]  # fmt: skip
    return [] if read else [("unsure", "blind")]


def is_somebodys(opening: Line, hits: list[Line], lines: list[Line]) -> bool:
    """Whether an opening may tell of reading: not a machine's, and not one that came with the mail."""
    own = itself(opening)
    if own is not None and own[0] != "unsure":
        return own[0] == "human"
    return not of_opening(opening, hits, lines)


def of_opening(line: Line, hits: list[Line], lines: list[Line]) -> list[tuple[str, str]]:
    clicks = [one for one in of_mail(line, hits, "mail.clicked") if by_machine(one, hits, lines)]
    if any(apart(line, one) <= 10_000 for one in clicks):
        return [("machine", "swept")]
    arrivals = of_mail(line, lines, "mail.sent", "mail.delivered")
    return [("unsure", "soon")] if any(apart(line, one) <= 5000 for one in arrivals) else []


def of_pace(line: Line, hits: list[Line]) -> list[tuple[str, str]]:
    mine = [
        one for one in hits
        if one["kind"] in VIEWS and one["identifier"] == line["identifier"] and line["identifier"] is not None
        and one["precision"] in ("ms", "s") and said(one).get("device_only") and open_question(one)
    ]  # fmt: skip
    if line not in mine:
        return []
    for last in mine:
        inside = [one for one in mine if 0 <= last["happened_at"] - one["happened_at"] <= 10_000]
        if line in inside and len({(one["kind"], said(one).get("path")) for one in inside}) >= 10:
            return [("machine", "pace")]
    return []
