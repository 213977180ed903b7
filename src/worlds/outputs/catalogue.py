"""``catalogue/price-list.csv`` and ``catalogue/launches.csv``: what is sold, for how much, since when; what was
launched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from worlds.outputs.csvfile import Cell, CsvFile
from worlds.truth.record import Record
from worlds.world import World

PRICES = ("SKU", "Product", "Kind", "Price", "Currency", "Valid from", "Valid to")
LAUNCHES = ("Launch", "Date", "What", "In a sentence")


def write(world: World, root: Path, record: Record) -> None:
    """Write both files at once: they do not grow."""
    prices = CsvFile(root, "catalogue/price-list.csv", PRICES, record, seed=world.seed)
    launches = CsvFile(root, "catalogue/launches.csv", LAUNCHES, record, seed=world.seed)
    plan = world.profile.promotion
    begin, end = day_of(world, plan.at), world.calendar.day((world.week_at(plan.at) + plan.weeks) * 7)
    rows: list[Sequence[Cell]] = []
    news: list[tuple[date, str, str]] = []
    currency = world.profile.firm.currency
    for price in world.profile.prices:
        since = day_of(world, price.launched_at)
        promoted = world.story(plan.at, world.calendar.weeks) and price.kind in ("beans", "part")
        rows.append(
            (
                price.sku,
                price.product,
                price.kind,
                f"{price.price:.2f}",
                currency,
                since.isoformat(),
                begin.isoformat() if promoted else "",
            )
        )
        if promoted:
            rows.append(
                (
                    price.sku,
                    price.product,
                    price.kind,
                    f"{price.price * (1 - plan.discount):.2f}",
                    currency,
                    begin.isoformat(),
                    end.isoformat(),
                )
            )
            rows.append((price.sku, price.product, price.kind, f"{price.price:.2f}", currency, end.isoformat(), ""))
        if price.launched_at:
            news.append((since, price.product, "A new product."))
    news += [
        (day_of(world, theme.claim_at), "Campaign", theme.claim)
        for theme in world.profile.themes
        if theme.claim and world.story(theme.claim_at, world.calendar.weeks)
    ]
    if world.story(plan.at, world.calendar.weeks):
        news.append((begin, "Promotion", f"{plan.discount:.0%} off beans and parts until {end.isoformat()}"))
    prices.rows(rows)
    launches.rows(
        [(number, day.isoformat(), what, text) for number, (day, what, text) in enumerate(sorted(news), start=1)]
    )
    prices.close()
    launches.close()


def day_of(world: World, share: float) -> date:
    """The Monday of the week that lies at a share of the world's length."""
    return world.calendar.day(world.week_at(share) * 7)
