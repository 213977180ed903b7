"""Lines as they come out of the log, told in a few words: for tests that need no log to take them from."""

from __future__ import annotations

from typing import Any

from twostroke.ledger.facts import Line, Told

_BLANK: dict[str, Any] = dict.fromkeys(Line._fields) | {
    "seq": 1, "event_id": "e", "source": "crm", "message_id": "m", "part": 0, "body_hash": "h", "kind_version": 1,
    "observed": 1, "team": "customer", "stroke": "pull", "news": 1, "precision": "unknown", "recorded_at": 0,
    "subject_kind": "person", "subject": "s", "trust": "known", "properties": "{}",
}  # fmt: skip


def line(kind: str, *, at: int | None = None, **columns: Any) -> Line:
    """A line of this kind, to the millisecond where a time is given; every other column is harmless unless named."""
    precision = {"precision": "ms"} if at is not None and "precision" not in columns else {}
    return Line(**{**_BLANK, "kind": kind, "happened_at": at, **precision, **columns})


def told(
    kind: str, *, said: dict[str, Any] | None = None, personal: dict[str, Any] | None = None, **columns: Any
) -> Told:
    """The same with its properties and its personal part opened."""
    return Told(line(kind, **columns), said or {}, personal or {})
