"""Experiments: who, or which region, was drawn for which arm, from when until when."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from twostroke.connectors.files.cells import Cells, RefusedError, Row
from twostroke.connectors.files.pointers import deletion
from twostroke.connectors.files.vocabulary import FALSE, TRUE, squeezed
from twostroke.kit.time import DAY_MS, day_of_number
from twostroke.ledger.facts import Draft

Builder = Callable[[Row, str], list[Draft]]
WHO = ("person", "company", "region", "sector")
FACTORS = ("arm", "arm2", "arm3")
# What parts a factor from its level and from the next factor, so that an arm of several can be read again.
OF, AND = ": ", "; "
HELD_OUT, TREATED = "held out", "treated"
_LONGEST = 120


def key_of(cells: Cells) -> Callable[[Row], str]:
    """What a row is about, where no column names it: the experiment and who was drawn.

    So a list in which somebody has moved to another arm replaces what it said of them before.
    """
    if cells.table.key:
        return cells.key()
    name, readers = _experiment(cells), [cells.text(role) for role in WHO if cells.has(role)]

    def key(row: Row) -> str:
        about = " \u00b7 ".join([name(row), *(cell.casefold() for read in readers if (cell := read(row)))])
        return hashlib.blake2b(about.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    return key


def assignments(cells: Cells) -> Builder:
    """A person, a company, or a whole region or branch of trade, drawn for an arm of an experiment."""
    name, arm, at, until = _experiment(cells), _arm(cells), cells.when("at"), cells.instant("until_at")
    person, company = cells.reference("person", "person"), cells.reference("company", "company")
    groups = [(role, cells.text(role)) for role in ("region", "sector")]
    left, rest, minter, source = deletion(cells), cells.rest(), cells.minter, cells.source

    def build(row: Row, key: str) -> list[Draft]:
        if lines := left(row, key):
            return lines
        told: dict[str, Any] = {"experiment": name(row), "arm": arm(row)}
        if (end := until(row)) is not None:
            told["until"] = day_of_number(end[0] // DAY_MS).isoformat()
        who, firm, when = person(row), company(row), at(row)
        subject = ("person", who) if who else ("company", firm)
        if not who and not firm:
            drawn = next(({role: cell} for role, read in groups if (cell := read(row))), None)
            if drawn is None:
                raise RefusedError("nobody", "The row names nobody and no region that was drawn.")
            told |= drawn
            subject = ("experiment", minter.record(source, "experiment", f"{name(row)} {key}"))
        return [
            Draft("experiment.assigned", subject[0], str(subject[1]), *when, identifier=who, company=firm,
                  properties=told, personal=rest(row))
        ]  # fmt: skip

    return build


def _experiment(cells: Cells) -> Callable[[Row], str]:
    """The name of the experiment: the column's, else the file's."""
    read, file = cells.text("experiment"), plain(cells.table.name)
    return lambda row: plain(read(row)) or file


def _arm(cells: Cells) -> Callable[[Row], str]:
    """The arm a row names. A column that asks whether somebody was held out answers yes or no."""
    columns = [column for role in FACTORS if (column := cells.table.by_role(role)) is not None and cells.has(role)]
    readers = [(plain(column.header), cells.text(column.role)) for column in columns]
    held_out = cells.text("held_out")

    def arm(row: Row) -> str:
        levels = [(factor, plain(read(row))) for factor, read in readers]
        if not levels:
            levels = [("", _held_out(held_out(row)))]
        if not all(level for _, level in levels):
            raise RefusedError("no-arm", "The row does not say which arm was drawn.")
        return levels[0][1] if len(levels) == 1 else AND.join(f"{factor}{OF}{level}" for factor, level in levels)

    return arm


def _held_out(cell: str) -> str:
    bare = squeezed(cell)
    return HELD_OUT if bare in TRUE else TREATED if bare in FALSE else plain(cell)


def plain(text: str) -> str:
    """A name without the signs that part factors and levels."""
    return " ".join(text.replace(":", " ").replace(";", " ").split())[:_LONGEST]
