"""Which record a table is: by its headers, by what stands in its columns, and by who points to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from twostroke.connectors.files import by_values
from twostroke.connectors.files.by_values import Reading
from twostroke.connectors.files.columns import Column, Profile
from twostroke.connectors.files.fields import FIELDS, FILE_WORDS, NEEDED, TELLING
from twostroke.connectors.files.further import KNOWN_TOOLS_ONLY
from twostroke.connectors.files.joins import POINTS, Join
from twostroke.connectors.files.rates import base_of, is_wide
from twostroke.connectors.files.vendors import Object, recognise
from twostroke.connectors.files.vocabulary import outcome_of, role_of, squeezed
from twostroke.connectors.salesforce.facts import OWN_PREFIXES
from twostroke.kit.money import ISO_4217

_ENOUGH = 4.0
_DATED = re.compile(r"(^at|_at)$")
_NUMBERS = {
    "visits",
    "pages_per_visit",
    "amount",
    "price",
    "cost",
    "quantity",
    "impressions",
    "clicks",
    "employees",
    "probability",
    "revenue",
}
# Figures that files also give in bands (“50-100”).
_BANDED = {"employees", "revenue"}
_FLAGS = {
    "is_won",
    "is_closed",
    "do_not_email",
    "do_not_call",
    "converted",
    "lead_converted",
    "active",
    "deleted",
    "primary",
    "by_machine",
}


def classify(profiles: Mapping[str, Profile], joins: Sequence[Join], fixed: Mapping[str, str]) -> dict[str, Reading]:
    """The reading of each table. ``fixed`` names records already decided (remembered, or written by a person)."""
    found = _dictionaries(profiles, fixed)
    known = {n: recognise(n, [c.header for c in seen.columns]) for n, seen in profiles.items() if n not in found}
    first = {n: _best(profiles[n], {}, fixed.get(n), one) for n, one in known.items()}
    boosts = _pointed_at(first, joins)
    found |= {n: _best(profiles[n], boosts, fixed.get(n), one) for n, one in known.items()}
    for name, reading in found.items():
        _roles_by_joins(profiles[name], reading, found, joins)
        by_values.further(profiles[name], reading, {join.column for join in joins if join.table == name})
    return found


def _dictionaries(profiles: Mapping[str, Profile], fixed: Mapping[str, str]) -> dict[str, Reading]:
    """The tables that describe the others, but for those somebody decided about."""
    headers = {squeezed(c.header) for seen in profiles.values() for c in seen.columns}
    texts = {name: _dictionary(seen, headers) for name, seen in profiles.items() if name not in fixed}
    why = "describes the other tables; used as documentation, not imported"
    return {
        name: Reading("dictionary", why=why, documentation=text) for name, text in texts.items() if text is not None
    }


def _pointed_at(first: Mapping[str, Reading], joins: Sequence[Join]) -> dict[tuple[str, str], float]:
    """By (table, record): how much others' columns that point to a table speak for its being of that record."""
    boosts: dict[tuple[str, str], float] = {}
    for join in joins:
        here = first.get(join.table)
        if here is None or join.to_table not in first or join.to_table == join.table or here.record not in FIELDS:
            continue
        role = role_of(here.record, join.column)
        aim = POINTS.get(role[0]) if role else None
        # Whoever was drawn for one experiment stands in the list of another: neither is a list of people.
        if aim and first[join.to_table].record != "assignment":
            boosts[join.to_table, aim] = boosts.get((join.to_table, aim), 0.0) + 4.0
    return boosts


def _dictionary(seen: Profile, headers: set[str]) -> str | None:
    """The text of a data dictionary, or None: one of its columns lists the headers of the other tables."""
    if len(seen.columns) > 6 or seen.rows < 2:
        return None
    names = {squeezed(column.header) for column in seen.columns}
    wordy = names & {"description", "definition", "meaning", "explanation", "beschreibung", "bedeutung"}
    field_columns = [c for c in seen.columns if squeezed(c.header) in _FIELD_HEADERS]
    if not wordy or not field_columns:
        return None
    own = {squeezed(c.header) for c in seen.columns}
    for column in field_columns:
        listed = {squeezed(value) for value in column.values}
        if len(listed & (headers - own)) * 2 >= len(listed) or {"table", "object"} & names:
            return "\n".join(" | ".join(row) for row in seen.table.rows())
    return None


