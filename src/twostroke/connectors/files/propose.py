"""From tables to a mapping: which record each is, what its columns mean, how they join, and what must be asked."""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from twostroke.connectors.files import advertising, custom, joins, lookups, records, styles, suggestions
from twostroke.connectors.files.by_values import Reading
from twostroke.connectors.files.columns import Column, Profile, profile
from twostroke.connectors.files.facts import Table
from twostroke.connectors.files.fields import FIELDS
from twostroke.connectors.files.joins import Join
from twostroke.connectors.files.mapping import KEPT, LEFT_OUT, ColumnMap, Mapping, TableMap, fitting
from twostroke.connectors.files.vocabulary import outcome_of
from twostroke.intake.facts import REASON, Question


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping, and what only a person can answer. ``profiles`` and ``joins`` are what it was seen from."""

    mapping: Mapping
    questions: tuple[Question, ...]
    profiles: Map[str, Profile] = field(default_factory=dict, repr=False)
    joins: tuple[Join, ...] = field(default=(), repr=False)

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """Those without which nothing may come in. The others have a default: their first choice."""
        return tuple(question for question in self.questions if not has_default(question))


def has_default(question: Question) -> bool:
    """Whether the first choice is taken, and said so, where nobody can be asked."""
    return question.key == styles.CURRENCY


def propose(
    tables: Sequence[Table],
    remembered: Mapping | None = None,
    source: str = "",
    *,
    answers: Map[str, str] | None = None,
    currency: str = "EUR",
) -> Proposal:
    """A mapping of ``tables`` from headers, values and joins; what ``remembered`` or ``answers`` say stands.

    One pass over every table. ``currency`` is the reporting currency, first choice where the files name none.
    """
    profiles = {table.name: profile(table) for table in tables}
    said = {**(remembered.answers if remembered else {}), **(answers or {})}
    known = {t.name: fitting(remembered, t.name, t.header) if remembered else None for t in tables}
    pairs = joins.find(list(profiles.values()))
    readings = records.classify(
        profiles,
        pairs,
        {name: table.record for name, table in known.items() if table} | {t.name: t.record for t in tables if t.record},
    )
    found = tuple(pairs)
    maps = []
    for name, seen in profiles.items():
        fresh = _table_map(seen, readings[name], found, readings)
        remembered_map = known[name]
        maps.append(fresh if remembered_map is None else _completed(_kept(remembered_map, fresh, name), seen, readings))
    unknown = next((table for table in maps if table.record == "none"), None)
    if unknown is not None:
        unknown.note += "\n".join(("", *_CHOICES))
    mapping = Mapping(source or (remembered.source if remembered else ""), maps, dict(said))
    lookups.settle(mapping, profiles)
    lookups.remembered_stages(mapping, remembered)
    lookups.name_owners(mapping, profiles)
    suggestions.take(mapping, profiles, said)
    mapping.currency = said.get(styles.CURRENCY, remembered.currency if remembered else "")
    questions = styles.settle(mapping, profiles, readings, said, currency)
    custom.settle(mapping, profiles, remembered)
    return Proposal(mapping, tuple(questions), profiles, found)


def _kept(old: TableMap, fresh: TableMap, name: str) -> TableMap:
    """What was remembered or edited stands; columns that are new come from what was seen now."""
    columns = []
    for column in fresh.columns:
        before = old.column(column.header)
        missing = before.missing or column.missing if before is not None else ()
        columns.append(column if before is None else replace(before, note=column.note, missing=missing))
    stages = {**old.stages, **{stage: outcome for stage, outcome in fresh.stages.items() if stage not in old.stages}}
    return replace(old, name=name, columns=columns, stages=stages, note=fresh.note)


# What can be written for a table nobody knows; all fields of all records stand in docs/reference/mapping.md.
_CHOICES = (
    "Write below as `record` what each row is, and for each column its role among these:",
    "person    key email phone name first_name last_name company_name job_title owner created_at source campaign",
    "          converted converted_at do_not_email",
    "deal      key name stage amount currency opened_at closed_at expected_at person company owner product lost_reason",
    "          (without a stage, a deal with a closing date was won)",
    "company   key name domain industry employees country parent owner created_at",
    "activity  key type at person company deal owner subject body outcome duration",
    "touch     type at person campaign channel content status",
    "order     key at amount currency person company product quantity status",
    "product   key name price currency family     colleague  key name email manager team territory",
)


def _completed(table: TableMap, seen: Profile, readings: Map[str, Reading]) -> TableMap:
    """A mapping written by hand says what each column is; what follows from that need not be written."""
    key = table.by_role("key")
    stages = {**table.stages, **{s: o for s, o in _stages(table, seen, readings).items() if s not in table.stages}}
    return replace(table, key=table.key or (key.header if key is not None else ""), stages=stages)


def _table_map(seen: Profile, reading: Reading, pairs: Sequence[Join], readings: Map[str, Reading]) -> TableMap:
    name = seen.table.name
    made = TableMap(name, reading.record, note=f"{seen.table.file}: {reading.why}", object=reading.kind)
    if reading.record in ("none", "dictionary"):
        made.columns = [ColumnMap(column.header, note=_seen(column, "")) for column in seen.columns]
        return made
    roles = {place: role for role, place in reading.roles.items()}
    for column in seen.columns:
        role = roles.get(column.place, KEPT)
        to = next((f"{j.to_table}.{j.to_column}" for j in pairs if j.table == name and j.column == column.header), "")
        points = role in joins.POINTS or role in ("company_key", "company_name", "parent", "manager")
        made.columns.append(
            ColumnMap(
                column.header,
                role if column.header != REASON else LEFT_OUT,
                to=to if points and _agrees(role, to, readings, reading.record) else "",
                missing=tuple(column.placeholders),
                note=_seen(column, reading.reasons.get(role, "")),
            )
        )
    if made.record == "spend" and not (made.by_role("platform") or made.by_role("channel")):
        made.object = advertising.platform_of(name, seen.table.header)
    made.key = _key(made, seen)
    made.stages = _stages(made, seen, readings)
    made.pad_short_rows = seen.short * 5 > seen.rows
    return made


def _agrees(role: str, to: str, readings: Map[str, Reading], record: str) -> bool:
    wanted = {"parent": "company", "manager": "colleague", "company_key": "company", "company_name": "company"}
    aim = wanted.get(role, joins.POINTS.get(role, ""))
    return bool(to) and readings[to.rpartition(".")[0]].record == aim


def _key(made: TableMap, seen: Profile) -> str:
    """The column that names the records: the one called so, or a name or address no two rows share."""
    column = made.by_role("key")
    if column is not None:
        return column.header
    for role in ("name", "email") if made.record in (*_NAMED, "person", "deal") else ():
        named = made.by_role(role)
        values = seen.column(named.header) if named else None
        if named and values is not None and (values.unique or (made.record in _NAMED and values.nearly_unique)):
            return named.header
    if made.record in ("deal", "order", "person"):
        # A won deal named by the lead it came from: one deal a lead.
        pointing = [made.by_role("person"), made.by_role("company")]
        return next((c.header for c in pointing if c and (v := seen.column(c.header)) and v.unique), "")
    return ""


_NAMED = ("company", "colleague", "product")


def _stages(made: TableMap, seen: Profile, readings: Map[str, Reading]) -> dict[str, str]:
    """Stages with their outcome; order from the data dictionary's own words, else from the chance of winning."""
    column = made.by_role("stage")
    values = seen.column(column.header) if column and made.record == "deal" else None
    if made.record == "deal" and column is None and not any(map(made.by_role, ("is_won", "is_closed", "outcome"))):
        # A file of deals with a closing date and no stage is a list of deals that were won.
        return {"": "won"} if made.by_role("closed_at") else {}
    if values is None or values.distinct > 200:
        return {}
    lines = [line.lower() for reading in readings.values() for line in reading.documentation.splitlines()]
    # The sentence that names the most stages is the one that lists them in their order.
    listed = max(lines, key=lambda line: sum(stage.lower() in line for stage in values.values), default="")
    ordered = sorted(values.values, key=lambda stage: (_place_in(listed, stage), _usual_place(stage), stage))
    outcomes = {stage: outcome_of(stage) for stage in ordered}
    rank = {"open": 0, "won": 1, "lost": 2}
    return dict(sorted(outcomes.items(), key=lambda item: rank[item[1]]))


