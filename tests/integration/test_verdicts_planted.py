"""Fifty each of sorts of machines and of people who look like some, through the ordinary door: who is taken for what.

The sorts that cannot be found are among them, so that what is said of them stays true.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.functional.import_steps import twostroke
from twostroke.intake.queries import verdicts_of
from twostroke.kit.time import iso
from twostroke.ledger.actions import catch_up
from twostroke.ledger.queries import every_line, head_seq

pytestmark = pytest.mark.usefixtures("fresh_database")

EACH = 50
START = 1_780_000_000_000
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
MAIL_APP = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
Messages = list[dict[str, Any]]


def pages(who: str, times: list[int], agent: str = CHROME, *, same: bool = False) -> Messages:
    """A visitor nobody knows looks at pages at these milliseconds."""
    return [
        {"type": "page", "anonymousId": who, "at": at, "properties": {"path": f"/{0 if same else n}"},
         "context": {"userAgent": agent}}
        for n, at in enumerate(times)
    ]  # fmt: skip


def mail(who: str, *events: tuple[int, str, str], agent: str = "") -> Messages:
    """What happened to one mail: at which millisecond, delivered, opened or clicked, and which link."""
    found: Messages = [{"type": "track", "event": "Email Delivered", "at": 0, "properties": {"email_id": "n"}}]
    for at, event, link in events:
        properties = {"email_id": "n", **({"link_url": f"https://firm.example/{link}"} if link else {})}
        found.append({"type": "track", "event": f"Email {event}", "at": at, "properties": properties})
    context = {"traits": {"email": f"{who}@firm.example"}}
    for one in found:
        one["context"] = context | ({"userAgent": agent} if agent and one["event"] != "Email Delivered" else {})
    return found


# By sort: what one of them leaves behind, from luck of its own.
MACHINES: dict[str, Callable[[str, Random], Messages]] = {
    "crawler in a hurry, called Chrome": lambda who, luck: pages(who, [n * luck.randint(50, 900) for n in range(12)]),
    "headless browser": lambda who, luck: pages(who, [0, 9000], CHROME.replace("Chrome", "HeadlessChrome")),
    "scanner at the door": lambda who, luck: mail(
        who, (luck.randint(200, 4000), "Opened", ""), (luck.randint(500, 9000), "Link Clicked", "a"), agent=CHROME
    ),
    "scanner that follows all links, later": lambda who, luck: mail(
        who, (luck.randint(120_000, 900_000), "Link Clicked", "a"), agent=CHROME
    ),
    "patient crawler, called Chrome": lambda who, luck: pages(who, [n * 20_000 for n in range(6)]),
}
PEOPLE: dict[str, Callable[[str, Random], Messages]] = {
    "reader": lambda who, luck: mail(
        who, (luck.randint(30_000, 9_000_000), "Opened", ""), (9_100_000, "Link Clicked", "a"), agent=MAIL_APP
    ),
    "quick reader with the mail before them": lambda who, luck: mail(
        who, (luck.randint(6_000, 12_000), "Opened", ""), (luck.randint(20_000, 50_000), "Link Clicked", "a")
    ),
    "one whose program shows no pictures": lambda who, luck: mail(
        who, (luck.randint(15_000, 50_000), "Link Clicked", "a")
    ),
    "one who clicks twice on a link": lambda who, luck: mail(
        who, (60_000, "Opened", ""), (80_000, "Link Clicked", "a"), (80_250, "Link Clicked", "a")
    ),
    "one who opens six pages at once": lambda who, luck: pages(who, [n * luck.randint(100, 500) for n in range(6)]),
    "one whose page reports itself again and again": lambda who, luck: pages(
        who, [n * 300 for n in range(30)], same=True
    ),
    "one whose telephone is called CUBOT": lambda who, luck: pages(
        who, [0, 30_000], CHROME.replace("Windows NT 10.0; Win64; x64", "Linux; Android 9; CUBOT NOTE 20")
    ),
}


def with_all_links(messages: Messages) -> Messages:
    """The same scanner presses the second link half a second after the first."""
    last = messages[-1]
    further = {
        **last,
        "at": last["at"] + 500,
        "properties": {**last["properties"], "link_url": "https://firm.example/b"},
    }
    return [*messages, further]


@pytest.fixture
def judged(tmp_path: Path) -> dict[str, Counter[str]]:
    """By sort, how many hits were taken for whose."""
    luck, lines, sorts = Random(9), [], []
    for sort, made in (MACHINES | PEOPLE).items():
        for number in range(EACH):
            messages = made(f"{len(sorts)}-{number}", luck)
            messages = with_all_links(messages) if "all links" in sort else messages
            for one in messages:
                at = START + number * 86_400_000 + one.pop("at")
                lines.append(json.dumps({"messageId": f"m{len(lines)}", "timestamp": iso(at), **one}))
                sorts.append(sort)
    (tmp_path / "web.jsonl").write_text("\n".join(lines), "utf-8")
    assert twostroke("import", str(tmp_path / "web.jsonl"), "--as", "site").code == 0
    catch_up()
    log = list(every_line(up_to=head_seq()))
    verdicts = verdicts_of(log)
    found: dict[str, Counter[str]] = {}
    for line in log:
        if line.seq in verdicts and line.row is not None:
            found.setdefault(sorts[line.row - 1], Counter())[verdicts[line.seq].by.value] += 1
    return found


def test_machines_are_found_as_far_as_is_said_and_nobody_is_taken_for_one(judged: dict[str, Counter[str]]) -> None:
    for sort, counts in judged.items():
        print(f"{sort}: {dict(counts)}")
    assert judged.keys() == MACHINES.keys() | PEOPLE.keys()
    taken = {sort: judged[sort]["machine"] for sort in PEOPLE}
    assert taken == dict.fromkeys(PEOPLE, 0)
    found = {sort: judged[sort]["machine"] / judged[sort].total() for sort in MACHINES}
    # Whoever calls itself a browser and takes its time leaves what people leave.
    assert found.pop("patient crawler, called Chrome") == 0
    assert found == dict.fromkeys(found, 1.0)
