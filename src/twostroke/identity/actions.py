"""Verbs of who is who: store what opaque ids stand for; join, take back, part.

People's acts are lines like all others. Each act is decided on tables that are up to date with the log, is refused in
a sentence where it cannot have an effect, and is folded before it returns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connections

from twostroke.identity.acts import ActError, line_named, live_member, members_of, standing_among
from twostroke.identity.erasing import Erasure, Everything, InUseError, Preview, erase, everything_of, preview
from twostroke.identity.erasing import install as install_stores
from twostroke.identity.erasing import installed as installed_stores
from twostroke.identity.facts import EMAIL, Identifier, is_device, is_role_address, leads
from twostroke.identity.rules import Merge, Split
from twostroke.kit.time import now_millis
from twostroke.ledger.actions import HOUSE, catch_up, say
from twostroke.ledger.facts import Draft, Precision

__all__ = [
    "ActError",
    "Erasure",
    "Everything",
    "InUseError",
    "Preview",
    "erase",
    "everything_of",
    "install_stores",
    "installed_stores",
    "keep_apart",
    "merge",
    "preview",
    "split",
    "store_identifiers",
    "unmerge",
]

_STORE = (
    "INSERT INTO identity_identifier (id, namespace, value, raw, generation, role) VALUES (%s, %s, %s, %s, %s, %s) "
    "ON CONFLICT (id) DO NOTHING"
)


def store_identifiers(identifiers: Iterable[Identifier], *, using: str = "default") -> None:
    """Store what these opaque ids stand for, each before the lines that name it; those there already stay as they are.

    Runs within the caller's transaction where there is one.
    """
    rows = [
        (
            one.id,
            one.namespace,
            one.value,
            one.raw,
            one.generation,
            one.namespace == EMAIL and is_role_address(one.value),
        )
        for one in identifiers
    ]
    if rows:
        with connections[using].cursor() as cursor:
            # Sorted, so that two writers on PostgreSQL never wait for each other in a circle.
            cursor.executemany(_STORE, sorted(rows))


def merge(*, by: str | None, one: str, other: str, kind: str = "person", lift: bool = False) -> str:
    """Say that two persons (companies, colleagues) are one; ``one`` and ``other`` are any identifier of each.

    Two records of one CRM object type may be merged: a duplicate there is what merging is for. A split between the two
    must be lifted expressly (``lift``). Returns the line's name, to take it back with. Raises ``ActError``.
    """
    catch_up()
    first, second = live_member(one, kind), live_member(other, kind)
    if first.person == second.person:
        raise ActError("These two are one already: there is nothing to merge.")
    chosen = [first.identifier, second.identifier]
    _refuse_unfit(chosen, kind)
    mine, theirs = ({name for name, _ in members_of(side.person, kind)} for side in (first, second))
    between = _splits_between(mine, theirs, kind)
    if between and not lift:
        raise ActError(
            f"Somebody split these two ({', '.join(act.stamp.name for act in between)}): to merge them all the same, "
            "lift the split with it."
        )
    return _act("identity.merged", kind, first.identifier, by, _joining(chosen, between, mine | theirs))


def _joining(chosen: Sequence[str], lifted: Sequence[Split], known: Collection[str]) -> dict[str, Any]:
    """What a merge line says. It lifts only splits whose identifiers it names: those met on both sides follow."""
    met = {name for act in lifted for name in (*act.one, *act.other)}.intersection(known)
    told: dict[str, Any] = {"ids": [*chosen, *sorted(met.difference(chosen))]}
    return told | {"lifts": sorted(act.stamp.name for act in lifted)} if lifted else told


def _splits_between(one: Collection[str], other: Collection[str], kind: str) -> list[Split]:
    """The splits that stand and keep these two apart."""
    acts = standing_among({*one, *other}, kind)
    return [act for act in acts if isinstance(act, Split) and act.parts(one, other)]


def unmerge(*, by: str | None, merge: str) -> str:
    """Take one merge back, as if it had never been. ``merge``: its line's name or event id.

    Returns this line's name. Raises ``ActError`` where there is no such merge, or it is taken back already.
    """
    catch_up()
    found = line_named(merge)
    if found is None or not isinstance(found.told, Merge):
        raise ActError(f"There is no merge {merge!r}: give the name or event id of a line identity.merged.")
    if found.told not in standing_among(found.told.ids, found.kind):
        raise ActError(f"The merge {found.told.stamp.name} has been taken back already.")
    ids = list(found.told.ids)
    return _act("identity.unmerged", found.kind, ids[0], by, {"merge": found.told.stamp.name, "ids": ids})


def split(*, by: str | None, apart: Sequence[str], kind: str = "person") -> str:
    """Say that the identifiers ``apart`` are somebody else than the rest of the one they are with now.

    Takes back the merges that cross, and no later claim joins the two sides again. Returns the line's name. Raises
    ``ActError``.
    """
    catch_up()
    found = [live_member(name, kind) for name in apart]
    if len({one.person for one in found}) != 1:
        raise ActError("The identifiers to part must all be of one and the same at present.")
    everyone = [(name, namespace) for name, namespace in members_of(found[0].person, kind) if not is_device(namespace)]
    right = [name for name in leads(everyone) if name in set(apart)]
    left = [name for name in leads(everyone) if name not in set(apart)]
    _refuse_unfit(apart, kind)
    if not left:
        raise ActError("There would be nobody left on the other side: leave at least one identifier there.")
    crossing = [
        act.stamp.name
        for act in standing_among({*left, *right}, kind)
        if isinstance(act, Merge) and set(act.ids) & set(left) and set(act.ids) & set(right)
    ]
    return _act("identity.split", kind, left[0], by, {"merges": sorted(crossing), "left": left, "right": right})


def keep_apart(*, by: str | None, one: str, other: str, kind: str = "person") -> str:
    """Say that two who are two are not one: no claim joins them, and what suggested it is answered.

    It is a split that takes nothing back; a merge that lifts it takes it away. Returns the line's name. Raises
    ``ActError``.
    """
    catch_up()
    first, second = live_member(one, kind), live_member(other, kind)
    if first.person == second.person:
        raise ActError("These two are one at present: say with a split which identifiers are somebody else's.")
    _refuse_unfit([first.identifier, second.identifier], kind)
    mine, theirs = members_of(first.person, kind), members_of(second.person, kind)
    left, right = (leads(one for one in side if not is_device(one[1])) for side in (mine, theirs))
    if _splits_between(left, right, kind):
        raise ActError("Somebody has said so already: they are kept apart.")
    return _act("identity.split", kind, left[0], by, {"merges": [], "left": left, "right": right})


def _refuse_unfit(names: Sequence[str], kind: str) -> None:
    for name in names:
        found = live_member(name, kind)
        if is_device(found.namespace):
            raise ActError("Devices are neither merged nor split by hand: choose an e-mail, a phone or a record.")
        if found.role or found.shared:
            raise ActError("A desk's or shared address says nothing of who somebody is: choose another identifier.")


def _act(kind: str, subject_kind: str, subject: str, by: str | None, properties: dict[str, Any]) -> str:
    message = say(
        Draft(
            kind=kind,
            subject_kind=subject_kind,
            subject=subject,
            identifier=subject if subject_kind == "person" else None,
            happened_at=now_millis(),
            precision=Precision.MS,
            actor=by,
            properties=properties,
        )
    )
    catch_up()
    return f"{HOUSE}:{message}:0"
