"""The index of claims: written as lines come, read in bulk to find all that hangs together."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
from django.db import connections

from twostroke.identity.models import Claimed
from twostroke.identity.projection.often import different, named_often
from twostroke.identity.rules import About, Claim, Merge, Split, Stamp, Unmerge, is_device, leads
from twostroke.ledger.databases import in_list
from twostroke.ledger.facts import Line, Trust

CLAIMED, MERGED, UNMERGED, SPLIT = "identity.claimed", "identity.merged", "identity.unmerged", "identity.split"
KINDS = frozenset({CLAIMED, MERGED, UNMERGED, SPLIT})
_NOBODY = About("")


class Named(NamedTuple):
    """A line of identity with the identifiers it names."""

    line: Line
    ids: tuple[str, ...]
    told: dict[str, Any]


def named(line: Line) -> Named:
    """The identifiers a line of identity names, its subject among them."""
    told = msgspec.json.decode(line.properties)
    listed = [*told.get("ids", ()), *told.get("left", ()), *told.get("right", ())]
    return Named(line, tuple(dict.fromkeys([*listed, line.subject])), told)


def known_of(found: Named) -> bool:
    """Whether a claim counts as verified: from a known sender who does not say otherwise."""
    return found.line.trust == Trust.KNOWN and bool(found.told.get("verified", True))


def select(using: str, sql: str, values: Collection[Any], *parameters: Any) -> list[tuple[Any, ...]]:
    """Rows of ``sql``, whose ``{among:column}`` says which column must be among ``values``; none of no values."""
    if not values:
        return []
    before, _, rest = sql.partition("{among:")
    column, _, after = rest.partition("}")
    condition, given = in_list(connections[using], column, sorted(values))
    with connections[using].cursor() as cursor:
        cursor.execute(f"{before}{condition}{after}", [*given, *parameters])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def about(names: Collection[str], using: str) -> dict[str, About]:
    """Namespace and role of identifiers; one nobody stored joins like any other, with the least precedence."""
    rows = select(using, "SELECT id, namespace, role FROM identity_identifier WHERE {among:id}", names)
    found = {name: About(namespace, bool(role)) for name, namespace, role in rows}
    return {name: found.get(name, _NOBODY) for name in names}


def note(lines: Sequence[Named], known: dict[str, About], using: str) -> None:
    """Write the index rows of lines; those there already stay as they are."""
    rows = []
    for one in lines:
        what, lead, known_sender = what_of(one, known), lead_of(one.ids, known), known_of(one)
        told = (what, lead, known_sender, said_of(one), one.line.recorded_at)
        rows += [(one.line.subject_kind, name, one.line.seq, *told) for name in one.ids]
    with connections[using].cursor() as cursor:
        cursor.executemany(
            "INSERT INTO identity_claimed (kind, identifier, seq, what, lead, known, said, recorded_at) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            rows,
        )


def said_of(one: Named) -> str:
    """Equal for lines that say the same: the same identifiers, from senders as sure. An act is like no other."""
    if one.line.kind == CLAIMED:
        said = [str(known_of(one)), *sorted(one.ids)]
    else:
        said = [one.line.source, one.line.message_id, str(one.line.part)]
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:24]


def lead_of(ids: Iterable[str], known: dict[str, About]) -> str:
    """The identifier that leads among ``ids``; devices come last."""
    return leads((name, known[name].namespace) for name in ids)[0]


def what_of(one: Named, known: dict[str, About]) -> str:
    """Whether a line is a claim, an alias of devices alone, or an act of a person."""
    if one.line.kind != CLAIMED:
        return Claimed.ACT
    return Claimed.ALIAS if all(is_device(known[name].namespace) for name in one.ids) else Claimed.CLAIM


def lines_of(names: Collection[str], kind: str, often: Collection[str], using: str) -> set[int]:
    """The seqs of lines of identity that ever named one of these identifiers.

    Of lines about one of those named ``often`` that say the same, the first and the first in force stand for all: the
    others can join nothing that those do not.
    """
    sql = "SELECT DISTINCT seq FROM identity_claimed WHERE {among:identifier} AND kind = %s"
    found = {seq for (seq,) in select(using, sql, set(names).difference(often), kind)}
    return found | _standing_for(often, kind, (Claimed.CLAIM, Claimed.ALIAS, Claimed.ACT), using)


def aliases_of(names: Collection[str], kind: str, using: str) -> set[int]:
    """The seqs of aliases that ever named one of these devices; of those that say the same as ``lines_of`` has it."""
    often = named_often(names, kind, using)
    sql = "SELECT DISTINCT seq FROM identity_claimed WHERE {among:identifier} AND kind = %s AND what = %s"
    found = {seq for (seq,) in select(using, sql, set(names) - often, kind, Claimed.ALIAS)}
    return found | _standing_for(often, kind, (Claimed.ALIAS,), using)


def _standing_for(names: Collection[str], kind: str, whats: Iterable[str], using: str) -> set[int]:
    sorts = [(name, what, known) for name in names for what in whats for known in (True, False)]
    return {seq for name, what, known in sorts for one in different(name, kind, what, known, using) for seq in one.seqs}


def names_of(seqs: Collection[int], kind: str, using: str) -> set[str]:
    """The identifiers named by these lines."""
    sql = "SELECT DISTINCT identifier FROM identity_claimed WHERE {among:seq} AND kind = %s"
    return {name for (name,) in select(using, sql, seqs, kind)}


def stamp_of(line: Line) -> Stamp:
    """Where a line stands among lines of identity."""
    return Stamp(line.recorded_at, line.source, line.message_id, line.part)


def told(found: Named) -> Claim | Merge | Unmerge | Split:
    """The line as the rules read it."""
    stamp = stamp_of(found.line)
    match found.line.kind:
        case "identity.merged":
            return Merge(stamp, found.ids, frozenset(found.told.get("lifts", ())))
        case "identity.unmerged":
            return Unmerge(stamp, found.told["merge"], found.ids)
        case "identity.split":
            sides = tuple(found.told.get("left", ())), tuple(found.told.get("right", ()))
            return Split(stamp, frozenset(found.told.get("merges", ())), *sides)
        case _:
            return Claim(stamp, found.ids, known_of(found))
