"""A town in which everything happens: lines of every kind of the catalogue, the same ones for the same seed.

``story`` tells what happens there in about so many lines, as messages in order: plain events of every kind, claims and
shared devices, desks, merges taken back, splits, files said again, corrected and undone, currencies and rates. A kind
stands at least ``AT_LEAST`` times. Made from the catalogue, so that a new kind is in it as soon as it is declared.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from twostroke.identity.facts import Identifier, Minter, device_namespace
from twostroke.kit.time import DAY_MS
from twostroke.ledger.catalogue import current
from twostroke.ledger.facts import Draft, Kind, Message, Precision, Trust, Type, definition_subject

AT_LEAST = 20
CRM, SHOP, HAND, SITE = "town-crm", "town-shop", "town-hand", "town-site"
SOURCES = (CRM, SHOP, HAND, SITE)
FIRST_DAY = 20_000
DAYS = 400
_WORDS = ("Beans", "Größe", "Čaj", "Ελιά", "珈琲", "قهوة", "O'Hara", 'a "quoted" word', "=1+1", "x\ny")
_LABELS = ("search", "fair", "mail", "ads", "partner")
_STAGES = ("subscriber", "lead", "mql", "sal", "sql", "opportunity", "customer", "evangelist", "other", "odd")
_RECORDS = ("deal", "order", "handoff", "mail", "proposal", "product", "campaign", "spend", "cart", "checkout", "call",
            "meeting", "visit", "note", "task", "subscription", "invoice", "payment", "feedback", "survey", "review",
            "ticket")  # fmt: skip
_APART = frozenset({"import.started", "import.confirmed", "import.undone", "erasure.done", "identity.merged",
                    "identity.unmerged", "identity.split", "identity.claimed"})  # fmt: skip


@dataclass(slots=True)
class Town:
    """Who and what there is; ``minted`` are the identifiers, each to be stored before the lines that name it."""

    key: bytes
    size: int
    persons: list[tuple[str, ...]] = field(default_factory=list)
    devices: list[str] = field(default_factory=list)
    tablets: list[str] = field(default_factory=list)
    desks: list[str] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    companies: list[tuple[str, ...]] = field(default_factory=list)
    colleagues: list[str] = field(default_factory=list)
    records: dict[str, list[str]] = field(default_factory=dict)
    minted: list[Identifier] = field(default_factory=list)

    def settle(self) -> Town:
        """Everybody in, each with names of their own."""
        mint = Minter(self.key)
        for n in range(self.size):
            mine = [mint.record(CRM, "contact", str(n)), mint.mint("email", f"p{n}@town{n % 97}.example")]
            mine += [mint.record(SHOP, "customer", str(n))] if n % 3 == 0 else []
            mine += [mint.mint("phone", f"+4930{n:07d}")] if n % 4 == 0 else []
            self.persons.append(tuple(mine))
            self.devices.append(mint.mint(device_namespace(SITE), f"c{n}"))
        self.tablets = [mint.mint(device_namespace(SITE), f"tablet{n}") for n in range(3)]
        self.desks = [mint.mint("email", f"info@town{n}.example") for n in range(3)]
        self.shared = [mint.mint("email", f"pool@town{n}.example") for n in range(2)]
        for n in range(max(4, self.size // 10)):
            self.companies.append((mint.record(CRM, "company", str(n)), mint.mint("domain", f"town{n}.example")))
        self.colleagues = [mint.record(CRM, "owner", str(n)) for n in range(12)]
        self.records = {kind: [mint.record(CRM, kind, str(n)) for n in range(self.size)] for kind in _RECORDS}
        self.minted = mint.drain()
        return self

    def corner(self, luck: Random) -> Town:
        """A few of the town, who have to do with each other all the time."""
        few = replace(self, minted=[])
        at = luck.sample(range(self.size), 6)
        few.persons, few.devices = [self.persons[n] for n in at], [self.devices[n] for n in at]
        few.companies, few.colleagues = luck.sample(self.companies, 3), luck.sample(self.colleagues, 3)
        few.records = {kind: luck.sample(names, 3) for kind, names in self.records.items()}
        return few


def when(luck: Random) -> dict[str, Any]:
    """An instant few others have, one that many have, a late one, a day, or none."""
    sort = luck.choice(("exact", "exact", "equal", "late", "day", "day", "unknown"))
    day = (FIRST_DAY + luck.randrange(DAYS)) * DAY_MS
    if sort == "unknown":
        return {}
    if sort == "day":
        return {"happened_at": day, "precision": Precision.DAY}
    if sort == "equal":
        return {"happened_at": FIRST_DAY * DAY_MS + 1000 * luck.randrange(3), "precision": Precision.SECOND}
    at = luck.randrange(1000) if sort == "late" else day + luck.randrange(DAY_MS)
    return {"happened_at": at, "precision": Precision.MS}


def draft(town: Town, kind: Kind, luck: Random) -> Draft:
    """A line of this kind as its declaration allows it, about somebody or something of the town."""
    subject_kind = luck.choice(kind.subjects)
    more: dict[str, Any] = when(luck)
    identifier = _somebody(town, luck) if subject_kind == "person" or luck.random() < 0.3 else None
    company = luck.choice(luck.choice(town.companies)) if luck.random() < 0.3 else None
    properties = {name: _value(town, name, one.type, luck) for name, one in kind.properties.items()
                  if luck.random() < 0.7}  # fmt: skip
    subject = _subject(town, subject_kind, identifier, properties, luck)
    if subject_kind == "company":
        company = subject
    if kind.money and luck.random() < 0.7:
        more |= {"amount_minor": luck.choice((0, 1, 999, -500, 123_456_789, 2**60)), "currency": _currency(luck)}
    if kind.name == "definition.changed":
        properties = {"name": f"town.{luck.randrange(5)}", "value": luck.choice((1, "two", [3], {"four": None}))}
        subject = definition_subject(properties["name"])
    if kind.name == "stage.reached":
        properties["stage"] = luck.choice(_STAGES)
    personal = {name: luck.choice(_WORDS) for name in kind.personal if luck.random() < 0.4}
    labels = {name: luck.choice(_LABELS) for name in ("channel", "campaign") if luck.random() < 0.3}
    actor = luck.choice(town.colleagues) if luck.random() < 0.3 or kind.name == "owner.assigned" else None
    return Draft(kind.name, subject_kind, subject, identifier=identifier, company=company, actor=actor,
                 properties=properties, personal=personal, **labels, **more)  # fmt: skip


def _somebody(town: Town, luck: Random) -> str:
    if luck.random() < 0.3:
        return luck.choice(town.devices if luck.random() < 0.9 else town.tablets)
    return luck.choice(luck.choice(town.persons))


def _subject(town: Town, kind: str, identifier: str | None, properties: Mapping[str, Any], luck: Random) -> str:
    if kind == "person":
        return str(identifier)
    if kind == "company":
        return luck.choice(luck.choice(town.companies))
    if kind == "colleague":
        return luck.choice(town.colleagues)
    if kind in town.records:
        return luck.choice(town.records[kind])
    return hashlib.sha256(f"{kind}:{sorted(properties)}:{luck.randrange(50)}".encode()).hexdigest()[:32]


def _currency(luck: Random) -> str:
    return luck.choice(("EUR", "USD", "JPY"))


def _value(town: Town, name: str, kind: Type, luck: Random) -> Any:
    if kind is Type.ID:
        pools = {"manager": town.colleagues, "parent": [one[0] for one in town.companies]}
        return luck.choice(pools.get(name) or town.records.get(name) or town.colleagues)
    made: dict[Type, Any] = {
        Type.TEXT: luck.choice(("one", "two", "three", "größer", "a b", "says p1@town1.example")),
        Type.INTEGER: luck.choice((0, 1, 42, -7, 2**53 - 1)),
        Type.DECIMAL: luck.choice(("0", "0.5", "-12.25", "100000000000000000000.01")),
        Type.BOOLEAN: luck.random() < 0.5,
        Type.DATE: luck.choice(("2024-02-29", "2026-01-01")),
        Type.IDS: [luck.choice(town.colleagues)],
        Type.JSON: luck.choice(([], [1, "two", None], {"a": {"b": 0.5}})),
    }
    return made[kind]


def claim(town: Town, luck: Random) -> tuple[Draft, Trust]:
    """Who is who: mostly one person's identifiers, often their device, at times a tablet, a desk or somebody else's."""
    n = luck.randrange(len(town.persons))
    ids = luck.sample(town.persons[n], k=min(2, len(town.persons[n])))
    sort = luck.random()
    if sort < 0.3:
        ids = [*ids[:1], town.devices[n]]
    elif sort < 0.4:
        ids = [ids[0], luck.choice(town.tablets)]
    elif sort < 0.46:
        ids = [town.persons[n][0], luck.choice((*town.desks, *town.shared))]
    elif sort < 0.5:
        ids = [ids[0], luck.choice(luck.choice(town.persons))]
    elif sort < 0.53:
        ids = luck.sample(town.devices, 2)
    kind, subjects = "person", list(dict.fromkeys(ids))
    if sort > 0.93:
        kind, subjects = "company", list(luck.choice(town.companies))
    trust = Trust.CLAIMED if luck.random() < 0.1 else Trust.KNOWN
    identifier = subjects[0] if kind == "person" else None
    company = subjects[0] if kind == "company" else None
    told = Draft("identity.claimed", kind, subjects[0], identifier=identifier, company=company,
                 properties={"ids": subjects}, **when(luck))  # fmt: skip
    return told, trust


@dataclass(slots=True, repr=False)
class Teller:
    """Tells the story: ``told`` counts lines by kind. ``name`` keeps the messages of two tellers apart."""

    town: Town
    luck: Random
    name: str = ""
    told: Counter[str] = field(default_factory=Counter)
    merges: list[tuple[str, tuple[str, str]]] = field(default_factory=list)
    batches: list[str] = field(default_factory=list)
    undone: set[str] = field(default_factory=set)
    files: list[list[tuple[str, tuple[Draft, ...]]]] = field(default_factory=list)
    stored: set[str] = field(default_factory=set)
    count: int = 0

    def message(self, *drafts: Draft, source: str = SITE, message_id: str = "", **more: Any) -> Message:
        """One more message."""
        self.count += 1
        self.told.update(draft.kind for draft in drafts)
        body = hashlib.sha256(repr(drafts).encode()).hexdigest()[:32]
        return Message(source, message_id or f"{self.name}m{self.count}", body, drafts, **more)

    def goes_on(self, name: str, luck: Random) -> Teller:
        """Another teller who knows what this one told, in a corner of the town."""
        return Teller(self.town.corner(luck), luck, name, Counter(), [*self.merges], [*self.batches], {*self.undone},
                      self.files[-50:], {*self.stored})  # fmt: skip

    def event(self, kind: Kind) -> list[Message]:
        """An event of this kind; at times several lines in one message."""
        kinds = [kind, *self.luck.sample(_plain(), self.luck.choice((0, 0, 0, 1, 2)))]
        drafts = [draft(self.town, one, self.luck) for one in kinds]
        return [self.message(*drafts, source=self.luck.choice(SOURCES), news=self.luck.random() < 0.5)]

    def claims(self) -> list[Message]:
        told, trust = claim(self.town, self.luck)
        return [self.message(told, source=self.luck.choice((CRM, SHOP, SITE)), trust=trust)]

    def merge(self) -> list[Message]:
        """Two are one; most of the time taken back later, or parted."""
        one, other = (mine[0] for mine in self.luck.sample(self.town.persons, 2))
        made = self.message(self._act("identity.merged", one, {"ids": [one, other]}), source=HAND)
        self.merges.append((f"{HAND}:{made.message_id}:0", (one, other)))
        return [made]

    def unmerge(self) -> list[Message]:
        first = [] if self.merges else self.merge()
        name, ids = self.merges.pop(self.luck.randrange(len(self.merges)))
        told = self._act("identity.unmerged", ids[0], {"merge": name, "ids": [*ids]})
        return [*first, self.message(told, source=HAND)]

    def split(self) -> list[Message]:
        """A merge taken back and its two sides parted, or somebody's address said to be another's."""
        if self.merges and self.luck.random() < 0.7:
            name, ids = self.merges.pop(self.luck.randrange(len(self.merges)))
            told: dict[str, Any] = {"merges": [name], "left": [ids[0]], "right": [ids[1]]}
        else:
            mine = self.luck.choice(self.town.persons)
            told = {"merges": [], "left": [mine[0]], "right": [mine[1]]}
        return [self.message(self._act("identity.split", told["left"][0], told), source=HAND)]

    def _act(self, kind: str, subject: str, properties: Mapping[str, Any]) -> Draft:
        return Draft(kind, "person", subject, identifier=subject, properties=properties, **when(self.luck))

    def file(self, again: bool = False) -> list[Message]:
        """A file of ten rows or so; ``again``: one that came before, some of its rows corrected."""
        if again and self.files:
            rows = [self._corrected(row) if self.luck.random() < 0.2 else row for row in self.luck.choice(self.files)]
        else:
            rows = [self._row() for _ in range(self.luck.randrange(5, 15))]
        self.files.append(rows)
        batch = hashlib.sha256(f"{self.name}batch{len(self.batches)}".encode()).hexdigest()[:32]
        self.batches.append(batch)
        begun: dict[str, Any] = {"import": batch, "file_no": 1, "source_name": CRM, "history": True}
        if self.luck.random() < 0.5:
            begun["version_time"] = (FIRST_DAY + self.luck.randrange(DAYS)) * DAY_MS
        made = [self._about(batch, "import.started", begun)]
        said_again = []
        for number, (name, drafts) in enumerate(rows, 1):
            if name in self.stored:
                said_again.append([name, number])
            else:
                self.stored.add(name)
                made.append(self.message(*drafts, source=CRM, message_id=name, batch=batch, row=number, news=False))
        if said_again:
            told = {"batch": batch, "rows": said_again, "source_name": CRM}
            made.append(self._about(batch, "import.confirmed", told))
        return made

    def _about(self, batch: str, kind: str, properties: Mapping[str, Any]) -> Message:
        named = {"batch": batch} if kind == "import.started" else {}
        return self.message(Draft(kind, "import", batch, properties=properties), source=CRM,
                            message_id=f"{kind}:{batch}", **named)  # fmt: skip

    def _row(self) -> tuple[str, tuple[Draft, ...]]:
        return self._said(hashlib.sha256(f"{self.name}record{self.luck.randrange(400)}".encode()).hexdigest()[:32])

    def _corrected(self, row: tuple[str, tuple[Draft, ...]]) -> tuple[str, tuple[Draft, ...]]:
        return self._said(row[0].partition(".")[0])

    def _said(self, record: str) -> tuple[str, tuple[Draft, ...]]:
        kinds = self.luck.sample(_plain(), self.luck.choice((1, 1, 2)))
        drafts = tuple(draft(self.town, kind, self.luck) for kind in kinds)
        if self.luck.random() < 0.3:
            drafts = (*drafts, claim(self.town, self.luck)[0])
        return f"{record}.{hashlib.sha256(repr(drafts).encode()).hexdigest()[:32]}", drafts

    def undo(self) -> list[Message]:
        standing = [batch for batch in self.batches if batch not in self.undone]
        if not standing:
            return self.file()
        batch = self.luck.choice(standing)
        self.undone.add(batch)
        return [self._about(batch, "import.undone", {"batch": batch, "source_name": CRM})]

    def steps(self) -> dict[str, Any]:
        """What can happen apart from plain events, by the kind of line it surely gives."""
        return {
            "identity.claimed": self.claims, "identity.merged": self.merge, "identity.unmerged": self.unmerge,
            "identity.split": self.split, "import.started": self.file, "import.undone": self.undo,
            "import.confirmed": lambda: self.file(again=True),
        }  # fmt: skip


def _plain() -> list[Kind]:
    """Kinds that stand for themselves."""
    return [kind for kind in current() if kind.name not in _APART]


def town_of(key: bytes, lines: int) -> Town:
    """The town of a story of so many lines."""
    return Town(key, max(20, lines // 25)).settle()


def story(teller: Teller, lines: int) -> Iterator[list[Message]]:
    """Steps of about ``lines`` lines in all, each some messages that belong together.

    ``erasure.done`` is left out: only an erasure says it truly.
    """
    steps = teller.steps()
    plain = {kind.name: kind for kind in _plain()}
    for name in [*plain, *steps]:
        while teller.told[name] < AT_LEAST:
            yield teller.event(plain[name]) if name in plain else steps[name]()
    weights = [*["identity.claimed"] * 25, "identity.merged", "identity.unmerged", "identity.split",
               "import.started", "import.started", "import.confirmed", "import.undone"]  # fmt: skip
    while teller.told.total() < lines:
        name = teller.luck.choice((teller.luck.choice(weights), teller.luck.choice([*plain])))
        yield teller.event(plain[name]) if name in plain else steps[name]()


# What a proof must have met (LEDGER 2).
SORTS = ("merge", "unmerge", "split", "undo", "correction", "confirmation", "late", "equal time", "unknown time", "day",
         "shared device")  # fmt: skip
_BY_KIND = {"identity.merged": "merge", "identity.unmerged": "unmerge", "identity.split": "split",
            "import.undone": "undo", "import.confirmed": "confirmation"}  # fmt: skip


def step(teller: Teller) -> list[Message]:
    """Whatever happens next: half of it who is who and files, the other half any kind of event."""
    steps = teller.steps()
    if teller.luck.random() < 0.5:
        return teller.event(teller.luck.choice(_plain()))
    return list(steps[teller.luck.choice([*steps])]())


def sorts_of(town: Town, messages: Sequence[Message], stored: Collection[str]) -> Counter[str]:
    """How many lines of each of ``SORTS`` these messages hold; ``stored``: ids of rows that were there before."""
    counted: Counter[str] = Counter(dict.fromkeys(SORTS, 0))
    records = {name.partition(".")[0] for name in stored}
    for message in messages:
        if message.row is not None:
            record = message.message_id.partition(".")[0]
            counted["correction"] += record in records
            records.add(record)
        for one in message.drafts:
            counted[_BY_KIND.get(one.kind, "another kind")] += 1
            counted["shared device"] += bool({*one.properties.get("ids", ())} & {*town.tablets})
            counted[_time_of(one)] += 1
    return counted


def _time_of(one: Draft) -> str:
    if one.happened_at is None:
        return "unknown time"
    sorts = {Precision.DAY: "day", Precision.SECOND: "equal time"}
    return sorts.get(one.precision, "late" if one.happened_at < 1000 else "time of its own")


def flat(steps: Iterable[list[Message]]) -> list[Message]:
    """The messages of steps in order."""
    return [message for some in steps for message in some]