_FIELD_HEADERS = {"field", "column", "fieldname", "columnname", "variable", "attribute", "feld", "spalte", "variables"}


def _best(seen: Profile, boosts: Mapping[tuple[str, str], float], fixed: str | None, one: Object | None) -> Reading:
    if one is not None and fixed in (None, one.record):
        return _read_as(seen, one)
    if seen.table.record:
        return _certain(seen)
    if fixed in (None, "rate") and is_wide(seen.table.header):
        return _currencies(seen)
    if fixed is not None:
        return _read(seen, fixed, 0.0) if fixed in NEEDED else Reading(fixed, why="as remembered")
    name = seen.table.name
    general = [record for record in FIELDS if record not in KNOWN_TOOLS_ONLY]
    tried = [_read(seen, record, boosts.get((name, record), 0.0)) for record in general]
    best = max(tried, key=lambda reading: reading.score)
    if best.score < _ENOUGH:
        return Reading("none", why="no record of the trade was recognised; write its record to bring it in")
    return best


def _currencies(seen: Profile) -> Reading:
    """A table of rates with a column a currency."""
    dates = [c for c in seen.columns if c.header.strip() not in ISO_4217 and c.dates.count > c.dates.not_dates]
    if not dates:
        return Reading("none", why="a column for each of many currencies, and none with dates")
    why = f"read as rate: what one {base_of(seen.table.header)} is worth in each currency, a column each"
    return Reading("rate", {"at": dates[0].place}, {"at": "The only column with dates."}, why)


def _certain(seen: Profile) -> Reading:
    """A file whose kind says what its rows are: its columns are called what they are."""
    reading = Reading(seen.table.record, why=f"read as {seen.table.record}: {seen.table.read_as}")
    for column in seen.columns:
        named = role_of(reading.record, column.header)
        if named is not None:
            reading.roles[named[0]] = column.place
    return reading


def _read_as(seen: Profile, one: Object) -> Reading:
    """The reading of an export of a known tool. Columns its reference does not know go by the words of the trade."""
    reading = Reading(one.record, kind=one.kind, why=f"read as {one.record}: {one.vendor}'s {one.name}")
    ranks: dict[str, tuple[bool, int]] = {}
    for column in seen.columns:
        role, rank = _named_by(one, column, reading)
        # Of keys and numbers of campaigns the reference knows more than the few values of a small file.
        known = column.place in reading.settled and role in ("key", "campaign")
        if not role or not (known or _suits(role, column, one.record == "person")):
            continue
        # Of two columns of one role an empty one gives way.
        if role not in ranks or (not column.filled, rank) < ranks[role]:
            ranks[role] = (not column.filled, rank)
            reading.take(role, column.place, f"Its name says {role}.")
    by_values.unnamed_key(seen, reading)
    needed = NEEDED.get(one.record, ())
    # An object that is a call by its name needs no column to say so.
    needed = needed[:1] if one.record in ("activity", "touch") and one.kind else needed
    if not _has(reading, needed):
        # Details of acts that another table tells, and tables cut down beyond use.
        reading.record = "detail" if one.record in ("touch", "activity") else "none"
        reading.roles = {role: place for role, place in reading.roles.items() if role in FIELDS.get(reading.record, ())}
    return reading


def _named_by(one: Object, column: Column, reading: Reading) -> tuple[str, int]:
    """The role of a column and how sure it is (less is surer); "" for none. What the reference knows is settled."""
    named = one.role_of(column.header)
    if named is not None:
        reading.settled.add(column.place)
        return named
    general = role_of(one.record, column.header)
    return ("", 0) if general is None else (general[0], _AFTER_THE_REFERENCE + general[1])


