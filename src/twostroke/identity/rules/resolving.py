"""From claims and acts of people to components: which known identifiers are one person (LEDGER 4). Pure.

Identifiers are *known* (user, record, e-mail, phone, domain) or devices. Persons are formed of known ones; devices
follow afterwards (``device_groups``, ``owner``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from twostroke.identity.rules.namespaces import exclusive, is_device, leads, precedence

SHARED_ABOVE = 20


class Stamp(NamedTuple):
    """Where a line of identity stands among the others, and its name for ever: receipt, then source, message, part."""

    recorded_at: int
    source: str
    message_id: str
    part: int

    @property
    def name(self) -> str:
        """How other lines point at this one; the same after replay and restore."""
        return f"{self.source}:{self.message_id}:{self.part}"


class About(NamedTuple):
    """What must be known of an identifier before it may join: its namespace, and whether it is a desk's address."""

    namespace: str
    role: bool = False


class Claim(NamedTuple):
    """Identifiers said to belong to one person; ``known`` false where only a public key says so."""

    stamp: Stamp
    ids: tuple[str, ...]
    known: bool = True


class Merge(NamedTuple):
    """Somebody says that these are one. ``lifts`` names the splits it lifts."""

    stamp: Stamp
    ids: tuple[str, ...]
    lifts: frozenset[str] = frozenset()


class Unmerge(NamedTuple):
    """Takes one merge back, as if it had never been; ``ids`` are those the merge named."""

    stamp: Stamp
    merge: str
    ids: tuple[str, ...]


class Split(NamedTuple):
    """Somebody says that two are not one: merges taken back, and all identifiers of both sides."""

    stamp: Stamp
    retracts: frozenset[str]
    one: tuple[str, ...]
    other: tuple[str, ...]

    def parts(self, mine: Collection[str], theirs: Collection[str]) -> bool:
        """Whether it keeps those who have these identifiers apart from those who have the others."""
        left, right = set(self.one), set(self.other)
        crossed = not (left.isdisjoint(theirs) or right.isdisjoint(mine))
        return crossed or not (left.isdisjoint(mine) or right.isdisjoint(theirs))


class Why(StrEnum):
    """Why a pair was not joined, though a line claims it. ``SINCE``: the line came after a person had split the two;
    what came before is answered by the split."""

    EXCLUSIVE = "exclusive"
    SPLIT = "split"
    SINCE = "since"
    UNVERIFIED = "unverified"


class Refused(NamedTuple):
    """A pair of identifiers that a line claims and the rules do not join: a suggestion, with its evidence."""

    one: str
    other: str
    why: Why
    evidence: Stamp


@dataclass(slots=True)
class Resolution:
    """``component`` gives each identifier the id that leads its component; ``refused`` are pairs still apart."""

    component: dict[str, str]
    refused: list[Refused]


@dataclass(slots=True)
class _Forest:
    """Disjoint sets that know the exclusive namespaces and the sides of splits they hold."""

    parent: dict[str, str] = field(default_factory=dict)
    namespaces: dict[str, set[str]] = field(default_factory=dict)
    sides: dict[str, set[tuple[str, int]]] = field(default_factory=dict)
    size: dict[str, int] = field(default_factory=dict)

    def find(self, name: str) -> str:
        root = name
        while (above := self.parent[root]) != root:
            root = above
        while (above := self.parent[name]) != root:
            self.parent[name], name = root, above
        return root

    def refusal(self, one: str, other: str, *, by_hand: bool) -> Why | None:
        """Why two roots must stay apart; a person's word outweighs an exclusive namespace, never a split."""
        smaller, larger = sorted((self.sides[one], self.sides[other]), key=len)
        if any((split, 1 - side) in larger for split, side in smaller):
            return Why.SPLIT
        if not by_hand and not self.namespaces[one].isdisjoint(self.namespaces[other]):
            return Why.EXCLUSIVE
        return None

    def splits_between(self, one: str, other: str) -> set[str]:
        """Names of the splits that keep two roots apart."""
        return {split for split, side in self.sides[one] if (split, 1 - side) in self.sides[other]}

    def join(self, one: str, other: str) -> None:
        if self.size[one] < self.size[other]:
            one, other = other, one
        self.parent[other] = one
        self.size[one] += self.size.pop(other)
        self.namespaces[one] |= self.namespaces.pop(other)
        self.sides[one] |= self.sides.pop(other)


