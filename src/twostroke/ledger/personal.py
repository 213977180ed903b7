"""What the log keeps of a person: personal parts of lines, and messages held back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from twostroke.kit.personal import Shown, Sought, Store
from twostroke.kit.time import iso
from twostroke.ledger.erasing import HeldBack, erase, every_held, lines_naming, sides_of
from twostroke.ledger.facts import Line
from twostroke.ledger.reading import Log


def stores() -> tuple[Store, ...]:
    """The stores of this room."""
    return (
        Store(
            room="ledger",
            what="lines about them, and lines about others that name them",
            erasing="the personal part of each line goes; the line, its time and its money stay",
            tables=("ledger.Personal", "ledger.Quarantined"),
            show=_lines,
            erase=_erase,
        ),
        Store(
            room="ledger",
            what="rows and messages held back in quarantine",
            erasing="their content and reason go with the lines; that one was held back stays counted",
            show=lambda sought: [_held_told(one) for one in held_of(sought)],
            erase=lambda sought: 0,
        ),
    )


def _lines(sought: Sought) -> Shown:
    lines = lines_naming(sought.ids)
    lines += [
        line for line in Log().by_seq(sorted(sought.mentions), in_force=False) if line.identifier not in sought.ids
    ]
    sides = {side.seq: side.content for side in sides_of([line.seq for line in lines])}
    for line in lines:
        yield _line_told(line, sides.get(line.seq))


def _line_told(line: Line, side: str | None) -> dict[str, Any]:
    told = {name: value for name, value in line._asdict().items() if value is not None and name not in _NOT_TOLD}
    told["recorded_at"] = iso(line.recorded_at // 1000)
    if line.happened_at is not None:
        told["happened_at"] = iso(line.happened_at)[: 10 if line.precision == "day" else None]
    told["properties"] = msgspec.json.decode(line.properties)
    told["personal"] = msgspec.json.decode(side) if side is not None else {}
    return told


_NOT_TOLD = frozenset({"body_hash", "personal_digest", "kind_version", "observed", "news"})


def held_of(sought: Sought) -> Iterator[HeldBack]:
    """The quarantined messages that are about this person or name them."""
    for one in every_held():
        if sought.is_named_in(one.reason) or sought.is_in_bytes(one.original) or _in_cells(one, sought):
            yield one


def _in_cells(one: HeldBack, sought: Sought) -> bool:
    try:
        cells = msgspec.json.decode(one.original)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    return isinstance(cells, list) and sought.is_in_row(one.source, cells)


def _held_told(one: HeldBack) -> dict[str, Any]:
    told = {"source": one.source, "row": one.row, "code": one.code, "reason": one.reason}
    return told | {"content": one.original.decode("utf-8", "replace")}


def _erase(sought: Sought) -> int:
    seqs = {line.seq for line in lines_naming(sought.ids) if line.personal_digest is not None} | sought.mentions
    held = {one.id for one in held_of(sought)}
    there = len(sides_of(seqs)) + len(held)
    erase(subject=sought.key, seqs=seqs, held=held)
    return there
