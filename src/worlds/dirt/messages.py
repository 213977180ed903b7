"""Dirt on messages: what a network, a clock and a retry do to them. At most one kind each, so that accounts stay exact.

A skewed clock is a property of a device, and shows in ``originalTimestamp`` and ``sentAt``; Segment itself has already
set ``timestamp = receivedAt − (sentAt − originalTimestamp)`` (Segment Spec, Common fields), so ``timestamp`` is right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from worlds.arrays import Ints
from worlds.clock import HOUR, MINUTE
from worlds.luck import BIRTH
from worlds.world import World

CLEAN, LATE, OUT_OF_ORDER, REPEATED, ALTERED, DAMAGED = range(6)
NAMES = ("clean", "late", "out_of_order", "repeated", "altered", "damaged")


@dataclass(frozen=True)
class Soiled:
    """What became of each message: the clocks it shows, when it came in, and where in the file it stands."""

    kind: Ints
    at: Ints  # when it truly happened
    original: Ints
    sent: Ints
    received: Ints
    position: Ints
    again: Ints  # when the second copy came in, of repeated and altered ones


def skew(world: World) -> Ints:
    """By person: how wrong the device's clock is, in milliseconds; 0 for most."""
    count = len(world.people)
    wrong = world.luck.uniform("dirt.skewed", BIRTH, count) < world.profile.dirt.skewed
    size = world.luck.normal("dirt.skew", BIRTH, count) * 20 * HOUR
    return np.where(wrong, size.astype(np.int64) + 10 * MINUTE, 0)


def soiled(world: World, week: int, name: str, at: Ints, skews: Ints) -> Soiled:
    """The fate of the messages of one file and week. ``skews``: of the device of each."""
    plan = world.profile.dirt
    count = len(at)
    luck = world.luck.uniform(f"dirt.{name}", week, count)
    size = world.luck.uniform(f"dirt.{name}.size", week, count)
    edges = np.cumsum([plan.late, plan.out_of_order, plan.repeated, plan.altered, plan.damaged])
    kind = np.searchsorted(edges, luck, side="right").astype(np.int64)
    kind = np.where(kind == 5, CLEAN, kind + 1)
    travel = 150 + (size * 900).astype(np.int64)
    held = np.where(kind == LATE, 3 * HOUR + (size**2 * 140 * HOUR).astype(np.int64), 40)
    received = at + held + travel
    early = np.where(kind == OUT_OF_ORDER, 20 * MINUTE + (size * 200 * MINUTE).astype(np.int64), 0)
    return Soiled(
        kind=kind,
        at=at,
        original=at + skews,
        sent=at + held + skews,
        received=received,
        position=received - early,
        again=received + 4_000 + (size * 30 * MINUTE).astype(np.int64),
    )