def _has(reading: Reading, needed: Sequence[Sequence[str]]) -> bool:
    """Whether of each of these choices of roles some column has one."""
    return all(any(role in reading.roles for role in options) for options in needed)


_AFTER_THE_REFERENCE = 1_000_000


def _read(seen: Profile, record: str, boost: float) -> Reading:
    reading = Reading(record)
    ranks: dict[str, tuple[bool, int, int]] = {}
    for column in seen.columns:
        named = role_of(record, column.header) or _long_header(record, column.header)
        if named is None or not _suits(named[0], column, record == "person"):
            continue
        role, rank = named
        # Of two columns of one role an empty one gives way.
        order = (not column.filled, rank, -column.filled)
        if role not in ranks or order < ranks[role]:
            ranks[role] = order
            reading.take(role, column.place, f"Its name says {role}.")
    by_values.roles(seen, reading)
    possible = _has(reading, NEEDED[record])
    by_values.unnamed_key(seen, reading)
    words = squeezed(seen.table.name)
    told = [word for word in FILE_WORDS[record] if squeezed(word) in words]
    telling = possible and (boost or _is_telling(seen, reading)) and not _says_it_often(seen, reading)
    telling = telling and not _of_another_object(seen, record)
    reading.score = _weight(reading) + boost + (2.0 if told else 0.0) if telling else 0.0
    reading.score -= 0.1 * min(len(seen.columns) - len(reading.roles), 10)
    fields = ", ".join(list(reading.roles)[:6])
    reading.why = f"read as {record}, by {fields}" + (f" and the word “{told[0]}” in its name" if told else "")
    return reading


def _weight(reading: Reading) -> float:
    """How much the roles that were found speak for the record."""
    weights = TELLING[reading.record]
    return sum(weights.get(role, 0.5 if role in _COMMON else 1.0) for role in reading.roles)


def _says_it_often(seen: Profile, reading: Reading) -> bool:
    """Whether the same few colleagues stand in row after row: then the table is of what they did."""
    if reading.record != "colleague" or seen.rows < _MANY_ROWS:
        return False
    naming = [
        seen.columns[reading.roles[role]] for role in ("key", "email", "name", "last_name") if role in reading.roles
    ]
    return bool(naming) and all(column.distinct * 2 < column.filled for column in naming)


_SALESFORCE_ID = re.compile(r"(?:0[0-9A-Za-z]{2}|[578]0[0-9])[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?$")


def _of_another_object(seen: Profile, record: str) -> bool:
    """Whether the ids of a table's own rows are those Salesforce gives to another object: no contract is a deal."""
    ids = next((column for column in seen.columns if column.header.strip().lower() == "id"), None)
    if ids is None or record not in OWN_PREFIXES or not ids.values or ids.share(_SALESFORCE_ID) < 1:
        return False
    begin = {value[:3] for value in ids.examples(50)}
    return len(begin) == 1 and not begin <= OWN_PREFIXES[record]


_MANY_ROWS = 10
# Headers that every table of every tool may have: alone they say nothing of what the table is.
_GENERIC = frozenset(
    (
        "id",
        "name",
        "type",
        "createdat",
        "createdate",
        "created",
        "createddate",
        "updatedat",
        "description",
        "status",
        "active",
        "label",
        "title",
        "source",
        "location",
        "url",
        "country",
        "value",
        "timestamp",
        "key",
        "guid",
        "team",
        "address",
        "city",
        "state",
        "region",
        "date",
        "time",
        "amount",
        "total",
        "notes",
    )
)
# So many columns have tables that only say name and value of whatever it be; an export of deals has more.
_NARROW = 8
_SIDE_TABLES = ("tomerge", "mergeddealid", "mergedcontactid", "listversion", "processingtype", "displayorder")


