"""What travels between relay and the other rooms. Kinds of lines stand in ``KINDS``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from twostroke.ledger.facts import Kind, Place, Property, Stroke, Team, Type


class Stage(StrEnum):
    """Stages of the lifecycle in their order; OTHER stands outside of it."""

    SUBSCRIBER = "subscriber"
    LEAD = "lead"
    MQL = "mql"
    SAL = "sal"
    SQL = "sql"
    OPPORTUNITY = "opportunity"
    CUSTOMER = "customer"
    EVANGELIST = "evangelist"
    OTHER = "other"


LADDER: tuple[Stage, ...] = tuple(stage for stage in Stage if stage is not Stage.OTHER)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an identifier of a person, or a company, stands: the furthest stage reached, when, and how it is known.

    ``at`` is ms since 1970 UTC or None where the time is unknown; ``channel`` is that of its first known line with one.
    """

    subject: str
    subject_kind: str
    stage: Stage
    at: int | None
    precision: str
    channel: str | None


_HANDOFF = ("handoff",)
_REASON = Property(Type.TEXT, "Reason from the list both teams keep; free words are personal.")
_TO_TEAM = Property(Type.TEXT, "Team it was passed to.")

KINDS: tuple[Kind, ...] = (
    Kind(
        "stage.reached",
        "A person or a company stands at a stage of the lifecycle from now on, forwards or backwards.",
        Team.SYSTEM,
        Stroke.NONE,
        ("person", "company"),
        900,
        properties={
            "stage": Property(
                Type.TEXT, "subscriber, lead, mql, sal, sql, opportunity, customer, evangelist or other."
            ),
            "name": Property(Type.TEXT, "The stage in the words of the source."),
            "basis": Property(Type.TEXT, 'How it is known: "told by the source" or "rule".'),
        },
        comes_from=(
            "HubSpot lifecyclestage",
            "Salesforce Lead Status",
            "Salesforce Lead IsConverted",
            "our own rule",
        ),
        decided=True,
    ),
    Kind(
        "handoff.offered",
        "One team passes a lead to the other, with what is known and what was promised.",
        Team.MARKETING,
        Stroke.NONE,
        _HANDOFF,
        910,
        place=Place.FIRST,
        properties={
            "to_team": _TO_TEAM,
            "reason": _REASON,
            "due_at": Property(Type.INTEGER, "When an answer is owed, ms since 1970 UTC.", "ms"),
            "score": Property(Type.DECIMAL, "Score at that moment."),
            "rule": Property(Type.TEXT, "The rule and its version that decided it."),
        },
        personal=("context", "promised"),
        comes_from=("HubSpot hs_lead_status (new)", "Salesforce Lead (queue to owner)", "our own rule"),
        decided=True,
    ),
    Kind(
        "handoff.accepted",
        "The other team takes the lead.",
        Team.SALES,
        Stroke.NONE,
        _HANDOFF,
        920,
        comes_from=("Salesforce Lead Status (accepted)", "a person's act"),
        decided=True,
    ),
    Kind(
        "handoff.rejected",
        "The other team sends the lead back with a reason, and a way onwards.",
        Team.SALES,
        Stroke.NONE,
        _HANDOFF,
        930,
        properties={"reason": _REASON, "path": Property(Type.TEXT, "Where it goes on: nurture, other team, closed.")},
        personal=("words",),
        comes_from=("Salesforce Lead Status (unqualified)", "HubSpot hs_lead_status (unqualified)", "a person's act"),
        decided=True,
    ),
    Kind(
        "handoff.expired",
        "Nobody answered in the agreed time.",
        Team.SYSTEM,
        Stroke.NONE,
        _HANDOFF,
        940,
        place=Place.LAST,
        properties={"due_at": Property(Type.INTEGER, "When the answer was owed, ms since 1970 UTC.", "ms")},
        comes_from=("our own clock",),
        decided=True,
    ),
    Kind(
        "handoff.returned",
        "An accepted lead comes back later, with what was learned.",
        Team.SALES,
        Stroke.NONE,
        _HANDOFF,
        950,
        place=Place.LAST,
        properties={"reason": _REASON},
        personal=("words",),
        comes_from=("Salesforce Lead Status (recycled)", "a person's act"),
        decided=True,
    ),
    Kind(
        "handoff.recycled",
        "A lead that came back is on a marketing path again.",
        Team.MARKETING,
        Stroke.NONE,
        _HANDOFF,
        960,
        place=Place.LAST,
        properties={"path": Property(Type.TEXT, "The path it is on now.")},
        comes_from=("Marketo program membership (recycled)", "our own rule"),
        decided=True,
    ),
)
