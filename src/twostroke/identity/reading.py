"""Rows of who is who as the doors' facts, in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from twostroke.identity.facts import EMAIL, PHONE, ConsentState, Known, Membership, Trait, is_device, leads
from twostroke.identity.projection.claims import select

_MEMBERS = (
    "SELECT m.person, m.identifier, i.namespace, i.value, i.raw, m.shared, m.verified FROM identity_member m "
    "LEFT JOIN identity_identifier i ON i.id = m.identifier WHERE {among:m.person} AND m.kind = %s"
)
_DESCRIBED = (
    "SELECT subject, name, traits, companies, orders FROM identity_described WHERE {among:subject} AND kind = %s"
)
_CONSENTS = (
    'SELECT subject, purpose, given, basis, how, wording, source, happened_at, precision, "order" '
    "FROM identity_consent WHERE {among:subject}"
)


class Description(NamedTuple):
    """What one identifier's own lines say."""

    subject: str
    name: str
    traits: Mapping[str, Sequence[Any]]
    companies: Sequence[Sequence[Any]]
    orders: Mapping[str, list[Any]]


def whose(names: Collection[str], kind: str, using: str) -> dict[str, str]:
    """Each identifier with the key of the one it belongs to; those that are nobody's are left out."""
    sql = "SELECT identifier, person FROM identity_member WHERE {among:identifier} AND kind = %s"
    return {str(name): str(person) for name, person in select(using, sql, names, kind)}


def identifiers_of(keys: Collection[str], kind: str, using: str) -> dict[str, list[Known]]:
    """The identifiers of each key, the one that leads first."""
    found: dict[str, dict[str, Known]] = defaultdict(dict)
    for person, name, namespace, value, raw, shared, verified in select(using, _MEMBERS, keys, kind):
        found[person][name] = Known(name, namespace or "", value, raw, bool(shared), bool(verified))
    return {
        key: [mine[name] for name in leads((one.id, one.namespace) for one in mine.values())]
        for key, mine in found.items()
    }


def descriptions_of(subjects: Collection[str], kind: str, using: str) -> dict[str, Description]:
    """What the lines of each of these identifiers say, by identifier."""
    decode = msgspec.json.decode
    return {
        subject: Description(subject, name, decode(traits), decode(companies), decode(orders))
        for subject, name, traits, companies, orders in select(using, _DESCRIBED, subjects, kind)
    }


def laid_together(descriptions: Iterable[Description]) -> dict[str, Trait]:
    """The newest value of each field over several descriptions of one, by name."""
    newest: dict[str, tuple[list[Any], Sequence[Any]]] = {}
    for one in descriptions:
        for name, told in one.traits.items():
            if name not in newest or newest[name][0] < one.orders[name]:
                newest[name] = (one.orders[name], told)
    return {
        name: Trait(name, value, source, at, precision)
        for name, (_, (value, at, precision, source)) in sorted(newest.items())
    }


def called(traits: Mapping[str, Trait], known: Sequence[Known]) -> str:
    """The name to show: their name, else their address, else what the source calls the record.

    A visitor nobody knows is called by the beginning of a device's id: enough to tell two apart, and no name.
    """
    full = traits.get("name")
    if full is not None:
        return str(full.value)
    parts = [str(traits[part].value) for part in ("first_name", "last_name") if part in traits]
    if parts:
        return " ".join(parts)
    for namespace in (EMAIL, PHONE):
        for one in known:
            if one.namespace == namespace and one.value:
                return one.value
    if "email" in traits:
        return str(traits["email"].value)
    records = [one.raw for one in known if one.raw and not is_device(one.namespace)]
    devices = [f"visitor {one.raw[:6]}" for one in known if one.raw and is_device(one.namespace)]
    return next(iter([*records, *devices]), "")


def memberships(descriptions: Iterable[Description], company_of: Mapping[str, str]) -> tuple[Membership, ...]:
    """The companies somebody is or was with, the newest first; ``company_of`` gives companies' present keys."""
    found = [
        Membership(company_of.get(company, company), since, until, source, place == len(one.companies) - 1)
        for one in descriptions
        for place, (company, since, until, source) in enumerate(one.companies)
    ]
    return tuple(sorted(found, key=lambda one: (one.present, one.since or 0, one.company, one.source), reverse=True))


def consents_of(known: Mapping[str, Sequence[Known]], using: str) -> dict[str, tuple[ConsentState, ...]]:
    """The newest word on each purpose over all identifiers of each key, by purpose."""
    key_of = {one.id: key for key, mine in known.items() for one in mine}
    newest: dict[str, dict[str, tuple[Any, ConsentState]]] = defaultdict(dict)
    for subject, purpose, given, *told, order in select(using, _CONSENTS, key_of.keys()):
        mine, place = newest[key_of[subject]], msgspec.json.decode(order)
        if purpose not in mine or mine[purpose][0] < place:
            mine[purpose] = (place, ConsentState(purpose, bool(given), *told))
    return {key: tuple(mine[purpose][1] for purpose in sorted(mine)) for key, mine in newest.items()}
