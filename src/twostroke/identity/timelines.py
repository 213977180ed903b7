"""Timelines: everything on the log about a person, a company or a deal, of both teams, in order.

"Sales sees the one": the same lines that marketing counts. A line of unknown time stands last and says so.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from twostroke.identity.queries import identifiers, identifiers_of_all, names_of, people_of
from twostroke.identity.words import words_of
from twostroke.kit.money import to_decimal
from twostroke.ledger.facts import Line, Told
from twostroke.ledger.queries import Log, told

# Lines that say who somebody is rather than what happened: a timeline can leave them out.
RECORD_KINDS = frozenset(
    {"identity.claimed", "identity.merged", "identity.unmerged", "identity.split", "person.described",
     "company.described", "colleague.described", "product.described"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A line as people read it. ``at`` is ms since 1970 UTC, None where unknown; ``amount`` a decimal string.

    ``who`` and ``by`` are names of the person concerned and of the colleague who acted, where known. ``details`` are
    the line's properties, ``personal`` its erasable part. ``record`` marks lines that describe rather than happen.
    ``seq`` is where it stands on this log, which no other log needs to share.
    """

    event_id: str
    at: int | None
    precision: str
    kind: str
    words: str
    team: str
    stroke: str
    source: str
    trust: str
    subject_kind: str
    subject: str
    person: str | None
    who: str
    company: str | None
    company_name: str
    by: str
    channel: str | None
    campaign: str | None
    content: str | None
    amount: str | None
    currency: str | None
    record: bool
    seq: int = 0
    details: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """All fields by name but where the line stands, as JSON takes them."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "seq"}


def timeline(reference: str, kind: str, *, limit: int | None = None, newest_first: bool = False) -> list[Entry]:
    """The entries of whoever ``reference`` (a key or opaque id) is: a ``person``, ``company`` or other subject kind.

    In fold order (LEDGER §2), lines of unknown time last; ``newest_first`` turns the known ones round. A company's
    timeline has its people's lines as well.
    """
    log = Log()
    lines = _lines(log, reference, kind)
    known = sorted((line for line in lines if line.happened_at is not None), key=log.order_key, reverse=newest_first)
    unknown = sorted((line for line in lines if line.happened_at is None), key=log.order_key)
    return entries([*known, *unknown][:limit], log)


def _lines(log: Log, reference: str, kind: str) -> list[Line]:
    if kind == "person":
        return log.of_identifiers(identifiers(reference) or [reference])
    if kind == "company":
        ids = identifiers(reference, "company") or [reference]
        people = identifiers_of_all(people_of(reference))
        return _each_once([*log.of_companies(ids), *log.of_subjects(ids), *log.of_identifiers(people)])
    if kind == "colleague":
        ids = identifiers(reference, "colleague") or [reference]
        return _each_once([*log.of_actors(ids), *log.of_subjects(ids)])
    return log.of_subjects([reference])


def _each_once(lines: Sequence[Line]) -> list[Line]:
    return list({line.seq: line for line in lines}.values())


def entries(lines: Sequence[Line], log: Log) -> list[Entry]:
    """Lines as people read them, in the order given."""
    opened = told(lines, log)
    persons = names_of(_named(line.identifier for line in lines))
    companies = names_of(_named(line.company for line in lines), "company")
    colleagues = names_of(_named(line.actor for line in lines), "colleague")
    return [_entry(one, persons, companies, colleagues) for one in opened]


def _named(ids: Any) -> Collection[str]:
    return {one for one in ids if one is not None}


def _entry(one: Told, persons: dict[str, str], companies: dict[str, str], colleagues: dict[str, str]) -> Entry:
    line = one.line
    amount = None
    if line.amount_minor is not None and line.currency is not None:
        amount = str(to_decimal(line.amount_minor, line.currency))
    return Entry(
        event_id=line.event_id,
        at=line.happened_at,
        precision=line.precision,
        kind=line.kind,
        words=words_of(one),
        team=line.team,
        stroke=line.stroke,
        source=line.source,
        trust=line.trust,
        subject_kind=line.subject_kind,
        subject=line.subject,
        person=line.identifier,
        who=persons.get(line.identifier or "", ""),
        company=line.company,
        company_name=companies.get(line.company or "", ""),
        by=colleagues.get(line.actor or "", ""),
        channel=line.channel,
        campaign=line.campaign,
        content=line.content,
        amount=amount,
        currency=line.currency,
        record=line.kind in RECORD_KINDS,
        seq=line.seq,
        details=dict(one.properties),
        personal=dict(one.personal),
    )
