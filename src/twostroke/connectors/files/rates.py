"""Rates of exchange: a table with a column a currency, as central banks publish it, or with a row a pair."""

from __future__ import annotations

from collections.abc import Callable

from twostroke.connectors.files.cells import Cells, RefusedError, Row
from twostroke.connectors.files.numbers import number_reader
from twostroke.kit.money import ISO_4217
from twostroke.kit.time import DAY_MS, day_of_number
from twostroke.ledger.facts import Draft, Precision

Builder = Callable[[Row, str], list[Draft]]
# The currency such a table is told in where it is none of its own columns: the Central Bank's that publishes most.
_BASES = ("EUR", "USD", "GBP", "CHF")
_NOTHING = frozenset({"", "n/a", "na", "-", "–", "nan", "null"})


def is_wide(header: tuple[str, ...]) -> bool:
    """Whether a table has a column for each of many currencies, and hardly another beside a date."""
    filled = [name.strip() for name in header if name.strip() and not name.startswith("column ")]
    currencies = [name for name in filled if name in ISO_4217]
    return len(currencies) >= 3 and len(filled) - len(currencies) <= 2 and len(set(currencies)) == len(currencies)


def base_of(header: tuple[str, ...]) -> str:
    """What one unit of is worth so many units of each column: the first great currency without a column."""
    there = {name.strip() for name in header}
    return next((base for base in _BASES if base not in there), "")


def key_of(cells: Cells) -> Callable[[Row], str]:
    """The day, and the pair where the row tells one: a rate that was mended replaces what it said before."""
    readers = [cells.text(role) for role in ("at", "of", "into") if cells.has(role)]
    return lambda row: " ".join(read(row) for read in readers)


def rates(cells: Cells) -> Builder:
    """A line for each currency a row tells the rate of."""
    at = cells.instant("at")
    pairs = _wide(cells) if not cells.has("rate") else _long(cells)
    minter, source = cells.minter, cells.source

    def build(row: Row, key: str) -> list[Draft]:
        when = at(row)
        if when is None:
            raise RefusedError("no-date", "The row names no day.")
        day = when[0] // DAY_MS * DAY_MS
        date = day_of_number(when[0] // DAY_MS).isoformat()
        drafts = []
        for of, into, rate in pairs(row):
            told = {"of": of, "into": into, "rate": rate, "day": date}
            subject = minter.record(source, "rate", f"{of} {into} {date}")
            drafts.append(Draft("rate.recorded", "rate", subject, day, Precision.DAY, properties=told))
        if not drafts:
            raise RefusedError("no-rate", "The row names no rate.")
        return drafts

    return build


Pairs = Callable[[Row], list[tuple[str, str, str]]]


def _wide(cells: Cells) -> Pairs:
    base = base_of(cells.header)
    columns = [(place, name.strip()) for place, name in enumerate(cells.header) if name.strip() in ISO_4217]
    readers = {decimal: number_reader(decimal) for decimal in (".", ",")}
    cells.used.update(cells.header)

    def pairs(row: Row) -> list[tuple[str, str, str]]:
        told = [(code, row[place]) for place, code in columns if _says(row[place])]
        # A row of many rates has one with decimals.
        read = readers["." if any("." in cell for _, cell in told) else ","]
        return [(base, code, _rate(cell, read)) for code, cell in told]

    return pairs


def _says(cell: str) -> bool:
    return cell.strip().lower() not in _NOTHING


def _rate(cell: str, read: Callable[[str], str]) -> str:
    try:
        rate = read(cell.strip())
    except ValueError:
        rate = "0"
    if float(rate) <= 0 or len(rate) > 30:
        raise RefusedError("no-rate", f"“{cell.strip()[:30]}” is no rate: a rate is a number above 0.")
    return rate


def _long(cells: Cells) -> Pairs:
    of, into, rate = cells.text("of"), cells.text("into"), cells.text("rate")
    column = cells.table.by_role("rate")
    read = number_reader((column.decimal if column else "") or ".")
    usual = cells.settings.currency

    def pairs(row: Row) -> list[tuple[str, str, str]]:
        codes = [(of(row) or usual).upper(), (into(row) or usual).upper()]
        strange = next((code for code in codes if code not in ISO_4217), "")
        if strange or codes[0] == codes[1]:
            raise RefusedError("no-currency", f"“{(strange or codes[0])[:20]}” is no pair of two currencies.")
        return [(codes[0], codes[1], _rate(rate(row), read))]

    return pairs
