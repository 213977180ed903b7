"""Tables that only name what others point to: stages, pipelines, teams, forms, lists and campaigns by their ids.

What they say goes into the mapping (``values`` and ``stages``), so that a file brought in alone later reads the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Map

from twostroke.connectors.files.columns import Column, Profile
from twostroke.connectors.files.mapping import Mapping, TableMap
from twostroke.connectors.files.vocabulary import TRUE, outcome_of, squeezed

# Role of a column → record and type of the table that names its values.
_NAMED_BY = {
    "stage": ("stage", ""),
    "pipeline": ("names", "pipeline"),
    "team": ("names", "team"),
    "content": ("names", "form"),
    "campaign": ("campaign", ""),
    "list": ("names", "list"),
}
_MOST = 5_000
_ENOUGH = 0.5


def settle(mapping: Mapping, profiles: Map[str, Profile]) -> None:
    """Writes names for ids, and outcomes and order of stages, into ``mapping``. What a person wrote stands."""
    for table in mapping.tables:
        if table.name not in profiles:
            continue
        for role, (record, kind) in _NAMED_BY.items():
            column = table.by_role(role)
            seen = profiles[table.name].column(column.header) if column is not None else None
            if column is None or seen is None or not seen.values:
                continue
            found = _naming(mapping, profiles, table, record, kind, seen)
            if found is None:
                continue
            names, naming = found
            column.values = {**{key: name for key, name in names.items() if key != name}, **column.values}
            if role == "stage":
                _order(table, profiles[naming.name], naming, {column.values.get(v, v) for v in seen.values})


def remembered_stages(mapping: Mapping, remembered: Mapping | None) -> None:
    """A history that comes without its deals goes by the stages that deals of the source had before."""
    if remembered is None or mapping.of_record("deal"):
        return
    known = {stage: outcome for table in remembered.of_record("deal") for stage, outcome in table.stages.items()}
    for table in mapping.tables:
        if table.record in ("history", "stage_history"):
            table.stages = {**known, **table.stages}


def name_owners(mapping: Mapping, profiles: Map[str, Profile]) -> None:
    """Owners that a file names in words are those a table of colleagues has under numbers, where the name is but one's.

    Exports for people write “Ann Berg” where the owners' own file has first name, last name and an id.
    """
    known = [(table, dict(_full_names(profiles[table.name], table))) for table in mapping.of_record("colleague")
             if table.name in profiles and profiles[table.name].rows <= _MOST and table.key]  # fmt: skip
    for table in mapping.tables:
        column = table.by_role("owner")
        seen = profiles[table.name].column(column.header) if column is not None and table.name in profiles else None
        if column is None or column.to or seen is None or not seen.values or table.record == "colleague":
            continue
        for colleagues, names in known:
            found = {cell: key for cell in seen.values if (key := names.get(" ".join(cell.split()).casefold()))}
            if len(found) >= _ENOUGH * len(seen.values):
                column.to = f"{colleagues.name}.{colleagues.key}"
                column.values = {**found, **column.values}
                break


def _full_names(seen: Profile, table: TableMap) -> Iterator[tuple[str, str]]:
    """(name, key) of each colleague whose name no other has."""
    header = seen.table.header
    key = header.index(table.key)
    spots = [header.index(c.header) for role in ("first_name", "last_name") if (c := table.by_role(role)) is not None]
    named = table.by_role("name")
    spots = [header.index(named.header)] if named is not None and named.header != table.key else spots
    names: dict[str, set[str]] = {}
    for row in seen.table.rows():
        if len(row) == len(header) and row[key].strip():
            name = " ".join(" ".join(row[spot] for spot in spots).split()).casefold()
            names.setdefault(name, set()).add(row[key].strip())
    return ((name, keys.pop()) for name, keys in names.items() if name and len(keys) == 1)


def _naming(
    mapping: Mapping, profiles: Map[str, Profile], table: TableMap, record: str, kind: str, seen: Column
) -> tuple[dict[str, str], TableMap] | None:
    """The names of the values of a column by the table that names the most of them, and that table."""
    best: tuple[float, dict[str, str], TableMap] | None = None
    for other in mapping.tables:
        if other is table or other.record != record or (record == "names" and other.object != kind):
            continue
        if other.name not in profiles or profiles[other.name].rows > _MOST:
            continue
        names = dict(_pairs(profiles[other.name], other))
        share = sum(value in names for value in seen.values) / len(seen.values)
        if share >= _ENOUGH and (best is None or share > best[0]):
            best = (share, names, other)
    return None if best is None else best[1:]


def _pairs(seen: Profile, table: TableMap) -> Iterator[tuple[str, str]]:
    key = table.by_role("key")
    name = table.by_role("name") or table.by_role("subject")
    if key is None or name is None:
        return
    header = seen.table.header
    a, b = header.index(key.header), header.index(name.header)
    for row in seen.table.rows():
        if len(row) == len(header) and row[a].strip() and row[b].strip():
            yield row[a].strip(), row[b].strip()


def _order(table: TableMap, seen: Profile, naming: TableMap, used: set[str]) -> None:
    """Outcome and order of the stages of deals, as the source itself gives them."""
    if table.record != "deal":
        return
    stages = sorted(_stages(seen, naming), key=lambda stage: stage[0])
    told = {name: outcome for _, name, outcome in stages if name in used}
    rank = {"open": 0, "won": 1, "lost": 2}
    merged = {**told, **{s: o for s, o in table.stages.items() if s not in told and s in used}}
    table.stages = dict(sorted(merged.items(), key=lambda item: rank[item[1]]))


def _stages(seen: Profile, naming: TableMap) -> Iterator[tuple[float, str, str]]:
    header = seen.table.header

    def cell(row: list[str], role: str) -> str:
        column = naming.by_role(role)
        return row[header.index(column.header)].strip() if column is not None else ""

    for row in seen.table.rows():
        if len(row) != len(header):
            continue
        name, order = cell(row, "name") or cell(row, "key"), cell(row, "order")
        won, closed = squeezed(cell(row, "is_won")) in TRUE, squeezed(cell(row, "is_closed")) in TRUE
        # Where only “closed” is flagged, a chance of one tells a won stage from a lost one.
        won = won or (closed and naming.by_role("is_won") is None and cell(row, "probability") in ("1", "1.0", "100"))
        flagged = naming.by_role("is_won") is not None or naming.by_role("is_closed") is not None
        outcome = "won" if won else "lost" if closed else "open" if flagged else outcome_of(name)
        yield float(order) if order.replace(".", "", 1).isdigit() else 0.0, name, outcome
