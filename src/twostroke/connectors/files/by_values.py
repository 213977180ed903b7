"""What the values of columns say where their names say nothing: the outcome, the only date, the key, a second key."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from twostroke.connectors.files.columns import Column, Profile
from twostroke.connectors.files.fields import FIELDS, FILE_WORDS
from twostroke.connectors.files.outcomes import is_afterwards
from twostroke.connectors.files.vocabulary import outcome_of, role_of, squeezed
from twostroke.metrics.facts import is_held_out


@dataclass(slots=True)
class Reading:
    """What a table was taken for: its record, the place of the column of each role, and why.

    ``kind`` is the tool's own type of object; ``settled`` are the columns whose meaning its reference gives.
    """

    record: str
    roles: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    why: str = ""
    score: float = 0.0
    documentation: str = ""
    kind: str = ""
    settled: set[int] = field(default_factory=set)

    def take(self, role: str, place: int, why: str) -> None:
        """The column at this place has this role."""
        self.roles[role] = place
        self.reasons[role] = why


def roles(seen: Profile, reading: Reading) -> None:
    """Columns whose name says nothing but whose values do."""
    taken = set(reading.roles.values())
    known = FIELDS[reading.record]
    for column in seen.columns:
        if column.place in taken:
            continue
        role, why = _told_by_values(column)
        if role in known and role not in reading.roles:
            reading.take(role, column.place, why)
            taken.add(column.place)
    _order_number(seen, reading)
    _only_date(seen, reading)
    if reading.record == "assignment":
        _arms(seen, reading)


_MOST_ARMS = 12
_SAYS_IT = re.compile(r"arm|varia|treatment|test|experiment|bucket|ab")


def _arms(seen: Profile, reading: Reading) -> None:
    """An arm is one of few; a column that is called a group is one only if somebody in it was left out.

    In a table that by its name is an experiment, columns that say yes or no are its factors.
    """
    place = reading.roles.get("arm")
    if place is not None:
        column = seen.columns[place]
        says_it = _SAYS_IT.search(squeezed(column.header)) or any(map(is_held_out, column.values))
        if column.distinct > _MOST_ARMS or not says_it:
            del reading.roles["arm"]
    if {"arm", "held_out"} & reading.roles.keys() or not is_named_so(seen.table.name, "assignment"):
        return
    taken = set(reading.roles.values())
    factors = [column.place for column in seen.columns if column.kind == "flag" and column.place not in taken]
    for role, place in zip(("arm", "arm2", "arm3"), factors, strict=False):
        reading.take(role, place, "It says yes or no, in a table that is an experiment.")


def is_named_so(name: str, record: str) -> bool:
    """Whether the name of a file or sheet holds a word for this record."""
    return any(squeezed(word) in squeezed(name) for word in FILE_WORDS[record])


def unnamed_key(seen: Profile, reading: Reading) -> None:
    """A first column without a known name in which no two rows agree names the records."""
    taken = set(reading.roles.values())
    if "key" not in reading.roles and reading.record in ("deal", "person", "order", "activity"):
        free = [c for c in seen.columns if c.place not in taken and c.place < 3 and c.unique and _may_name(c)]
        spaced = [c for c in free if c.place not in reading.settled and not any(" " in value for value in c.examples())]
        if spaced:
            reading.roles["key"] = spaced[0].place
            reading.reasons["key"] = "No two rows share a value."


def _may_name(column: Column) -> bool:
    """In a short table all that is not a number looks like a choice; of its first column that is not believed."""
    return column.kind in ("text", "number") or (column.kind == "category" and column.place == 0 < column.rows - 1)


_ORDER_NUMBER = re.compile(r"#?[A-Z]{0,6}-?\d{3,12}[A-Z-]*$", re.IGNORECASE)


def _order_number(seen: Profile, reading: Reading) -> None:
    """Shops call the number of an order its name (“#1001”); a row a position, it stands in several rows."""
    column = next((c for c in seen.columns if squeezed(c.header) in ("name", "ordername")), None)
    key = seen.columns[reading.roles["key"]] if "key" in reading.roles else None
    if reading.record != "order" or column is None or (key is not None and key.filled == key.rows):
        return
    if column.filled == column.rows and column.share(_ORDER_NUMBER) > 0.95:
        reading.take("key", column.place, "Its values are numbers of orders.")


def _own_id(seen: Profile, reading: Reading) -> None:
    """Beside the number people read a bill or payment has an id, by which other files name it."""
    if reading.record in ("invoice", "payment"):
        column = next((c for c in seen.columns if c.header.strip().lower() == "id" and c.unique), None)
        if column is not None and column.place not in reading.settled:
            reading.take("key", column.place, "No two rows share a value, and others name it so.")


def _told_by_values(column: Column) -> tuple[str, str]:
    if column.kind == "email":
        return "email", "Its values are e-mail addresses."
    said = {outcome_of(value) for value in column.values} if column.distinct <= 40 else set()
    if column.kind == "category" and said >= {"won", "lost"}:
        return "stage", "Its values say won and lost."
    return "", ""


def further(seen: Profile, reading: Reading, joined: Set[str]) -> None:
    """What is only looked for once all other roles are given. ``joined``: headers whose values are another's keys."""
    _owner_of_one(seen, reading)
    _second_key(seen, reading)
    _own_id(seen, reading)
    _further_addresses(seen, reading)
    _outcome(seen, reading)
    for role in _NAMED_TWICE.get(reading.record, ()):
        _number_before_name(seen, reading, role, joined)


def _further_addresses(seen: Profile, reading: Reading) -> None:
    """A second column of addresses or phone numbers: where the first is empty, it says how to reach somebody."""
    for role in ("email", "phone") if reading.record == "person" else ():
        taken = set(reading.roles.values())
        spare = [c for c in seen.columns if c.filled and c.place not in taken and _may_be(role, "person", c)]
        if role in reading.roles and spare:
            reading.take(
                f"{role}2", spare[0].place, f"Taken where “{seen.columns[reading.roles[role]].header}” is empty."
            )


_NAMED_TWICE = {
    "deal": ("owner", "company", "person"), "person": ("owner",), "activity": ("person",), "touch": ("person",),
}  # fmt: skip
_FEW = 20  # below that, a seller may well have sold once each


def _owner_of_one(seen: Profile, reading: Reading) -> None:
    """Who has another record in every row is no owner, whatever the column is called: the next that may be one is."""
    place = reading.roles.get("owner")
    if place is None or place in reading.settled or seen.rows < _FEW or not seen.columns[place].unique:
        return
    del reading.roles["owner"]
    taken = set(reading.roles.values())
    others = [c for c in seen.columns if c.place != place and c.place not in taken and not c.unique and c.filled]
    others = [c for c in others if _may_be("owner", reading.record, c)]
    if others:
        reading.roles["owner"] = others[0].place
        reading.reasons["owner"] = f"“{seen.columns[place].header}” is another in every row, so it owns nothing."


def _outcome(seen: Profile, reading: Reading) -> None:
    """A column beside the stage that says won and lost, where no stage does: some tools close a deal in any stage."""
    if reading.record != "deal" or "stage" not in reading.roles or {"outcome", "is_won"} & reading.roles.keys():
        return
    stages = seen.columns[reading.roles["stage"]]
    if {outcome_of(stage) for stage in stages.values} & {"won", "lost"}:
        return
    taken = set(reading.roles.values())
    for column in seen.columns:
        if column.place not in taken and 2 <= column.distinct <= 12:
            said = {outcome_of(value) for value in column.values}
            if said >= {"won", "lost"} or (said >= {"won"} and squeezed(column.header).endswith("status")):
                reading.roles["outcome"] = column.place
                reading.reasons["outcome"] = "Its values say won or lost, and no stage does."
                return


_NUMBERED = re.compile(r"ids?$|^recordid")


def _number_before_name(seen: Profile, reading: Reading, role: str, joined: Set[str]) -> None:
    """Of a number and a name for one owner, company or person the number says who is meant, and the name is shown.

    A name that is the key of another table of the import says it as well. An address says it better than a name.
    """
    place = reading.roles.get(role)
    if place is None:
        return
    own = seen.columns[place]
    beside = [c for c in seen.columns if c.place not in reading.roles.values() and _may_be(role, reading.record, c)]
    if not _is_numbered(own):
        exact = None if own.header in joined or own.kind == "email" else _says_better(own, beside, role)
        if exact is None:
            return
        reading.roles[role] = exact.place
        reading.reasons[role] = f"It says exactly whom “{own.header}” names."
        beside = [own]
    named = next((c for c in beside if not _is_numbered(c) and c.kind in ("text", "category")), None)
    if named is not None and f"{role}_name" in FIELDS[reading.record]:
        reading.roles[f"{role}_name"] = named.place
        reading.reasons[f"{role}_name"] = f"The name beside “{seen.columns[reading.roles[role]].header}”."


def _is_numbered(column: Column) -> bool:
    return _NUMBERED.search(squeezed(column.header)) is not None


def _says_better(own: Column, beside: Sequence[Column], role: str) -> Column | None:
    """The first column beside a name that says who is meant in as many rows."""
    return next((c for c in beside if _says_who(c, role) and c.filled >= own.filled), None)


def _may_be(role: str, record: str, column: Column) -> bool:
    told = role_of(record, column.header)
    return told is not None and told[0] == role


def _says_who(column: Column, role: str) -> bool:
    if role == "person" and column.kind == "email":
        return True
    return _is_numbered(column) and column.kind in ("text", "category", "number")


_OTHER_DATES = re.compile(
    r"birth|dob$|geburt|naissance|modif|updat|chang|expir|until|due|next|valid|geander|end|until|stopp|last"
)
_ONLY_DATE = {"person": "created_at", "activity": "at", "touch": "at", "order": "at", "spend": "at"}


def _only_date(seen: Profile, reading: Reading) -> None:
    """The only date of a table, whatever it is called, is the date of its records; of deals without stages, their end.

    A date that by its name is another (of birth, of the last change) is not.
    """
    role = _ONLY_DATE.get(reading.record, "")
    has = reading.roles.keys()
    if reading.record == "deal" and not {"stage", "is_won", "is_closed"} & has and {"owner", "amount", "product"} & has:
        role = "closed_at"
    dates = [column for column in seen.columns if column.kind == "date"]
    if not role or role in reading.roles or len(dates) != 1 or dates[0].place in reading.roles.values():
        return
    header = squeezed(dates[0].header)
    if not _OTHER_DATES.search(header) and not is_afterwards(header):
        reading.roles[role] = dates[0].place
        reading.reasons[role] = "It is the only date of the table."


def _second_key(seen: Profile, reading: Reading) -> None:
    """A second column of the key's kind, as unique as the first, is an identifier as well."""
    if reading.record != "person" or "key" not in reading.roles:
        return
    for column in seen.columns:
        named = role_of("person", column.header)
        if column.place in reading.settled:
            continue
        if column.unique and named and named[0] == "key" and column.place not in reading.roles.values():
            reading.roles["key2"] = column.place
            reading.reasons["key2"] = "A second number no two rows share: an identifier as well."
            return
