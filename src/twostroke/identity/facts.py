"""What travels between identity and the other rooms. Kinds of lines stand in ``KINDS``."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

# Pure normal forms and precedence are handed on here: other rooms come in by this door.
from twostroke.identity.rules import (
    company_domain,
    exclusive,
    is_device,
    is_illegal,
    is_role_address,
    leads,
    normal_domain,
    normal_email,
    normal_phone,
    precedence,
    registered_domain,
)
from twostroke.kit.ids import opaque
from twostroke.ledger.facts import Kind, Place, Property, Stroke, Team, Type

__all__ = [
    "DOMAIN",
    "EMAIL",
    "KINDS",
    "PHONE",
    "Colleague",
    "Company",
    "ConsentState",
    "Evidence",
    "Hit",
    "Identifier",
    "Known",
    "Membership",
    "Minter",
    "Person",
    "Subject",
    "Suggested",
    "Trait",
    "WhoIs",
    "company_domain",
    "device_namespace",
    "exclusive",
    "is_device",
    "is_illegal",
    "is_role_address",
    "leads",
    "normal_domain",
    "normal_email",
    "normal_phone",
    "precedence",
    "record_namespace",
    "registered_domain",
    "user_namespace",
]

# Namespaces of identifiers. A record namespace names the source and the CRM object type; so does a user namespace.
EMAIL = "email"
PHONE = "phone"
DOMAIN = "domain"


def record_namespace(source: str, object_type: str) -> str:
    """Namespace of the record ids of one object type of one source: ``record:crm:deal``. Exclusive."""
    return f"record:{source}:{object_type}"


def user_namespace(source: str) -> str:
    """Namespace of a source's own user ids. Exclusive."""
    return f"user:{source}"


def device_namespace(source: str) -> str:
    """Namespace of a source's anonymous (cookie) ids."""
    return f"device:{source}"


# Enough for what many rows name (owners, companies); what one row names is worth no memory.
_REMEMBERED = 20_000


class Identifier(NamedTuple):
    """An opaque id and what it stands for: ``value`` is the normal form, ``raw`` what was first received."""

    id: str
    namespace: str
    value: str
    raw: str
    generation: int = 0


@dataclass(slots=True)
class Minter:
    """Turns values into opaque ids and remembers the identifiers it made since the last ``drain``.

    ``generations`` holds the raised generations of erased values, by the opaque id of generation 0; ``risen`` the ids
    minted here that are of a later generation, each with that first one. Pure: equal input gives equal ids under equal
    keys.
    """

    key: bytes
    generations: Mapping[str, int] = field(default_factory=dict)
    risen: dict[str, str] = field(default_factory=dict)
    _seen: dict[tuple[str, str], str] = field(default_factory=dict)
    _fresh: list[Identifier] = field(default_factory=list)

    def mint(self, namespace: str, value: str, raw: str | None = None) -> str:
        """The opaque id of an already normal ``value``; the identifier is kept for ``drain``."""
        found = self._seen.get((namespace, value))
        if found is not None:
            return found
        first = opaque(self.key, "identifier", namespace, value, "0")
        generation = self.generations.get(first, 0)
        made = first if generation == 0 else opaque(self.key, "identifier", namespace, value, str(generation))
        if generation:
            self.risen[made] = first
        if len(self._seen) > _REMEMBERED:
            self._seen.clear()
        self._seen[namespace, value] = made
        self._fresh.append(Identifier(made, namespace, value, value if raw is None else raw, generation))
        return made

    def record(self, source: str, object_type: str, key: str) -> str:
        """The opaque id of a record of a source, by its key in that source."""
        return self.mint(record_namespace(source, object_type), key)

    def drain(self) -> list[Identifier]:
        """The identifiers minted since the last call, each to be stored before the lines that name it."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def waiting(self) -> int:
        """How many identifiers wait to be stored."""
        return len(self._fresh)

    def drain_unerased(self) -> list[Identifier]:
        """The same, but values that were erased before wait for ``drain_named``: a row that says nothing new must not
        bring them back."""
        fresh, self._fresh = self._fresh, [one for one in self._fresh if one.generation]
        return [one for one in fresh if not one.generation]

    def drain_named(self, names: Container[str]) -> list[Identifier]:
        """Those that wait and are among ``names``; the others go on waiting."""
        found = [one for one in self._fresh if one.id in names]
        self._fresh = [one for one in self._fresh if one.id not in names]
        return found


class WhoIs(NamedTuple):
    """An identifier and whose it is. ``anonymous``: a device nobody alone claims; ``verified`` false: only public keys
    tie the device to the person."""

    identifier: str
    key: str
    anonymous: bool
    verified: bool


class Hit(NamedTuple):
    """What a reference or a search found: ``kind`` is person, company, colleague or a record's type (deal, product)."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """An identifier with what it stands for; ``value`` is None once it is erased."""

    id: str
    namespace: str
    value: str | None
    raw: str | None
    shared: bool = False
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Trait:
    """A value with the source that says so and when (ms since 1970 UTC, None where unknown)."""

    name: str
    value: Any
    source: str
    happened_at: int | None
    precision: str


