"""What is remembered of a source: its name, and how its files are read, as YAML in the home for people to edit."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from twostroke.connectors.files.mapping import (
    BadMappingError,
    ColumnMap,
    Mapping,
    TableMap,
    dump_mapping,
    fitting,
    load_mapping,
)
from twostroke.kit.text import slug

_LONGEST_SOURCE = 40
_LARGEST_MAPPING = 4 << 20


def source_name(text: str) -> str:
    """A source's name as it is kept: short, of letters, digits and dashes; different names stay different."""
    bare = slug(text, 2 * _LONGEST_SOURCE)
    if bare and len(bare) <= _LONGEST_SOURCE:
        return bare
    digest = hashlib.sha256(" ".join(text.casefold().split()).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{bare[: _LONGEST_SOURCE - 9].strip('-') or 'source'}-{digest}"


def source_of(paths: Sequence[Path]) -> str:
    """The source's name where nobody gave one: the folder's, or the only file's."""
    first = paths[0].absolute()
    named = first.resolve().name if first.is_dir() else (first.stem if len(paths) == 1 else first.parent.resolve().name)
    return source_name(named) if named else "files"


def mapping_file(source: str) -> Path:
    """Where the mapping of a source is remembered, for people to edit."""
    folder: Path = settings.TWOSTROKE_HOME.mappings
    return folder / f"{source}.yaml"


def proposed_file(source: str) -> Path:
    """Where a dry run writes how it understood the files. No import reads it of itself."""
    return mapping_file(source).with_suffix(".proposed.yaml")


def read_mapping(file: Path, *, must_be: bool) -> Mapping | None:
    """The mapping in a file; None where there is none and none must be. Raises ``BadMappingError`` with the place."""
    try:
        if file.stat().st_size > _LARGEST_MAPPING:
            raise BadMappingError(f"{file}: a mapping is a short text; this file is too large to be one.")
        return load_mapping(file.read_text("utf-8"))
    except FileNotFoundError as error:
        if must_be:
            raise BadMappingError(f"{file}: there is no such mapping.") from error
        return None
    except (OSError, UnicodeError) as error:
        raise BadMappingError(f"{file}: this mapping cannot be read; it must be YAML in UTF-8.") from error
    except BadMappingError as error:
        raise BadMappingError(f"{file}: {error}") from error


def remember(mapping: Mapping, source: str, before: Mapping | None) -> Path:
    """Write the mapping of a source where people can edit it, and where the next import finds it.

    Tables of ``before`` that were not among these files stay. A file that says the same is left as people wrote it.
    """
    file = mapping_file(source)
    if before is not None:
        mapping = replace(mapping, tables=_merged(before, mapping))
    there = read_mapping(file, must_be=False) if file.is_file() else None
    if there is None or in_effect(there) != in_effect(mapping):
        write_text(file, dump_mapping(mapping))
    proposed_file(source).unlink(missing_ok=True)
    return file


def _merged(before: Mapping, now: Mapping) -> list[TableMap]:
    """The tables in the order people know them: those read now in the place of what they were read by, new ones last.

    Tables that were not read now point to the others by the names these go by now.
    """
    bases = {base.name: table for table in now.tables if (base := _base_of(before, table)) is not None}
    named = {name: table.name for name, table in bases.items()}
    merged: dict[str, TableMap] = {}
    for table in before.tables:
        stays = replace(table, columns=[_pointing(column, named) for column in table.columns])
        newer = bases.get(table.name) or now.table(table.name) or stays
        merged.setdefault(newer.name, newer)
    return list({**merged, **{table.name: table for table in now.tables}}.values())


def _pointing(column: ColumnMap, named: dict[str, str]) -> ColumnMap:
    name, dot, header = column.to.rpartition(".")
    return replace(column, to=f"{named.get(name, name)}{dot}{header}")


def _base_of(before: Mapping, table: TableMap) -> TableMap | None:
    return fitting(before, table.name, tuple(column.header for column in table.columns))


def in_effect(mapping: Mapping) -> str:
    """A mapping without what is only told to people."""
    bare = [
        replace(table, note="", columns=[replace(column, note="") for column in table.columns])
        for table in mapping.tables
    ]
    return dump_mapping(replace(mapping, tables=bare))


def write_text(file: Path, text: str) -> None:
    """Write all of it or nothing: whoever reads meanwhile finds the file as it was, or as it is now."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_text(text, "utf-8")
    draft.replace(file)
