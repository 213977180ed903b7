"""Verbs that write to the log."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.db import transaction

from twostroke.kit.canonical import canonical_json
from twostroke.kit.ids import mac, uuid7
from twostroke.kit.time import is_zone, now_millis
from twostroke.ledger.append import CONFLICT, InvalidMessageError, append
from twostroke.ledger.checkpoints import Checkpoints
from twostroke.ledger.facts import ZONE, Draft, Message, Outcome, Precision, definition_subject
from twostroke.ledger.holding import mark_held
from twostroke.ledger.projecting import catch_up

__all__ = [
    "CONFLICT",
    "Checkpoints",
    "InvalidMessageError",
    "append",
    "catch_up",
    "change_definition",
    "mark_held",
    "say",
]

HOUSE = "twostroke"


@transaction.atomic
def say(*drafts: Draft, news: bool = True, source: str = HOUSE, message_id: str | None = None) -> str:
    """Append one message of the house's own: acts of people and decisions. Returns its message id.

    Give ``message_id`` where the act must not happen twice: said again, at whatever instant, it is on the log once.
    Raises ``InvalidMessageError`` where another act already has that id.
    """
    name = message_id or uuid7(now_millis(), os.urandom(10))
    body = canonical_json([_said(draft) for draft in drafts])
    [outcome] = append([Message(source, name, mac(settings.TWOSTROKE_KEY, body), drafts, news=news)])
    if outcome is Outcome.QUARANTINED:
        raise InvalidMessageError(f"{source} has already said something else under the name {name}.")
    return name


def _said(draft: Draft) -> dict[str, Any]:
    """What makes an act the same act: all of it but its instant, which is another one at each attempt."""
    left_out = ("happened_at", "precision")
    told = {name: getattr(draft, name) for name in draft.__struct_fields__ if name not in left_out}
    return told | {"properties": dict(draft.properties), "personal": dict(draft.personal)}


def change_definition(*, name: str, value: Any, by: str | None = None) -> None:
    """Say on the log what a name means from now on (a setting of the installation, a metric's goal).

    Raises ``ValueError`` for a time zone that the IANA database does not know: no day could be placed by it.
    """
    if name == ZONE and not (isinstance(value, str) and is_zone(value)):
        raise ValueError(f"There is no time zone {value!r}: give a name such as Europe/Berlin.")
    say(
        Draft(
            kind="definition.changed",
            subject_kind="definition",
            subject=definition_subject(name),
            happened_at=now_millis(),
            precision=Precision.MS,
            actor=by,
            properties={"name": name, "value": value},
        )
    )
