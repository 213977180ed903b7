"""Compiled readers of cells: one small function per role of a table, made once, called for every row.

A reader takes the whole row, as a list of cells, and gives the value of its role; without a column it gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from twostroke.connectors.files.dates import Instant, date_reader
from twostroke.connectors.files.facts import Table
from twostroke.connectors.files.mapping import KEPT, ColumnMap, Mapping, TableMap
from twostroke.connectors.files.numbers import amount_reader, currency_code, currency_in, number_reader
from twostroke.connectors.files.vocabulary import TRUE, squeezed, words_of
from twostroke.connectors.salesforce.facts import ID_PREFIXES
from twostroke.identity.facts import Minter, is_illegal, normal_email
from twostroke.kit.text import slug
from twostroke.ledger.facts import Precision

Row = list[str]
NEVER: Instant = (-1, Precision.UNKNOWN)
When = tuple[int | None, Precision]
UNKNOWN: When = (None, Precision.UNKNOWN)
# Readings remembered a column: enough for what repeats, small enough for files of millions of rows.
CACHE = 20_000
# Bytes of UTF-8. Keys are looked up by an index, and what an index of PostgreSQL can hold ends at 2,704 bytes.
_LONGEST_KEY = 1_000
# Several ids in one cell: the first is the primary one.
_FIRST = re.compile(r"(\w{6,})(?:\s*;\s*\w{6,})+$")
_IDS = {prefix[:2] for prefix in ID_PREFIXES}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the installation says: reporting currency (ISO 4217), time zone (IANA), region of phones (ISO 3166-1).

    ``written_at`` is the file's own date (ms since 1970 UTC), where it has one: what lies after it was yet to come.
    """

    currency: str = "EUR"
    zone: str = "UTC"
    region: str | None = None
    written_at: int | None = None


class RefusedError(Exception):
    """A row that cannot come in."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


@dataclass(slots=True)
class Tally:
    """Counts that are only known while translating, with a first example each."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, what: str, example: str = "") -> None:
        """One more of ``what``."""
        self.counts[what] = self.counts.get(what, 0) + 1
        if what not in self.examples:
            self.examples[what] = example


