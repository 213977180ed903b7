"""Page, screen and track: what somebody did, as a line of the kind its name means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from twostroke.connectors.segment.event import Event, host_of, legal, path_of
from twostroke.connectors.segment.facts import NOBODY, RefusedError
from twostroke.connectors.segment.values import Fields, names_somebody, without_addresses
from twostroke.intake.facts import HIT, names_of_agent
from twostroke.ledger.facts import Draft, Kind, Property, Type

# What a property of a kind is called in Segment's specifications, where it is not called the same.
_CALLED: dict[str, dict[str, tuple[str, ...]]] = {
    "form.submitted": {
        "form": ("form", "form_name", "form_title", "form_id", "name"), "purpose": ("purpose", "form_type"),
    },
    "content.viewed": {"title": ("title", "content_title", "name"), "format": ("format", "content_type")},
    "content.downloaded": {
        "title": ("title", "content_title", "file_name", "name"), "format": ("format", "content_type"),
    },
    "video.watched": {"title": ("title", "name", "asset_id"), "seconds": ("position",)},
    "promotion.viewed": {"promotion": ("promotion_id", "name", "creative")},
    "promotion.clicked": {"promotion": ("promotion_id", "name", "creative")},
    "signup.completed": {"plan": ("plan", "account_plan"), "method": ("method", "type")},
    "trial.started": {"plan": ("plan", "trial_plan_name"), "days": ("days", "trial_days")},
    "trial.ended": {"plan": ("plan", "trial_plan_name")},
    "ad.shown": {"platform": ("platform", "publisher"), "format": ("format", "type")},
    "ad.clicked": {"platform": ("platform", "publisher"), "term": ("term",)},
    "product.listed": {"list": ("list_id", "list")},
    "product.clicked": {"list": ("list_id", "list")},
    "product.shared": {"via": ("share_via", "via")},
    "coupon.entered": {"coupon": ("coupon_id", "coupon_name", "coupon")},
    "checkout.started": {"coupon": ("coupon_id", "coupon")},
    "checkout.advanced": {"method": ("payment_method", "method")},
    "order.placed": {"coupon": ("coupon", "coupon_id")},
    "order.changed": {"coupon": ("coupon", "coupon_id")},
    "review.posted": {"scale": ("scale", "max_rating")},
    "mail.clicked": {"link": ("link_url", "link")},
}  # fmt: skip
_PERSONAL_CALLED: dict[str, dict[str, tuple[str, ...]]] = {
    "product.searched": {"query": ("query",)},
    "product.shared": {"message": ("share_message",), "recipient": ("recipient",)},
    "review.posted": {"text": ("review_body",), "title": ("review_title",)},
    "feedback.heard": {"verbatim": ("message_body", "message", "text"), "heard_by": ("agent_name",)},
    "signup.completed": {"user_name": ("username",)},
    "meeting.requested": {"message": ("message",), "subject": ("subject",)},
}
_NOT_TEXT = frozenset({Type.ID, Type.IDS, Type.JSON})


@dataclass(slots=True)
class Said:
    """What a line says, while it is put together. ``subject`` is None for the person it is about."""

    told: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, Any] = field(default_factory=dict)
    subject: tuple[str, str] | None = None
    money: tuple[int, str] | None = None
    who: str | None = None
    channel: str | None = None
    campaign: str | None = None
    content: str | None = None
    more: list[Draft] = field(default_factory=list)


def declared(kind: Kind, fields: Fields, said: Said) -> None:
    """Put the declared properties of a kind where they belong; what looks like an address goes to the personal part."""
    called = _CALLED.get(kind.name, {})
    for name, wanted in kind.properties.items():
        if wanted.type in _NOT_TEXT or name in said.told or name in HIT:
            continue
        value = _typed(fields, wanted, called.get(name, (name,)))
        if value is None:
            continue
        if isinstance(value, str) and names_somebody(value):
            said.personal[name] = value
        else:
            said.told[name] = value
    personal = _PERSONAL_CALLED.get(kind.name, {})
    for name in kind.personal:
        if text := fields.text(*personal.get(name, (name,))):
            said.personal[name] = text


def _typed(fields: Fields, wanted: Property, names: tuple[str, ...]) -> Any:
    if wanted.type is Type.INTEGER:
        return fields.integer(*names)
    if wanted.type is Type.DECIMAL:
        return fields.decimal(*names)
    if wanted.type is Type.BOOLEAN:
        return fields.boolean(*names)
    text = fields.text(*names)
    if wanted.type is Type.DATE:
        return text[:10] if len(text) >= 10 and text[4] == text[7] == "-" else None
    return text or None


def line(event: Event, kind: Kind, said: Said) -> list[Draft]:
    """The line itself, and what comes with it. What no reader asked for goes to the personal part."""
    who = said.who or event.whom.leading
    subject = said.subject or (("person", who) if who else None)
    if subject is None and event.company is not None and "company" in kind.subjects:
        subject = ("company", event.company)
    if subject is None:
        raise RefusedError(NOBODY, "It names nobody: userId and anonymousId are missing or placeholders.")
    came = event.origin
    amount, currency = said.money or (None, None)
    said.told.update(_traces(event, kind))
    personal = {**_rest(event), **said.personal}
    draft = Draft(
        kind.name, subject[0], subject[1], *event.when, who, event.company, None,
        said.channel or came.channel, said.campaign or came.campaign, said.content or came.content,
        amount, currency, said.told, personal,
    )  # fmt: skip
    return [draft, *said.more]


def _rest(event: Event) -> dict[str, Any]:
    """The fields nobody read under their own names, and the client's context."""
    left = event.fields.rest()
    context = event.context
    for name, spelt in (("ip", "ip"), ("user_agent", "userAgent")):
        if text := context.text(spelt):
            left[name] = text
    if around := {name: value for name, value in context.rest().items() if name != "library"}:
        left["context"] = around
    return left


