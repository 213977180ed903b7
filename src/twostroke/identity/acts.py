"""What people did to identity so far, as the verbs that come next need to know it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.db import connections

from twostroke.identity.models import Claimed, Identifier, Member
from twostroke.identity.projection import claims
from twostroke.identity.projection.claims import select
from twostroke.identity.rules import Claim, Merge, Split, Unmerge, joining_nothing, standing
from twostroke.ledger.queries import Log


class ActError(ValueError):
    """An act that cannot have an effect; the text is a sentence for the person who tried it."""


class Live(NamedTuple):
    """An identifier that is somebody's, and whose."""

    identifier: str
    person: str
    namespace: str
    role: bool
    shared: bool


class Found(NamedTuple):
    """A line of identity as the rules read it, and what kind of subject it is about."""

    kind: str
    told: Claim | Merge | Unmerge | Split


def live_member(name: str, kind: str) -> Live:
    """The identifier and whose it is now. Raises ``ActError`` where it is nobody's."""
    row = Member.objects.filter(identifier=name, kind=kind).first()
    if row is None:
        raise ActError(f"No {kind} has the identifier {name}: look it up first, by e-mail, phone or record id.")
    known = Identifier.objects.filter(id=name).values_list("namespace", "role").first() or ("", False)
    return Live(name, row.person, known[0], known[1], row.shared)


def members_of(person: str, kind: str) -> list[tuple[str, str]]:
    """All identifiers of one, each with its namespace."""
    names = list(Member.objects.filter(person=person, kind=kind).values_list("identifier", flat=True))
    return [(name, known.namespace) for name, known in sorted(claims.about(names, "default").items())]


def standing_among(names: Collection[str], kind: str) -> list[Merge | Split]:
    """Merges and splits that stand, of those naming any of these identifiers, in the order they were made."""
    sql = "SELECT DISTINCT seq FROM identity_claimed WHERE {among:identifier} AND kind = %s AND what = %s"
    seqs = [seq for (seq,) in select("default", sql, names, kind, Claimed.ACT)]
    told = [claims.told(claims.named(line)) for line in Log().by_seq(sorted(seqs))]
    acts = [act for act in told if not isinstance(act, Claim)]
    everyone = {name for act in acts for name in (act.one + act.other if isinstance(act, Split) else act.ids)}
    shared = Member.objects.filter(identifier__in=everyone, kind=kind, shared=True).values_list("identifier", flat=True)
    merges, splits = standing(acts, joining_nothing(claims.about(everyone, "default"), set(shared)))
    return sorted([*merges, *splits], key=lambda act: act.stamp)


def line_named(reference: str) -> Found | None:
    """The line of identity in force of that event id, or of that name (``source:message:part``)."""
    source, _, rest = reference.partition(":")
    message, _, part = rest.rpartition(":")
    with connections["default"].cursor() as cursor:
        if part.isdecimal():
            cursor.execute(
                "SELECT seq FROM ledger_line WHERE source = %s AND message_id = %s AND part = %s",
                [source, message, int(part)],
            )
        else:
            cursor.execute("SELECT seq FROM ledger_line WHERE event_id = %s", [reference.replace("-", "")])
        seqs = [seq for (seq,) in cursor.fetchall()]
    lines = [line for line in Log().by_seq(seqs) if line.kind in claims.KINDS] if seqs else []
    return Found(lines[0].subject_kind, claims.told(claims.named(lines[0]))) if lines else None