@dataclass(slots=True)
class Cells:
    """Makes the readers of one table."""

    mapping: Mapping
    table: TableMap
    header: tuple[str, ...]
    source: str
    minter: Minter
    settings: Settings
    tables: Sequence[Table] = ()
    tally: Tally = field(default_factory=Tally)
    used: set[str] = field(default_factory=set)
    _places: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._places = {header: place for place, header in enumerate(self.header)}

    def _column(self, role: str) -> ColumnMap | None:
        column = self.table.by_role(role)
        if column is None or column.header not in self._places:
            return None
        self.used.add(column.header)
        return column

    def has(self, role: str) -> bool:
        """Whether a column has this role."""
        column = self.table.by_role(role)
        return column is not None and column.header in self._places

    def raw(self, column: ColumnMap) -> Callable[[Row], str]:
        """The cell of a column: stripped, replaced as the mapping says, ``""`` where it says nothing."""
        place, cache = self._places[column.header], dict[str, str]()
        missing = {value.strip() for value in column.missing}
        values = column.values

        def read(row: Row) -> str:
            cell = row[place]
            found = cache.get(cell)
            if found is None:
                bare = cell.strip()
                found = values.get(bare, "" if bare in missing else bare)
                if len(cache) > CACHE:
                    cache.clear()
                cache[cell] = found
            return found

        return read

    def text(self, role: str) -> Callable[[Row], str]:
        """The cell of a role."""
        column = self._column(role)
        return _nothing if column is None else self.raw(column)

    def first_filled(self, role: str, spare: str) -> Callable[[Row], str]:
        """The cell of a role, or where it is empty that of the spare one, which is kept under its own name, too."""
        first, column = self.text(role), self.table.by_role(spare)
        if column is None or column.header not in self._places:
            return first
        second = self.raw(column)
        return lambda row: first(row) or second(row)

    def key(self) -> Callable[[Row], str]:
        """The key of a row's record, ``""`` where it has none."""
        column = self.table.column(self.table.key) if self.table.key else None
        if column is None or column.header not in self._places:
            return _nothing
        self.used.add(column.header)
        read, raw, header = self.key_of(column), self.raw(column), column.header

        def key(row: Row) -> str:
            found = read(row)
            if not found and is_shortened(raw(row)):
                said = f"“{header}”: “{raw(row)}” is a number that a spreadsheet shortened; whose row it is, is lost"
                raise RefusedError("shortened-key", f"{said}. Bring the file in as it was downloaded.")
            return found

        return key

    def key_of(self, column: ColumnMap) -> Callable[[Row], str]:
        """The cell of a column as a key: without what spreadsheets and APIs add, ``""`` where it cannot be one."""
        return _as_key(self.raw(column))

    def instant(self, role: str) -> Callable[[Row], Instant | None]:
        """When, or None where the cell is empty. A cell that is no date refuses the row."""
        column = self._column(role)
        if column is None:
            return _none
        raw, header = self.raw(column), column.header
        read = date_reader(column.date or "y-m-d", column.zone or self.settings.zone, days_only=column.days_only)

        def instant(row: Row) -> Instant | None:
            cell = raw(row)
            if not cell:
                return None
            try:
                return read(cell)
            except ValueError as error:
                raise RefusedError("no-date", f"“{header}”: “{cell[:60]}” {error}.") from None

        return instant

    def when(self, role: str) -> Callable[[Row], When]:
        """When, or unknown where the cell is empty."""
        read = self.instant(role)
        return lambda row: read(row) or UNKNOWN

    def currency(self) -> str:
        """The currency of the table's amounts where no column names it."""
        return self.table.currency or self.mapping.currency or self.settings.currency

    def amount(self, role: str) -> Callable[[Row], tuple[int, str] | None]:
        """Minor units and currency, or None where the cell is empty. A cell that is no amount refuses the row."""
        column = self._column(role)
        if column is None:
            return _none
        raw, header, usual = self.raw(column), column.header, self.currency()
        named = self.text("currency")
        decimal = column.decimal or "."
        readers = {usual: amount_reader(decimal, usual)}

        def amount(row: Row) -> tuple[int, str] | None:
            cell = raw(row)
            if not cell:
                return None
            # A cell that names its own (“USD 1,234.00”) is of that one, whatever the others are.
            code = currency_code(named(row)) or currency_in(cell) or usual
            read = readers.get(code)
            if read is None:
                if len(code) != 3 or not code.isascii() or not code.isalpha():
                    raise RefusedError("no-currency", f"“{code[:20]}” is no currency; write three letters such as EUR.")
                read = readers[code] = amount_reader(decimal, code)
            try:
                return read(cell), code
            except ValueError as error:
                raise RefusedError("no-amount", f"“{header}”: “{cell[:60]}” {error}.") from None

        return amount

    def number(self, role: str) -> Callable[[Row], str]:
        """The number as plain decimal text, ``""`` where the cell is empty or holds no number."""
        column = self._column(role)
        if column is None:
            return _nothing
        raw, read, tally = self.raw(column), number_reader(column.decimal or "."), self.tally
        what = f"“{column.header}” holds no number; left empty"

        def number(row: Row) -> str:
            cell = raw(row)
            if not cell:
                return ""
            try:
                return read(cell)
            except ValueError:
                tally.add(what, cell[:60])
                return ""

        return number

    def flag(self, role: str) -> Callable[[Row], bool | None]:
        """True, false, or None where the cell is empty."""
        column = self._column(role)
        if column is None:
            return _none
        raw = self.raw(column)
        cache: dict[str, bool] = {}

        def flag(row: Row) -> bool | None:
            cell = raw(row)
            if not cell:
                return None
            found = cache.get(cell)
            if found is None:
                found = cache[cell] = squeezed(cell) in TRUE
            return found

        return flag

    def channel(self, role: str) -> tuple[Callable[[Row], str | None], Callable[[Row], str]]:
        """Readers of the normalised name (``organic-search``) and of the words of the source."""
        raw = self.text(role)
        cache: dict[str, str | None] = {"": None}

        def named(row: Row) -> str | None:
            cell = raw(row)
            if cell not in cache:
                if len(cache) > CACHE:
                    cache.clear()
                # An address is no channel, and as a slug it could no longer be told for one.
                cache[cell] = None if "@" in cell else slug(cell) or None
            return cache[cell]

        return named, raw

    def reference(self, role: str, record: str, *, unknown: bool = True) -> Callable[[Row], str | None]:
        """The opaque id of the record a cell names.

        Values that match nothing, or several rows, get an id of their own; ``None`` if ``unknown`` are not wanted.
        """
        column = self._column(role)
        if column is None:
            return _none
        read = _as_key(self.raw(column))
        translate = self.lookup(column)
        kind = self.object_of(column, record)
        minter, source, own = self.minter, self.source, f"name:{self.source}:{record}"
        cache: dict[str, str] = {}

        def reference(row: Row) -> str | None:
            cell = read(row)
            if not cell:
                return None
            found = cache.get(cell)
            if found is None:
                if len(cache) > CACHE:
                    cache.clear()
                listed = _FIRST.match(cell) if ";" in cell else None
                one = listed.group(1) if listed else _address_in(cell) if record == "person" else cell
                key = one if translate is None else translate.get(one) or None
                if key is None and not unknown:
                    return None
                if record == "person" and "@" in one and (address := normal_email(one)):
                    found = minter.mint("email", address, one)
                else:
                    of = _own_type(one, record, kind)
                    found = minter.mint(own, one) if key is None else minter.record(source, of, key)
                cache[cell] = found
            return found

        return reference

    def object_of(self, column: ColumnMap, record: str) -> str:
        """The object type whose keys a column holds: of persons a source may keep leads and contacts."""
        if record != "person":
            return record
        to = self.mapping.table(column.to.rpartition(".")[0]) if column.to else None
        if to is not None:
            return object_type(to)
        words = set(words_of(column.header))
        told = next((word for word in ("lead", "contact") if word in words), "")
        tables = [object_type(table) for table in self.mapping.of_record("person")]
        if told in tables or len(set(tables)) != 1:
            return told or "person"
        return tables[0]

    def lookup(self, column: ColumnMap) -> dict[str, str] | None:
        """Key of the other table by the value of the column pointed to, where that is not the key itself.

        ``""`` for a value that several keys have: nobody can know which of them is meant.
        """
        name, _, header = column.to.rpartition(".")
        other = self.mapping.table(name) if name else None
        if other is None or not other.key or header == other.key:
            return None
        table = next((table for table in self.tables if table.name == name), None)
        if table is None or header not in table.header or other.key not in table.header:
            return {}
        return keys_by(table, header, other.key)

    def rest(self) -> Callable[[Row], dict[str, str]]:
        """What stands in the columns no reader was asked for, under their headers; empty cells left out."""
        kept = [
            c for c in self.table.columns if c.header not in self.used and c.role != "-" and c.header in self._places
        ]
        readers = [(column.header, self.raw(column)) for column in kept]

        def rest(row: Row) -> dict[str, str]:
            return {header: cell for header, read in readers if (cell := read(row))}

        return rest


