"""What tables of deals hold of a person: their deals, whose names may name them."""

from __future__ import annotations

from twostroke.deals.models import Deal
from twostroke.kit.personal import Sought, Store


def stores() -> tuple[Store, ...]:
    """The stores of this room."""
    return (
        Store(
            room="deals",
            what="their deals",
            erasing="the deal, its stage, dates and amount stay; a name that stood in their lines goes",
            tables=("deals.Deal",),
            show=lambda who: list(_deals(who)),
            erase=lambda who: 0,
        ),
    )


def _deals(who: Sought) -> list[dict[str, object]]:
    told = Deal.objects.filter(person__in=who.ids).order_by("subject").values()
    return [{name: value for name, value in row.items() if value is not None} for row in told]
