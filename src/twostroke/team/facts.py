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
    """A user as other rooms know them. ``id`` is opaque; ``role`` decides what they may do.

    ``colleague``: the key of the colleague, as files name sellers, that they said they are.
    """

    id: int
    email: str
    name: str
    role: Role
    colleague: str | None = None


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


class Scope(StrEnum):
    """What an API key opens. A public key may stand in a web page; what it says is claimed, never known."""

    INTAKE_PUBLIC = "intake-public"
    INTAKE_SECRET = "intake-secret"  # noqa: S105 - the name of a scope


class Standing(StrEnum):
    """What becomes of what is sent with a key."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as others know it; the key itself is kept by nobody. Instants are ms since 1970 UTC.

    ``number`` counts the keys of one ``name``: rotation makes the next, with the same ``source``. ``hint`` is how the
    key begins. ``origins``: web pages that may send with it (``https://www.example.com``, or ``*`` for all).
    """

    id: int
    name: str
    number: int
    source: str
    scope: Scope
    hint: str
    origins: tuple[str, ...]
    created_at: int
    expires_at: int | None = None
    revoked_at: int | None = None
    last_used_at: int | None = None

    def standing(self, now: int) -> Standing:
        """Whether it opens anything at ``now``."""
        if self.revoked_at is not None:
            return Standing.REVOKED
        return Standing.LIVE if self.expires_at is None or now < self.expires_at else Standing.EXPIRED


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key and its text, which is shown once and never again."""

    key: ApiKey
    text: str
