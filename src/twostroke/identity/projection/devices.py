"""Whose a device is: formed after the persons, and never a way from one person to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from twostroke.identity.models import Claimed
from twostroke.identity.projection import claims
from twostroke.identity.projection.claims import select
from twostroke.identity.projection.existence import named_by_claims, named_by_lines
from twostroke.identity.projection.reach import Reach
from twostroke.identity.rules import About, device_groups, is_device, owner
from twostroke.ledger.queries import Log

Device = tuple[str, str, bool, bool]


def owners(
    met: Collection[str], there: set[str], person: Mapping[str, str], reach: Reach, log: Log
) -> tuple[list[Device], set[str]]:
    """Rows (device, whose, anonymous, verified) of the devices met and those they are one with; and all of these.

    ``there`` are the identifiers known to exist, ``person`` the persons just formed.
    """
    if not met:
        return [], set()
    groups = _groups(met, log)
    everything = set(groups)
    exist = there & everything
    exist |= named_by_lines(everything - exist, reach.kind, log)
    exist |= named_by_claims(everything - exist, reach.kind, log)
    claimants = _claimants(groups, person, reach, log)
    rows = []
    for device in sorted(exist):
        found = owner(claimants.get(groups[device], ()))
        rows.append((device, found.person if found else groups[device], found is None, found is None or found.verified))
    return rows, everything


def _groups(met: Collection[str], log: Log) -> dict[str, str]:
    """The devices met and all they are one with, each with the smallest of its group that aliases in force make."""
    seqs: set[int] = set()
    devices: set[str] = set()
    fresh = set(met)
    while fresh:
        devices |= fresh
        more = claims.aliases_of(fresh, "person", log.using) - seqs
        seqs |= more
        fresh = claims.names_of(more, "person", log.using) - devices
    aliases = [claims.named(line).ids for line in log.by_seq(sorted(seqs))] if seqs else []
    return device_groups(aliases, devices)


def _claimants(
    groups: Mapping[str, str], person: Mapping[str, str], reach: Reach, log: Log
) -> dict[str, set[tuple[str, bool]]]:
    """Per group of devices, who claims it in force and how surely."""
    sql = (
        "SELECT DISTINCT c.identifier, c.lead, c.known FROM identity_claimed c WHERE {among:c.identifier} "
        "AND c.kind = 'person' AND c.what = %s "
        "AND NOT EXISTS (SELECT 1 FROM ledger_suppressed s WHERE s.seq = c.seq)"
    )
    rows = select(log.using, sql, groups.keys(), Claimed.CLAIM)
    leads = {lead for _, lead, _ in rows}
    known = {**claims.about(leads - reach.about.keys(), log.using), **reach.about}
    whose = _persons_of(leads - person.keys(), log.using) | dict(person)
    found: dict[str, set[tuple[str, bool]]] = defaultdict(set)
    for device, lead, sure in rows:
        if may_claim(known[lead], lead in reach.shared) and lead in whose:
            found[groups[device]].add((whose[lead], bool(sure)))
    return found


def may_claim(lead: About, is_shared: bool) -> bool:
    """Whether a claim that leads with this identifier may claim a device: desks, shared ones and devices do not."""
    return not lead.role and not is_shared and not is_device(lead.namespace)


def _persons_of(names: Collection[str], using: str) -> dict[str, str]:
    sql = (
        "SELECT identifier, person FROM identity_member WHERE {among:identifier} "
        "AND kind = 'person' AND NOT shared AND NOT anonymous"
    )
    return {str(name): str(person) for name, person in select(using, sql, names)} if names else {}