# How far along a stage stands by the words of the trade, where nothing else tells.
_USUAL = (
    "prospect new lead open appointment qualif discover needs engag demo present evaluat proposal quote value decision "
    "negotiat contract"
)


def _usual_place(stage: str) -> int:
    bare = stage.lower()
    return next((place for place, word in enumerate(_USUAL.split()) if word in bare), 99)


def _place_in(text: str, stage: str) -> int:
    found = text.find(stage.lower())
    return found if found >= 0 else 1 << 30


def _seen(column: Column, reason: str) -> str:
    """What was seen in a column, for the comment above it."""
    if not column.filled:
        return "always empty"
    many = f"more than {column.distinct:,}" if column.overflow else f"{column.distinct:,}"
    share = "" if column.filled == column.rows else f", filled in {column.filled:,} of {column.rows:,} rows"
    values = "all different" if column.unique else f"{many} different values"
    # A mapping is kept and shown to others: cells that could name a person are not repeated in it.
    tells = column.kind in ("category", "flag", "date", "number") and not column.unique
    text = f"{column.kind}, {values}{share}" + (f"; e.g. {', '.join(column.examples())}" if tells else "")
    return (f"{text}. {reason}" if reason else text).replace("\n", " ").replace("\r", " ")


def fields_of(record: str) -> tuple[str, ...]:
    """The roles a column of ``record`` can have."""
    return tuple(FIELDS.get(record, ()))
