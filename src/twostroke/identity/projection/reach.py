"""How far one person reaches: by claims ever made, never through devices, desks or shared identifiers (LEDGER 4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import islice

from twostroke.identity.models import Claimed
from twostroke.identity.projection import claims
from twostroke.identity.projection.claims import select
from twostroke.identity.projection.often import different, named_often
from twostroke.identity.rules import About, can_be_shared, is_device, is_shared
from twostroke.ledger.queries import Log

_AT_ONCE = 100


@dataclass(slots=True)
class Reach:
    """All that hangs together with the names begun at: lines of identity, and identifiers within and at the border."""

    kind: str
    using: str
    seqs: set[int] = field(default_factory=set)
    about: dict[str, About] = field(default_factory=dict)
    followed: set[str] = field(default_factory=set)
    often: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)

    def extend(self, names: Collection[str], log: Log) -> None:
        """Follow claims from ``names`` until nothing new is found."""
        fresh = set(names)
        while fresh:
            self.about |= claims.about(fresh, self.using)
            follow = self._to_follow(fresh, log)
            self.followed |= follow
            often = named_often(follow, self.kind, self.using)
            self.often |= often
            seqs = claims.lines_of(follow, self.kind, often, self.using) - self.seqs
            self.seqs |= seqs
            fresh = claims.names_of(seqs, self.kind, self.using) - self.about.keys()

    def _to_follow(self, names: set[str], log: Log) -> set[str]:
        """Those through which a person may reach further; notes which of the others are shared."""
        open_to = {n for n in names if not self.about[n].role and not is_device(self.about[n].namespace)}
        maybe = {n for n in open_to if can_be_shared(self.about[n].namespace)}
        now = shared_among(maybe, self.kind, log)
        sql = "SELECT identifier FROM identity_member WHERE {among:identifier} AND kind = %s AND shared"
        before = {name for (name,) in select(self.using, sql, maybe, self.kind)} if maybe else set()
        self.shared |= now
        # One that has just become shared, or ceased to be, is followed once more: all it joined must be formed anew.
        return open_to - (now & before)

    def devices(self) -> set[str]:
        """The devices met at the border."""
        return {name for name, about in self.about.items() if is_device(about.namespace)}


def shared_among(names: Collection[str], kind: str, log: Log) -> set[str]:
    """Which of these e-mails and phones are claimed, in force, with more than 20 values of one exclusive namespace."""
    sql = (
        "SELECT identifier FROM identity_claimed WHERE {among:identifier} AND kind = %s "
        "GROUP BY identifier HAVING count(*) > 20"
    )
    often = named_often(names, kind, log.using)
    some = {name for (name,) in select(log.using, sql, set(names) - often, kind)}
    found = {name for name in some if _is_shared(name, claims.lines_of([name], kind, (), log.using), set(), log)}
    return found | {name for name in often if _is_often_shared(name, kind, log)}


def _is_often_shared(name: str, kind: str, log: Log) -> bool:
    """The same for one named very often: read no further than it takes to know."""
    met: set[str] = set()
    for known in (True, False):
        claimed = different(name, kind, Claimed.CLAIM, known, log.using)
        while some := [one.in_force for one in islice(claimed, _AT_ONCE)]:
            if _is_shared(name, {seq for seq in some if seq is not None}, met, log):
                return True
    return False


def _is_shared(name: str, seqs: Collection[int], met: set[str], log: Log) -> bool:
    """Whether these lines, and those ``met`` was gathered from before, make it shared."""
    lines = [claims.named(line) for line in log.by_seq(sorted(seqs))]
    met |= {other for one in lines if one.line.kind == claims.CLAIMED for other in one.ids if other != name}
    known = claims.about(met, log.using)
    return is_shared((other, known[other].namespace) for other in met)
