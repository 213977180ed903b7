"""Acts of people and decisions of the house, said on the log."""

from __future__ import annotations

import pytest

from tests.histories import deal
from twostroke.kit.time import set_clock
from twostroke.ledger.actions import InvalidMessageError, change_definition, say
from twostroke.ledger.queries import CURRENCY, ZONE, accounting, definition, every_line, reporting_currency, zone

pytestmark = pytest.mark.django_db


def test_an_act_is_on_the_log_under_a_name_of_its_own() -> None:
    assert say(deal("a")) != say(deal("a"))
    assert [line.source for line in every_line()] == ["twostroke", "twostroke"]


def test_an_act_that_must_not_happen_twice_is_said_once_at_whatever_instant() -> None:
    assert say(deal("a", at=1), message_id="once") == say(deal("a", at=2), message_id="once") == "once"
    assert [line.happened_at for line in every_line()] == [1]


@pytest.mark.parametrize(
    "other",
    [deal("b"), deal("a", "deal.won"), deal("a", amount_minor=1, currency="EUR"), deal("a", personal={"name": "Acme"})],
    ids=["subject", "kind", "money", "personal"],
)
def test_another_act_under_the_same_name_is_refused_and_leaves_nothing(other: object) -> None:
    say(deal("a"), message_id="once")
    with pytest.raises(InvalidMessageError, match="already said something else under the name once"):
        say(other, message_id="once")  # type: ignore[arg-type]
    assert [(one.received, one.quarantined) for one in accounting()] == [(1, 0)]


def test_the_newest_definition_holds() -> None:
    assert (zone(), reporting_currency(), definition("goal")) == ("UTC", "EUR", None)
    change_definition(name=ZONE, value="Europe/Berlin")
    change_definition(name=CURRENCY, value="USD")
    change_definition(name="goal", value={"won": 3})
    set_clock(lambda: 1)
    change_definition(name=CURRENCY, value="CHF")
    assert (zone(), reporting_currency(), definition("goal")) == ("Europe/Berlin", "CHF", {"won": 3})


@pytest.mark.parametrize("value", ["Berlin", "", None, 1])
def test_a_zone_nobody_knows_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        change_definition(name=ZONE, value=value)
