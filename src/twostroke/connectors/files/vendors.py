"""Which object of a vendor a table is an export of, and what each of its headers means there.

The vendors' references are data (``hubspot.facts``, ``salesforce.facts``). A header is compared without case, accents,
spaces and punctuation, and without what tools put before it (``property_``, ``properties.``, ``Contact:``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from twostroke.connectors.files.fields import NEEDED
from twostroke.connectors.files.vocabulary import squeezed, words_of
from twostroke.connectors.hubspot import facts as hubspot
from twostroke.connectors.salesforce import facts as salesforce

# A small table must be known nearly whole; a large one may have many columns of the firm's own.
_COVERED, _PARTLY, _MANY = 0.75, 0.25, 10
_MOST_LOST = 3.0
_AHEAD = 0.5
_NAMED = 2.0
_UNKNOWN = 0.5
_BY_PREFIX = 0.2
_TWICE = -1.0
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_CUSTOM = re.compile(r"__(c|r|pc|s)$", re.IGNORECASE)
_LOADERS = re.compile(r"^_?(fivetran|airbyte|dlt|sdc|stitch|etl|dbt|hevo|rivery)_", re.IGNORECASE)
_BEFORE = ("properties", "property", "fields", "attributes", "hubspot", "hs", "salesforce", "sfdc", "sf", "crm", "raw")


@dataclass(frozen=True, slots=True)
class Object:
    """An object of a vendor. ``known``: squeezed header → (role, rank); the lower rank has the role, "" has none."""

    vendor: str
    name: str
    record: str
    kind: str
    words: tuple[str, ...]
    known: dict[str, tuple[str, int]] = field(repr=False, hash=False, compare=False)

    def role_of(self, header: str) -> tuple[str, int] | None:
        """The role of a header and its rank, or None where the reference does not know the header."""
        bare = squeezed(header)
        # “Associated Company IDs (Primary)” is another column than the one without brackets.
        found = self.known.get(_whole(header)) or self.known.get(bare)
        return (
            found
            if found is not None
            else next((self.known[rest] for rest in self._without_prefix(bare) if rest in self.known), None)
        )

    def _without_prefix(self, bare: str) -> Iterable[str]:
        own = squeezed(self.name)
        for prefix in (*_BEFORE, own + "s", own, *(word.rstrip("s") for word in self.words)):
            if bare.startswith(prefix) and len(bare) > len(prefix):
                rest = bare[len(prefix) :]
                yield rest
                if rest.endswith("value"):
                    yield rest[:-5]
        if bare.endswith("value"):
            yield bare[:-5]


def _objects(
    vendor: str, kinds: dict[str, tuple[str, str, str]], rows: Sequence[tuple[str, str, str, str]]
) -> list[Object]:
    known: dict[str, dict[str, tuple[str, int]]] = defaultdict(dict)
    # First as a whole, then without what stands in brackets or before a blank.
    for plain in (_whole, squeezed):
        for rank, (name, api, label, role) in enumerate(rows):
            for header in filter(None, (api, label)):
                known[name].setdefault(plain(header), (role, rank))
    return [
        Object(vendor, name, record, kind, tuple(words.split()), known[name])
        for name, (record, kind, words) in kinds.items()
    ]


def _whole(header: str) -> str:
    return _NOT_WORD.sub("", header.lower())


@cache
def objects() -> tuple[Object, ...]:
    """All objects of all vendors."""
    return (
        *_objects(hubspot.VENDOR, hubspot.OBJECTS, hubspot.fields()),
        *_objects(salesforce.VENDOR, salesforce.OBJECTS, salesforce.fields()),
    )


@cache
def _weights() -> dict[str, float]:
    """How much a header tells: the fewer records know it, the more."""
    records: dict[str, set[str]] = defaultdict(set)
    for one in objects():
        for header in one.known:
            records[header].add(one.record)
    return {header: 1.0 / len(found) for header, found in records.items()}


def is_custom(header: str) -> bool:
    """Whether a header is a field a firm made for itself, or one its loader added."""
    return bool(_CUSTOM.search(header.strip()) or _LOADERS.match(header.strip()))


def recognise(name: str, headers: Sequence[str]) -> Object | None:
    """The object a table of this name and these headers is an export of; None where none is plainly ahead."""
    told = [header for header in headers if not is_custom(header)]
    if len(told) < 2:
        return None
    marked = _marked(told)
    if marked is not None:
        return marked
    ranked = sorted(((_score(one, name, told), one) for one in objects()), key=lambda pair: -pair[0])
    score, best = ranked[0]
    if score <= 0:
        return None
    rival = next((other for other, one in ranked[1:] if one.record != best.record), 0.0)
    return best if score - rival >= _AHEAD else None


def _marked(headers: Sequence[str]) -> Object | None:
    """The object a report is about, by columns only its reports have: most others are those of its parents."""
    known = {squeezed(header) for header in headers}
    for one in objects():
        if one.vendor == salesforce.VENDOR and salesforce.MARKS.get(one.name, {""}) <= known:
            roles = {said[0] for header in headers if (said := one.role_of(header)) is not None}
            if _possible(one.record, roles, named=True):
                return one
    return None


def _score(one: Object, name: str, headers: Sequence[str]) -> float:
    weights = _weights()
    meant = {header: said for header in headers if (said := one.role_of(header)) is not None}
    roles = {role for role, _ in meant.values()}
    share = _PARTLY if len(meant) >= _MANY else _COVERED
    words = "".join(words_of(name))
    named = all(word in words for word in one.words)
    if len(meant) < max(2.0, share * len(headers)) or not _possible(one.record, roles, named):
        return 0.0
    told, taken = 0.0, set[int]()
    for header, (_, rank) in meant.items():
        bare = squeezed(header)
        # “Id” and “OpportunityId” side by side: the second is the key of another record.
        told += _TWICE if rank in taken else weights[bare] if bare in one.known else _BY_PREFIX
        taken.add(rank)
    # Of two objects that fit alike, the one whose name says more is meant (“deal stage” before “deal”).
    extra = _NAMED + 0.2 * len(one.words) + 0.1 * bool(one.kind) if named else 0.0
    return told + extra - min(_UNKNOWN * (len(headers) - len(meant)), _MOST_LOST)


_ACTS = {"type", "campaign", "content", "status", "subject", "body", "duration", "outcome", "key", "link", "response"}


def _possible(record: str, roles: set[str], named: bool) -> bool:
    """Whether these roles suffice for a record. Details of acts name neither person nor time, and may.

    An address and a time alone are no act, unless the name of the file says so.
    """
    if record in ("association", "link"):
        return len(roles & {"person", "company", "deal", "ticket", "activity", "merged"}) > 1
    if record in ("touch", "activity"):
        return bool(roles & {"key", "person", "at"}) and (named or bool(roles & _ACTS))
    needed = NEEDED.get(record, ())
    return all(roles.intersection(options) for options in needed)
