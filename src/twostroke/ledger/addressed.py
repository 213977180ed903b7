"""Addresses of people where nothing personal may stand: they go to the part of a line that can be erased.

Properties and labels outlive every erasure. They are meant for words such as "fair" or "too expensive", but what people
write into a list of reasons, or a form sends as a campaign, may be somebody's e-mail address.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import structs

from twostroke.kit.canonical import canonical_json
from twostroke.kit.text import domain_start
from twostroke.ledger.facts import Draft

_WORD = re.compile(r"[^\s<>,;:\"'()\[\]{}=&?/]+")
_TOP_LEVEL = re.compile(r"\.[^\W\d_]{2}")
_LABELS = ("channel", "campaign", "content")
# What people set is said on purpose, and must be read for ever.
_SETTINGS = "definition.changed"


def may_hold_address(draft: Draft, properties: str) -> bool:
    """Whether a closer look is worth it; ``properties`` as JSON. Asked of every line: it only looks for @."""
    if "@" in properties or "%40" in properties:
        return draft.kind != _SETTINGS
    labels = (draft.channel, draft.campaign, draft.content)
    return labels != (None, None, None) and any(one and ("@" in one or "%40" in one) for one in labels)


def without_addresses(draft: Draft) -> Draft:
    """The draft with every property and label that holds an address in its personal part, under its own name."""
    moved: dict[str, Any] = {name: value for name, value in draft.properties.items() if _holds_address(_as_text(value))}
    labels = {name: said for name in _LABELS if (said := getattr(draft, name)) and _holds_address(said)}
    if not moved and not labels:
        return draft
    kept = {name: value for name, value in draft.properties.items() if name not in moved}
    personal = {**labels, **moved, **draft.personal}
    return structs.replace(draft, properties=kept, personal=personal, **dict.fromkeys(labels))


def _holds_address(text: str) -> bool:
    return any(_TOP_LEVEL.search(word, domain_start(word)) for word in _WORD.findall(text))


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else canonical_json(value).decode()
