"""Who asks: roles, and what each may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
