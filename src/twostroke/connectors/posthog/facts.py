"""An event of PostHog's capture API as a message of Segment's. Pure. Source: PostHog, Capture API, Event properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from twostroke.intake.facts import Reader, RefusedError
from twostroke.ledger.facts import Message

NOT_AN_EVENT = "not_a_message"
_UTM = ("source", "medium", "campaign", "content", "term")


@dataclass(frozen=True, slots=True)
class PosthogReader:
    """Reads events of PostHog's clients with the reader of Segment's messages."""

    segment: Reader

    def message(self, event: Any, *, received_at: int, name: str = "") -> Message:
        """As ``Reader.message``."""
        return self.segment.message(as_segment(event), received_at=received_at, name=name)

    def name_on_log(self, event: Any, name: str = "") -> str:
        """As ``Reader.name_on_log``."""
        return self.segment.name_on_log(as_segment(event), name)

    def body_hash(self, event: Any) -> str:
        """As ``Reader.body_hash``."""
        return self.segment.body_hash(as_segment(event))


def as_segment(event: Any) -> dict[str, Any]:
    """The same event in Segment's words. Raises ``RefusedError`` for what is no JSON object."""
    if not isinstance(event, dict):
        raise RefusedError(
            NOT_AN_EVENT, "It is no JSON object: an event is one, with event, distinct_id and properties."
        )
    told = event.get("properties")
    said: Mapping[str, Any] = told if isinstance(told, dict) else {}
    distinct = event.get("distinct_id", said.get("distinct_id"))
    found = {
        "messageId": event.get("uuid"),
        "timestamp": event.get("timestamp"),
        "sentAt": event.get("sentAt"),
        **_who(distinct, said),
        "context": _context(event, said),
        **_act(event, said, distinct),
    }
    return {name: value for name, value in found.items() if value is not None and value != {}}


def _who(distinct: Any, said: Mapping[str, Any]) -> dict[str, Any]:
    """An id that is the device's own, or that makes no person, is anonymous; any other is a user's."""
    device = said.get("$device_id")
    anonymous = distinct == device or said.get("$process_person_profile") is False
    before = said.get("$anon_distinct_id", device)
    return {"anonymousId": distinct} if anonymous else {"userId": distinct, "anonymousId": before}


def _context(event: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    campaign = {"name" if one == "campaign" else one: said.get(f"utm_{one}") for one in _UTM}
    groups = said.get("$groups")
    company = groups.get("company") if isinstance(groups, dict) else None
    found = {
        "campaign": {name: value for name, value in campaign.items() if value},
        "traits": _traits(event, said),
        "userAgent": said.get("$raw_user_agent"),
        "ip": said.get("$ip"),
        "groupId": company,
        "library": {"name": said["$lib"]} if isinstance(said.get("$lib"), str) else {},
    }
    return {name: value for name, value in found.items() if value}


def _traits(event: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    traits: dict[str, Any] = {}
    for given in (said.get("$set_once"), event.get("$set_once"), said.get("$set"), event.get("$set")):
        traits.update(given if isinstance(given, dict) else {})
    return traits


def _act(event: Mapping[str, Any], said: Mapping[str, Any], distinct: Any) -> dict[str, Any]:
    name = event.get("event")
    own = {key: value for key, value in said.items() if not key.startswith("$") and not key.startswith("utm_")}
    if name in ("$pageview", "$screen"):
        seen = {"url": said.get("$current_url"), "title": said.get("title"), "referrer": said.get("$referrer")}
        seen |= {"path": said.get("$pathname"), "name": said.get("$screen_name")}
        return {"type": "page" if name == "$pageview" else "screen", "properties": {**own, **_there(seen)}}
    if name in ("$identify", "$set"):
        return {"type": "identify", "traits": _traits(event, said)}
    if name == "$create_alias":
        return {"type": "alias", "previousId": said.get("alias"), "userId": distinct, "anonymousId": None}
    if name == "$groupidentify":
        # Its distinct id is made up of the group's own words: nobody is named.
        traits = said.get("$group_set")
        nobody = {"userId": None, "anonymousId": None}
        return {
            "type": "group",
            "groupId": said.get("$group_key"),
            "traits": traits if isinstance(traits, dict) else {},
            **nobody,
        }
    return {"type": "track", "event": name, "properties": own}


def _there(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}
