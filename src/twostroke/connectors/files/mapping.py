"""A mapping: what each table of a source is and what each column means, as dataclasses and as YAML for people."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from twostroke.connectors.files.dates import ORDERS
from twostroke.connectors.files.fields import FIELDS
from twostroke.intake.facts import REASON
from twostroke.kit.money import is_currency
from twostroke.kit.time import is_zone

LEFT_OUT = "-"
KEPT = ""
RECORDS = (*FIELDS, "dictionary", "none")
OUTCOMES = ("open", "won", "lost")


class BadMappingError(ValueError):
    """A mapping that cannot be used. The text says where and what to write instead."""


@dataclass(slots=True)
class ColumnMap:
    """One column. ``role`` is a field of the record, ``""`` (kept under its own name) or ``"-"`` (left out).

    ``date`` is an order (``d-m-y``), ``decimal`` the decimal character, ``to`` the ``table.column`` its values are
    keys of, ``values`` replaces cells by others, ``missing`` are cells that say nothing. ``note`` is for people.
    ``custom`` is the type of a kept column that is a property of its own: number, date, flag or choice.
    """

    header: str
    role: str = KEPT
    date: str = ""
    days_only: bool = False
    decimal: str = ""
    zone: str = ""
    to: str = ""
    values: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    note: str = ""
    custom: str = ""


@dataclass(slots=True)
class TableMap:
    """One table. ``key`` is the header of the column that names its records, ``""`` where none does.

    ``stages`` gives each stage of deals its outcome (open, won, lost), in the order of the pipeline. ``object`` is the
    type the tool itself gives its records where that says more than the record: lead or contact, call or meeting.
    """

    name: str
    record: str
    columns: list[ColumnMap] = field(default_factory=list)
    key: str = ""
    stages: dict[str, str] = field(default_factory=dict)
    currency: str = ""
    pad_short_rows: bool = False
    note: str = ""
    object: str = ""

    def by_role(self, role: str) -> ColumnMap | None:
        """The column of that role."""
        return next((column for column in self.columns if column.role == role), None)

    def column(self, header: str) -> ColumnMap | None:
        """The column of that header."""
        return next((column for column in self.columns if column.header == header), None)


@dataclass(slots=True)
class Mapping:
    """How the files of one source are read. ``answers`` are what people said once, by the key of the question."""

    source: str
    tables: list[TableMap] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    currency: str = ""

    def table(self, name: str) -> TableMap | None:
        """The table of that name."""
        return next((table for table in self.tables if table.name == name), None)

    def of_record(self, record: str) -> list[TableMap]:
        """The tables of that record."""
        return [table for table in self.tables if table.record == record]


def fitting(mapping: Mapping, name: str, header: tuple[str, ...]) -> TableMap | None:
    """The table of ``mapping`` that a file of this name and header is: the same name, or nearly the same header."""
    wanted = set(header)
    same = mapping.table(name)
    if same is not None and sum(column.header in wanted for column in same.columns) * 2 >= len(same.columns):
        return same
    best = max(mapping.tables, key=lambda table: _overlap(table, wanted), default=None)
    return best if best is not None and _overlap(best, wanted) >= 0.8 else None


def _overlap(table: TableMap, headers: set[str]) -> float:
    known = {column.header for column in table.columns} - {REASON}
    headers = headers - {REASON}
    return len(known & headers) / max(len(known | headers), 1)


_HEAD = """How Twostroke reads the files of this source. Edit freely; it is used as it stands here.
 role      which field of the record a column is. "" keeps it under its own name, "-" leaves it out.
 date      order of its dates: y-m-d, d-m-y or m-d-y.   decimal   "." or ",".   zone   of times without offset.
 to        table.column whose values these are.          values    what to read instead: {written: meant}.
 missing   cells that say nothing; [] if all say something. stages    open, won or lost, in the order of the pipeline.
 custom    type of a column kept as a property: number, date, flag or choice. Without it the column stays personal.
