"""Where a person or a firm can stand, the moves between, and why somebody leaves."""

from __future__ import annotations

from enum import IntEnum


class Stage(IntEnum):
    """A person's stage up to SAL is the person's own; from DEAL on it is the firm's, shared by its known members."""

    STRANGER = 0
    VISITOR = 1
    LEAD = 2
    MQL = 3
    SAL = 4
    DEAL = 5
    TASTING = 6
    PROPOSAL = 7
    WON = 8
    LOST = 9
    OUT = 10


class Move(IntEnum):
    """The moves that the hazard equation decides. MQL to SAL is decided by people: see ``mechanisms.handoffs``."""

    VISIT = 0
    KNOWN = 1
    HAND = 2
    OPEN = 3
    TASTE = 4
    PROPOSE = 5
    WIN = 6
    NONE = 7


MOVE_NAMES = ("visit", "known", "hand", "open", "taste", "propose", "win")

NEXT_MOVE = {
    Stage.STRANGER: Move.VISIT,
    Stage.VISITOR: Move.KNOWN,
    Stage.LEAD: Move.HAND,
    Stage.SAL: Move.OPEN,
    Stage.DEAL: Move.TASTE,
    Stage.TASTING: Move.PROPOSE,
    Stage.PROPOSAL: Move.WIN,
}

CAUSES = ("price", "offer", "not_understood", "trust", "timing", "competitor", "fit", "lateness")
"""The true causes of leaving. ``several`` is written where a second cause weighed almost as much as the first."""

RECORDED = (
    "Price",
    "Missing feature",
    "No decision",
    "Chose competitor",
    "Bad timing",
    "No budget",
    "Not a fit",
    "No answer",
)
"""What sellers can pick. The list has no word for "we did not explain it" nor for "we came late": as in life."""
