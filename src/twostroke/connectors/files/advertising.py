"""What advertising cost, from reports of the platforms, to the cent."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from twostroke.connectors.files.cells import UNKNOWN, Cells, RefusedError, Row, When
from twostroke.connectors.files.vocabulary import squeezed, words_of
from twostroke.kit.text import slug
from twostroke.kit.time import DAY_MS
from twostroke.ledger.facts import Draft, Precision

Builder = Callable[[Row, str], list[Draft]]
_LONGEST = 200
_NAMING = ("at", "until_at", "channel", "platform", "campaign", "content", "currency")


# Words in the names of reports, and headers that only this platform's reports have.
_PLATFORMS = (
    ("Google Ads", ("google", "adwords"), {"impr", "avgcpc"}),
    ("Meta", ("facebook", "instagram", "meta"), {"reportingstarts", "reportingends"}),
    ("LinkedIn", ("linkedin",), {"campaigngroupname", "totalspent"}),
    ("Microsoft Ads", ("bing", "microsoft"), set[str]()),
    ("TikTok", ("tiktok",), set[str]()),
    ("X", ("twitter",), set[str]()),
    ("Pinterest", ("pinterest",), set[str]()),
    ("Reddit", ("reddit",), set[str]()),
    ("Amazon Ads", ("amazon",), set[str]()),
)


def platform_of(name: str, headers: Iterable[str]) -> str:
    """The platform a report is of, where no column says it: by the report's name, else by its headers; or ``""``."""
    words, known = words_of(name), {squeezed(header) for header in headers}
    named = [platform for platform, called, _ in _PLATFORMS if any(word in called for word in words)]
    if len(named) == 1:
        return named[0]
    return next((platform for platform, _, telling in _PLATFORMS if telling and telling <= known), "")


def key_of(cells: Cells) -> Callable[[Row], str]:
    """What a row is about, where no column names it: its day, platform, campaign and ad, and which of these it is.

    So a report of the same days that was restated later (platforms take back clicks for weeks) replaces what it said
    before instead of standing beside it.
    """
    if cells.table.key:
        return cells.key()
    readers = [cells.text(role) for role in _NAMING if cells.has(role)]
    seen: Counter[bytes] = Counter()
    # Two platforms may have run campaigns of one name on one day.
    told = [cells.table.object] if cells.table.object else []

    def key(row: Row) -> str:
        about = " · ".join([*(cell for read in readers if (cell := read(row))), *told])
        digest = hashlib.blake2b(about.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        seen[digest] += 1
        if len(about) > _LONGEST:
            about = f"{about[:_LONGEST]}… {digest.hex()}"
        return about if seen[digest] == 1 else f"{about} ({seen[digest]})"

    return key


def spend(cells: Cells) -> Builder:
    """A cost: its day, amount, channel, platform, campaign and ad. Rows that only add up the others are refused."""
    at, until, amount = cells.instant("at"), cells.instant("until_at"), cells.amount("amount")
    (channel, _), platform = cells.channel("channel"), cells.text("platform")
    campaign, content = cells.text("campaign"), cells.text("content")
    impressions, clicks = cells.number("impressions"), cells.number("clicks")
    is_total = _totals(cells)
    rest, minter, source = cells.rest(), cells.minter, cells.source

    def build(row: Row, key: str) -> list[Draft]:
        money = amount(row)
        if money is None:
            raise RefusedError("no-amount", "The row has no amount.")
        if is_total(row):
            raise RefusedError("total", "The row is the sum of the others and no cost of its own.")
        when, last, where = at(row) or UNKNOWN, until(row), platform(row) or cells.table.object
        told: dict[str, Any] = {"platform": where} if where else {}
        told |= _counted(impressions=impressions(row), clicks=clicks(row))
        told |= _several_days(when, last)
        way = channel(row) or slug(where) or None
        return [
            Draft("spend.recorded", "spend", minter.record(source, "spend", key), when[0], when[1], None, None, None,
                  way, campaign(row) or None, content(row) or None, money[0], money[1], told, rest(row))
        ]  # fmt: skip

    return build


def _counted(**texts: str) -> dict[str, int]:
    return {name: int(float(text)) for name, text in texts.items() if text}


def _several_days(when: When, last: When | None) -> dict[str, int]:
    """How many days a cost is of, where it is of more than one."""
    if last is None or last[0] is None or when[0] is None or when[1] is not Precision.DAY or last[0] <= when[0]:
        return {}
    return {"days": (last[0] - when[0]) // DAY_MS + 1}


def _totals(cells: Cells) -> Callable[[Row], bool]:
    """Whether a row adds up the others: it names nothing, and its amount is that of all rows that name something."""
    readers = [cells.text(role) for role in ("channel", "platform", "campaign", "content") if cells.has(role)]
    table = next((table for table in cells.tables if table.name == cells.table.name), None)
    if not readers or table is None:
        return lambda row: False
    amount, width = cells.amount("amount"), len(table.header)
    named: Counter[str] = Counter()

    def sums() -> None:
        for row in table.rows():
            if len(row) != width or not any(read(row) for read in readers):
                continue
            try:
                money = amount(row)
            except RefusedError:
                continue
            if money is not None:
                named[money[1]] += money[0]

    def is_total(row: Row) -> bool:
        if any(read(row) for read in readers):
            return False
        if not named:
            sums()
        money = amount(row)
        return money is not None and named[money[1]] == money[0] != 0

    return is_total
