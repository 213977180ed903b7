"""Lines in words: what a reader sees of a line, by its kind and its properties. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from twostroke.intake.facts import REASONS, By, HitVerdict
from twostroke.kit.text import folded
from twostroke.ledger.facts import Team, Told

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
# What a line was about, in a few words beside its title, best first; then the free words that stand under it.
_ABOUT = ("path", "form", "event", "subject", "title", "asset", "purpose", "name", "question", "content")
_WORDS = (
    "verbatim",
    "words",
    "body",
    "notes",
    "note",
    "message",
    "text",
    "description",
    "question",
    "answer",
    "comment",
)
# Their title says all, or names what the page is about anyway.
_NOT_ABOUT = frozenset({"company", "colleague", "deal", "identity", "owner", "person", "price", "product", "stage"})
_WENT = frozenset({"outcome", "minutes", "by"})
_NOT_SHOWN = frozenset(
    {
        "agent",
        "device_only",
        "webdriver",
        "ids",
        "stage",
        "path",
        "deal",
        "product",
        "batch",
        "rows",
        "basis",
        "verified",
    }
)


@dataclass(frozen=True, slots=True)
class Saying:
    """A line in words: what happened, what it was about, how it went, its free words, and the values left over."""

    title: str
    about: str
    went: str
    words: str
    details: Sequence[tuple[str, str]]


def saying_of(told: Told, verdict: HitVerdict | None = None) -> Saying:
    """The line in words; what is said once is not said again among the values. ``verdict`` says who did it."""
    line, properties = told.line, told.properties
    if verdict is not None and ("by" in properties or verdict.by is By.MACHINE):
        properties = {**properties, "by": verdict.by.value}
    page = line.content if line.kind == "page.viewed" else None
    title = title_of(line.kind, {"path": page, **properties} if page else properties)
    about = about_of(told)
    went = went_of(properties)
    words = words_of(line.kind, told.personal)
    if words == about:
        words = ""
    channels = {line.channel or "", channel_words(line.channel)}
    # A line of the channel repeats what the stream says beside the line.
    values = {
        name: value
        for name, value in [*properties.items(), *told.personal.items()]
        if not (name in _WENT or (name == "channel" and folded(str(value)) in channels) or value == line.campaign)
    }
    said = {about, words} | ({str(properties.get("name"))} if line.kind == "action.taken" else set())
    return Saying(title, about, went, words, details_of(values, said=said))


def why_of(verdict: HitVerdict) -> str:
    """Why a machine is thought to have done it, or why nobody can tell; empty for people."""
    return "" if verdict.by is By.HUMAN else _(REASONS[verdict.reason]).format(told=verdict.told)


def stage_words(stage: str | None) -> str:
    """A stage of the lifecycle as people write it: ``MQL``, ``opportunity``."""
    return "" if stage is None else STAGES.get(stage, stage)


def channel_words(channel: str | None) -> str:
    """A channel as people write it: ``organic search`` for ``organic-search``."""
    return "" if channel is None else "e-mail" if channel == "e-mail" else channel.replace("-", " ")


def title_of(kind: str, properties: Mapping[str, Any]) -> str:
    """One short sentence saying what happened, without who and when."""
    pattern = _TITLES.get(kind)
    if pattern is None:
        noun, _dot, participle = kind.partition(".")
        return f"{noun.capitalize()} {participle.replace('_', ' ')}"
    said = {name: str(value) for name, value in properties.items() if value not in (None, "")}
    if kind == "stage.reached" and "stage" in said:
        said["stage"] = stage_words(said["stage"])
    try:
        return pattern.format_map(said)
    except KeyError:
        return _WITHOUT[kind]


def about_of(told: Told) -> str:
    """What the line was about in a few words: a page, a form, a subject; empty where the title says it or none does."""
    kind, properties = told.line.kind, told.properties
    if kind in ("deal.lost", "deal.won"):
        return _plain(properties.get("reason"))
    if kind.partition(".")[0] in _NOT_ABOUT or kind in ("action.taken", "page.viewed"):
        return ""
    found = (_plain(part.get(name)) for name in _ABOUT for part in (properties, told.personal))
    return next((one for one in found if one), "") or _plain(told.line.content)


def went_of(properties: Mapping[str, Any]) -> str:
    """How it went and how long it took: ``Connected · 12 min``."""
    minutes = properties.get("minutes")
    by = properties.get("by")
    told_by = {"human": _("by a human"), "machine": _("by a machine"), "unsure": _("by a human or a machine: unsure")}
    parts = (
        _plain(properties.get("outcome")),
        _("%(n)s min") % {"n": minutes} if isinstance(minutes, int | float) and minutes else "",
        told_by.get(by, by) if isinstance(by, str) else "",
    )
    return " · ".join(part for part in parts if part)


def words_of(kind: str, personal: Mapping[str, Any]) -> str:
    """The free words of a line that are read first; empty where it has none, or only describes somebody."""
    if kind.endswith(".described"):
        return ""
    return next((str(personal[name]) for name in _WORDS if personal.get(name)), "")


def label(name: str) -> str:
    """A property's name as a label: ``seconds_on_site`` → ``Seconds on site``."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def details_of(values: Mapping[str, Any], *, said: Collection[str] = ()) -> list[tuple[str, str]]:
    """The values that are not among those ``said``, as (label, value), plain ones only, in the order given."""
    found = []
    for name, value in values.items():
        plain = isinstance(value, str | int | bool) and value != ""
        if plain and name not in _NOT_SHOWN and str(value) not in said:
            shown = (_("yes") if value else _("no")) if isinstance(value, bool) else str(value)
            found.append((label(name), str(shown)))
    return found


def _plain(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
