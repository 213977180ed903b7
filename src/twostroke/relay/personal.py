"""What the lifecycle holds of a person: where they stand."""

from __future__ import annotations

from twostroke.kit.personal import Store
from twostroke.relay.models import Standing


def stores() -> tuple[Store, ...]:
    """The stores of this room."""
    return (
        Store(
            room="relay",
            what="where they stand in the lifecycle",
            erasing="stays as a figure about nobody",
            tables=("relay.Standing",),
            show=lambda who: list(Standing.objects.filter(subject__in=who.ids).order_by("subject").values()),
            erase=lambda who: 0,
        ),
    )
