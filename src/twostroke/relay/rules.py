"""Which stage of the lifecycle the lines of a person or a company have reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twostroke.ledger.facts import Told
from twostroke.relay.facts import LADDER, Stage

# What an act says by itself, where no source announced a stage. The metric `lifecycle` states the same list.
IMPLIED: dict[str, Stage] = {
    "form.submitted": Stage.LEAD,
    "card.taken": Stage.LEAD,
    "signup.completed": Stage.LEAD,
    "meeting.requested": Stage.LEAD,
    "deal.opened": Stage.OPPORTUNITY,
    "deal.won": Stage.CUSTOMER,
    "order.placed": Stage.CUSTOMER,
}
KINDS = frozenset({"stage.reached", *IMPLIED})
_STEP = {stage: number for number, stage in enumerate(LADDER)}


def stage_of(told: Told) -> Stage | None:
    """The stage a line says is reached; None for lines that say nothing of it or a stage outside of the ladder."""
    if told.line.kind != "stage.reached":
        return IMPLIED.get(told.line.kind)
    try:
        stage = Stage(told.properties["stage"])
    except (KeyError, ValueError):
        return None
    return stage if stage in _STEP else None


def fold_standing(lines: Sequence[Told]) -> dict[str, Any] | None:
    """The furthest stage reached and the first instant it was; None where no line says a stage.

    ``lines`` are in fold order. The channel is the first one any of these lines names.
    """
    furthest: Stage | None = None
    row: dict[str, Any] | None = None
    channel: str | None = None
    for told in lines:
        channel = channel or told.line.channel
        stage = stage_of(told)
        if stage is not None and (furthest is None or _STEP[stage] > _STEP[furthest]):
            furthest = stage
            row = {"stage": stage.value, "at": told.line.happened_at, "precision": told.line.precision}
    return None if row is None else {**row, "channel": channel}
