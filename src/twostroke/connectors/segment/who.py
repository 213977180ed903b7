"""Identify, group and alias: what a message claims and says of persons and companies."""

from __future__ import annotations

from typing import Any

from twostroke.connectors.segment.event import Event, Whom, legal
from twostroke.connectors.segment.facts import NOBODY, RefusedError
from twostroke.connectors.segment.values import Fields
from twostroke.identity.facts import DOMAIN, EMAIL, company_domain, device_namespace, normal_email
from twostroke.kit.time import is_zone
from twostroke.ledger.facts import Draft, Trust

# Personal fields of a person by Segment's reserved traits.
_TRAITS = (
    ("name", ("name",)),
    ("first_name", ("first_name", "firstname")),
    ("last_name", ("last_name", "lastname")),
    ("email", ("email",)),
    ("phone", ("phone",)),
    ("title", ("title", "job_title")),
    ("birthday", ("birthday",)),
    ("notes", ("description",)),
    ("occupation", ("occupation",)),
)


def claimed(event: Event, company: str | None) -> Draft:
    """The line that says the ids of the message are of one person, and with which company."""
    return _claim(event, "person", event.whom.ids, company)


def _claim(event: Event, kind: str, ids: tuple[str, ...] | list[str], company: str | None) -> Draft:
    known = event.sender.trust is Trust.KNOWN
    return Draft(
        "identity.claimed", kind, ids[0], *event.when, ids[0] if kind == "person" else None, company,
        properties={"ids": list(ids), "verified": known},
    )  # fmt: skip


def identify(event: Event) -> list[Draft]:
    """A claim, what is said of the person, and the company the traits name."""
    whom = _somebody(event)
    company, lines = _company_of_traits(event)
    told, personal = _described(event)
    drafts = [claimed(event, company)]
    if told or personal:
        drafts.append(
            Draft("person.described", "person", whom.ids[0], *event.when, whom.ids[0], company,
                  properties=told, personal=personal)
        )  # fmt: skip
    return drafts + lines


def _somebody(event: Event) -> Whom:
    if not event.whom.ids:
        raise RefusedError(NOBODY, "It names nobody: userId and anonymousId are missing or placeholders.")
    return event.whom


def _described(event: Event) -> tuple[dict[str, Any], dict[str, Any]]:
    traits, context = event.traits, event.context
    personal: dict[str, Any] = {}
    for name, names in _TRAITS:
        if value := traits.text(*names):
            personal[name] = value
    address = traits.within("address")
    country, zone = address.text("country"), context.text("timezone")
    language = traits.text("language") or context.text("locale")
    for name, value in (("city", traits.text("city") or address.text("city")), ("address", address.text("street"))):
        if value:
            personal[name] = value
    told: dict[str, Any] = {"country": traits.text("country") or country} if traits.text("country") or country else {}
    if is_zone(zone):
        told |= {"time_zone": zone, "time_zone_from": "stated"}
    if language:
        told["language"] = language
    rest = address.rest()
    personal.update({"postal_address": rest} if rest else {})
    return told, {**traits.rest(), **personal}


def _company_of_traits(event: Event) -> tuple[str | None, list[Draft]]:
    """The company of ``traits.company``: by its id, its web address, the person's own domain, else by its name."""
    value = event.traits.first("company")
    said = Fields(value if isinstance(value, dict) else {"name": value})
    name = said.text("name")
    key, site = legal(said.first("id", "company_id")), said.text("website", "domain")
    if not (name or key or site):
        return event.company, []
    minter, source = event.minter, event.sender.source
    domain = company_domain(site) if site else None
    if domain is None and not key:
        address = event.traits.text("email")
        domain = company_domain(address) if normal_email(address) else None
    ids = [event.record("company", key)] if key else []
    ids += [minter.mint(DOMAIN, domain, site or domain)] if domain else []
    if not ids:
        ids = [minter.mint(f"name:{source}:company", " ".join(name.split()).casefold(), name)]
    return ids[0], _company(event, ids, said)


def _company(event: Event, ids: list[str], said: Fields) -> list[Draft]:
    told, personal = _firm(said)
    drafts = [_claim(event, "company", ids, ids[0])] if len(ids) > 1 else []
    if told or personal:
        drafts.append(
            Draft("company.described", "company", ids[0], *event.when, company=ids[0],
                  properties=told, personal=personal)
        )  # fmt: skip
    return drafts


def _firm(said: Fields) -> tuple[dict[str, Any], dict[str, Any]]:
    address = said.within("address")
    told: dict[str, Any] = {}
    for name, value in (
        ("sector", said.text("industry")),
        ("employees", said.integer("employees")),
        ("country", said.text("country") or address.text("country")),
    ):
        if value:
            told[name] = value
    personal: dict[str, Any] = {}
    for name, text in (
        ("name", said.text("name")), ("website", said.text("website", "domain")), ("phone", said.text("phone")),
        ("city", said.text("city") or address.text("city")), ("address", address.text("street")),
        ("description", said.text("description")),
    ):  # fmt: skip
        if text:
            personal[name] = text
    return told, {**said.rest(), **personal}


def group(event: Event, group_id: Any) -> list[Draft]:
    """The company of a group call, and that whoever is named belongs to it."""
    key = legal(group_id)
    if not key:
        raise RefusedError(NOBODY, "It names no group: groupId is missing or a placeholder.")
    own = event.record("company", key)
    site = event.traits.text("website", "domain")
    domain = company_domain(site) if site else None
    ids = [own, event.minter.mint(DOMAIN, domain, site)] if domain else [own]
    drafts = _company(event, ids, event.traits)
    if event.whom.ids:
        drafts.append(claimed(event, own))
    elif not drafts:
        drafts.append(_claim(event, "company", ids, own))
    return drafts


def alias(event: Event, previous: Any) -> list[Draft]:
    """The claim of an alias call: the id before belongs to whoever is named now.

    Segment's clients alias an anonymous id, so the id before is a device; only an address is taken as an address.
    """
    before = legal(previous)
    if not before or not event.whom.ids:
        raise RefusedError(NOBODY, "An alias needs previousId and userId, and neither may be a placeholder.")
    address = normal_email(before) if "@" in before else None
    minter, source = event.minter, event.sender.source
    other = minter.mint(EMAIL, address, before) if address else minter.mint(device_namespace(source), before)
    ids = tuple(dict.fromkeys([*event.whom.ids, other]))
    return [_claim(event, "person", ids, event.company)]
