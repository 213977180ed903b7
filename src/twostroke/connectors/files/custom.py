"""Columns nobody asked for: what of them is a typed property of its own, and what stays personal.

A property goes where numbers are counted and is not erased with a person, so a column is one only where its values are
numbers, days, yes or no, or a choice from a short list, and where neither its name nor its values speak of somebody.
All else, free text above all, stays in the personal part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Map

from twostroke.connectors.files.cells import Cells, RefusedError, Row
from twostroke.connectors.files.columns import Column, Profile
from twostroke.connectors.files.dates import date_reader
from twostroke.connectors.files.mapping import KEPT, ColumnMap, Mapping
from twostroke.connectors.files.numbers import number_reader
from twostroke.connectors.files.vocabulary import FALSE, TRUE, squeezed
from twostroke.kit.text import tidy
from twostroke.kit.time import DAY_MS, day_of_number

# Records that take properties of their own, with the kind of line that carries them.
CARRIED = {"person": "person.described", "company": "company.described", "deal": "deal.opened"}
NAME = "custom"
_MOST_CHOICES = 25
_LONGEST = 80
_LONGEST_CHOICE = 60
# Parts of names of columns that speak of somebody, or lead to somebody.
_PERSONAL = (
    "name", "mail", "phone", "mobile", "address", "street", "postal", "postcode", "birth", "gender", "marital",
    "married", "spouse", "religio", "ethnic", "national", "health", "disab", "salary", "income", "iban", "account",
    "passport", "socialsec", "insurance", "latitude", "longitude", "geoloc", "ipaddress", "useragent", "browser",
    "cookie", "device", "token", "password", "owner", "manager", "seller", "assigned", "assignee", "contact", "person",
    "createdby", "modifiedby", "updatedby", "linkedin", "twitter", "facebook", "skype", "photo", "avatar", "comment",
    "remark", "description", "bemerk", "notiz", "geburt", "geschlecht", "telefon", "adresse", "strasse", "gehalt",
    "konto", "betreuer", "ansprech", "occupation", "profession", "education",
)  # fmt: skip
# Whole words: they are parts of harmless ones, too (page, average, capacity).
_PERSONAL_WORDS = frozenset(
    {"id", "ids", "key", "guid", "uuid", "ip", "no", "nr", "number", "code", "by", "hash", "login", "user", "users",
     "age", "sex", "alter", "zip", "plz", "city", "tax", "ssn", "url", "link", "card", "child", "children", "race",
     "agent", "note", "notes", "message", "fax", "image"}
)  # fmt: skip
_TWO_NAMES = re.compile(r"[^\W\d_][^\W\d_'’.-]+ (?:[^\W\d_]\.? )?[^\W\d_][^\W\d_'’.-]+$")
_WORDS = re.compile(r"[^\W_]+")


def settle(mapping: Mapping, profiles: Map[str, Profile], remembered: Mapping | None) -> None:
    """Say of each column nobody asked for and nobody has decided on before which type of property it is."""
    for table in mapping.tables:
        if table.record not in CARRIED:
            continue
        before = remembered.table(table.name) if remembered is not None else None
        for column in table.columns:
            values = profiles[table.name].column(column.header)
            decided = before is not None and before.column(column.header) is not None
            if column.role == KEPT and not decided and values is not None and column.header != table.key:
                _settle(column, values)


def _settle(column: ColumnMap, values: Column) -> None:
    kind = type_of(column, values)
    if kind == "number" and values.numbers.decimal == ",":
        column.decimal = ","
    column.custom = kind


def type_of(column: ColumnMap, values: Column) -> str:
    """``number``, ``date``, ``flag`` or ``choice``; ``""`` for what stays personal."""
    if _speaks_of_somebody(column.header) or not values.values or values.is_hashed or values.is_phone:
        return ""
    kind = values.kind
    if kind == "flag":
        return "flag"
    if kind == "date":
        return "date" if column.date and values.dates.not_dates == 0 else ""
    if kind == "number":
        return "number" if _is_figure(values) else ""
    return "choice" if kind == "category" and _is_choice(values) else ""


def _is_figure(values: Column) -> bool:
    """Whether numbers measure something; long whole numbers that are all different name something instead."""
    numbers = values.numbers
    if numbers.not_numbers or numbers.leading_zero or (numbers.decimal is None and numbers.doubtful):
        return False
    names = numbers.whole == numbers.numbers and numbers.longest >= 6 and values.distinct * 2 > values.filled
    return numbers.longest <= 15 and not names


def _is_choice(values: Column) -> bool:
    """A short list each of whose values stands more than once, and whose values are no names of people."""
    if values.distinct > _MOST_CHOICES or values.filled < 2 * values.distinct:
        return False
    if any(len(value) > _LONGEST_CHOICE or "@" in value for value in values.values):
        return False
    # Two capitalised words may be a name as well as anything else: where most are so, they are taken as names.
    named = sum(1 for value in values.values if _TWO_NAMES.match(value) and value.title() == value)
    return named * 2 < values.distinct


def _speaks_of_somebody(header: str) -> bool:
    bare = squeezed(header)
    words = {word.lower() for word in _WORDS.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header))}
    return "@" in header or bool(words & _PERSONAL_WORDS) or any(part in bare for part in _PERSONAL)


def property_name(header: str) -> str:
    """What a column's property is called: its header, tidied."""
    return tidy(header)[:_LONGEST].strip() or "column"


def definition_of(record: str, name: str) -> str:
    """The name under which a property is declared on the log (``definition.changed``)."""
    return f"property.{record}.{name}"


def declared(mapping: Mapping) -> Iterator[tuple[str, str, ColumnMap]]:
    """(record, name, column) of each property the mapping has columns for."""
    for table in mapping.tables:
        if table.record in CARRIED:
            for column in table.columns:
                if column.custom and column.role == KEPT:
                    yield table.record, property_name(column.header), column


Said = tuple[dict[str, str | bool], dict[str, str]]


def custom_of(cells: Cells) -> Callable[[Row], Said]:
    """A reader of the typed properties of a row, and of the cells that do not fit their type: these stay personal.

    Ask before ``cells.rest``: what is read here is no longer the rest.
    """
    readers: list[tuple[str, str, Callable[[Row], str], Callable[[str], str | bool]]] = []
    for column in cells.table.columns:
        if not column.custom or column.role != KEPT or column.header not in cells.header:
            continue
        raw = cells.raw(column)
        cells.used.add(column.header)
        readers.append((property_name(column.header), column.header, raw, _typed(column, cells.settings.zone)))

    def custom(row: Row) -> Said:
        told: dict[str, str | bool] = {}
        left: dict[str, str] = {}
        for name, header, raw, typed in readers:
            cell = raw(row)
            if cell:
                try:
                    told[name] = typed(cell)
                except (ValueError, RefusedError):
                    left[header] = cell
        return told, left

    return custom


def _typed(column: ColumnMap, zone: str) -> Callable[[str], str | bool]:
    if column.custom == "number":
        return number_reader(column.decimal or ".")
    if column.custom == "date":
        read = date_reader(column.date or "y-m-d", column.zone or zone, days_only=column.days_only)
        return lambda cell: day_of_number(read(cell)[0] // DAY_MS).isoformat()
    return _flag if column.custom == "flag" else _choice


def _flag(cell: str) -> bool:
    bare = squeezed(cell)
    if bare not in TRUE and bare not in FALSE:
        raise ValueError("neither yes nor no")
    return bare in TRUE


def _choice(cell: str) -> str:
    if len(cell) > _LONGEST_CHOICE or "@" in cell:
        raise ValueError("no choice")
    return cell
