"""What travels between the log and the rooms: lines, messages, kinds, outcomes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec


class Team(StrEnum):
    """Who acts."""

    MARKETING = "marketing"
    SALES = "sales"
    SERVICE = "service"
    PARTNER = "partner"
    CUSTOMER = "customer"
    SYSTEM = "system"


class Stroke(StrEnum):
    """Push: one person's effort towards one buyer. Pull: one to many, and the buyer moves. By the act, not the team."""

    PUSH = "push"
    PULL = "pull"
    NONE = "none"


class Precision(StrEnum):
    """How exactly the instant is known. A day-precise instant is the civil day's midnight read as UTC."""

    MS = "ms"
    SECOND = "s"
    DAY = "day"
    UNKNOWN = "unknown"


class Trust(StrEnum):
    """Known: secret key, a signed-in person, an import. Claimed: a public key."""

    KNOWN = "known"
    CLAIMED = "claimed"


class Place(StrEnum):
    """Where a day-precise line stands within its day."""

    FIRST = "first"
    MIDDLE = "middle"
    LAST = "last"


class Type(StrEnum):
    """Types of declared properties. Decimals travel as strings, dates as ``YYYY-MM-DD``, ids as opaque ids."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    ID = "id"
    IDS = "ids"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Property:
    """A declared, typed property of a kind; never personal. ``unit`` is a word ("minutes", "people") or empty."""

    type: Type
    meaning: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of line: ``noun.past_participle``, closed, declared by one room's facts.

    ``subjects`` are the subject kinds such a line may be about; ``rank`` orders kinds at equal instants within a
    subject; ``place`` is where a day-precise line stands in its day; ``personal`` names the fields that go to the side
    table with every other undeclared one; ``comes_from`` names the Segment event or CRM record it is read from.
    """

    name: str
    meaning: str
    team: Team
    stroke: Stroke
    subjects: tuple[str, ...]
    rank: int
    place: Place = Place.MIDDLE
    properties: Mapping[str, Property] = field(default_factory=dict)
    personal: tuple[str, ...] = ()
    comes_from: tuple[str, ...] = ()
    decided: bool = False
    money: bool = False
    version: int = 1


# Drafts and messages are made by the million: a frozen struct is made in a tenth of the time of a frozen dataclass.
class Draft(msgspec.Struct, frozen=True):
    """A line before it is on the log. Ids are opaque; ``properties`` as the catalogue declares, ``personal`` the rest.

    ``happened_at``: ms since 1970 UTC, or None with precision unknown. ``team`` and ``stroke`` only where the act
    differs from its kind's own.
    """

    kind: str
    subject_kind: str
    subject: str
    happened_at: int | None = None
    precision: Precision = Precision.UNKNOWN
    identifier: str | None = None
    company: str | None = None
    actor: str | None = None
    channel: str | None = None
    campaign: str | None = None
    content: str | None = None
    amount_minor: int | None = None
    currency: str | None = None
    properties: Mapping[str, Any] = msgspec.field(default_factory=dict)
    personal: Mapping[str, Any] = msgspec.field(default_factory=dict)
    team: Team | None = None
    stroke: Stroke | None = None
    supersedes: str | None = None


class Message(msgspec.Struct, frozen=True):
    """What a sender sent, translated: stored whole or held whole.

    ``message_id`` is unique within ``source`` for ever: ``record`` (32 hex digits) + "." + version (32 hex digits) for
    rows of files, any other opaque text without a dot for other senders. ``body_hash`` is the HMAC of the canonical
    event as received. ``batch`` and ``row`` place a row in its import. ``recorded_at`` is given only by replay and
    restore. ``original``: its bytes as received, kept where it must be held back.
    """

    source: str
    message_id: str
    body_hash: str
    drafts: tuple[Draft, ...]
    trust: Trust = Trust.KNOWN
    news: bool = True
    batch: str | None = None
    row: int | None = None
    recorded_at: int | None = None
    original: bytes | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A message that cannot be stored: its original bytes, a code and the reason in plain words."""

    source: str
    code: str
    reason: str
    original: bytes
    message_id: str | None = None
    batch: str | None = None
    row: int | None = None


class Outcome(StrEnum):
    """What became of a message."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"


class Line(NamedTuple):
    """A line of the log, exactly its columns in their order (``LINE_COLUMNS``).

    ``properties`` is canonical JSON text; ``observed`` and ``news`` are 0 or 1, alike on every database.
    """

    seq: int
    event_id: str
    source: str
    message_id: str
    part: int
    row: int | None
    body_hash: str
    kind: str
    kind_version: int
    observed: int
    team: str
    stroke: str
    news: int
    happened_at: int | None
    precision: str
    recorded_at: int
    identifier: str | None
    company: str | None
    actor: str | None
    subject_kind: str
    subject: str
    channel: str | None
    campaign: str | None
    content: str | None
    amount_minor: int | None
    currency: str | None
    trust: str
    batch: str | None
    supersedes: str | None
    properties: str
    personal_digest: str | None


