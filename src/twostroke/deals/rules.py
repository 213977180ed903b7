"""How a deal follows from its lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twostroke.deals.facts import DealStatus
from twostroke.ledger.facts import Told

OPENING = frozenset({"deal.opened", "deal.moved", "deal.changed", "deal.reopened"})
CLOSING = {"deal.won": DealStatus.WON, "deal.lost": DealStatus.LOST}
KINDS = frozenset({*OPENING, *CLOSING, "owner.assigned"})


def fold_deal(lines: Sequence[Told]) -> dict[str, Any] | None:
    """The deal's columns from its lines in fold order; None where no line says that there is a deal.

    Later lines win, field by field; a stage is only taken from lines of an open deal, so that a won deal remembers the
    stage it was won from. Reopening takes back closing date and reason.
    """
    if not any(told.line.kind.startswith("deal.") for told in lines):
        return None
    row: dict[str, Any] = dict.fromkeys(
        ("stage", "pipeline", "name", "product", "company", "person", "owner", "amount_minor", "currency",
         "opened_at", "closed_at", "expected_close", "reason")
    )  # fmt: skip
    row |= {"status": str(DealStatus.OPEN), "opened_precision": "unknown", "closed_precision": "unknown"}
    for told in lines:
        _take(row, told)
    return row


def _take(row: dict[str, Any], told: Told) -> None:
    line, said = told.line, told.properties
    row["source"] = line.source
    _take_if_said(row, "company", line.company)
    _take_if_said(row, "person", line.identifier)
    _take_if_said(row, "owner", line.actor)
    for name in ("pipeline", "product", "expected_close"):
        _take_if_said(row, name, said.get(name))
    _take_if_said(row, "name", told.personal.get("name"))
    if line.amount_minor is not None:
        row["amount_minor"], row["currency"] = line.amount_minor, line.currency
    if line.kind in OPENING:
        _take_if_said(row, "stage", said.get("stage"))
    if line.kind == "deal.opened":
        row["opened_at"], row["opened_precision"] = line.happened_at, line.precision
    elif line.kind in CLOSING:
        row["status"] = str(CLOSING[line.kind])
        row["closed_at"], row["closed_precision"] = line.happened_at, line.precision
        row["reason"] = said.get("reason")
    elif line.kind == "deal.reopened":
        row |= {"status": str(DealStatus.OPEN), "closed_at": None, "closed_precision": "unknown", "reason": None}


def _take_if_said(row: dict[str, Any], name: str, value: Any) -> None:
    if value is not None:
        row[name] = value
