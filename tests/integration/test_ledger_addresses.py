"""No address of a person stays where it could not be erased: properties and labels of lines, whatever the kind."""

from __future__ import annotations

import msgspec
import pytest
from django.db import connection, transaction

from tests.histories import message, oid
from twostroke.ledger.actions import append, change_definition
from twostroke.ledger.catalogue import current
from twostroke.ledger.facts import LINE_COLUMNS, Draft, Kind, Type
from twostroke.ledger.queries import definition

pytestmark = pytest.mark.django_db

ADDRESSES = (
    "anna.berg@nordwind.example",
    "Größe@bücher.example",
    "?utm=anna.berg%40nordwind.example&x",
    "<a+b@c.co.uk>",
)
FREE = (Type.TEXT, Type.JSON)


def with_address(kind: Kind, address: str) -> Draft:
    """A line of this kind that has an address in everything that is a text."""
    said = {name: {"in": [f"because {address} said"]} if one.type is Type.JSON else f"because {address} said"
            for name, one in kind.properties.items() if one.type in FREE}  # fmt: skip
    subject = oid(kind.name)
    who = subject if kind.subjects[0] == "person" else None
    labels = dict.fromkeys(("channel", "campaign", "content"), f"from {address}")
    return Draft(kind.name, kind.subjects[0], subject, identifier=who, properties=said, **labels)


def columns_with(word: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(LINE_COLUMNS)} FROM ledger_line")
        return [str(value) for row in cursor.fetchall() for value in row if isinstance(value, str) and word in value]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_in_any_text_of_any_kind_can_be_erased(address: str) -> None:
    kinds = [kind for kind in current() if kind.name != "definition.changed"]
    with transaction.atomic():
        append([message(f"m{number}", with_address(kind, address)) for number, kind in enumerate(kinds)])
    inside = address.strip("<>?").removeprefix("utm=").removesuffix("&x")
    assert columns_with(inside) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM ledger_personal ORDER BY seq")
        sides = [msgspec.json.decode(content) for (content,) in cursor.fetchall()]
    for kind, side in zip(kinds, sides, strict=True):
        texts = {name for name, one in kind.properties.items() if one.type in FREE}
        assert side.keys() == texts | {"channel", "campaign", "content"}


def test_words_without_an_address_stay_properties() -> None:
    draft = Draft("deal.lost", "deal", oid("d"), campaign="50 % @ the fair", properties={"reason": "price @ 5 EUR"})
    with transaction.atomic():
        append([message("m", draft)])
    assert len(columns_with("@")) == 2


def test_what_people_set_on_purpose_stays_readable() -> None:
    change_definition(name="mail.from", value="sales@nordwind.example")
    assert definition("mail.from") == "sales@nordwind.example"
