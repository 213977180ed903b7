"""Who is who: each identifier with the person, company or colleague it belongs to, and the suggestions left over.

The unit is all that ever hung together by claims between known identifiers; it is never followed through devices,
desks' addresses or shared identifiers, so that its size is bounded by one person's life. Those stand at its border and
are written with it (LEDGER 4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connections

from twostroke.identity.models import SUBJECTS, Claimed, Member, Suggestion
from twostroke.identity.projection import claims, often
from twostroke.identity.projection.claims import Named, select
from twostroke.identity.projection.devices import owners
from twostroke.identity.projection.existence import named_by_claims, named_by_lines
from twostroke.identity.projection.reach import Reach
from twostroke.identity.rules import (
    About,
    Claim,
    Refused,
    Stamp,
    exclusive,
    is_device,
    leads,
    resolve,
)
from twostroke.kit.canonical import canonical_json
from twostroke.ledger.databases import in_list, insert_rows
from twostroke.ledger.facts import Line
from twostroke.ledger.queries import Log

_MEMBER = ("kind", "identifier", "person", "anonymous", "verified", "shared")
_SUGGESTION = ("kind", "one", "other", "why", "times", "evidence")
_EVIDENCE_SHOWN = 5
_THERE = "SELECT kind, identifier FROM identity_member WHERE {among:identifier}"
_OUT_OF_FORCE = "SELECT seq FROM ledger_suppressed WHERE {among:seq}"


class Members:
    """Identifiers → persons, companies, colleagues. Fed by every line, for a person is there while a line names it."""

    name = "identity.members"
    models = (Claimed, Member, Suggestion)
    kinds: frozenset[str] | None = None

    def units(self, lines: Sequence[Line], using: str = "default") -> set[str]:
        """The identifiers to begin at, each with its kind; notes claims in the index on the way."""
        own = [claims.named(line) for line in lines if line.kind in claims.KINDS and line.subject_kind in SUBJECTS]
        known = claims.about({name for one in own for name in one.ids}, using)
        claims.note(own, known, using)
        found = {f"{one.line.subject_kind}:{name}" for one in own for name in _beginnings(one, known)}
        return found | _unsettled([line for line in lines if line.kind not in claims.KINDS], using)

    def fold(self, units: Sequence[str], log: Log) -> None:
        """Form all persons anew that these units are part of."""
        by_kind: dict[str, set[str]] = defaultdict(set)
        for unit in units:
            kind, _, name = unit.partition(":")
            by_kind[kind].add(name)
        for kind, names in sorted(by_kind.items()):
            _form(kind, names, log)


def _beginnings(one: Named, known: dict[str, About]) -> Iterable[str]:
    """Where to begin for a line: one identifier that is followed reaches all others; else each of them."""
    lead = claims.lead_of(one.ids, known)
    return [lead] if exclusive(known[lead].namespace) else one.ids


def _mentions(line: Line) -> Iterable[tuple[str, str]]:
    """Whom a line names: persons, companies and colleagues, by kind and identifier."""
    if line.subject_kind in SUBJECTS:
        yield line.subject_kind, line.subject
    for kind, name in (("person", line.identifier), ("company", line.company), ("colleague", line.actor)):
        if name is not None:
            yield kind, name


def _unsettled(lines: Sequence[Line], using: str) -> set[str]:
    """Those named who have no row yet, and those named by a line that is not in force: all others stay as they are."""
    mentions = {(kind, name): line.seq for line in lines for kind, name in _mentions(line)}
    if not mentions:
        return set()
    rows = select(using, _THERE, {name for _, name in mentions})
    out_of_force = {seq for (seq,) in select(using, _OUT_OF_FORCE, {line.seq for line in lines})}
    suppressed = {who for line in lines if line.seq in out_of_force for who in _mentions(line)}
    return {f"{kind}:{name}" for kind, name in (mentions.keys() - set(rows)) | suppressed}


def _form(kind: str, names: Collection[str], log: Log) -> None:
    reach = Reach(kind, log.using)
    reach.extend(names, log)
    lines = [claims.named(line) for line in log.by_seq(sorted(reach.seqs))]
    told = [claims.told(one) for one in lines]
    said = [one for one in told if isinstance(one, Claim)]
    acts = [one for one in told if not isinstance(one, Claim)]
    found = resolve(said, acts, reach.about, reach.shared)
    claimed = {name for one in said for name in one.ids}
    there = claimed | named_by_lines(reach.about.keys() - claimed, kind, log)
    there |= named_by_claims(reach.about.keys() - there - reach.followed, kind, log)
    known = {name for name in there if not is_device(reach.about[name].namespace)}
    person = lead_again(known, found.component, reach.about)
    rows = [(kind, name, person[name], False, True, name in reach.shared) for name in sorted(known)]
    touched = set(reach.about)
    if kind == "person":
        devices, more = owners(reach.devices(), there, person, reach, log)
        rows += [(kind, name, whose, anonymous, sure, False) for name, whose, anonymous, sure in devices]
        touched |= more
    _write(kind, touched, rows, _suggestions(kind, found.refused, lines, reach), log.using)


def lead_again(known: set[str], component: dict[str, str], about: dict[str, About]) -> dict[str, str]:
    """Each identifier that is there with the one that leads, among those of its component that are there."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in known:
        groups[component.get(name, name)].append(name)
    lead = {group: leads((name, about[name].namespace) for name in names)[0] for group, names in groups.items()}
    return {name: lead[group] for group, names in groups.items() for name in names}


def _write(kind: str, touched: Collection[str], rows: Sequence[Any], suggested: Sequence[Any], using: str) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        for table, column in (
            ("identity_member", "identifier"),
            ("identity_suggestion", "one"),
            ("identity_suggestion", "other"),
        ):
            condition, given = in_list(connection, column, sorted(touched))
            cursor.execute(f"DELETE FROM {table} WHERE {condition} AND kind = %s", [*given, kind])
    insert_rows(connection, "identity_member", _MEMBER, rows)
    insert_rows(connection, "identity_suggestion", _SUGGESTION, suggested)


def _suggestions(kind: str, refused: Sequence[Refused], lines: Sequence[Named], reach: Reach) -> list[tuple[Any, ...]]:
    """Rows of the pairs kept apart: the newest reason, how many lines say so, and which those are (some of them)."""
    by_pair: dict[tuple[str, str], dict[Stamp, Refused]] = defaultdict(dict)
    for one in refused:
        by_pair[one.one, one.other][one.evidence] = one
    line_of = {claims.stamp_of(one.line): one for one in lines} if by_pair else {}
    rows = []
    for pair, found in by_pair.items():
        shown = canonical_json(sorted(stamp.name for stamp in found)[:_EVIDENCE_SHOWN]).decode()
        times = sum(_times(line_of[stamp], kind, reach) for stamp in found)
        rows.append((kind, *pair, str(found[max(found)].why), times, shown))
    return rows


def _times(one: Named, kind: str, reach: Reach) -> int:
    """How many lines this one stands for: those about identifiers named very often are read once for all alike."""
    followed = reach.followed.intersection(one.ids)
    if one.line.kind != claims.CLAIMED or not followed <= reach.often:
        return 1
    return often.times(min(followed), kind, claims.said_of(one), reach.using)
