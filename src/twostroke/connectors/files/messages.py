"""Rows that are Segment messages, one JSON object each, as lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from twostroke.connectors.files.cells import Cells, RefusedError, Row
from twostroke.connectors.segment import facts as segment
from twostroke.connectors.segment.translate import Translator
from twostroke.identity.facts import is_illegal
from twostroke.ledger.catalogue import current
from twostroke.ledger.facts import Draft

Builder = Callable[[Row, str], list[Draft]]

_LONGEST_ID = 200


def key_of(cells: Cells) -> Callable[[Row], str]:
    """The message's own id, ``""`` where it has none or the row is no message: then the row's hash names it."""
    del cells

    def key(row: Row) -> str:
        try:
            found = msgspec.json.decode(row[0], type=_Named).message_id
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return ""
        return found if isinstance(found, str) and len(found) <= _LONGEST_ID and not is_illegal(found) else ""

    return key


class _Named(msgspec.Struct, rename={"message_id": "messageId"}):
    message_id: Any = None


def messages(cells: Cells) -> Builder:
    """A message as the intake would take it under a secret key, at the time its receiver corrected."""
    sender = segment.Sender(cells.source, currency=cells.currency(), region=cells.settings.region)
    translator = Translator(current(), sender, cells.minter, cells.minter.key)

    def build(row: Row, key: str) -> list[Draft]:
        try:
            told = msgspec.json.decode(row[0])
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise RefusedError("no-json", f"The line is no JSON: {_why(error)}.") from None
        try:
            return list(translator.drafts(told, key=key))
        except segment.RefusedError as refused:
            raise RefusedError(refused.code, refused.reason) from None

    return build


def _why(error: Exception) -> str:
    """The reader's words, which name a place in the line and never what stands there."""
    said = str(error).rstrip(".")
    return said if isinstance(error, msgspec.DecodeError) and len(said) < 120 else "it cannot be read to its end"