LINE_COLUMNS: tuple[str, ...] = Line._fields


# Definitions the log itself depends on.
ZONE = "installation.zone"
CURRENCY = "installation.currency"


def definition_subject(name: str) -> str:
    """The subject of lines that define ``name``; names of definitions are not secret, so the id is a plain digest."""
    return hashlib.sha256(f"definition:{name}".encode()).hexdigest()[:32]


class Told(NamedTuple):
    """A line with its properties and personal part opened."""

    line: Line
    properties: Mapping[str, Any]
    personal: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Accounting:
    """Messages of one source: ``received == stored + duplicate + quarantined``, always."""

    source: str
    received: int
    stored: int
    duplicate: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about the log that should not be. ``position`` is a seq, a commit, a source or a table, as words."""

    type: str
    position: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a reading of the whole log found. ``unproven_lines`` came after the last head written outside."""

    problems: tuple[Problem, ...]
    lines: int
    commits: int
    unproven_lines: int
    seconds: float


class Difference(NamedTuple):
    """Where two states differ: a column of a row, or with column ``""`` a whole row that only one side has."""

    model: str
    key: tuple[Any, ...]
    column: str
    left: Any
    right: Any


_ROWS = Property(Type.JSON, "List of [message id, row number], up to 1,000: messages this batch says again.")
_BATCH = Property(Type.TEXT, "The import's batch, one a file.")

_SOURCE_NAME = Property(Type.TEXT, "The source whose rows they are; the import lines themselves are the house's own.")

KINDS: tuple[Kind, ...] = (
    Kind(
        "import.started",
        "A file of an import begins to come in; each file is a batch that can be undone.",
        Team.SYSTEM,
        Stroke.NONE,
        ("import",),
        10,
        place=Place.FIRST,
        properties={
            "import": Property(Type.TEXT, "The import the file belongs to."),
            "file_no": Property(Type.INTEGER, "Which file of the import, from 1."),
            "source_name": _SOURCE_NAME,
            "version_time": Property(Type.INTEGER, "Date of the file, ms since 1970 UTC; absent if undated.", "ms"),
            "history": Property(Type.BOOLEAN, "Whether it brings history, which is not news."),
        },
        personal=("file_name",),
        comes_from=("our own import",),
    ),
    Kind(
        "import.confirmed",
        "Rows of a batch say what is on the log already: their messages are attested by this batch, too.",
        Team.SYSTEM,
        Stroke.NONE,
        ("import",),
        20,
        properties={"batch": _BATCH, "rows": _ROWS, "source_name": _SOURCE_NAME},
        comes_from=("our own import",),
    ),
    Kind(
        "import.undone",
        "A batch is taken back: what it attested no longer counts for its sake.",
        Team.SYSTEM,
        Stroke.NONE,
        ("import",),
        30,
        place=Place.LAST,
        properties={"batch": _BATCH, "source_name": _SOURCE_NAME},
        comes_from=("a person's act",),
    ),
    Kind(
        "definition.changed",
        "A setting that numbers or folds depend on has a new value: a stage map, a custom property, a currency.",
        Team.SYSTEM,
        Stroke.NONE,
        ("definition",),
        40,
        place=Place.FIRST,
        properties={
            "name": Property(Type.TEXT, "Which definition."),
            "value": Property(Type.JSON, "Its whole new value."),
        },
        comes_from=("a person's act",),
    ),
    Kind(
        "rate.recorded",
        "What one currency is worth in another on a day.",
        Team.SYSTEM,
        Stroke.NONE,
        ("rate",),
        50,
        place=Place.FIRST,
        properties={
            "of": Property(Type.TEXT, "The currency that is worth something (ISO 4217)."),
            "into": Property(Type.TEXT, "The currency it is told in (ISO 4217)."),
            "rate": Property(Type.DECIMAL, "How many units of into one unit of of is worth."),
            "day": Property(Type.DATE, "The day the rate is for."),
        },
        comes_from=("Salesforce DatedConversionRate", "a central bank's reference rates"),
    ),
    Kind(
        "erasure.done",
        "A person was erased: the side rows of these lines are gone by right, the figures stay.",
        Team.SYSTEM,
        Stroke.NONE,
        ("person",),
        9000,
        place=Place.LAST,
        properties={
            "seqs": Property(Type.JSON, "List of the seq of each line whose side row was erased."),
            "held": Property(Type.JSON, "List of the id of each quarantined message whose content was erased."),
        },
        comes_from=("a person's act", "HubSpot GDPR delete", "Segment user deletion"),
    ),
)
