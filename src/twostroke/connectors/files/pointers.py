"""What a cell points to: several ids in one cell, ids that say their own type, and the tables that link two others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from twostroke.connectors.files.cells import CACHE, Cells, Row, When, bare_key, object_type
from twostroke.connectors.files.facts import Table
from twostroke.connectors.files.mapping import TableMap
from twostroke.connectors.files.numbers import currency_code
from twostroke.connectors.files.vocabulary import TRUE, outcome_of, squeezed
from twostroke.connectors.salesforce.facts import ID_PREFIXES
from twostroke.ledger.facts import Draft, Precision

_LIST = re.compile(r"\w{6,}(\s*[;,]\s*\w{6,})+$")
_MOST_LINKS = 500_000
Refs = dict[str, str]


def parts(cell: str) -> list[str]:
    """The ids of a cell that lists several (``101;102``); any other cell is one."""
    if ";" in cell and _LIST.match(cell):
        return [part.strip() for part in cell.split(";")]
    return [cell]


def further(cells: Cells, role: str, record: str) -> Callable[[Row], list[str]]:
    """The ids of those a cell lists beyond the first, who is read by ``cells.reference``."""
    column = cells.table.by_role(role)
    if column is None or not cells.has(role):
        return lambda row: []
    read, kind = cells.raw(column), cells.object_of(column, record)
    minter, source = cells.minter, cells.source

    def others(row: Row) -> list[str]:
        cell = read(row)
        return [minter.record(source, kind, bare_key(key)) for key in parts(cell)[1:]] if ";" in cell else []

    return others


def typed(cells: Cells, role: str) -> Callable[[Row], tuple[str, str]]:
    """(record, opaque id) of what a column of mixed ids points to; ``("", "")`` where that cannot be told."""
    column = cells.table.by_role(role)
    if column is None or not cells.has(role):
        return lambda row: ("", "")
    cells.used.add(column.header)
    read, minter, source = cells.key_of(column), cells.minter, cells.source

    def pointed(row: Row) -> tuple[str, str]:
        cell = read(row)
        record = ID_PREFIXES.get(cell[:3], "") if len(cell) in (15, 18) else ""
        return (record, minter.record(source, record, cell)) if record else ("", "")

    return pointed


def tables_of(cells: Cells, *records: str) -> Iterable[tuple[Table, TableMap]]:
    """The tables read along with this one that are of these records."""
    for table in cells.tables:
        entry = cells.mapping.table(table.name)
        if entry is not None and entry.record in records:
            yield table, entry


def places(table: Table, entry: TableMap, *roles: str) -> list[int | None]:
    """Where the columns of these roles stand."""
    found = [entry.by_role(role) for role in roles]
    return [table.header.index(c.header) if c is not None and c.header in table.header else None for c in found]


def linked(cells: Cells, own: str) -> dict[str, Refs]:
    """By the key of a ``ticket`` or ``activity``: the opaque ids of person, company and deal that link tables name."""
    made: dict[str, Refs] = {}
    for table, entry in tables_of(cells, "link"):
        key, *rest = places(table, entry, own, "person", "company", "deal", "deleted")
        if key is None:
            continue
        kinds = {"person": _kind_of_persons(cells), "company": "company", "deal": "deal"}
        for row in table.rows():
            if len(row) != len(table.header) or (rest[3] is not None and squeezed(row[rest[3]]) in TRUE):
                continue
            if len(made) >= _MOST_LINKS:
                cells.tally.add("linked beyond what can be remembered; they came in without the link", row[key][:60])
                continue
            refs = made.setdefault(bare_key(row[key].strip()), {})
            for (role, kind), place in zip(kinds.items(), rest[:3], strict=True):
                if place is not None and row[place].strip():
                    refs.setdefault(role, cells.minter.record(cells.source, kind, bare_key(row[place].strip())))
    return made


def _kind_of_persons(cells: Cells) -> str:
    kinds = {object_type(entry) for entry in cells.mapping.of_record("person")}
    return kinds.pop() if len(kinds) == 1 else "contact"


def lost_deal(cells: Cells) -> Callable[[Row], bool]:
    """Whether the deal a row is about is none: deleted, merged into another, or in no file of deals read along.

    Without a file of deals every deal is taken as there. A line of a deal that is none would make one, open for ever.
    """
    column, there = cells.table.by_role("deal"), _deals_there(cells)
    if column is None or there is None or column.header not in cells.header:
        return lambda row: False
    read, tally, keys = cells.key_of(column), cells.tally, cells.lookup(column)
    first = {"": ""}

    def lost(row: Row) -> bool:
        cell = read(row)
        if ";" in cell:
            cell = first.setdefault(cell, bare_key(parts(cell)[0]))
        if not cell or (cell if keys is None else keys.get(cell)) in there:
            return False
        tally.add(LOST_DEAL, cell)
        return True

    return lost


LOST_DEAL = "about a deal that is deleted, merged or in none of the files; kept as a note, which makes no deal of it"


def _deals_there(cells: Cells) -> set[str] | None:
    """Keys of the deals in the files read along; None where there is no such file, or too many deals to remember."""
    there: set[str] | None = None
    for table, entry in tables_of(cells, "deal"):
        key, flag = places(table, entry, "key", "deleted")
        if key is None:
            return None
        there = there or set()
        for row in table.rows():
            if len(row) == len(table.header) and (flag is None or squeezed(row[flag]) not in TRUE):
                there.add(bare_key(row[key].strip()))
            if len(there) > _MOST_LINKS:
                return None
    return None if there is None else there - merged_deals(cells)


def currency_of_deal(cells: Cells) -> Callable[[Row], str]:
    """The currency of the deal a row is about: as the deals read along say, else as the mapping says, else ``""``.

    A history of amounts names none, and its deals need not be in the reporting currency.
    """
    column, usual = cells.table.by_role("deal"), cells.table.currency or cells.mapping.currency
    if column is None or column.header not in cells.header:
        return lambda row: usual
    read, named = cells.key_of(column), dict[str, str]()
    for table, entry in tables_of(cells, "deal"):
        key, code = places(table, entry, "key", "currency")
        usual = usual or entry.currency or cells.settings.currency
        if key is None or code is None:
            continue
        for row in table.rows():
            if len(row) == len(table.header) and row[code].strip() and len(named) < _MOST_LINKS:
                named[bare_key(row[key].strip())] = currency_code(row[code])
    return lambda row: named.get(read(row), usual)


def remark(subject: str, when: When, said: dict[str, str], who: str | None = None) -> list[Draft]:
    """A note about a deal that is none."""
    told = {"title": "Of a deal that is none", **said}
    return [Draft("note.written", "deal", subject, *when, identifier=who, personal=told)]


def stage_words(cells: Cells) -> Callable[[str], tuple[str, str]]:
    """(name, outcome) of a stage as the deals of the same source write it, or as its id."""
    deals = cells.mapping.of_record("deal")
    columns = [c for table in deals if (c := table.by_role("stage")) is not None]
    names = {written: meant for column in columns for written, meant in column.values.items()}
    outcomes = {stage: outcome for table in deals for stage, outcome in table.stages.items()}
    own = cells.table.by_role("stage")
    if own is not None:
        names |= own.values
    outcomes |= cells.table.stages
    labels = _by_internal_name(outcomes)

    def words(written: str) -> tuple[str, str]:
        name = names.get(written) or (written if written in outcomes else labels.get(squeezed(written), written))
        return name, outcomes.get(name) or outcomes.get(written) or outcome_of(name)

    return words


def _by_internal_name(stages: Iterable[str]) -> dict[str, str]:
    """Labels of stages by the name the source has inside: “Contract Sent (Sales Pipeline)” is its ``contractsent``.

    Without a label that two pipelines have: nobody can know which of them is meant.
    """
    found: dict[str, str] = {}
    for stage in stages:
        found[squeezed(stage)] = "" if squeezed(stage) in found else stage
    return {name: stage for name, stage in found.items() if stage}


def merged_deals(cells: Cells) -> frozenset[str]:
    """Keys of deals that a link table read along says were merged into another."""
    gone: set[str] = set()
    for table, entry in tables_of(cells, "link"):
        key, kept = places(table, entry, "merged", "deal")
        if key is not None and kept is not None:
            gone |= {bare_key(row[key].strip()) for row in table.rows() if len(row) == len(table.header)}
    return frozenset(gone)


GONE = "deleted in the source: what was said of them before no longer counts"


def deletion(cells: Cells) -> Callable[[Row, str], list[Draft]]:
    """The one line a deleted record leaves: a note that it is gone, which takes the place of what its row said before.

    An empty list for a row that was not deleted.
    """
    deleted, minter, source, tally = cells.flag("deleted"), cells.minter, cells.source, cells.tally
    record = cells.table.object or cells.table.record

    def left(row: Row, key: str) -> list[Draft]:
        return gone(row, key) if deleted(row) else []

    def gone(row: Row, key: str) -> list[Draft]:
        tally.add(GONE, key)
        subject = minter.record(source, "deleted", f"{record} {key}")
        return [Draft("note.written", "note", subject, personal={"title": "Deleted in the source", "record": record})]

    return left


def gone_away(cells: Cells, record: str, key: str, why: str) -> list[Draft]:
    """The line of a record that another file says is gone."""
    cells.tally.add(why, key)
    subject = cells.minter.record(cells.source, "deleted", f"{record} {key}")
    return [Draft("note.written", "note", subject, personal={"title": why[:1].upper() + why[1:], "record": record})]


def absorbed(cells: Cells, record: str) -> Callable[[Row, str], list[Draft]]:
    """The lines by which a record and those it was merged with are one: ``merged_into`` and ``merged_ids``."""
    column = cells.table.by_role("merged_into")
    ids = cells.text("merged_ids")
    into = cells.key_of(column) if column is not None and cells.has("merged_into") else cells.text("merged_into")
    if column is not None:
        cells.used.add(column.header)
    if not cells.has("merged_into") and not cells.has("merged_ids"):
        return lambda row, key: []
    kind, minter, source = object_type(cells.table), cells.minter, cells.source
    seen: dict[str, list[str]] = {}

    def merges(row: Row, key: str) -> list[Draft]:
        listed, master = ids(row), into(row)
        if not listed and not master:
            return []
        keys = seen.get(listed)
        if keys is None:
            if len(seen) > CACHE:
                seen.clear()
            # Some list the ids with the time of the merge behind a colon.
            keys = seen[listed] = [bare_key(p.split(":")[0].strip()) for p in re.split(r"[;,]", listed) if p.strip()]
        own = minter.record(source, kind, key)
        pairs = [(own, minter.record(source, kind, other)) for other in keys if other != key]
        if master and master != key:
            pairs.append((minter.record(source, kind, master), own))
        return [
            Draft("identity.merged", record, kept, None, Precision.UNKNOWN, kept if record == "person" else None,
                  kept if record == "company" else None, properties={"ids": [kept, other]})
            for kept, other in pairs
        ]  # fmt: skip

    return merges