Fields of each record: docs/reference/mapping.md"""


def dump_mapping(mapping: Mapping) -> str:
    """The mapping as YAML; comments say what was seen in each column. ``load_mapping`` gives it back."""
    root = CommentedMap()
    root["source"] = mapping.source
    root["currency"] = mapping.currency
    root.yaml_add_eol_comment("of amounts that name none", "currency", column=24)
    root["answers"] = CommentedMap(mapping.answers)
    root["tables"] = tables = CommentedMap()
    for table in mapping.tables:
        tables[table.name] = _dumped_table(table)
        if table.note:
            tables.yaml_set_comment_before_after_key(table.name, before="\n" + table.note, indent=2)
    root.yaml_set_start_comment(_HEAD)
    text = io.StringIO()
    _yaml().dump(root, text)
    return text.getvalue()


def _dumped_table(table: TableMap) -> CommentedMap:
    made = CommentedMap()
    made["record"] = table.record
    if table.key:
        made["key"] = table.key
    if table.currency:
        made["currency"] = table.currency
    if table.object:
        made["object"] = table.object
    if table.pad_short_rows:
        made["pad_short_rows"] = True
    if table.stages:
        made["stages"] = CommentedMap(table.stages)
    if table.columns:
        made["columns"] = columns = CommentedMap()
        for column in table.columns:
            columns[column.header] = _dumped_column(column)
            if column.note:
                columns.yaml_set_comment_before_after_key(column.header, before=column.note, indent=6)
    return made


def _dumped_column(column: ColumnMap) -> CommentedMap:
    made = CommentedMap()
    made["role"] = column.role
    for name in ("custom", "date", "decimal", "zone", "to"):
        if getattr(column, name):
            made[name] = getattr(column, name)
    if column.days_only:
        made["days_only"] = True
    if column.missing:
        made["missing"] = [] if column.missing == ("",) else list(column.missing)
    if column.values:
        made["values"] = CommentedMap(column.values)
    if not column.values and not column.missing:
        made.fa.set_flow_style()
    return made


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 160
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def load_mapping(text: str) -> Mapping:
    """The mapping of a YAML text. Raises ``BadMappingError`` with the place and what to write."""
    try:
        # Every scalar as text: a cell says 1.10 or Yes, and must not come back as 1.1 or True.
        root = YAML(typ="base").load(text)
    except YAMLError as error:
        raise BadMappingError(f"The mapping is no YAML: {_place_of(error)}.") from error
    except RecursionError as error:
        raise BadMappingError("The mapping is nested deeper than any mapping is.") from error
    if not isinstance(root, dict) or not isinstance(root.get("tables"), dict):
        raise BadMappingError("The mapping needs `source:` and `tables:`; docs/reference/mapping.md shows one.")
    _known_only("the mapping", root, _OF_MAPPING)
    currency = _text("currency", root.get("currency"))
    if currency and not is_currency(currency):
        raise BadMappingError(f"currency: {currency} is no currency; write three capital letters (EUR, USD).")
    answers = _texts("answers", root.get("answers"))
    tables = [_loaded_table(str(name), entry) for name, entry in root["tables"].items()]
    return Mapping(_text("source", root.get("source")), tables, answers, currency)


_OF_MAPPING = ("source", "currency", "answers", "tables")
_OF_TABLE = ("record", "key", "currency", "object", "pad_short_rows", "stages", "columns")
CUSTOM = ("number", "date", "flag", "choice")
_OF_COLUMN = ("role", "custom", "date", "decimal", "zone", "to", "days_only", "missing", "values")
_NOTHING = ("", "~", "null")  # where a list or a table could stand; elsewhere it is a text like any other


def _place_of(error: YAMLError) -> str:
    """What is wrong with a YAML text and in which line; the library's own words are a paragraph."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    line = f" in line {mark.line + 1}" if mark is not None else ""
    return f"{str(problem or 'it cannot be read').splitlines()[0]}{line}"


def _known_only(where: str, entry: dict[str, Any], known: Sequence[str]) -> None:
    strange = next((name for name in entry if name not in known), None)
    if strange is not None:
        raise BadMappingError(f"{where}: there is no “{str(strange)[:60]}”. Write one of {', '.join(known)}.")


