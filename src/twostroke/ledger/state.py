"""The state: every row that follows from the log, spelled so that two databases can be compared byte by byte.

A row is one line of canonical JSON (RFC 8785): the model, its natural key, its values. Lines are sorted by their bytes;
the hash of a room is the SHA-256 (FIPS 180-4) of its lines. What depends on where a line stands on the log, and not on
what it says, is no state (LEDGER §2): models name the columns that count in ``hashed``.
"""

from __future__ import annotations

import hashlib
import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from django.apps import apps
from django.db import models

from twostroke.kit.canonical import canonical_json
from twostroke.ledger.facts import Difference
from twostroke.ledger.snapshots import snapshot

_SORTED_AT_ONCE = 50_000
_AS_THEY_ARE = (str, int, bool, list, dict, type(None))


def projections() -> list[type[models.Model]]:
    """The models whose rows follow from the log, by name."""
    found = [model for model in apps.get_models() if getattr(model, "nature", "") == "projection"]
    return sorted(found, key=lambda model: model._meta.label_lower)


def state_hash(using: str = "default") -> dict[str, str]:
    """Room → SHA-256 over its rows, for every room that has projections. Equal on SQLite and PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="ts-state-") as folder:
        file = Path(folder) / "state"
        write_state(file, using)
        return hash_of(file)


def hash_of(file: Path) -> dict[str, str]:
    """Room → hash, of a file ``write_state`` wrote."""
    rooms = {model._meta.app_label: hashlib.sha256() for model in projections() if _hashed(model)}
    with file.open("rb") as lines:
        for line in lines:
            rooms[line[2 : line.index(b".")].decode()].update(line)
    return {room: digest.hexdigest() for room, digest in sorted(rooms.items())}


def write_state(file: Path, using: str = "default") -> None:
    """Write the rows that count in the state hash, sorted, one a line. They hold personal data: keep them as such."""
    with snapshot(using) as connection:
        spelled = (line for model in projections() if _hashed(model) for line in _spell(model, connection, False))
        write_sorted(spelled, file)


def write_counted(file: Path, connection: Any, chosen: Iterable[type[models.Model]]) -> None:
    """Write the rows of these projections with the columns that count in the state hash, as this connection sees."""
    write_sorted((line for model in chosen for line in _spell(model, connection, False)), file)


def write_rows(file: Path, connection: Any, chosen: Iterable[type[models.Model]]) -> None:
    """Write all rows of these projections with every column but surrogate ids, sorted, one a line."""
    write_sorted((line for model in chosen for line in _spell(model, connection, True)), file)


def differences(left: Path, right: Path) -> Iterator[Difference]:
    """Where two files of rows differ, in the order of model and key: rows only one has, and columns that differ."""
    with left.open("rb") as mine, right.open("rb") as theirs:
        waiting: tuple[bytes, int, bytes] | None = None
        for one in heapq.merge(_of_side(0, mine), _of_side(1, theirs)):
            if waiting is None:
                waiting = one
            elif waiting[0] == one[0] and waiting[1] != one[1]:
                yield from _compare(waiting[2], one[2])
                waiting = None
            else:
                yield _alone(waiting)
                waiting = one
        if waiting is not None:
            yield _alone(waiting)


def diff(left: Path, right: Path) -> Difference | None:
    """The first row and column in which two files of rows differ; None where they are the same."""
    return next(differences(left, right), None)


def write_sorted(lines: Iterable[bytes], file: Path) -> None:
    """Sort lines of any number into a file: in memory as far as they fit, the rest by merging sorted parts."""
    rest = iter(lines)
    with tempfile.TemporaryDirectory(prefix=".sort-", dir=file.parent) as folder, ExitStack() as open_files:
        parts: list[Iterable[bytes]] = []
        while chunk := sorted(islice(rest, _SORTED_AT_ONCE)):
            if len(chunk) < _SORTED_AT_ONCE:
                parts.append(chunk)
                break
            part = Path(folder) / str(len(parts))
            with part.open("wb") as written:
                written.writelines(chunk)
            parts.append(open_files.enter_context(part.open("rb")))
        with file.open("wb") as out:
            out.writelines(heapq.merge(*parts))


def _hashed(model: type[models.Model]) -> tuple[str, ...]:
    found: tuple[str, ...] = getattr(model, "hashed", ())
    return found


def _spell(model: type[models.Model], connection: Any, everything: bool) -> Iterator[bytes]:
    """The model's rows as lines. Converted as Django reads them, so that both databases give the same values."""
    key: tuple[str, ...] = model.natural_key  # type: ignore[attr-defined]
    rest = [name for name in (_columns(model) if everything else _hashed(model)) if name not in key]
    compiler = model._default_manager.values_list(*key, *rest).query.get_compiler(connection=connection)
    for row in compiler.results_iter(chunked_fetch=True):
        said = [value if isinstance(value, _AS_THEY_ARE) else str(value) for value in row]
        values = dict(zip(rest, said[len(key) :], strict=True))
        yield canonical_json([model._meta.label_lower, said[: len(key)], values]) + b"\n"


def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]


def _of_side(side: int, lines: Iterable[bytes]) -> Iterator[tuple[bytes, int, bytes]]:
    for line in lines:
        yield _key(line), side, line


def _key(line: bytes) -> bytes:
    label, key, _ = msgspec.json.decode(line)
    return canonical_json([label, key])


def _compare(left: bytes, right: bytes) -> Iterator[Difference]:
    if left == right:
        return
    (label, key, one), (_, _, other) = msgspec.json.decode(left), msgspec.json.decode(right)
    for column in one:
        if one[column] != other.get(column):
            yield Difference(label, tuple(key), column, one[column], other.get(column))


def _alone(found: tuple[bytes, int, bytes]) -> Difference:
    label, key, values = msgspec.json.decode(found[2])
    sides = (values, None) if found[1] == 0 else (None, values)
    return Difference(label, tuple(key), "", *sides)
