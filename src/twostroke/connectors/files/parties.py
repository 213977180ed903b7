"""Sellers, companies and products that only another record names: they become records of their own by that name."""

from __future__ import annotations

from collections.abc import Callable

from twostroke.connectors.files.cells import CACHE, Cells, Row
from twostroke.ledger.facts import Draft, Team

_KINDS = {
    "owner": ("colleague", "colleague.described"),
    "company": ("company", "company.described"),
    "product": ("product", "product.described"),
}


def named_parties(cells: Cells) -> Callable[[Row, list[Draft]], list[Draft]]:
    """A function that adds, to the lines of a row, those that describe who or what no other table describes.

    Whether another table does stands in the mapping (``to``), so that a file brought in alone gives the same lines.
    """
    makers = [maker for role in _KINDS if (maker := _maker(cells, role)) is not None]
    if not makers:
        return _as_they_are

    def parties(row: Row, drafts: list[Draft]) -> list[Draft]:
        for make in makers:
            draft = make(row)
            if draft is not None:
                drafts.append(draft)
        return drafts

    return parties


def _as_they_are(row: Row, drafts: list[Draft]) -> list[Draft]:
    return drafts


def _maker(cells: Cells, role: str) -> Callable[[Row], Draft | None] | None:
    column = cells.table.by_role(role)
    if column is None or column.to or not cells.has(role):
        return None
    record, kind = _KINDS[role]
    reference, text = cells.reference(role, record), cells.text(role)
    made: dict[str, Draft] = {}

    def make(row: Row) -> Draft | None:
        subject = reference(row)
        if subject is None:
            return None
        draft = made.get(subject)
        if draft is None:
            if len(made) > CACHE:
                made.clear()
            draft = made[subject] = described(kind, record, subject, text(row))
        return draft

    return make


def described(kind: str, record: str, subject: str, name: str) -> Draft:
    """The line that says the name of a record, and of a colleague that sales is the team."""
    if record == "product":
        return Draft(kind, record, subject, properties={"name": name})
    told = {"team": Team.SALES.value} if record == "colleague" else {}
    return Draft(kind, record, subject, properties=told, personal={"name": name})