def _text(where: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadMappingError(f"{where}: write one word or text here, not a list or a table.")
    return value


def _flag(where: str, value: Any) -> bool:
    text = _text(where, value).lower()
    if text not in ("", "true", "false", "yes", "no"):
        raise BadMappingError(f"{where}: write true or false.")
    return text in ("true", "yes")


def _entries(where: str, value: Any) -> dict[str, Any]:
    if value is None or value in _NOTHING:
        return {}
    if not isinstance(value, dict):
        raise BadMappingError(f"{where}: write `name: what` here, one a line.")
    return {_text(where, name): entry for name, entry in value.items()}


def _texts(where: str, value: Any) -> dict[str, str]:
    return {
        name: entry if isinstance(entry, str) else _text(f"{where}, “{name}”", entry)
        for name, entry in _entries(where, value).items()
    }


def _list(where: str, value: Any) -> tuple[str, ...]:
    if value is None or value in _NOTHING:
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        raise BadMappingError(f"{where}: write a list here, such as [Select, none].")
    return tuple(entry if isinstance(entry, str) else _text(where, entry) for entry in value)


def _loaded_table(name: str, given: Any) -> TableMap:
    entry = _entries(name, given)
    _known_only(name, entry, _OF_TABLE)
    record = _text(f"{name}, record", entry.get("record")) or "none"
    if record not in RECORDS:
        raise BadMappingError(f"{name}: there is no record “{record}”. Write one of {', '.join(RECORDS)}.")
    columns = [_loaded_column(name, record, h, c) for h, c in _columns(f"{name}, columns", entry.get("columns"))]
    stages = _texts(f"{name}, stages", entry.get("stages"))
    for stage, outcome in stages.items():
        if outcome not in OUTCOMES:
            raise BadMappingError(f"{name}: stage “{stage}” is {outcome}; write open, won or lost.")
    key = _text(f"{name}, key", entry.get("key"))
    if key and key not in {column.header for column in columns}:
        raise BadMappingError(f"{name}: the key “{key}” is none of its columns.")
    currency = _text(f"{name}, currency", entry.get("currency"))
    if currency and not is_currency(currency):
        raise BadMappingError(f"{name}: {currency} is no currency; write three capital letters (EUR, USD).")
    pad = _flag(f"{name}, pad_short_rows", entry.get("pad_short_rows"))
    return TableMap(
        name, record, columns, key, stages, currency, pad, object=_text(f"{name}, object", entry.get("object"))
    )


def _columns(where: str, value: Any) -> list[tuple[str, Any]]:
    """Headers as they stand: a column may well be called null."""
    if value is None or value in _NOTHING:
        return []
    if not isinstance(value, dict) or not all(isinstance(header, str) for header in value):
        raise BadMappingError(f"{where}: write `header: role` here, one a line.")
    return list(value.items())


def _loaded_column(table: str, record: str, header: str, given: Any) -> ColumnMap:
    where = f"{table}, column “{header}”"
    entry = _entries(where, {"role": given} if isinstance(given, str) else given)
    _known_only(where, entry, _OF_COLUMN)
    column = ColumnMap(
        header,
        _text(where, entry.get("role")),
        _text(where, entry.get("date")),
        _flag(f"{where}, days_only", entry.get("days_only")),
        _text(where, entry.get("decimal")),
        _text(where, entry.get("zone")),
        _text(where, entry.get("to")),
        _texts(f"{where}, values", entry.get("values")),
        # An empty list says that every cell means something: an empty cell alone is missing, as it always is.
        _list(f"{where}, missing", entry.get("missing")) or (("",) if "missing" in entry else ()),
        custom=_text(where, entry.get("custom")),
    )
    if column.custom not in ("", *CUSTOM):
        raise BadMappingError(f"{where}: custom is {column.custom}; write one of {', '.join(CUSTOM)}.")
    roles = FIELDS.get(record, {})
    if column.role not in (KEPT, LEFT_OUT, "key2") and roles and column.role not in roles:
        raise BadMappingError(
            f'{where}: a {record} has no field “{column.role}”. Write one of {", ".join(roles)}, "" or "-".'
        )
    if column.date and column.date not in ORDERS:
        raise BadMappingError(f"{where}: date is {column.date}; write one of {', '.join(ORDERS)}.")
    if column.decimal not in ("", ".", ","):
        raise BadMappingError(f'{where}: decimal is {column.decimal}; write "." or ",".')
    if column.zone and not is_zone(column.zone):
        raise BadMappingError(f"{where}: {column.zone} is no time zone; write one such as Europe/Berlin.")
    return column


def with_answers(mapping: Mapping, answers: dict[str, str]) -> Mapping:
    """The mapping that also remembers ``answers``."""
    return replace(mapping, answers={**mapping.answers, **answers})
