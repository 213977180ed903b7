"""Who is meant by a person, for showing and for erasing: their identifiers past and present, and what names them alone.

More is theirs than what counts today: addresses a newer row replaced, lines of imports taken back, and lines about
others that mention their address, number or name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import msgspec
from django.db import connections

from twostroke.identity.models import Claimed
from twostroke.identity.projection.claims import select
from twostroke.identity.reading import whose
from twostroke.identity.rules import is_device, normal_email, normal_phone
from twostroke.kit.personal import Sought
from twostroke.kit.text import domain_start, folded, texts_within, tidy
from twostroke.kit.traces import Traces
from twostroke.ledger.queries import Log, every_side, lines_naming, sides_of

_UNBROKEN = re.compile(r"[^\s<>,;:\"'()]+")
# A shorter id of a record could be any number in any text.
_TELLING = 9
_WORTH_LOOKING = 8
_PIECE = 48
_MOST_PIECES = 500
_WORD = re.compile(r"[^\s,;:!?\"'()<>\[\]{}]{8,}")
_THEIR_OWN = frozenset({"company.described", "colleague.described", "product.described"})
_NO_SEPARATORS = str.maketrans("", "", " ()./-\t")
_NAME = re.compile(r"\w[\w.'’\-]*(?:\s+\w[\w.'’\-]*)+")


def sought(reference: str, using: str = "default") -> Sought:
    """The person who has, or had, this key or identifier id; with nothing in it where nobody did."""
    key = whose([reference], "person", using).get(reference, reference)
    ids = _all_ids(key, using)
    rows = _identifiers(ids, using)
    lines = lines_naming(ids, using)
    told = [msgspec.json.decode(side.content) for side in sides_of([line.seq for line in lines], using)]
    described = _described(lines, using)
    names = {name for traits in described for name in _names(traits) if _is_alone(name, ids, using)}
    addresses = set(_addresses(told, rows, ids, using))
    known = {(namespace, value) for _, namespace, value, _ in rows if value}
    parts = next(filter(None, map(_parts, reversed(described))), ())
    found = Sought(
        key=key,
        ids=frozenset(ids),
        words=tuple(sorted(names | addresses | {value for ns, value in known if _tells_alone(ns, value)})),
        records=tuple(sorted({(ns.split(":")[1], value) for ns, value in known if _is_record(ns)})),
        parts=parts if " ".join(parts) in names else (),
        batches=frozenset(line.batch for line in lines if line.batch is not None),
        said=frozenset(_telling_pieces(texts_within(told))),
    )
    return _with_mentions(found, {line.seq for line in lines}, using)


def _with_mentions(found: Sought, own: set[int], using: str) -> Sought:
    """Adds the lines about others that name this person.

    What describes a company, a colleague or a product is theirs: a word that stands there is not this person's alone.
    """
    naming: dict[int, str] = {}
    found = replace(found, said=found.said - _said_by_others(found, own, naming, using))
    kinds = {line.seq: line.kind for line in Log(using).by_seq(sorted(naming), in_force=False)}
    theirs = [content for seq, content in naming.items() if kinds[seq] in _THEIR_OWN]
    alone = tuple(
        w for w in found.words if not any(replace(found, words=(w,), parts=()).is_named_in(t) for t in theirs)
    )
    found = replace(found, words=alone, parts=found.parts if " ".join(found.parts) in alone else ())
    return replace(found, mentions=frozenset(seq for seq, content in naming.items() if found.is_named_in(content)))


def _said_by_others(found: Sought, own: set[int], naming: dict[int, str], using: str) -> set[str]:
    """What others' lines say, too, of what is said of this person; ``naming`` gets those that name the person."""
    looked_for, others = Traces({*found.traces.words, *found.said}), set[str]()
    names, numbers = set(found.traces.words), _numbers(found)
    for sides in every_side(using):
        theirs = [side for side in sides if side.seq not in own]
        text = "\n".join(side.content for side in theirs)
        met = looked_for.in_text(text)
        if met & names or _may_name(found, text, numbers):
            naming.update((side.seq, side.content) for side in theirs if found.is_named_in(side.content))
            met = looked_for.in_text("\n".join(side.content for side in theirs if side.seq not in naming))
        others |= met & found.said
    return others


def _may_name(found: Sought, text: str, numbers: Iterable[str]) -> bool:
    """Whether a longer text may name the person in a spelling that bytes do not show: looked at all at once first."""
    if found.parts:
        low = text.lower()
        if all(part.lower() in low for part in found.parts):
            return True
    bare = text.translate(_NO_SEPARATORS) if numbers else ""
    return any(digits in bare for digits in numbers)


def _numbers(found: Sought) -> list[str]:
    return [digits for word in found.words if len(digits := re.sub(r"\D", "", word)) >= 7]


