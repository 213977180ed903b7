"""Which kind of line an event's name means: read from the catalogue, whose kinds name the events they come from."""

from __future__ import annotations

import re
from collections.abc import Iterable

from twostroke.connectors.segment.facts import ALSO_CALLED
from twostroke.ledger.facts import Kind

OTHER = "action.taken"
_PREFIX = "Segment "
_NOT_LETTERS = re.compile(r"[^0-9a-z]+")


def squeezed(name: str) -> str:
    """``Order Completed``, ``order_completed`` and ``orderCompleted`` are one name."""
    return _NOT_LETTERS.sub("", name.lower())


def named_events(kinds: Iterable[Kind]) -> dict[str, Kind]:
    """The kind of each event by its squeezed name, other spellings in use among them.

    Raises ``ValueError`` where two kinds name one event.
    """
    found: dict[str, Kind] = {}
    for name, kind in event_names(kinds):
        for spelt in (name, *ALSO_CALLED.get(name, ())):
            other = found.setdefault(squeezed(spelt), kind)
            if other is not kind:
                raise ValueError(f"{kind.name} and {other.name} both come from the event {spelt}.")
    return found


def event_names(kinds: Iterable[Kind]) -> list[tuple[str, Kind]]:
    """Each event of Segment's specifications that a kind names, with that kind. Calls (``Segment page``) are none."""
    return [
        (origin.removeprefix(_PREFIX), kind)
        for kind in kinds
        for origin in kind.comes_from
        if origin.startswith(_PREFIX) and origin[len(_PREFIX)].isupper()
    ]