def resolve(
    claims: Iterable[Claim],
    hands: Iterable[Merge | Unmerge | Split],
    about: Mapping[str, About],
    shared: Collection[str] = frozenset(),
) -> Resolution:
    """Components of known identifiers, and the pairs refused, from the lines in force of one or more whole units.

    Claims and merges are taken by their stamp. A claim is its pairs from the identifier that leads, each tried alone.
    Identifiers that no line names stay out of the answer. Devices are left out.
    """
    merges, splits = standing(list(hands), joining_nothing(about, shared))
    said: list[Claim | Merge] = [*claims, *merges]
    ordered = sorted(said, key=lambda line: line.stamp)
    forest = _planted(ordered, splits, about)
    refused: list[Refused] = []
    for line in ordered:
        by_hand = isinstance(line, Merge)
        unverified = Why.UNVERIFIED if isinstance(line, Claim) and not line.known else None
        for one, other in pairs(line.ids, about, shared):
            a, b = forest.find(one), forest.find(other)
            if a == b:
                continue
            why = unverified or forest.refusal(a, b, by_hand=by_hand)
            if why is None:
                forest.join(a, b)
            else:
                refused.append(Refused(min(one, other), max(one, other), why, line.stamp))
    return Resolution(_named(forest, about), _left_open(refused, forest, splits))


def _left_open(refused: Iterable[Refused], forest: _Forest, splits: Iterable[Split]) -> list[Refused]:
    """The refused pairs that no other line joined; of those a split keeps apart, whether they were said since."""
    stamp_of = {split.stamp.name: split.stamp for split in splits}
    left = []
    for one in refused:
        roots = forest.find(one.one), forest.find(one.other)
        if roots[0] == roots[1]:
            continue
        between = forest.splits_between(*roots)
        if between:
            answered = max(stamp_of[name] for name in between)
            one = one._replace(why=Why.SINCE if one.evidence > answered else Why.SPLIT)  # noqa: PLW2901
        left.append(one)
    return left


def pairs(
    ids: Iterable[str], about: Mapping[str, About], shared: Collection[str] = frozenset()
) -> list[tuple[str, str]]:
    """The pairs of known identifiers a claim or a merge is tried as; none where the one that leads may join nothing."""
    lead, *others = known_ids(ids, about) or [""]
    if not lead or about[lead].role or lead in shared:
        return []
    return [(lead, other) for other in others if not about[other].role and other not in shared]


def known_ids(ids: Iterable[str], about: Mapping[str, About]) -> list[str]:
    """The identifiers among ``ids`` that are not devices, the one that leads first."""
    return leads((name, about[name].namespace) for name in ids if not is_device(about[name].namespace))


def joining_nothing(about: Mapping[str, About], shared: Collection[str] = frozenset()) -> set[str]:
    """Those among the identifiers through which no person reaches another: devices, desks, shared ones."""
    return {name for name, one in about.items() if one.role or is_device(one.namespace)} | set(shared)


