"""What the pages of people show."""

from __future__ import annotations

from dataclasses import dataclass

from twostroke.web.stream import Named


@dataclass(frozen=True, slots=True)
class Touches:
    """One team's touches of a person: how many, and the last one's instant in ms since 1970 UTC (None: unknown)."""

    count: int
    last: int | None
    says: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as a row of the list; ``under`` stands in small print below the name."""

    id: str
    name: str
    under: str
    company: Named | None
    stage: str | None
    marketing: Touches
    sales: Touches
    customer: Touches
    owner: Named | None
    channel: str


@dataclass(frozen=True, slots=True)
class Value:
    """Something known about a person or a company."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Said:
    """What one source said at one time: its values stand together, so that source and date are written once."""

    source: str
    at: int | None
    precision: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Identified:
    """An identifier in words: ``E-mail``, ``crm contact`` … ``claimed``: only public keys say that it is theirs."""

    label: str
    value: str
    claimed: bool = False
