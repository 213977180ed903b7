"""People as pages show them, from the doors of identity, relay and the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from twostroke.identity import queries as identity
from twostroke.identity.facts import DOMAIN, EMAIL, PHONE, Known, Person, Trait
from twostroke.intake.queries import done_by_machines
from twostroke.kit.text import folded
from twostroke.ledger.facts import Line, Stroke, Team
from twostroke.ledger.queries import Log
from twostroke.relay.queries import furthest, standings
from twostroke.web.freshness import Kept
from twostroke.web.naming import named
from twostroke.web.people.shapes import Identified, PersonRow, Said, Touches, Value
from twostroke.web.telling import channel_words, label
from twostroke.web.templatetags.say import ago, grouped

_by_name: Kept[tuple[str, ...]] = Kept(follows=identity.edition)
_NOT_SHOWN = frozenset({"name", "first_name", "last_name", "manager", "parent"})


def keys_by_name() -> Sequence[str]:
    """The keys of everybody, by name; those without one last, by key."""
    # Sorting all of them is too much for every look at the list, and for every line that says nothing of anybody.
    return _by_name.get("keys", _sorted_keys)


def _sorted_keys() -> tuple[str, ...]:
    names = identity.names_of(identity.all_keys("person"))
    return tuple(sorted(names, key=lambda key: (not names[key], folded(names[key]), key)))


def rows_of(keys: Sequence[str]) -> list[PersonRow]:
    """A row for each of these persons, in the order given."""
    people = {one.key: one for one in identity.persons(keys)}
    ids = {known.id: key for key, one in people.items() for known in one.identifiers}
    lines: dict[str, list[Line]] = {key: [] for key in people}
    told = Log().of_identifiers(list(ids))
    machines = done_by_machines(told)
    for line in told:
        if line.seq in machines:
            continue
        lines[ids[line.identifier or ""]].append(line)
    owners = {key: _owner(mine) for key, mine in lines.items()}
    names = named(
        companies={company for one in people.values() if (company := company_of(one))},
        colleagues={owner for owner in owners.values() if owner},
    )
    stages = standings(list(ids))

    def row(one: Person) -> PersonRow:
        standing = furthest(stages[known.id] for known in one.identifiers if known.id in stages)
        mine = lines[one.key]
        return PersonRow(
            id=one.key,
            name=one.name or _("Without a name"),
            under=_under(one),
            company=names.get(company_of(one) or ""),
            stage=None if standing is None else standing.stage.value,
            marketing=touches(mine, Team.MARKETING),
            sales=touches(mine, Team.SALES),
            customer=touches(mine, Team.CUSTOMER),
            owner=names.get(owners[one.key] or ""),
            channel=channel_words(
                standing.channel if standing is not None else next((x.channel for x in mine if x.channel), None)
            ),
        )

    return [row(people[key]) for key in keys if key in people]


def touches(lines: Sequence[Line], team: Team) -> Touches:
    """How often and when last a team touched, or the customer moved: lines with a stroke, not mere records."""
    mine = [line for line in lines if line.team == team and line.stroke != Stroke.NONE]
    last = max((line.happened_at for line in mine if line.happened_at is not None), default=None)
    if not mine:
        return Touches(0, None, "\u2013")
    count = grouped(len(mine))
    return Touches(len(mine), last, f"{count}\u00d7" if last is None else f"{ago(last)} · {count}\u00d7")


def company_of(person: Person) -> str | None:
    """The company the person is with at present, by key."""
    return next((one.company for one in person.companies if one.present), None)


def values_of(traits: Mapping[str, Trait]) -> list[Said]:
    """What is known, with source and date, the newest first; ids of others are shown elsewhere."""
    groups: dict[tuple[str, int | None, str], list[Value]] = {}
    for name, trait in traits.items():
        if name not in _NOT_SHOWN and trait.value not in (None, ""):
            group = groups.setdefault((trait.source, trait.happened_at, trait.precision), [])
            group.append(Value(label(name), _plain(trait.value)))
    ordered = sorted(groups.items(), key=lambda item: (-(item[0][1] or 0), item[0][0]))
    return [Said(source, at, precision, tuple(values)) for (source, at, precision), values in ordered]


def identified(known: Sequence[Known]) -> list[Identified]:
    """Identifiers in words; an erased one says so."""
    return [Identified(_namespace(one.namespace), one.raw or _("erased"), not one.verified) for one in known]


def owner_of(lines: Sequence[Line]) -> str | None:
    """Who owns the person by the newest line that says so."""
    return _owner(lines)


def _owner(lines: Sequence[Line]) -> str | None:
    return next((line.actor for line in reversed(lines) if line.kind == "owner.assigned" and line.actor), None)


def _under(person: Person) -> str:
    title = person.traits.get("title")
    email = next((one.value for one in person.identifiers if one.namespace == EMAIL and one.value), "")
    return " · ".join(part for part in (str(title.value) if title else "", email) if part and part != person.name)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return grouped(value) if isinstance(value, int) and abs(value) >= 10_000 else str(value)


def _namespace(namespace: str) -> str:
    known = {EMAIL: _("E-mail"), PHONE: _("Phone"), DOMAIN: _("Domain")}
    if namespace in known:
        return known[namespace]
    kind, _colon, rest = namespace.partition(":")
    words = rest.replace(":", " ")
    return words if kind == "record" else f"{words} {kind}".strip()