def _traces(event: Event, kind: Kind) -> dict[str, Any]:
    """What a hit keeps of how it was done: enough to tell people from machines, and nothing that tells people apart."""
    found = {
        "agent": names_of_agent(event.context.text("userAgent")),
        "webdriver": event.context.boolean("webdriver") is True,
        "device_only": event.whom.only_device,
    }
    return {name: value for name, value in found.items() if value and name in kind.properties}


def page(event: Event, kind: Kind, name: str) -> list[Draft]:
    """A page that was looked at; and the click on the ad that led there, where its address says it was paid for."""
    said, fields = Said(), event.fields
    around = event.context.within("page")
    url = fields.text("url") or around.text("url")
    referrer = fields.text("referrer") or around.text("referrer")
    path = fields.text("path") or around.text("path")
    for told, value in (
        ("path", without_addresses(path_of(path))), ("host", host_of(url) if url else ""),
        ("referrer", host_of(referrer) if referrer else ""),
    ):  # fmt: skip
        if value:
            said.told[told] = value
    for personal, value in (
        ("url", url), ("title", fields.text("title") or around.text("title") or name),
        ("search", fields.text("search") or around.text("search")), ("referrer_url", referrer),
    ):  # fmt: skip
        if value:
            said.personal[personal] = value
    fields.first("name")
    declared(kind, fields, said)
    return line(event, kind, said)


_PAID = frozenset(
    {"cpc", "ppc", "cpm", "cpv", "cpa", "paid", "paid-search", "paid-social", "paidsearch", "paidsocial", "display",
     "banner", "retargeting", "remarketing", "sem", "ads", "ad", "video-ad", "sponsored"}
)  # fmt: skip


def ad_click(event: Event, kind: Kind) -> list[Draft]:
    """The click that a paid-for visit began with; none for other visits."""
    came, who = event.origin, event.whom.leading
    if came.channel not in _PAID or who is None:
        return []
    told: dict[str, Any] = {name: text for name, text in (("platform", came.source), ("term", came.term)) if text}
    told.update(_traces(event, kind))
    return [
        Draft(kind.name, "person", who, *event.when, who, event.company, None, came.channel, came.campaign,
              came.content, properties=told)
    ]  # fmt: skip


def screen(event: Event, kind: Kind, name: str) -> list[Draft]:
    """A screen of an app."""
    said = Said(told={"name": name} if name and not names_somebody(name) else {})
    declared(kind, event.fields, said)
    return line(event, kind, said)


def other(event: Event, kind: Kind, name: str) -> list[Draft]:
    """An act the catalogue has no kind for, by the name it was sent under."""
    said = Said(told={"name": without_addresses(name)})
    return line(event, kind, said)


def form(event: Event, kind: Kind, said: Said) -> None:
    """A form is on a page; what stood in its fields is personal."""
    path = event.fields.text("path") or event.context.within("page").text("path")
    if path:
        said.told["path"] = without_addresses(path_of(path))
    filled = event.fields.first("fields", "form_fields")
    if filled is not None:
        said.personal["fields"] = filled


def video(event: Event, kind: Kind, said: Said) -> None:
    """How much of it was seen: its position by its length, all where it says it was completed."""
    position, length = event.fields.decimal("position"), event.fields.decimal("total_length")
    share = 1.0
    if position is not None and length is not None and float(length) > 0:
        share = min(1.0, max(0.0, float(position) / float(length)))
    said.told["share"] = f"{share:.2f}".rstrip("0").rstrip(".")


def chat(event: Event, kind: Kind, said: Said) -> None:
    """Words of a customer in a chat."""
    said.told["where"] = "chat"
    if key := legal(event.fields.first("message_id")):
        said.subject = ("feedback", event.record("feedback", key))


def meeting(event: Event, kind: Kind, said: Said) -> None:
    """A meeting that was asked for."""
    if key := legal(event.fields.first("meeting_id", "id")):
        said.subject = ("meeting", event.record("meeting", key))


def proposal(event: Event, kind: Kind, said: Said) -> None:
    """A proposal that was opened."""
    key = legal(event.fields.first("proposal_id", "quote_id", "document_id"))
    said.subject = ("proposal", event.record("proposal", key or event.key))


def trial(event: Event, kind: Kind, said: Said) -> None:
    """How long a trial is to run, from its two dates."""
    if kind.name != "trial.started" or event.fields.first("days", "trial_days") is not None:
        return
    from twostroke.connectors.segment.values import instant

    first, last = (instant(event.fields.first(name)) for name in ("trial_start_date", "trial_end_date"))
    if first is not None and last is not None and last > first:
        said.told["days"] = (last - first) // 86_400_000


Particular = Callable[[Event, Kind, Said], None]
PARTICULAR: dict[str, Particular] = {
    "form.submitted": form,
    "video.watched": video,
    "feedback.heard": chat,
    "meeting.requested": meeting,
    "proposal.viewed": proposal,
    "trial.started": trial,
}
