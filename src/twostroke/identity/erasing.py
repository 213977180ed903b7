"""A person erased: from every store of the house, from the log's side rows, from the identifiers; then the proof.

Done only when the raw bytes of the home and of the database are clean (LEDGER §5). Stopped in the middle, the same
verb goes on: the identifiers go last, so that until then the person can be found again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from twostroke.identity.acts import ActError
from twostroke.identity.leftovers import Leftover, leftovers
from twostroke.identity.models import Identifier
from twostroke.identity.queries import names_of
from twostroke.identity.seeking import sought
from twostroke.kit.ids import opaque
from twostroke.kit.personal import InUseError, Shown, Sought, Store
from twostroke.ledger.actions import catch_up

__all__ = [
    "Erasure",
    "Everything",
    "Found",
    "InUseError",
    "Preview",
    "erase",
    "everything_of",
    "install",
    "installed",
    "preview",
]
_installed: list[Store] = []


def install(stores: Iterable[Store]) -> None:
    """Register the personal stores of the house, in the order they are erased; identifiers come last."""
    _installed[:] = stores


def installed() -> tuple[Store, ...]:
    """The personal stores of the house."""
    return tuple(_installed)


@dataclass(frozen=True, slots=True)
class Found:
    """How much a store has of a person, and what erasing does there."""

    room: str
    what: str
    erasing: str
    count: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What is known of a person and would go. ``key`` is the id to erase them by."""

    key: str
    name: str
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """All that is known of a person: by store (room and what it keeps) the things in it."""

    key: str
    name: str
    items: dict[tuple[str, str], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure took away, and what it found left over in raw bytes; done when nothing is left."""

    key: str
    gone: tuple[Found, ...]
    left: tuple[Leftover, ...]

    @property
    def is_done(self) -> bool:
        return not self.left


def preview(person: str) -> Preview:
    """What each store has of the person with this key or identifier id. Raises ``ActError`` where nobody has it."""
    catch_up()
    who = _known(person)
    name = names_of([who.key])[who.key]
    return Preview(who.key, name, tuple(_found(store, sum(1 for _ in store.show(who))) for store in _installed))


def everything_of(person: str) -> Everything:
    """What is known of the person with this key or identifier id, each thing itself. Raises ``ActError``."""
    catch_up()
    who = _known(person)
    items = {(store.room, store.what): [dict(one) for one in store.show(who)] for store in _installed}
    return Everything(who.key, names_of([who.key])[who.key], items)


def erase(*, person: str, by: str | None = None, progress: Callable[[str], None] | None = None) -> Erasure:
    """Erase the person with this key or identifier id. Figures stay; the log names what was taken.

    ``progress`` is told each step. Raises ``ActError`` where nobody has the id, and ``InUseError`` while something of
    the person is being worked on.
    """
    del by  # the log's line is the house's own; who asked stands in the audit
    catch_up()
    who = _known(person)
    gone = []
    for store in _installed:
        if progress is not None:
            progress(store.what)
        gone.append(_found(store, store.erase(who)))
    catch_up()
    if progress is not None:
        progress("looking for what is left")
    return Erasure(who.key, tuple(gone), tuple(leftovers(who)))


def _known(person: str) -> Sought:
    who = sought(person)
    if not Identifier.objects.filter(id__in=who.ids).exists():
        raise ActError(f"Nobody here has the identifier {person}: look them up with: twostroke find WORDS")
    return who


def _found(store: Store, count: int) -> Found:
    return Found(store.room, store.what, store.erasing, count)


def stores() -> tuple[Store, ...]:
    """The stores of this room. Identifiers are the last of all: by them a person is found again."""
    return (
        Store(
            room="identity",
            what="who they are by the newest lines: name, traits, companies, consents",
            erasing="folded again from what is left of the lines",
            tables=("identity.Described", "identity.Consent"),
            show=_profile,
            erase=lambda who: 0,
        ),
        Store(
            room="identity",
            what="identifiers: addresses, numbers, ids in other systems, devices",
            erasing="the values go; opaque ids stay on the lines, and a value that returns is somebody new",
            tables=("identity.Identifier", "identity.Suppression"),
            show=_identifiers,
            erase=_erase_identifiers,
        ),
    )


def _profile(who: Sought) -> Shown:
    from twostroke.identity.queries import person

    found = person(who.key)
    if found is None:
        return
    yield {
        "name": found.name,
        "traits": [_as_dict(trait) for trait in found.traits.values()],
        "companies": [
            _as_dict(one) | {"name": names_of([one.company], "company")[one.company]} for one in found.companies
        ],
        "consents": [_as_dict(one) for one in found.consents],
    }


def _as_dict(fact: Any) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in fact.__slots__}


def _identifiers(who: Sought) -> Iterator[dict[str, Any]]:
    rows = Identifier.objects.filter(id__in=who.ids, value__isnull=False).order_by("namespace", "id")
    for row in rows:
        yield {"id": row.id, "namespace": row.namespace, "value": row.value, "as_received": row.raw}


def _erase_identifiers(who: Sought) -> int:
    with transaction.atomic():
        rows = Identifier.objects.select_for_update().filter(id__in=who.ids, value__isnull=False)
        risen = [(_first(row), row.generation + 1) for row in rows]
        gone = Identifier.objects.filter(id__in=who.ids, value__isnull=False).update(value=None, raw=None)
        with connections["default"].cursor() as cursor:
            cursor.executemany(_RISE, sorted(risen))
    return gone


_RISE = (
    "INSERT INTO identity_suppression (first, generation) VALUES (%s, %s) "
    "ON CONFLICT (first) DO UPDATE SET generation = excluded.generation "
    "WHERE excluded.generation > identity_suppression.generation"
)


def _first(row: Identifier) -> str:
    """The opaque id of the value's first generation, as the minter makes it."""
    return opaque(settings.TWOSTROKE_KEY, "identifier", row.namespace, str(row.value), "0")
