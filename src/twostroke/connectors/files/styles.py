"""How dates and numbers are written in a set of files: what a column proves serves its sisters; the rest is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map

from twostroke.connectors.files.by_values import Reading
from twostroke.connectors.files.columns import Column, Profile
from twostroke.connectors.files.dates import date_reader
from twostroke.connectors.files.further import LOOKED_UP
from twostroke.connectors.files.mapping import ColumnMap, Mapping, TableMap
from twostroke.connectors.files.numbers import DOLLAR, currency_of_sign
from twostroke.connectors.files.vocabulary import CURRENCIES, words_of
from twostroke.intake.facts import Question
from twostroke.kit.money import is_currency
from twostroke.kit.time import DAY_MS

CURRENCY = "currency"
_DATED = re.compile(r"(^at|_at)$")
MONEY = ("amount", "price", "cost")
NUMBERS = (*MONEY, "quantity", "impressions", "clicks", "probability", "duration", "revenue", "employees", "founded")
_ORDER_WORDS = {"d-m-y": "day/month/year", "m-d-y": "month/day/year"}
_COMMON_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY")


def settle(
    mapping: Mapping, profiles: Map[str, Profile], readings: Map[str, Reading], said: Map[str, str], reporting: str
) -> list[Question]:
    """Writes date orders, decimal characters and currencies into ``mapping``; gives what nothing proves."""
    columns = [
        (table, column, values)
        for table in mapping.tables
        if table.record not in ("none", "dictionary", *LOOKED_UP)
        for column in table.columns
        if (values := profiles[table.name].column(column.header)) is not None
    ]
    questions = _dates(columns, said)
    questions += _decimals(columns, said)
    return questions + _currency(mapping, columns, readings, said, reporting)


Columns = list[tuple[TableMap, ColumnMap, Column]]


def _dates(columns: Columns, said: Map[str, str]) -> list[Question]:
    dated = [(t, c, v) for t, c, v in columns if _DATED.search(c.role) or (v.kind == "date" and c.role in ("", "-"))]
    proofs: dict[str, set[str]] = {}
    for _, _, values in dated:
        separator, order = values.dates.numeric_separator, values.dates.order
        if separator and order:
            proofs.setdefault(separator, set()).add(order)
    questions: dict[str, Question] = {}
    for table, column, values in dated:
        column.days_only = values.dates.days_only and values.dates.timed > 0
        column.zone = column.zone or (_zone_of(table, column) if values.dates.timed else "")
        proven = proofs.get(values.dates.numeric_separator or "", set())
        if _ordered(table, column, values, proven):
            continue
        alone = bool(proven) or bool(values.dates.day_first)
        key = f"date-order {table.name}.{column.header}" if alone else f"date-order {values.dates.numeric_separator}"
        if said.get(key) in _ORDER_WORDS:
            column.date = said[key]
        elif column.role:
            questions.setdefault(key, _date_question(key, table, column, values))
        else:
            # A date nobody needs is kept as it is written rather than asked about.
            column.date = ""
    return list(questions.values())


def _ordered(table: TableMap, column: ColumnMap, values: Column, proven: set[str]) -> bool:
    """Settle the order of a column's dates without asking. ``proven``: orders of other columns with its separator.

    In this order: by its own values, by the other columns, as remembered, by the days of a fair. False where none says.
    """
    if values.dates.order is not None:
        column.date = values.dates.order
        return True
    if len(proven) == 1 and not values.dates.day_first and not values.dates.month_first:
        column.date = next(iter(proven))
        return True
    if column.date in _ORDER_WORDS:
        return True
    order = _of_a_fair(table, column, values)
    if order is not None:
        column.date = order
        column.note = f"{column.note}. Read {_ORDER_WORDS[order]}: so all lie within the days of one fair."
    return order is not None


_LONGEST_FAIR = 10 * DAY_MS
_NOT_A_FAIR = 40 * DAY_MS


def _of_a_fair(table: TableMap, column: ColumnMap, values: Column) -> str | None:
    """The order in which cards were taken within the days of one fair, where the other spreads them over months."""
    if table.record != "card" or column.role != "at" or len(values.values) < 3 or values.overflow:
        return None
    spans = {}
    for order in _ORDER_WORDS:
        read = date_reader(order, "UTC", days_only=False)
        try:
            instants = [read(cell)[0] for cell in values.values]
        except ValueError:
            continue
        spans[order] = max(instants) - min(instants)
    within = [order for order, span in spans.items() if span <= _LONGEST_FAIR]
    beyond = [order for order, span in spans.items() if span >= _NOT_A_FAIR]
    return within[0] if len(within) == len(beyond) == 1 else None


# What exports write behind the name of a column. Names of two zones (IST, CST of China) are taken as none.
_ZONES = {
    "utc": "UTC", "gmt": "UTC", "z": "UTC", "est": "America/New_York", "edt": "America/New_York",
    "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "mst": "America/Denver", "cet": "Europe/Berlin",
    "cest": "Europe/Berlin", "aest": "Australia/Sydney", "jst": "Asia/Tokyo",
}  # fmt: skip
_OFFSET = re.compile(r"[(\[](?:gmt|utc)\s*([+-])(\d{1,2})(?::?00)?[)\]]\s*$", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(\[]([a-z]{1,4})[)\]]\s*$", re.IGNORECASE)


def _zone_of(table: TableMap, column: ColumnMap) -> str:
    """The zone a header names; UTC where the API of Salesforce wrote the table, which names none in its backups."""
    offset = _OFFSET.search(column.header)
    if offset is not None and int(offset[2]) <= 12:
        # The names of these zones count the other way round (IANA).
        return f"Etc/GMT{'-' if offset[1] == '+' else '+'}{int(offset[2])}"
    named = _IN_BRACKETS.search(column.header)
    if named is not None:
        return _ZONES.get(named[1].lower(), "")
    return "UTC" if table.column("SystemModstamp") is not None else ""


def _date_question(key: str, table: TableMap, column: ColumnMap, values: Column) -> Question:
    both = values.dates.day_first and values.dates.month_first
    why = "has dates of both orders" if both else "could be read both ways, and no other column of these files tells"
    text = f"“{column.header}” {why}. Does the day or the month come first?"
    return Question(key, table.name, text, tuple(_ORDER_WORDS), values.dates.example)


def _decimals(columns: Columns, said: Map[str, str]) -> list[Question]:
    proven = {v.numbers.decimal for _, _, v in columns if v.kind == "number" and (v.numbers.point or v.numbers.comma)}
    proven.discard(None)
    questions = []
    for table, column, values in columns:
        if column.role not in NUMBERS or not values.numbers.numbers:
            continue
        key, mark = f"decimal {table.name}.{column.header}", values.numbers.decimal
        if mark is None and column.decimal:
            continue
        if mark is None and len(proven) == 1 and not (values.numbers.point and values.numbers.comma):
            mark = next(iter(proven))
        mark = mark or said.get(key) or _by_habit(table, values)
        if mark is None and column.role in MONEY:
            questions.append(_decimal_question(key, table, column, values))
        else:
            column.decimal = mark or "."
    return questions


_WITH_POINT = (DOLLAR, "USD", "GBP")


def _by_habit(table: TableMap, values: Column) -> str | None:
    """A point where a file writes as America does: the month first, or the sign of dollars or pounds."""
    months_first = any(column.date == "m-d-y" for column in table.columns)
    signed = values.numbers.symbol in _WITH_POINT
    thousands = values.numbers.doubtful_with == "," and not values.numbers.comma
    return "." if thousands and (months_first or signed) else None


def _decimal_question(key: str, table: TableMap, column: ColumnMap, values: Column) -> Question:
    seen = values.numbers.doubtful_with
    text = (
        f"In “{column.header}”, does “{seen}” stand before decimals or between thousands? Choose the decimal character."
    )
    choices = (seen or ".", "," if seen == "." else ".")
    return Question(key, table.name, text, choices, values.numbers.example)


def _currency(
    mapping: Mapping, columns: Columns, readings: Map[str, Reading], said: Map[str, str], reporting: str
) -> list[Question]:
    """One question for the whole set, if some table has amounts and nothing names their currency."""
    asked = ""
    example = ""
    for table, column, values in columns:
        if column.role not in MONEY or table.currency or table.by_role("currency") is not None:
            continue
        named = _named_currency(column.header, values, reporting)
        if named:
            table.currency = named
        elif not asked:
            asked, example = table.name, next(iter(values.values), "")
    if not asked or mapping.currency:
        return []
    if is_currency(said.get(CURRENCY, "")):
        mapping.currency = said[CURRENCY]
        return []
    choices = (reporting, *(code for code in _COMMON_CURRENCIES if code != reporting))
    return [
        Question(CURRENCY, asked, "No column says in which currency the amounts are. Which is it?", choices, example)
    ]


# Currencies whose sign is “$” alone.
DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "TWD", "ARS", "CLP", "COP"})


def _named_currency(header: str, values: Column, reporting: str) -> str:
    if is_currency(values.numbers.symbol):
        return values.numbers.symbol
    known = [word.upper() for word in words_of(header) if word.upper() in CURRENCIES]
    named = known[0] if known else currency_of_sign(header)
    if not named and DOLLAR in (values.numbers.symbol, *header):
        return reporting if reporting in DOLLARS else "USD"
    return named