def _telling_pieces(texts: Iterable[str]) -> list[str]:
    """Beginnings and ends of texts and their longer words, those with digits first: what somebody may have quoted."""
    found: set[str] = set()
    for text in texts:
        if len(text) >= _WORTH_LOOKING:
            found |= {text[:_PIECE], text[-_PIECE:], *(word[:_PIECE] for word in _WORD.findall(text))}
    return sorted(found, key=lambda one: (not any(c.isdigit() for c in one), -len(one), one))[:_MOST_PIECES]


def _all_ids(key: str, using: str) -> set[str]:
    """Identifiers this person has, and those that claims no longer in force tied to them and nobody else has now."""
    own = select(
        using, "SELECT identifier, shared FROM identity_member WHERE {among:person} AND kind = 'person'", [key]
    )
    ids = {name for name, shared in own if not shared} | {key}
    fresh = set(ids)
    while fresh:
        met = _claimed_with(fresh, using) - ids
        taken = whose(met, "person", using)
        desks = {name for name, _, _, role in _identifiers(met, using) if role}
        fresh = {name for name in met if taken.get(name, key) == key and name not in desks}
        fresh -= _shared(fresh, using)
        ids |= fresh
    return ids - {name for name, _, _, role in _identifiers(ids, using) if role and name != key}


def _claimed_with(names: Collection[str], using: str) -> set[str]:
    sql = (
        "SELECT DISTINCT o.identifier FROM identity_claimed c JOIN identity_claimed o ON o.seq = c.seq "
        "AND o.kind = c.kind WHERE {among:c.identifier} AND c.kind = 'person' AND c.what <> %s"
    )
    return {str(name) for (name,) in select(using, sql, names, Claimed.ACT)}


def _shared(names: Collection[str], using: str) -> set[str]:
    sql = "SELECT identifier FROM identity_member WHERE {among:identifier} AND kind = 'person' AND shared"
    return {str(name) for (name,) in select(using, sql, names)}


def _identifiers(ids: Collection[str], using: str) -> list[tuple[str, str, str | None, bool]]:
    sql = "SELECT id, namespace, value, role FROM identity_identifier WHERE {among:id}"
    return [(name, namespace, value, bool(role)) for name, namespace, value, role in select(using, sql, ids)]


def _is_record(namespace: str) -> bool:
    return namespace.startswith(("record:", "user:"))


def _tells_alone(namespace: str, value: str) -> bool:
    if _is_record(namespace) or is_device(namespace):
        return len(value) >= _TELLING
    return True


def _addresses(
    told: Iterable[Mapping[str, Any]], rows: Iterable[tuple[str, str, str | None, bool]], ids: set[str], using: str
) -> Iterator[str]:
    """Addresses and numbers as this person's own lines write them, and as first received, if nobody else has them."""
    for name, raw in select(using, "SELECT id, raw FROM identity_identifier WHERE {among:id}", ids):
        namespace = next(ns for one, ns, _, _ in rows if one == name)
        if raw and (not _is_record(namespace) and not is_device(namespace)):
            yield raw
    others = {text for one in told for key, text in one.items() if isinstance(text, str) and _names_a_way(key, text)}
    for text in sorted(others):
        if not _is_anothers(text, ids, using):
            yield text


def _names_a_way(field: str, text: str) -> bool:
    word = text.strip()
    if "@" in word and 0 < word.find(".", domain_start(word)) < len(word) - 1 and _UNBROKEN.fullmatch(word):
        return True
    return ("phone" in field or "mobile" in field) and sum(c.isdigit() for c in text) >= 7


def _is_anothers(text: str, ids: set[str], using: str) -> bool:
    normal = [one for one in (normal_email(text), normal_phone(text, None)) if one] or [text]
    rows = select(using, "SELECT id, namespace, role FROM identity_identifier WHERE {among:value}", normal)
    return any(name not in ids for name, _, _ in rows)


def _described(lines: Iterable[Any], using: str) -> list[Mapping[str, Any]]:
    own = [line.seq for line in lines if line.kind == "person.described"]
    return [msgspec.json.decode(side.content) for side in sides_of(own, using)]


def _parts(traits: Mapping[str, Any]) -> tuple[str, ...]:
    found = tuple(tidy(str(traits[part])) for part in ("first_name", "last_name") if traits.get(part))
    return found if len(found) == 2 else ()


def _names(traits: Mapping[str, Any]) -> Iterator[str]:
    whole = tidy(str(traits.get("name") or ""))
    for name in (whole, " ".join(_parts(traits))):
        if _NAME.fullmatch(name) and len(name) >= 6:
            yield name


def _is_alone(name: str, ids: set[str], using: str) -> bool:
    """Whether nobody else, person, company or colleague, goes by this name or one with it."""
    escaped = re.sub(r"([!%_])", r"!\1", folded(name))
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT subject, kind FROM identity_described WHERE search LIKE %s ESCAPE '!' LIMIT 200", [f"%{escaped}%"]
        )
        return all(kind == "person" and subject in ids for subject, kind in cursor.fetchall())
