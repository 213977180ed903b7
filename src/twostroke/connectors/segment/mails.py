"""The e-mail specification: a mail to one address, and what became of it."""

from __future__ import annotations

from twostroke.connectors.segment.acts import Said
from twostroke.connectors.segment.event import Event, legal, path_of
from twostroke.connectors.segment.facts import NOBODY, RefusedError
from twostroke.connectors.segment.values import names_somebody
from twostroke.identity.facts import EMAIL, normal_email
from twostroke.ledger.facts import Draft, Kind

PURPOSE = "marketing mail"


def mail(event: Event, kind: Kind, said: Said) -> None:
    """Who it went to, which mail it was, and what is particular to the event.

    The address is whom the line is about: a mail is sent to an address, and whose that is, other messages say. One
    mail of a campaign to one address is one subject, so that its opening finds its sending.
    """
    fields = event.fields
    who = event.whom.address or _address(event) or event.whom.leading
    if who is None:
        raise RefusedError(NOBODY, "The mail names no recipient: send userId, or the address in context.traits.email.")
    said.who = who
    key = legal(fields.first("email_id"))
    said.subject = ("mail", event.record("mail", f"{key} {who}" if key else event.key))
    _campaign(event, said)
    if text := fields.text("email_subject", "subject"):
        said.personal["subject"] = text
    if kind.name in ("mail.opened", "mail.clicked"):
        said.told["by"] = "unsure"
    if kind.name == "mail.clicked":
        link = path_of(fields.text("link_url", "link"))
        if link and not names_somebody(link):
            said.told["link"] = link
    if kind.name == "mail.bounced":
        _bounce(event, said)
    if kind.name == "mail.unsubscribed":
        _unsubscribed(event, said, who)


def _address(event: Event) -> str | None:
    raw = event.fields.text("email", "recipient")
    normal = normal_email(raw) if "@" in raw else None
    return event.minter.mint(EMAIL, normal, raw) if normal else None


def _campaign(event: Event, said: Said) -> None:
    campaign = event.fields.within("campaign")
    name = campaign.text("name", "id") or event.fields.text("campaign_name", "campaign_id")
    if name and not names_somebody(name):
        said.campaign = name
    said.channel = "email"


def _bounce(event: Event, said: Said) -> None:
    kind = event.fields.text("bounce_type", "type").lower()
    if kind:
        said.told["lasting"] = kind.startswith(("hard", "permanent"))
    if reason := event.fields.text("reason", "response"):
        said.personal["response"] = reason


def _unsubscribed(event: Event, said: Said, who: str) -> None:
    name = event.fields.text("list_name", "list_id")
    if name and not names_somebody(name):
        said.told["list"] = name
    told = {"purpose": PURPOSE, "how": "link"}
    said.more.append(Draft("consent.withdrawn", "person", who, *event.when, who, properties=told))
