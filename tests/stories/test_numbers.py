"""On a firm's whole record the numbers of the stories are those of their words, counted again in plain Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.spec import stories_by_hand as by_hand
from tests.spec.holdouts_by_hand import holdouts
from tests.spec.raw_log import raw_lines
from tests.stories.firms import Firm
from twostroke.identity.queries import who_is_who
from twostroke.ledger import lake
from twostroke.ledger.catalogue import current
from twostroke.ledger.queries import reporting_currency, zone
from twostroke.metrics.queries import compute, people

# Whole firms come in: once is enough, since both databases are held to the same state elsewhere.
pytestmark = pytest.mark.sqlite

KINDS = {kind.name: (kind.rank, str(kind.place)) for kind in current()}


def whose(kind: str) -> dict[str, str]:
    return {one.identifier: one.key for one in who_is_who(kind) if not one.anonymous}


def counted(name: str, by: tuple[str, ...]) -> dict[Any, dict[str, Any]]:
    """A metric's rows by key, without what is nought."""
    lake.seal(hottest=1000, segment=20_000)
    rows = {tuple(row.key.values()): dict(row.measures) for row in compute(name, by=by).rows}
    return {key if len(key) > 1 else key[0]: row for key, row in rows.items()}


ASKED: dict[str, tuple[tuple[str, ...], Callable[[list[Any]], Any]]] = {
    "conversion": (
        ("sector", "month", "reason", "owner"),
        lambda lines: by_hand.conversion(lines, KINDS, zone(), whose("company")),
    ),
    "waiting": (("team", "month"), lambda lines: by_hand.waiting(lines, KINDS, zone(), whose("colleague"))),
    "orders": (("week",), lambda lines: by_hand.orders(lines, KINDS, zone(), reporting_currency())),
    "last_touch": (
        ("campaign",),
        lambda lines: by_hand.last_touch(lines, KINDS, zone(), whose("person"), whose("company")),
    ),
    "events": ((), lambda lines: by_hand.events(lines, KINDS, zone(), whose("person"), whose("company"))),
    "holdouts": (
        ("sector",),
        lambda lines: holdouts(lines, KINDS, zone(), reporting_currency(), whose("person"), whose("company")),
    ),
}


@pytest.mark.parametrize("name", ASKED)
def test_a_number_is_what_its_words_say(firm: Firm, name: str) -> None:
    by, reference = ASKED[name]
    expected, told = reference(raw_lines()), counted(name, by)
    assert len(expected) > 1
    assert told.keys() == expected.keys()
    for key, row in expected.items():
        assert {measure: told[key][measure] for measure in row} == dict(row), key


@pytest.mark.parametrize("name", ASKED)
def test_what_is_behind_a_number_adds_up_to_it(firm: Firm, name: str) -> None:
    for row in compute(name).rows:
        behind = people(name, key=row.key, limit=None)
        for measure in row.measures.keys() - {"value"}:
            assert sum(int(one.measures[measure]) for one in behind) == row.measures[measure], (row.key, measure)