@dataclass(frozen=True, slots=True)
class Membership:
    """That a person is with a company, as one source says; ``present`` for the last it named."""

    company: str
    since: int | None
    until: int | None
    source: str
    present: bool


@dataclass(frozen=True, slots=True)
class ConsentState:
    """What a person allows or forbids for one purpose, with wording, source and time."""

    purpose: str
    given: bool
    basis: str
    how: str
    wording: str
    source: str
    happened_at: int | None
    precision: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of one: the key it goes by now, the name to show, identifiers and traits by name."""

    key: str
    name: str
    identifiers: tuple[Known, ...]
    traits: Mapping[str, Trait]

    def value(self, trait: str) -> Any:
        """The value of a trait, or None."""
        found = self.traits.get(trait)
        return None if found is None else found.value


@dataclass(frozen=True, slots=True)
class Person(Subject):
    """A person, or with ``anonymous`` a visitor of whom only devices are known. The newest membership stands first."""

    companies: tuple[Membership, ...] = ()
    consents: tuple[ConsentState, ...] = ()
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Company(Subject):
    """A company; ``parent`` and ``children`` are keys of companies."""

    parent: str | None = None
    children: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Colleague(Subject):
    """One of ours, named by a file: a placeholder owner until a user claims it. ``manager`` is a colleague's key."""

    team: str | None = None
    territory: str | None = None
    manager: str | None = None


class Evidence(NamedTuple):
    """A line that says so: its name (source:message:part), when it was recorded (ms since 1970 UTC), its file's row."""

    name: str
    source: str
    recorded_at: int
    row: int | None


@dataclass(frozen=True, slots=True)
class Suggested:
    """Two who may be one: identifiers, present keys and names of both, why they are apart (a word, and a sentence),
    how many lines say that they are one, and some of these."""

    kind: str
    one: str
    other: str
    key_one: str
    key_other: str
    name_one: str
    name_other: str
    why: str
    reason: str
    times: int
    evidence: tuple[Evidence, ...]


_ANYBODY = ("person", "company", "colleague")
_PERSON = ("person",)
_IDS = Property(Type.IDS, "Opaque ids of the identifiers.")
_PURPOSE = Property(Type.TEXT, "What for: marketing mail, calls, profiling, everything.")
_COUNTRY = Property(Type.TEXT, "Country (ISO 3166-1 alpha-2 where it could be told, else as the source says).")

_CUSTOM = Property(Type.JSON, "Custom properties by name, each of the type its definition.changed line says.")

