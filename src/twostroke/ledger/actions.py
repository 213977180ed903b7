"""Verbs that write to the log."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.db import transaction

from twostroke.kit.canonical import canonical_json
from twostroke.kit.ids import mac, uuid7
from twostroke.kit.time import now_millis
from twostroke.ledger.append import CONFLICT, InvalidMessageError, append
from twostroke.ledger.facts import Draft, Message, Precision, definition_subject
from twostroke.ledger.projecting import catch_up

__all__ = ["CONFLICT", "InvalidMessageError", "append", "catch_up", "change_definition", "say"]

HOUSE = "twostroke"


@transaction.atomic
def say(*drafts: Draft, news: bool = True, source: str = HOUSE, message_id: str | None = None) -> str:
    """Append one message of the house's own: acts of people and decisions. Returns its message id.

    Give ``message_id`` where the act must not happen twice.
    """
    name = message_id or uuid7(now_millis(), os.urandom(10))
    body = canonical_json([[d.kind, d.subject, d.happened_at, dict(d.properties), dict(d.personal)] for d in drafts])
    append([Message(source, name, mac(settings.TWOSTROKE_KEY, body), drafts, news=news)])
    return name


def change_definition(*, name: str, value: Any, by: str | None = None) -> None:
    """Say on the log what a name means from now on (a setting of the installation, a metric's goal)."""
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
