"""The cast our tests are told with: one person per role, and an outsider who must never see anything."""

from __future__ import annotations

from dataclasses import dataclass

from twostroke.team.facts import Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the cast. Without a role they have no account here."""

    name: str
    email: str
    role: Role | None


SAM = Person("Sam Sales", "sam@firm.example", Role.SALES)
MARA = Person("Mara Market", "mara@firm.example", Role.MARKETING)
LEA = Person("Lea Leader", "lea@firm.example", Role.LEADER)
ADA = Person("Ada Admin", "ada@firm.example", Role.ADMIN)
OTTO = Person("Otto Outsider", "otto@elsewhere.example", None)

TEAM = (SAM, MARA, LEA, ADA)
PASSWORD = "a long enough pass phrase"
