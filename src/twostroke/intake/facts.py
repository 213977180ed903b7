"""What travels between intake, the connectors and the faces: translated rows, reports of imports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

import msgspec

from twostroke.identity.facts import Minter

# What a user agent says is handed on here: pure, and other rooms come in by this door.
from twostroke.intake.agents import By, names_of_agent
from twostroke.ledger.facts import Draft, Kind, Message, Property, Stroke, Team, Trust, Type

__all__ = [
    "HIT",
    "KINDS",
    "REASON",
    "REASONS",
    "RULES",
    "STANDING",
    "By",
    "Dialect",
    "Envelope",
    "FileReport",
    "HitVerdict",
    "ImportBusyError",
    "ImportRefusedError",
    "ImportReport",
    "Mend",
    "Oddity",
    "Question",
    "Reader",
    "RefusedError",
    "RejectedRow",
    "Repair",
    "Rule",
    "TranslatedRow",
    "Verdict",
    "hit_kinds",
    "names_of_agent",
]

# Header of the column that says why a row was rejected, where rejected rows are given back to be mended.
REASON = "rejected because"


class ImportRefusedError(ValueError):
    """An import that cannot start, go on or be undone; the text says why and what to do."""


class ImportBusyError(ImportRefusedError):
    """Another process is at the import ``import_id``, or was: whoever meets this must leave that import alone."""

    def __init__(self, sentence: str, import_id: str) -> None:
        super().__init__(sentence)
        self.import_id = import_id


class RefusedError(ValueError):
    """A message that cannot be lines: ``code`` for programs, the text for people. It never quotes a value."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a request says of an event beside the event itself: all that is needed to read it again later.

    ``dialect`` names how it is spelled; ``trust`` follows from the key; ``received_at`` is ms since 1970 UTC.
    ``fills`` are fields the request gives to those of its events that lack them (``sentAt``, ``type``).
    """

    source: str
    dialect: str
    trust: Trust
    received_at: int
    fills: Mapping[str, Any] = field(default_factory=dict)


class Reader(Protocol):
    """Reads events of one dialect that one sender sends."""

    def message(self, event: Any, *, received_at: int, name: str = "") -> Message:
        """The event as a message; ``name`` is its id where it brings none. Raises ``RefusedError``."""

    def name_on_log(self, event: Any, name: str = "") -> str:
        """The id the event has on the log, whether it can be read or not."""

    def body_hash(self, event: Any) -> str:
        """The hash of the event as received, the same for each of its retries. Raises ``RefusedError``."""


# A dialect gives the reader for a source, a trust and a minter.
Dialect = Callable[[str, Trust, Minter], Reader]


class Mend(StrEnum):
    """What a rule does to a field of held messages."""

    RENAME = "rename"
    DATE = "date"
    MAP = "map"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Rule:
    """One step of a repair: ``field`` is a path with dots (``properties.total``).

    ``to``: the new path (rename), the value it becomes (map, where it was ``was``, or always for ``""``), or the form
    the date has (date; as ``strptime`` knows it, ``""`` for seconds or milliseconds since 1970).
    """

    mend: Mend
    field: str
    to: str = ""
    was: str = ""


@dataclass(slots=True)
class Repair:
    """What a repair did, or would do, to all alike: ``looked = stored + duplicate + sum(still)``.

    ``still``: how many stay held, by code. ``example``: one message before and after, as JSON text.
    """

    looked: int = 0
    stored: int = 0
    duplicate: int = 0
    still: dict[str, int] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    example: tuple[str, str] | None = None


class Verdict(StrEnum):
    """What a row turned out to be. ``rows = new + same + changed + rejected`` holds for every file."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    REJECTED = "rejected"


# The edition of the rules; raised whenever the same lines would get other verdicts.
RULES = 1

