"""Whose a device is: formed after the persons, and never a way from one person to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import islice

from twostroke.identity.models import Claimed
from twostroke.identity.projection import claims
from twostroke.identity.projection.claims import select
from twostroke.identity.projection.existence import named_by_claims, named_by_lines
from twostroke.identity.projection.often import different, named_often
from twostroke.identity.projection.reach import Reach
from twostroke.identity.rules import About, device_groups, is_device, owner
from twostroke.ledger.queries import Log

Device = tuple[str, str, bool, bool]
_AT_ONCE = 100


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


@dataclass(slots=True)
class _Claimants:
    """Who claims devices in force, and how surely: ``found`` by group of devices."""

    groups: Mapping[str, str]
    person: Mapping[str, str]
    reach: Reach
    using: str
    found: dict[str, set[tuple[str, bool]]] = field(default_factory=lambda: defaultdict(set))

    def of(self, claims_on: Collection[tuple[str, str, bool]]) -> None:
        """Take in claims (device, who leads, known sender) in force."""
        leads = {lead for _, lead, _ in claims_on}
        known = {**claims.about(leads - self.reach.about.keys(), self.using), **self.reach.about}
        whose = _persons_of(leads - self.person.keys(), self.using) | dict(self.person)
        for device, lead, sure in claims_on:
            if may_claim(known[lead], lead in self.reach.shared) and lead in whose:
                self.found[self.groups[device]].add((whose[lead], bool(sure)))

    def of_one_claimed_often(self, device: str) -> None:
        """The same for a device that very many claim: two who are sure are enough to know that it is nobody's."""
        for known in (True, False):
            said = different(device, "person", Claimed.CLAIM, known, self.using)
            while some := list(islice(said, _AT_ONCE)):
                self.of([(device, one.lead, known) for one in some if one.in_force is not None])
                if self.is_decided(self.groups[device], known):
                    return

    def is_decided(self, group: str, known: bool) -> bool:
        """Whether no further claim, as sure as these or less, can change whose the devices are."""
        sure = {person for person, verified in self.found[group] if verified}
        return len(sure) > 1 if known else bool(sure) or len(self.found[group]) > 1


def _claimants(
    groups: Mapping[str, str], person: Mapping[str, str], reach: Reach, log: Log
) -> dict[str, set[tuple[str, bool]]]:
    """Per group of devices, who claims it in force and how surely."""
    made = _Claimants(groups, person, reach, log.using)
    often = named_often(groups.keys(), "person", log.using)
    sql = (
        "SELECT DISTINCT c.identifier, c.lead, c.known FROM identity_claimed c WHERE {among:c.identifier} "
        "AND c.kind = 'person' AND c.what = %s "
        "AND NOT EXISTS (SELECT 1 FROM ledger_suppressed s WHERE s.seq = c.seq)"
    )
    made.of([(d, lead, bool(sure)) for d, lead, sure in select(log.using, sql, groups.keys() - often, Claimed.CLAIM)])
    for device in sorted(often):
        made.of_one_claimed_often(device)
    return made.found


def may_claim(lead: About, is_shared: bool) -> bool:
    """Whether a claim that leads with this identifier may claim a device: desks, shared ones and devices do not."""
    return not lead.role and not is_shared and not is_device(lead.namespace)


def _persons_of(names: Collection[str], using: str) -> dict[str, str]:
    sql = (
        "SELECT identifier, person FROM identity_member WHERE {among:identifier} "
        "AND kind = 'person' AND NOT shared AND NOT anonymous"
    )
    return {str(name): str(person) for name, person in select(using, sql, names)} if names else {}
