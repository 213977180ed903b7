"""Sellers, companies and products that only another record names: they become records of their own by that name."""

from __future__ import annotations

from collections.abc import Callable

from twostroke.connectors.files.cells import CACHE, Cells, Row
from twostroke.connectors.salesforce.facts import ID_PREFIXES
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
    reference, text = cells.reference(role, record), _names(cells, role)
    made: dict[str, Draft | None] = {}

    def make(row: Row) -> Draft | None:
        subject = reference(row)
        if subject is None:
            return None
        if subject not in made:
            if len(made) > CACHE:
                made.clear()
            name = text(row)
            made[subject] = None if _is_number(name) else described(kind, record, subject, name)
        return made[subject]

    return make


def _is_number(name: str) -> bool:
    """Whether what a file calls a record is its number in the tool: that is no name, and must not replace one."""
    return name.isdigit() or (len(name) in (15, 18) and name[:3] in ID_PREFIXES)


def _names(cells: Cells, role: str) -> Callable[[Row], str]:
    """What to call whom a cell names: by the column of names beside a column of numbers, else as the cell has it."""
    own, beside = cells.text(role), cells.text(f"{role}_name")

    def name(row: Row) -> str:
        names, keys = beside(row).split(";"), own(row).split(";")
        # Of several the first is meant, where the two columns list them alike.
        return names[0].strip() if names[0].strip() and len(names) in (1, len(keys)) else own(row)

    return name


def described(kind: str, record: str, subject: str, name: str) -> Draft:
    """The line that says the name of a record, and of a colleague that sales is the team."""
    if record == "product":
        return Draft(kind, record, subject, properties={"name": name})
    told = {"team": Team.SALES.value} if record == "colleague" else {}
    return Draft(kind, record, subject, properties=told, personal={"name": name})