# Why somebody was taken for a human or a machine; {told} is what was found. Codes are stored: they never change.
REASONS: dict[str, str] = {
    "said": "Whoever sent it says so.",
    "crawler": "Its software calls itself {told}, which is a crawler or a scanner.",
    "steered": "A program steers the browser ({told}).",
    "scanned": "The link was followed within ten seconds of the mail's delivery: that is how scanners do it.",
    "burst": "Several links of one mail were followed within a second.",
    "swept": "The mail was opened in one breath with a machine's click.",
    "pace": "Ten different pages within ten seconds.",
    "library": "Its software is a library of programs ({told}); a server that passes on what people do looks the same.",
    "proxy": "The mail provider fetched it ({told}): because somebody looked, or ahead of time.",
    "odd": "Its software has a name, but not of a browser.",
    "soon": "Opened within five seconds of the mail's delivery.",
    "blind": "The link was followed within a minute of the mail's delivery, without the mail having been opened.",
    "unnamed": "It does not say with which software it was done.",
    "browser": "A browser, at a pace that people have.",
}


@dataclass(frozen=True, slots=True)
class HitVerdict:
    """Who did what a line tells: by, a code of ``REASONS``, and what was found."""

    by: By
    reason: str
    told: str = ""

    def words(self) -> str:
        """The reason as a sentence."""
        return REASONS[self.reason].format(told=self.told)


# A kind that keeps the names of the software it was done with is a hit: people do such things, and machines.
HIT: dict[str, Property] = {
    "agent": Property(Type.TEXT, "Names of the software it was done with; no system, device or address."),
    "webdriver": Property(Type.BOOLEAN, "Whether the browser says that a program steers it (navigator.webdriver)."),
    "device_only": Property(Type.BOOLEAN, "Whether nobody was named but a device."),
}


def hit_kinds(kinds: Iterable[Kind]) -> frozenset[str]:
    """The kinds whose lines are hits: those that keep the names of the software."""
    return frozenset(kind.name for kind in kinds if "agent" in kind.properties)


# Hits with which people come further in the lifecycle: who follows that must hear when a machine's are found out.
STANDING = frozenset({"form.submitted", "signup.completed"})


class TranslatedRow(msgspec.Struct, frozen=True):
    """A row of a file as lines. ``record`` is the record's key in plain text (hashed before it is stored).

    ``row`` is the 1-based number of the row in its table (the header not counted). ``cells`` are what it was read from,
    kept only where the row must be rejected after all.
    """

    row: int
    record: str
    drafts: tuple[Draft, ...]
    cells: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that cannot come in: why, in words and as a code, and its cells as received."""

    row: int
    code: str
    reason: str
    original: bytes


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something in a file that a person should look at: what, in how many rows, an example, what to do."""

    what: str
    rows: int
    example: str = ""
    suggestion: str = ""


@dataclass(slots=True)
class FileReport:
    """One file's account. ``read_as`` says as what record, with which separator, encoding and date order.

    ``columns``: (column, what it was taken for) in the order of the file; "" where it is kept under its own name.
    """

    file: str
    read_as: str
    rows: int = 0
    new: int = 0
    same: int = 0
    changed: int = 0
    rejected: int = 0
    oddities: list[Oddity] = field(default_factory=list)
    columns: list[tuple[str, str]] = field(default_factory=list)

    def adds_up(self) -> bool:
        """Whether rows in equal rows accounted for."""
        return self.rows == self.new + self.same + self.changed + self.rejected


@dataclass(slots=True)
class ImportReport:
    """What an import did, or with ``dry_run`` would do. ``lines``: how many the log gained, in all runs of it.

    ``findings``: up to five sentences on what the files say as a whole; they name nobody.
    """

    import_id: str
    source: str
    files: list[FileReport] = field(default_factory=list)
    dry_run: bool = False
    lines: int = 0
    findings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person can answer before a file may come in: an order of dates nothing proves, a currency."""

    key: str
    file: str
    text: str
    choices: Sequence[str]
    example: str = ""


KINDS: tuple[Kind, ...] = (
    Kind(
        "action.taken",
        "Somebody did something the catalogue has no kind for; it goes by the name its sender gave it.",
        Team.CUSTOMER,
        Stroke.NONE,
        ("person", "company"),
        660,
        properties={"name": Property(Type.TEXT, "Name of the action as sent, such as the name of a track call.")},
        comes_from=("Segment track with any other name", "HubSpot custom event", "a row of an activity list"),
    ),
)