def standing(
    hands: Sequence[Merge | Unmerge | Split], nothing: Collection[str] = frozenset()
) -> tuple[list[Merge], list[Split]]:
    """Merges nobody took back later, and the splits no such merge lifted later.

    A line takes back, or lifts, only what names one of its own identifiers, other than those that join ``nothing``: so
    each person's lines suffice to tell.
    """
    taken: dict[str, list[Unmerge | Split]] = {}
    for line in hands:
        if not isinstance(line, Merge):
            for name in [line.merge] if isinstance(line, Unmerge) else line.retracts:
                taken.setdefault(name, []).append(line)
    merges = [m for m in hands if isinstance(m, Merge) and not _undone(m, taken.get(m.stamp.name, ()), nothing)]
    lifted: dict[str, list[Merge]] = {}
    for merge in merges:
        for name in merge.lifts:
            lifted.setdefault(name, []).append(merge)
    splits = [s for s in hands if isinstance(s, Split) and not _undone(s, lifted.get(s.stamp.name, ()), nothing)]
    return merges, splits


def _undone(line: Merge | Split, by: Iterable[Merge | Unmerge | Split], nothing: Collection[str]) -> bool:
    mine = set(_names(line)).difference(nothing)
    return any(other.stamp > line.stamp and not mine.isdisjoint(_names(other)) for other in by)


def _names(line: Merge | Unmerge | Split) -> tuple[str, ...]:
    return line.one + line.other if isinstance(line, Split) else line.ids


def _planted(lines: list[Claim | Merge], splits: list[Split], about: Mapping[str, About]) -> _Forest:
    forest = _Forest()
    for name in {name for line in lines for name in line.ids}:
        namespace = about[name].namespace
        if not is_device(namespace):
            forest.parent[name], forest.size[name] = name, 1
            forest.namespaces[name] = {namespace} if exclusive(namespace) else set()
            forest.sides[name] = set()
    for split in splits:
        for side, names in enumerate((split.one, split.other)):
            for name in names:
                if name in forest.sides:
                    forest.sides[name].add((split.stamp.name, side))
    return forest


def _named(forest: _Forest, about: Mapping[str, About]) -> dict[str, str]:
    """Each identifier with the one that leads its component."""
    best: dict[str, tuple[int, str, str]] = {}
    roots = {name: forest.find(name) for name in forest.parent}
    for name, root in roots.items():
        rank = (precedence(about[name].namespace), about[name].namespace, name)
        best[root] = min(best.get(root, rank), rank)
    return {name: best[root][2] for name, root in roots.items()}


def is_shared(companions: Iterable[tuple[str, str]]) -> bool:
    """Whether an e-mail or phone is shared, from the ``(id, namespace)`` pairs it was claimed with, in force.

    It is, when one exclusive namespace has more than 20 values among them.
    """
    values: dict[str, set[str]] = {}
    for name, namespace in companions:
        if exclusive(namespace):
            seen = values.setdefault(namespace, set())
            seen.add(name)
            if len(seen) > SHARED_ABOVE:
                return True
    return False


def can_be_shared(namespace: str) -> bool:
    """Whether an identifier of this namespace may turn out to be shared: e-mails and phones."""
    return namespace in ("email", "phone")


def device_groups(aliases: Iterable[Iterable[str]], devices: Iterable[str]) -> dict[str, str]:
    """Each device with the smallest id of the devices it is one with, by aliases (claims of devices alone)."""
    parent = {name: name for name in devices}

    def find(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for alias in aliases:
        names = sorted(alias)
        for name in names:
            parent.setdefault(name, name)
        for name in names[1:]:
            one, other = sorted((find(names[0]), find(name)))
            parent[other] = one
    return {name: find(name) for name in parent}


class Owner(NamedTuple):
    """The person a device follows; ``verified`` false where only public keys say so."""

    person: str
    verified: bool


def owner(claimants: Iterable[tuple[str, bool]]) -> Owner | None:
    """Whose a device is, from ``(person, verified)`` of the claims in force on it: theirs who alone claim it.

    Verified claims are counted first; only where there are none do the others count.
    """
    verified: set[str] = set()
    unverified: set[str] = set()
    for person, is_verified in claimants:
        (verified if is_verified else unverified).add(person)
        if len(verified) > 1:
            return None
    counted = verified or unverified
    return Owner(min(counted), bool(verified)) if len(counted) == 1 else None
