"""Who asks: roles, and what each may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """The four roles that open Twostroke in the morning."""

    SALES = "sales"
    MARKETING = "marketing"
    LEADER = "leader"
    ADMIN = "admin"


class May(StrEnum):
    """What a policy can allow."""

    SEE_PEOPLE = "see people"
    SEE_DEALS = "see deals"
    SEE_NUMBERS = "see numbers"
    EXPORT = "export"
    LOG = "log"
    IMPORT = "import"
    UNDO_IMPORT = "undo import"
    MERGE = "merge"
    SET_UP = "set up"


@dataclass(frozen=True, slots=True)
class Member:
    """A user as other rooms know them. ``id`` is opaque; ``role`` decides what they may do."""

    id: int
    email: str
    name: str
    role: Role


class Act(StrEnum):
    """What the audit tells apart."""

    SIGNED_IN = "signed in"
    LOOKED_UP = "looked up"
    EXPORTED = "exported"
    CHANGED = "changed"
    ERASED = "erased"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Audited:
    """One entry of the audit. ``at``: microseconds since 1970 UTC; ``who``: a member's name, or who at the machine."""

    at: int
    member: int | None
    who: str
    act: Act
    subject_kind: str
    subject: str
    how: str
    detail: Mapping[str, Any]
