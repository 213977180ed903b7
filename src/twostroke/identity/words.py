"""A line in a few words, for a stream: "Call made: asked for a price", "Deal moved to Negotiation"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from twostroke.ledger.facts import Told, Trust

Said = Mapping[str, Any]

_PHRASES: dict[str, str] = {
    "identity.claimed": "Identifiers known to be one",
    "identity.merged": "Merged by hand",
    "identity.unmerged": "Merge taken back",
    "identity.split": "Split by hand",
    "person.described": "Details",
    "company.described": "Company details",
    "colleague.described": "Colleague details",
    "product.described": "Product details",
    "owner.assigned": "Owner assigned",
    "stage.reached": "Stage reached",
    "action.taken": "Action",
    "card.taken": "Card taken at a fair",
    "consent.given": "Consent given",
    "consent.withdrawn": "Consent withdrawn",
    "page.viewed": "Page viewed",
    "form.submitted": "Form sent in",
    "feedback.heard": "Said",
}
# With a public key anybody can say so.
_SAID_TO_BE = "Identifiers said to be one"
_TO: dict[str, Callable[[Said], Any]] = {
    "deal.opened": lambda p: p.get("stage"),
    "deal.moved": lambda p: p.get("stage"),
    "stage.reached": lambda p: p.get("name") or p.get("stage"),
    "deal.lost": lambda p: p.get("reason"),
    "deal.won": lambda p: p.get("reason"),
    "page.viewed": lambda p: p.get("path"),
    "screen.viewed": lambda p: p.get("name"),
    "form.submitted": lambda p: p.get("form"),
    "content.viewed": lambda p: p.get("title"),
    "content.downloaded": lambda p: p.get("title"),
    "video.watched": lambda p: p.get("title"),
    "event.invited": lambda p: p.get("event"),
    "event.attended": lambda p: p.get("event"),
    "card.taken": lambda p: p.get("event"),
    "action.taken": lambda p: p.get("name"),
    "consent.given": lambda p: p.get("purpose"),
    "consent.withdrawn": lambda p: p.get("purpose"),
    "call.made": lambda p: p.get("outcome"),
    "meeting.held": lambda p: p.get("outcome"),
    "handoff.rejected": lambda p: p.get("reason"),
}
# Personal fields that say what it was about, the most telling first.
_ABOUT = ("verbatim", "subject", "title", "message", "notes", "note", "body", "content", "words", "name")
_LONGEST = 140


def words_of(told: Told) -> str:
    """The line in one short phrase, with what it was about where the line says so."""
    kind = told.line.kind
    phrase = _SAID_TO_BE if kind == "identity.claimed" and told.line.trust == Trust.CLAIMED else _PHRASES.get(kind)
    phrase = phrase or kind.replace(".", " ").replace("_", " ").capitalize()
    detail = _TO[kind](told.properties) if kind in _TO else None
    about = next((told.personal[name] for name in _ABOUT if isinstance(told.personal.get(name), str)), None)
    said = detail or about or told.line.content
    return f"{phrase}: {shortened(str(said))}" if said else phrase


def shortened(text: str) -> str:
    """At most 140 characters, ending in … where something is left out."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1].rstrip() + "…"
