"""One message opened: when it was, whom it names, where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from twostroke.connectors.segment.facts import NO_DATE, NOT_A_MESSAGE, RefusedError, Sender
from twostroke.connectors.segment.values import Fields, as_text, instant, names_somebody
from twostroke.identity.facts import (
    EMAIL,
    PHONE,
    Minter,
    device_namespace,
    is_illegal,
    normal_email,
    normal_phone,
    user_namespace,
)
from twostroke.kit.text import slug
from twostroke.ledger.facts import Precision

When = tuple[int | None, Precision]
# A year outside of these is no time of an act but a broken clock or a wrong unit; nought is a clock that was never set.
_EARLIEST, _LATEST = 1, 253_402_300_799_999
# What comes now has happened. A day leaves room for times sent without their offset, and for clocks that were set back.
_AHEAD = 86_400_000
# Hosts and channels are shorter; what is longer takes long to normalise.
_LONG = 1_000


@dataclass(frozen=True, slots=True)
class Whom:
    """Opaque ids of those a message names, the one that leads first; ``address`` is the e-mail's, if there is one.

    ``only_device``: it names nothing but a device.
    """

    ids: tuple[str, ...]
    address: str | None = None
    only_device: bool = False

    @property
    def leading(self) -> str | None:
        """The id that a line goes by."""
        return self.ids[0] if self.ids else None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where somebody came from: UTM fields, normalised. ``medium`` is the channel."""

    channel: str | None = None
    campaign: str | None = None
    content: str | None = None
    source: str = ""
    term: str = ""


@dataclass(slots=True)
class Event:
    """A message as the writers of lines take it: ids are opaque.

    ``key`` names what has no id of its own; ``event_name`` is the event's name squeezed, ``""`` outside of track calls.
    """

    fields: Fields
    traits: Fields
    context: Fields
    when: When
    whom: Whom
    origin: Origin
    sender: Sender
    minter: Minter
    key: str
    company: str | None = None
    event_name: str = ""

    def record(self, kind: str, key: str) -> str:
        """The opaque id of a record of the sender's source."""
        return self.minter.record(self.sender.source, kind, key)


def when(message: Mapping[str, Any], received_at: int | None) -> When:
    """When it happened, the skew of the client's clock taken out.

    Received just now (``received_at``, ms): its age by the client's own clock (``sentAt`` less ``originalTimestamp`` or
    ``timestamp``) before that instant. From a file (None): ``timestamp``, which Segment has corrected; else the same
    from the file's own ``receivedAt``. Source: Segment, Spec: Common Fields, Timestamps. Raises
    ``RefusedError`` for what is no time, or lies over a day ahead of its receipt.
    """
    original, sent = _instant(message, "originalTimestamp"), _instant(message, "sentAt")
    told = _instant(message, "timestamp")
    if received_at is not None:
        return _just_now(told if original is None else original, sent, received_at), Precision.MS
    if told is not None:
        return told, Precision.MS
    received = _instant(message, "receivedAt")
    if original is None:
        return (None, Precision.UNKNOWN) if received is None else (received, Precision.MS)
    if sent is None or received is None:
        return original, Precision.MS
    return _within(received - (sent - original)), Precision.MS


def _just_now(original: int | None, sent: int | None, received: int) -> int:
    if original is None:
        return received
    happened = original if sent is None else _within(received - (sent - original))
    if happened > received + _AHEAD:
        raise RefusedError(
            NO_DATE, "Its time lies more than a day ahead of when it came: the clock or the unit is wrong."
        )
    return happened


def _instant(message: Mapping[str, Any], name: str) -> int | None:
    value = message.get(name)
    if value is None or value == "":
        return None
    found = instant(value)
    if found is None:
        raise RefusedError(NO_DATE, f"{name} is no instant: write ISO 8601, such as 2026-03-02T09:30:00Z.")
    return _within(found)


def _within(found: int) -> int:
    if not _EARLIEST <= found <= _LATEST:
        raise RefusedError(NO_DATE, "The time is not within 1970 to 9999: the clock or the unit is wrong.")
    return found


def whom(message: Mapping[str, Any], traits: Fields, sender: Sender, minter: Minter) -> Whom:
    """The ids that are nobody's placeholder: user id, e-mail, phone, anonymous id. An address as user id is both."""
    user, device = legal(message.get("userId")), legal(message.get("anonymousId"))
    ids = [minter.mint(user_namespace(sender.source), user)] if user else []
    address = None
    for raw in (traits.text("email"), user):
        normal = normal_email(raw) if "@" in raw else None
        if normal is not None:
            address = minter.mint(EMAIL, normal, raw)
            ids.append(address)
            break
    number = traits.text("phone")
    if number and (dialled := normal_phone(number, sender.region)) is not None:
        ids.append(minter.mint(PHONE, dialled, number))
    alone = bool(device) and not ids
    if device:
        ids.append(minter.mint(device_namespace(sender.source), device))
    return Whom(tuple(ids), address, alone)


def legal(value: Any) -> str:
    """An id as text, ``""`` for what can be nobody's."""
    text = as_text(value)
    return "" if not text or is_illegal(text) else text


def origin(context: Fields) -> Origin:
    """The campaign of ``context.campaign`` (UTM). What looks like an address is no campaign's name."""
    found = context.within("campaign")
    if not found.rest():
        return Origin()
    said = [found.text(name) for name in ("medium", "name", "content", "source", "term")]
    medium, name, content, source, term = ("" if names_somebody(text) else text for text in said)
    return Origin(slug(medium[:_LONG]) or None, name or None, content or None, source, term)


def company_of(context: Fields, sender: Sender, minter: Minter) -> str | None:
    """The company the client says its user belongs to (``context.groupId``)."""
    group = legal(context.first("groupId"))
    return minter.record(sender.source, "company", group) if group else None


def host_of(url: str) -> str:
    """The host of a web address in lower case, ``""`` where it has none."""
    url = url[:_LONG]
    try:
        return (urlsplit(url if "//" in url else f"//{url}").hostname or "").lower()
    except ValueError:
        return ""


def path_of(url: str) -> str:
    """A web address without query and fragment."""
    return url.partition("?")[0].partition("#")[0]


def opened(message: Any, received_at: int | None, sender: Sender, minter: Minter, key: str) -> Event:
    """A message taken apart. Raises ``RefusedError``."""
    if not isinstance(message, dict):
        raise RefusedError(NOT_A_MESSAGE, "It is no JSON object: a message is one, with type, ids and properties.")
    context = Fields(message.get("context"))
    told = {**_object(message, "context", "traits"), **_object(message, "traits")}
    # A group's own traits are the company's.
    own = _object(message, "context", "traits") if message.get("type") == "group" else told
    traits = Fields(told)
    context.within("traits")
    return Event(
        fields=Fields(message.get("properties")),
        traits=traits,
        context=context,
        when=when(message, received_at),
        whom=whom(message, Fields(own), sender, minter),
        origin=origin(context),
        sender=sender,
        minter=minter,
        key=key,
        company=company_of(context, sender, minter),
    )


def _object(message: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    found: Any = message
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