KINDS: tuple[Kind, ...] = (
    Kind(
        "identity.claimed",
        "Somebody says that these identifiers are of one person, company or colleague.",
        Team.SYSTEM,
        Stroke.NONE,
        _ANYBODY,
        100,
        place=Place.FIRST,
        properties={
            "ids": _IDS,
            "verified": Property(Type.BOOLEAN, "Whether the holder proved it, by a secret key or a signed-in session."),
        },
        comes_from=("Segment identify", "Segment alias", "Segment group", "HubSpot contact", "Salesforce Contact"),
    ),
    Kind(
        "identity.merged",
        "Somebody decided that these identifiers are of one.",
        Team.SYSTEM,
        Stroke.NONE,
        _ANYBODY,
        110,
        properties={
            "ids": _IDS,
            "lifts": Property(Type.JSON, "List of the names (source:message:part) of the split lines it lifts."),
        },
        comes_from=("HubSpot contact merge audit", "Salesforce MasterRecordId", "a person's act"),
    ),
    Kind(
        "identity.unmerged",
        "A merge is taken back as if it had never been.",
        Team.SYSTEM,
        Stroke.NONE,
        _ANYBODY,
        120,
        properties={
            "merge": Property(Type.TEXT, "The name (source:message:part) of the merge line."),
            "ids": Property(Type.IDS, "The opaque ids that merge line joined."),
        },
        comes_from=("a person's act",),
    ),
    Kind(
        "identity.split",
        "Somebody decided that the two sides are not one; no later claim may join them.",
        Team.SYSTEM,
        Stroke.NONE,
        _ANYBODY,
        130,
        place=Place.LAST,
        properties={
            "merges": Property(Type.JSON, "List of the names (source:message:part) of the merge lines it takes back."),
            "left": Property(Type.IDS, "All identifiers of the one side."),
            "right": Property(Type.IDS, "All identifiers of the other side."),
        },
        comes_from=("a person's act",),
    ),
    Kind(
        "company.described",
        "What a source says of a company; the newest value of each field counts.",
        Team.SYSTEM,
        Stroke.NONE,
        ("company",),
        140,
        properties={
            "sector": Property(Type.TEXT, "Branch of trade."),
            "employees": Property(Type.INTEGER, "How many people work there.", "people"),
            "country": _COUNTRY,
            "region": Property(Type.TEXT, "State, province or sales region, in the words of the source."),
            "founded": Property(Type.INTEGER, "Year it was founded.", "year"),
            "revenue": Property(Type.DECIMAL, "Yearly revenue in whole units of its currency."),
            "revenue_currency": Property(Type.TEXT, "Currency of the revenue (ISO 4217)."),
            "parent": Property(Type.ID, "The company it belongs to."),
            "custom": _CUSTOM,
        },
        personal=("name", "address", "city", "phone", "website", "description"),
        comes_from=("Segment group", "HubSpot company", "Salesforce Account", "a list of companies"),
    ),
    Kind(
        "colleague.described",
        "What a source says of one of ours: team, territory, manager.",
        Team.SYSTEM,
        Stroke.NONE,
        ("colleague",),
        150,
        properties={
            "team": Property(Type.TEXT, "Team as the source names it."),
            "territory": Property(Type.TEXT, "Region, office or list of accounts."),
            "manager": Property(Type.ID, "The colleague they report to."),
            "active": Property(Type.BOOLEAN, "Whether they still work here."),
        },
        personal=("name", "first_name", "last_name", "email", "phone"),
        comes_from=("HubSpot owner", "Salesforce User", "a list of sellers"),
    ),
    Kind(
        "person.described",
        "What a source says of a person (traits set); the newest value of each field counts.",
        Team.SYSTEM,
        Stroke.NONE,
        _PERSON,
        160,
        properties={
            "country": _COUNTRY,
            "time_zone": Property(Type.TEXT, "Time zone (IANA name)."),
            "time_zone_from": Property(Type.TEXT, "How it is known: stated, phone, address or installation."),
            "language": Property(Type.TEXT, "Language (BCP 47)."),
            "job_level": Property(Type.TEXT, "Level of the job: owner, chief, head, lead, specialist …"),
            "job_function": Property(Type.TEXT, "What the job is about: purchasing, facilities, technology …"),
            "heard_of_us_by": Property(Type.TEXT, "How they say they heard of us: self-reported source."),
            "first_source": Property(Type.TEXT, "How they came as the source tracked it, in its words."),
            "origin": Property(Type.TEXT, "How the record came to be, in the words of the source: form, list, import."),
            "visits": Property(Type.INTEGER, "Visits to the site as the source counted them.", "visits"),
            "seconds_on_site": Property(Type.INTEGER, "Time on the site as the source counted it.", "seconds"),
            "pages_per_visit": Property(Type.DECIMAL, "Pages a visit as the source counted them.", "pages"),
            "custom": _CUSTOM,
        },
        personal=(
            "name",
            "first_name",
            "last_name",
            "email",
            "phone",
            "title",
            "address",
            "city",
            "birthday",
            "occupation",
            "notes",
        ),
        comes_from=("Segment identify", "HubSpot contact", "Salesforce Lead", "Salesforce Contact", "a lead list"),
    ),
    Kind(
        "consent.given",
        "A person allows us to write, call or profile.",
        Team.CUSTOMER,
        Stroke.NONE,
        _PERSON,
        170,
        place=Place.FIRST,
        properties={
            "purpose": _PURPOSE,
            "basis": Property(Type.TEXT, "Legal basis: consent, contract, legitimate interest."),
            "how": Property(Type.TEXT, "How it was given: form, double opt-in, spoken, written, import."),
        },
        personal=("proof", "wording", "ip"),
        comes_from=("HubSpot communication preferences", "Salesforce ContactPointTypeConsent", "Segment consent"),
    ),
    Kind(
        "consent.withdrawn",
        "A person forbids us to write, call or profile; at the same instant it stands after the giving, to be safe.",
        Team.CUSTOMER,
        Stroke.NONE,
        _PERSON,
        180,
        place=Place.LAST,
        properties={"purpose": _PURPOSE, "how": Property(Type.TEXT, "How it was withdrawn: link, mail, call, import.")},
        personal=("words", "ip"),
        comes_from=("HubSpot opt-out", "Salesforce HasOptedOutOfEmail", "Salesforce DoNotCall"),
    ),
)