def keys_by(table: Table, header: str, key: str) -> dict[str, str]:
    """The key of the row that has a value under this header; ``""`` where rows of several keys have it."""
    place, spot = table.header.index(header), table.header.index(key)
    found: dict[str, str] = {}
    for row in table.rows():
        if len(row) == len(table.header) and (own := bare_key(row[spot].strip())):
            value = bare_key(row[place].strip())
            found[value] = own if found.get(value, own) == own else ""
    return found


_IN_BRACKETS = re.compile(r"\(([^()\s;]+@[^()\s;]+)\)")


def _address_in(cell: str) -> str:
    """The address of the first of whom a cell names (“Ann Berg (ann@example.org)”); a cell without one as it is."""
    found = _IN_BRACKETS.search(cell) if "@" in cell else None
    return found[1] if found is not None else cell


def _own_type(cell: str, record: str, kind: str) -> str:
    """The object type of an id that says its own (a Salesforce id of a lead where contacts stand, too)."""
    told = ID_PREFIXES.get(cell[:3], "") if len(cell) == 15 else ""
    return told if record == "person" and told in ("lead", "contact") else kind


def object_type(table: TableMap) -> str:
    """The CRM object a table of persons holds: ``lead``, ``contact`` or ``person``; of others, their record."""
    if table.record != "person":
        return table.record
    if table.object in ("lead", "contact"):
        return table.object
    words = {word.rstrip("s") for word in (*words_of(table.key), *words_of(table.name))}
    return next((word for word in ("lead", "contact") if word in words), "person")


def _nothing(row: Row) -> str:
    return ""


def _none(row: Row) -> None:
    return None


def bare_key(cell: str) -> str:
    """Whole numbers that went through a spreadsheet come as ``15.0``; a name loses double spaces."""
    if cell.endswith(".0") and cell[:-2].isdigit():
        return cell[:-2]
    if len(cell) == 18 and cell[:3] in ID_PREFIXES and cell.isalnum() and cell.isascii() and _checks(cell):
        return cell[:15]
    return " ".join(cell.split()) if "  " in cell or "\n" in cell or "\t" in cell else cell


_CHECKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def _checks(cell: str) -> bool:
    """Whether the last three characters are those that tell the case of the first fifteen: one id, two lengths."""
    groups = (cell[start : start + 5] for start in (0, 5, 10))
    sums = (sum(1 << place for place, letter in enumerate(group) if letter.isupper()) for group in groups)
    return "".join(_CHECKS[number] for number in sums) == cell[15:]


def _as_key(read: Callable[[Row], str]) -> Callable[[Row], str]:
    def key(row: Row) -> str:
        cell = read(row)
        if cell.endswith(".0") or "  " in cell or (len(cell) == 18 and cell[:2] in _IDS):
            cell = bare_key(cell)
        if len(cell) < 20:
            return "" if cell and (is_illegal_cached(cell) or is_shortened(cell)) else cell
        if len(cell) > _LONGEST_KEY // 4 and len(cell.encode("utf-8", "replace")) > _LONGEST_KEY:
            raise RefusedError("long-key", f"A cell of {len(cell):,} characters is no key and no name of a record.")
        return cell

    return key


_SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+\d{2}$")


def is_shortened(cell: str) -> bool:
    """Whether a key went through a spreadsheet that wrote the first digits of it only (``1.30E+10``)."""
    return "E+" in cell and _SHORTENED.match(cell) is not None


_illegal: dict[str, bool] = {}


def is_illegal_cached(cell: str) -> bool:
    """``is_illegal``, remembered for short values."""
    found = _illegal.get(cell)
    if found is None:
        if len(_illegal) > CACHE:
            _illegal.clear()
        found = _illegal[cell] = is_illegal(cell)
    return found


def kept_columns(table: TableMap) -> list[ColumnMap]:
    """Columns without a role that come in under their own name."""
    return [column for column in table.columns if column.role == KEPT]
