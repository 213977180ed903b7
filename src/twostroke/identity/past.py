"""Who was who when the log ended at an earlier line: the rules of the present, asked of the lines up to it alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from twostroke.identity.facts import WhoIs
from twostroke.identity.models import Claimed
from twostroke.identity.projection import claims
from twostroke.identity.projection.claims import Named
from twostroke.identity.projection.devices import may_claim
from twostroke.identity.projection.existence import COLUMN_OF, NOT_NAMING
from twostroke.identity.projection.members import lead_again
from twostroke.identity.rules import (
    About,
    Claim,
    can_be_shared,
    device_groups,
    is_device,
    is_shared,
    owner,
    resolve,
)
from twostroke.ledger import lake
from twostroke.ledger.queries import Log
from twostroke.query.engines import DuckDB
from twostroke.query.relations import Relation
from twostroke.query.words import any_of

_COLUMNS = ("identifier", "company", "actor", "subject_kind", "subject")
_IN_FORCE = "SELECT {what} FROM lines AS l LEFT JOIN suppressed AS s ON s.seq = l.seq WHERE s.seq IS NULL AND "


def who_was_who(kind: str, up_to: int, using: str = "default", suppressed: Relation | None = None) -> list[WhoIs]:
    """Every identifier with the key of whoever had it when the log ended at the line ``up_to``, by identifier.

    All claims up to it are read: as much work as folding everybody's once. ``suppressed`` are the lines that were not
    in force then, where the caller knows them.
    """
    relations = lake.relations(
        up_to=up_to, columns=_COLUMNS, past_force=True if suppressed is None else suppressed, using=using
    )
    lines = [claims.named(line) for line in Log(using).by_seq(_claims_in_force(kind, relations), in_force=False)]
    there = _named(kind, relations) | {name for one in lines if one.line.kind == claims.CLAIMED for name in one.ids}
    about = claims.about(there | {name for one in lines for name in one.ids}, using)
    shared = _shared(lines, about)
    told = [claims.told(one) for one in lines]
    said = [one for one in told if isinstance(one, Claim)]
    found = resolve(said, [one for one in told if not isinstance(one, Claim)], about, shared)
    person = lead_again({name for name in there if not is_device(about[name].namespace)}, found.component, about)
    rows = [WhoIs(name, key, False, True) for name, key in person.items()]
    if kind == "person":
        rows += _devices(lines, there, person, about, shared)
    return sorted(rows)


def _claims_in_force(kind: str, relations: Mapping[str, Relation]) -> list[int]:
    sql = f"{_IN_FORCE.format(what='l.seq')} l.subject_kind = ? AND {any_of('l.kind', sorted(claims.KINDS))}"
    return [seq for (seq,) in DuckDB().run(sql, relations, [kind]).rows]


def _named(kind: str, relations: Mapping[str, Relation]) -> set[str]:
    """Whom lines in force name in their own columns."""
    in_force = f"NOT ({any_of('l.kind', NOT_NAMING)})"
    column = COLUMN_OF[kind]
    sql = f"{_IN_FORCE.format(what=f'DISTINCT l.{column}')} l.{column} IS NOT NULL AND {in_force}"
    if kind != "person":
        sql += f" UNION {_IN_FORCE.format(what='DISTINCT l.subject')} l.subject_kind = ? AND {in_force}"
    return {str(name) for (name,) in DuckDB().run(sql, relations, [] if kind == "person" else [kind]).rows}


def _shared(lines: Sequence[Named], about: Mapping[str, About]) -> set[str]:
    companions: dict[str, set[str]] = defaultdict(set)
    for one in lines:
        if one.line.kind == claims.CLAIMED:
            for name in one.ids:
                if can_be_shared(about[name].namespace) and not about[name].role:
                    companions[name].update(other for other in one.ids if other != name)
    return {name for name, met in companions.items() if is_shared((o, about[o].namespace) for o in met)}


def _devices(
    lines: Sequence[Named],
    there: Collection[str],
    person: Mapping[str, str],
    about: dict[str, About],
    shared: Collection[str],
) -> Iterable[WhoIs]:
    known = [(one, claims.what_of(one, about)) for one in lines]
    devices = {name for name in about if is_device(about[name].namespace)}
    groups = device_groups([one.ids for one, what in known if what == Claimed.ALIAS], devices)
    claimants: dict[str, set[tuple[str, bool]]] = defaultdict(set)
    for one, what in known:
        lead = claims.lead_of(one.ids, about)
        if what == Claimed.CLAIM and may_claim(about[lead], lead in shared) and lead in person:
            for name in devices.intersection(one.ids):
                claimants[groups[name]].add((person[lead], claims.known_of(one)))
    for name in sorted(devices.intersection(there)):
        found = owner(claimants.get(groups[name], ()))
        key = found.person if found else groups[name]
        yield WhoIs(name, key, found is None, found is None or found.verified)
