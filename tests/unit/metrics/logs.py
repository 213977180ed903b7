"""Small logs told in a line each."""

from __future__ import annotations

from typing import Any

from twostroke.identity.actions import store_identifiers
from twostroke.identity.facts import Minter
from twostroke.ledger.actions import catch_up, say
from twostroke.ledger.facts import Draft, Precision

MINTER = Minter(b"a key for small logs")


def deal(number: int) -> str:
    """The opaque id of a deal."""
    return MINTER.record("crm", "deal", str(number))


def person(name: str) -> str:
    """The opaque id of a person's e-mail."""
    return MINTER.mint("email", f"{name}@acme.example")


def tell(kind: str, number: int = 1, *, who: str | None = None, amount: int | None = None, **more: Any) -> None:
    """One line about a deal, at the second it is told, in euro where nothing else is said."""
    currency = more.pop("currency", "EUR") if amount is not None else None
    at, precision = more.pop("at", None), more.pop("precision", Precision.UNKNOWN)
    properties = {name: more.pop(name) for name in ("stage", "product") if name in more}
    draft = Draft(
        kind, "deal", deal(number), at, precision, who,
        amount_minor=amount, currency=currency, properties=properties, **more,
    )  # fmt: skip
    say(draft)


def tell_of(name: str, kind: str, *, properties: dict[str, Any] | None = None, **more: Any) -> None:
    """One line about a person."""
    say(Draft(kind, "person", person(name), identifier=person(name), properties=properties or {}, **more))


def settle() -> None:
    """Everything told so far is folded."""
    store_identifiers(MINTER.drain())
    catch_up()
