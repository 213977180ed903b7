"""Lines in words: what a reader sees of a line, by its kind and its properties. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twostroke.ledger.facts import Team

GLYPHS: dict[str, str] = {
    Team.MARKETING.value: "■",
    Team.SALES.value: "▲",
    Team.CUSTOMER.value: "●",
    Team.SERVICE.value: "◆",
    Team.PARTNER.value: "◇",
    Team.SYSTEM.value: "·",
}

STAGES: dict[str, str] = {"mql": "MQL", "sal": "SAL", "sql": "SQL"}

# Kinds whose own two words read badly; {…} are properties of the line.
_TITLES: dict[str, str] = {
    "page.viewed": "Viewed {path}",
    "screen.viewed": "Viewed a screen",
    "form.submitted": "Sent a form",
    "content.viewed": "Read something",
    "content.downloaded": "Downloaded something",
    "video.watched": "Watched a video",
    "signup.completed": "Signed up",
    "card.taken": "Gave a card",
    "event.attended": "Came to an event",
    "mail.sent": "Mail sent",
    "meeting.requested": "Asked for a meeting",
    "action.taken": "{name}",
    "deal.opened": "Deal opened at {stage}",
    "deal.moved": "Deal moved to {stage}",
    "deal.lost": "Deal lost",
    "stage.reached": "Became {stage}",
    "identity.claimed": "Identifiers named together",
    "identity.merged": "Joined with another record",
    "identity.unmerged": "Join taken back",
    "identity.split": "Split from another record",
    "person.described": "Described",
    "company.described": "Described",
    "colleague.described": "Described",
    "owner.assigned": "Owner assigned",
    "feedback.heard": "Said",
}
_WITHOUT: dict[str, str] = {
    "page.viewed": "Viewed a page",
    "action.taken": "Did something",
    "deal.opened": "Deal opened",
    "deal.moved": "Deal moved",
    "stage.reached": "Stage reached",
}
# Free words that stand under the title, best first; the rest of the personal part is listed with its labels.
_WORDS = ("subject", "title", "verbatim", "words", "body", "notes", "message", "description", "question", "answer")
_NOT_SHOWN = frozenset({"ids", "stage", "path", "deal", "product", "batch", "rows", "basis", "verified"})


def stage_words(stage: str | None) -> str:
    """A stage of the lifecycle as people write it: ``MQL``, ``opportunity``."""
    return "" if stage is None else STAGES.get(stage, stage)


def channel_words(channel: str | None) -> str:
    """A channel as people write it: ``organic search`` for ``organic-search``."""
    return "" if channel is None else channel.replace("-", " ")


def title_of(kind: str, properties: Mapping[str, Any]) -> str:
    """One short sentence saying what happened, without who and when."""
    pattern = _TITLES.get(kind)
    if pattern is None:
        noun, _, participle = kind.partition(".")
        return f"{noun.capitalize()} {participle.replace('_', ' ')}"
    said = {name: str(value) for name, value in properties.items() if value not in (None, "")}
    if kind == "stage.reached" and "stage" in said:
        said["stage"] = stage_words(said["stage"])
    try:
        return pattern.format_map(said)
    except KeyError:
        return _WITHOUT[kind]


def words_of(kind: str, personal: Mapping[str, Any]) -> str:
    """The free words of a line that are read first; empty where it has none, or only describes somebody."""
    if kind.endswith(".described"):
        return ""
    return next((str(personal[name]) for name in _WORDS if personal.get(name)), "")


def label(name: str) -> str:
    """A property's name as a label: ``seconds_on_site`` → ``Seconds on site``."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def details_of(kind: str, properties: Mapping[str, Any], personal: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What else the line says, as (label, value), plain values only, in the order given."""
    first = words_of(kind, personal)
    found = []
    for name, value in [*properties.items(), *personal.items()]:
        plain = isinstance(value, str | int | bool) and value != ""
        if plain and name not in _NOT_SHOWN and str(value) != first:
            shown = ("yes" if value else "no") if isinstance(value, bool) else str(value)
            found.append((label(name), shown))
    return found
