"""Mail to segments: one to many, so pull. Opens by people move them; opens by scanners are dirt and move nobody."""

from __future__ import annotations

import numpy as np

from worlds.arrays import Bools, Ints
from worlds.book import Book
from worlds.clock import HOUR, MINUTE
from worlds.mechanisms import experiments, market
from worlds.stages import Stage
from worlds.world import State, World

SEND_DAY = 1
SEND_AT = 9 * HOUR + 30 * MINUTE


def step(world: World, state: State, week: int, book: Book | None) -> tuple[Bools, Ints]:
    """Send this week's mail, if one is due. The answer: who clicked, and when."""
    count = len(world.people)
    plan = world.profile.mail
    nobody = np.zeros(count, dtype=np.bool_)
    if not plan.every_weeks or week % plan.every_weeks or not state.switches.pull:
        return nobody, np.zeros(count, dtype=np.int64)
    zone = world.zone_of_region[world.people.region]
    ordinal = np.arange(count) % 600
    at = world.calendar.instant(week, zone, np.full(count, SEND_DAY), SEND_AT + ordinal * 1000)
    wanted = state.consent & (state.known_at < at) & market.in_market(world, state, week)
    wanted &= experiments.mailed(world, state, week)
    wanted &= at < world.calendar.end
    bounced = wanted & (world.luck.uniform("mail.bounce", week, count) < plan.bounces)
    interest = np.where(state.stage >= Stage.LEAD, 1.0, 0.6) * np.minimum(world.people.intent, 1.6) ** 0.5
    read = wanted & ~bounced & (world.luck.uniform("mail.read", week, count) < plan.reads * interest)
    clicked = read & (world.luck.uniform("mail.click", week, count) < plan.clicks)
    leaves = read & (world.luck.uniform("mail.leave", week, count) < plan.leaves)
    state.pull_stock = state.pull_stock + plan.weight * read
    meets = market.claim_is_out(world, state, week)
    state.met_claim |= read & (world.luck.uniform("mail.claim", week, count) < meets)
    state.consent &= ~leaves
    delay = np.exp(9.0 + 1.3 * world.luck.normal("mail.delay", week, count)).astype(np.int64) * 1000 + 90_000
    opened = at + np.minimum(delay, 100 * HOUR)
    pressed = opened + 5_000 + (world.luck.uniform("mail.pause", week, count) * 80_000).astype(np.int64)
    if book is None:
        return clicked, pressed
    rows = (
        ("delivered", wanted & ~bounced, at + 2_000),
        ("bounced", bounced, at + 2_500),
        ("opened", read, opened),
        ("clicked", clicked, pressed),
        ("left", leaves, pressed + 20_000),
    )
    for what, who, when in rows:
        person = np.flatnonzero(who & (when < world.calendar.end))
        book.note(
            "mail",
            person=person,
            at=when[person],
            what=np.full(len(person), what),
            number=np.full(len(person), week // plan.every_weeks),
        )
    return clicked, pressed