def _is_telling(seen: Profile, reading: Reading) -> bool:
    """Whether some header belongs to this record and not to any table, and none to a table of another purpose."""
    headers = [squeezed(column.header) for column in seen.columns]
    strange = _SIDE_TABLES if reading.record == "ticket" else (*_SIDE_TABLES, "ticket")
    if any(part in header for header in headers for part in strange):
        return False
    if {"name", "value"} <= set(headers) and len(headers) <= _NARROW and reading.record != "stage_history":
        return False
    return any(headers[place] not in _GENERIC for role, place in reading.roles.items() if role not in _COMMON)


_COMMON = {
    "created_at",
    "deleted",
    "description",
    "phone",
    "country",
    "city",
    "state",
    "street",
    "postcode",
    "currency",
}


def _long_header(record: str, header: str) -> tuple[str, int] | None:
    """A question as header (“How did you hear about us?”) is known by how it begins or ends."""
    bare = squeezed(header)
    if record != "person" or len(bare) < 16:
        return None
    if bare.startswith(("howdidyouhear", "howdidyoufind", "wheredidyouhear", "wiehabensievonunserfahren")):
        return "heard_of_us_by", 0
    if bare.endswith(("occupation", "profession")):
        return "occupation", 3
    return None


def _suits(role: str, column: Column, record_is_person: bool) -> bool:
    """Whether what stands in a column can be what its name says.

    Where the name has said a date or a number, a few cells that are none do not make the column another: they are
    rejected by row.
    """
    kind = column.kind
    if kind == "empty":
        return True
    if _DATED.search(role):
        return column.dates.count > column.dates.not_dates
    if role in _NUMBERS:
        return column.numbers.numbers > column.numbers.not_numbers or role in _BANDED
    if role in _FLAGS:
        return kind == "flag" or column.distinct <= (4 if role in ("active", "converted") else 1)
    return _suits_as_text(role, column, record_is_person)


# A column of leads that holds their names holds no keys.
_SPACED, _MOSTLY = re.compile(r"\S+ \S"), 0.5


def _suits_as_text(role: str, column: Column, record_is_person: bool) -> bool:
    kind = column.kind
    if role == "name" and record_is_person and column.rows >= 50:
        return kind == "text"
    if role == "stage" and squeezed(column.header) == "state":
        # Of addresses rather than of deals, unless it says how they ended.
        return bool({outcome_of(value) for value in column.values} & {"won", "lost"})
    if role == "campaign" and kind == "number":
        return column.numbers.longest > 4
    if role == "key":
        if record_is_person and column.share(_SPACED) > _MOSTLY:
            return False
        return kind not in ("date", "flag") and (column.unique or column.filled > 0.5 * column.rows)
    return kind != "date" or role in ("name", "subject")


def _roles_by_joins(seen: Profile, reading: Reading, found: Mapping[str, Reading], joins: Sequence[Join]) -> None:
    """A column that holds the keys of products is the product, whatever it is called."""
    if reading.record not in FIELDS:
        return
    for join in joins:
        if join.table != seen.table.name or join.share < 0.6:
            continue
        column = seen.column(join.column)
        if column is not None and column.place in reading.settled:
            continue
        role = _role_of_join(reading.record, found[join.to_table].record, join.to_table == join.table)
        if column is None or role not in FIELDS[reading.record] or role in reading.roles:
            continue
        if column.place in reading.roles.values() and not _weak(reading, column.place):
            continue
        reading.roles = {r: place for r, place in reading.roles.items() if place != column.place}
        reading.roles[role] = column.place
        reading.reasons[role] = f"Its values are those of {join.to_table}.{join.to_column}."


def _weak(reading: Reading, place: int) -> bool:
    return any(reading.roles.get(role) == place for role in ("name", "source", "type", "description", "state"))


def _role_of_join(record: str, to: str, itself: bool) -> str:
    if itself:
        return {"company": "parent", "colleague": "manager"}.get(record, "")
    if record == "person" and to == "company":
        return "company_key"
    return next((role for role, aim in POINTS.items() if aim == to), "")
