"""Two joined and parted again by hand: the tables are what they were, as if nobody had ever tried (LEDGER 4).

In the town of every kind of line; ``TWOSTROKE_EXAMPLES=proof`` runs a thousand pairs of each sort.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from random import Random

import pytest

from tests import whole_home
from twostroke.identity import actions, queries
from twostroke.identity.facts import Person, is_device
from twostroke.identity.models import Suggestion
from twostroke.ledger import rebuilding
from twostroke.ledger.state import state_hash

pytestmark = pytest.mark.usefixtures("fresh_database")

PAIRS, LINES, LOOK = (1000, 10_000, 50) if os.environ.get("TWOSTROKE_EXAMPLES", "quick") != "quick" else (15, 2_500, 5)


def two(luck: Random) -> list[Person]:
    """Two persons of whom somebody may say that they are one, whom no claim joins and nobody parted before."""
    while True:
        found = queries.persons(luck.sample(queries.all_keys(), 2))
        of = {name.id for one in found for name in one.identifiers}
        crossed = Suggestion.objects.filter(one__in=of, other__in=of).exists()
        desks = any((one.identifiers[0].value or "info@").startswith(("info@", "pool@")) for one in found)
        parted = {*queries.acts_on(found[0].key)[1]} & {*queries.acts_on(found[1].key)[1]}
        if not crossed and not desks and not parted:
            return found


def by_unmerge(luck: Random, merged: str, sides: list[list[str]]) -> None:
    del luck, sides
    actions.unmerge(by=None, merge=merged)


def by_split(luck: Random, merged: str, sides: list[list[str]]) -> None:
    """A split takes the merge back, whichever side is named, and stands."""
    del merged
    actions.split(by=None, apart=luck.choice(sides))


@pytest.mark.parametrize("part", [by_unmerge, by_split])
def test_joined_and_parted_again_the_tables_are_what_they_were(
    part: Callable[[Random, str, list[list[str]]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    whole_home.fill(LINES)
    luck, before = Random(7), state_hash()
    for number in range(1, PAIRS + 1):
        one, other = two(luck)
        sides = [[name.id for name in who.identifiers if not is_device(name.namespace)] for who in (one, other)]
        merged = actions.merge(by=None, one=one.key, other=other.key)
        assert queries.key_of(one.key) == queries.key_of(other.key)
        part(luck, merged, sides)
        assert (queries.person(one.key), queries.person(other.key)) == (one, other)
        if number % LOOK == 0:
            assert state_hash() == before
    assert rebuilding.check() == []
    with capsys.disabled():
        print(f" {PAIRS} pairs, the state hash as before", end=" ")
