"""Rows become lines: one compiled function per table, applied to every row in one streaming pass."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from twostroke.connectors.files import (
    acts,
    advertising,
    billing,
    calendars,
    experiments,
    histories,
    launches,
    messages,
    orders,
    persons,
    prose,
    rates,
    selling,
    tickets,
)
from twostroke.connectors.files.cells import Cells, RefusedError, Row, Settings, Tally
from twostroke.connectors.files.facts import Broken, Table
from twostroke.connectors.files.footers import is_blank
from twostroke.connectors.files.mapping import Mapping, TableMap
from twostroke.connectors.files.outcomes import Hindsight, hindsight_of
from twostroke.identity.facts import Minter
from twostroke.intake.facts import RejectedRow, TranslatedRow
from twostroke.ledger.facts import Draft

# (cells, key of the record) → its lines. Raises ``RefusedError``.
Builder = Callable[[Row, str], list[Draft]]

BUILDERS: dict[str, Callable[[Cells], Builder]] = {
    "company": persons.companies,
    "person": persons.persons,
    "colleague": persons.colleagues,
    "product": selling.products,
    "deal": selling.deals,
    "stage_history": selling.stage_history,
    "order": orders.orders,
    "spend": advertising.spend,
    "activity": acts.activities,
    "touch": acts.touches,
    "history": histories.histories,
    "association": histories.associations,
    "merge": histories.merges,
    "membership": histories.memberships,
    "ticket": tickets.tickets,
    "card": tickets.cards,
    "price": billing.prices,
    "line_item": billing.line_items,
    "invoice": billing.invoices,
    "payment": billing.payments,
    "message": messages.messages,
    "meeting": calendars.meetings,
    "note": prose.notes,
    "rate": rates.rates,
    "launch": launches.launches,
    "assignment": experiments.assignments,
}
# Records that no column names.
_KEYS: dict[str, Callable[[Cells], Callable[[Row], str]]] = {
    "message": messages.key_of,
    "spend": advertising.key_of,
    "order": orders.key_of,
    "rate": rates.key_of,
    "assignment": experiments.key_of,
}


class Translation:
    """The rows of one table as lines. Iterate once; then ``tally`` and ``hindsight`` hold what was seen on the way."""

    def __init__(self, table: Table, entry: TableMap, cells: Cells) -> None:
        self.table, self.entry, self._cells = table, entry, cells
        # Before the rest of the columns is taken as what nobody asked for.
        self._key = _KEYS.get(entry.record, Cells.key)(cells)
        self.tally: Tally = cells.tally
        self.hindsight: Hindsight | None = hindsight_of(entry, table.header)
        self.rejected: dict[str, tuple[int, str]] = {}

    def __iter__(self) -> Iterator[TranslatedRow | RejectedRow]:
        """Every row of the table in order, numbered from 1."""
        maker = BUILDERS.get(self.entry.record)
        if maker is None:
            return iter(())
        return self._rows(maker(self._cells))

    def _rows(self, build: Builder) -> Iterator[TranslatedRow | RejectedRow]:
        key_of, width, seen = self._key, len(self.table.header), dict[bytes, int]()
        hindsight, pad = self.hindsight, self.entry.pad_short_rows
        for number, cells in enumerate(self.table.rows(), 1):
            if is_blank(cells):
                continue
            row = cells
            try:
                if len(cells) != width or type(cells) is not list:
                    row = _whole(cells, width, pad)
                key = key_of(row) or _ordinal(row, seen)
                drafts = build(row, key)
            except RefusedError as refused:
                code, reason = refused.code, refused.reason
                count, example = self.rejected.get(code, (0, reason))
                self.rejected[code] = (count + 1, example)
                yield RejectedRow(
                    number, code, reason, json.dumps(list(row), ensure_ascii=False).encode("utf-8", "replace")
                )
                continue
            if hindsight is not None:
                hindsight.add(row)
            yield TranslatedRow(number, key, tuple(drafts), cells)


def _whole(row: Sequence[str], width: int, pad: bool) -> Row:
    """A row of the right width, or a refusal that says what is wrong."""
    if isinstance(row, Broken):
        raise RefusedError("broken-row", f"The row cannot be taken apart: {row.reason}.")
    if len(row) < width and pad:
        return [*row, *[""] * (width - len(row))]
    if len(row) > width and not any(cell.strip() for cell in row[width:]):
        return list(row[:width])
    if len(row) == width:
        return list(row)
    code = "too-few-cells" if len(row) < width else "too-many-cells"
    cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
    raise RefusedError(code, f"The row has {cells} where the header has {width}.")


def _ordinal(row: Row, seen: dict[bytes, int]) -> str:
    """The key of a row without one: its hash and its ordinal among equal rows."""
    digest = hashlib.blake2b("\x1f".join(row).encode("utf-8", "surrogatepass"), digest_size=16).digest()
    count = seen[digest] = seen.get(digest, 0) + 1
    return f"row {digest.hex()} {count}"


def translator(
    mapping: Mapping,
    table: Table,
    *,
    source: str,
    minter: Minter,
    settings: Settings,
    tables: Sequence[Table] = (),
) -> Translation:
    """The rows of ``table`` as lines, streaming. ``tables`` are those read with it, for joins other than by key.

    A table of no record, or one the mapping does not name, gives no rows.
    """
    entry = mapping.table(table.name) or TableMap(table.name, "none")
    return Translation(table, entry, Cells(mapping, entry, table.header, source, minter, settings, tables))


def first_rows(translation: Translation, most: int) -> list[TranslatedRow | RejectedRow]:
    """The first rows, for a look before anything is brought in."""
    return list(islice(translation, most))
