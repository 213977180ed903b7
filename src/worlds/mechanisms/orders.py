"""Orders: what customers buy again. A promotion lifts its weeks and empties as many after it."""

from __future__ import annotations

import numpy as np

from worlds.book import Book
from worlds.mechanisms import market, visits
from worlds.stages import Stage
from worlds.world import State, World


def step(world: World, state: State, week: int, book: Book | None) -> None:
    """This week's orders, at most one a firm; money in minor units."""
    companies = world.companies
    count = len(companies)
    times, paid = market.promotion(world, state, week)
    weekly = np.array([s.orders for s in world.profile.segments])[companies.segment]
    season = market.season(world, week)[companies.segment]
    at = visits.when(world, "orders.when", week)[companies.first_person]
    orders = (state.deal == Stage.WON) & (at > state.won_at) & (at < world.calendar.end)
    orders &= world.luck.uniform("orders", week, count) < -np.expm1(-weekly * season * times)
    firm = np.flatnonzero(orders)
    median = np.array([s.order_amount for s in world.profile.segments])[companies.segment[firm]]
    spread = np.exp(0.45 * world.luck.normal("orders.amount", week, count)[firm])
    minor = np.maximum(np.rint(median * spread * paid * 100), 100).astype(np.int64)
    state.orders_minor[firm] += minor
    if book is not None:
        book.note(
            "order",
            company=firm,
            person=companies.first_person[firm],
            at=at[firm],
            amount=minor,
            promoted=np.full(len(firm), paid < 1.0),
        )
