"""Dirt on identities: who looks like somebody else, or like two. Drawn once, from luck of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from worlds.arrays import Bools, Ints
from worlds.clock import MINUTE
from worlds.luck import BIRTH
from worlds.texts.names import plain
from worlds.world import World

FORWARD_AFTER = 95 * MINUTE
"""When a colleague clicks in a forwarded mail, after its first reader."""


@dataclass(frozen=True)
class Identities:
    """By person, what goes wrong with the person's identifiers."""

    typo: Bools  # the CRM has the e-mail mistyped
    changed: Bools  # from ``changed_week`` on, the site is given another e-mail
    changed_week: Ints
    twice: Bools  # the CRM has a second record
    new_device: Bools  # from ``device_week`` on, another cookie
    device_week: Ints


def drawn(world: World) -> Identities:
    """What goes wrong in this world."""
    plan = world.profile.dirt
    count = len(world.people)
    weeks = world.calendar.length

    def chance(name: str, rate: float) -> Bools:
        return np.asarray(world.luck.uniform(f"dirt.{name}", BIRTH, count) < rate, dtype=np.bool_)

    def week(name: str, low: float, high: float) -> Ints:
        return np.asarray(
            weeks * (low + (high - low) * world.luck.uniform(f"dirt.{name}.week", BIRTH, count)), dtype=np.int64
        )

    typo = chance("typos", plan.typos)
    return Identities(
        typo=typo,
        changed=chance("changed", plan.changed) & ~typo,
        changed_week=week("changed", 0.4, 0.6),
        twice=chance("duplicates", plan.duplicates),
        new_device=chance("device", 4 * plan.changed),
        device_week=week("device", 0.2, 0.9),
    )


def mistyped(email: str) -> str:
    """The address with two letters swapped, as fingers do."""
    local, domain = email.split("@")
    middle = (len(local) - 1) // 2
    swapped = local[:middle] + local[middle : middle + 2][::-1] + local[middle + 2 :]
    return f"{swapped if swapped != local else 'x' + local}@{domain}"


def moved(first: str, last: str, email: str) -> str:
    """The new address of somebody whose address changed: first letter and family name."""
    domain = email.split("@")[1]
    found = f"{plain(first)[:1]}{plain(last).replace('-', '')}@{domain}"
    return found if found != email else f"mail.{found}"


def forwarded(world: World, week: int, person: Ints) -> tuple[Bools, Ints]:
    """Of this week's clicks on mails, by ``person``: whether the mail was forwarded and clicked again, and by which
    colleague."""
    luck = world.luck.uniform("dirt.forwarded", week, len(person))
    company = world.people.company[person]
    first, size = world.companies.first_person[company], world.companies.size[company]
    colleague = first + (person - first + 1) % size
    return np.asarray((size > 1) & (luck < world.profile.dirt.forwarded), dtype=np.bool_), colleague


def reception(world: World, known: Bools) -> Ints:
    """The persons whose CRM records all hold one reception mailbox: the first known ones in the firms of the largest
    committees that lie next to each other. Empty where no story is told or too few are known."""
    wanted = world.profile.dirt.shared_mailbox if world.profile.strength.stories else 0
    if not wanted:
        return np.zeros(0, dtype=np.int64)
    largest = max(range(len(world.profile.segments)), key=lambda i: world.profile.segments[i].committee[1])
    able = np.flatnonzero(known & (world.people.segment == largest))
    return able[:wanted] if len(able) >= wanted else able[:0]
