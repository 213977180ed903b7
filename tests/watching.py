"""Which rows of the tables that follow from the log were touched: so that one history on a large home can be compared
with another by the rows that either touched, instead of by all there are."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection, models

from twostroke.ledger.state import projections

Key = tuple[str, tuple[Any, ...]]
Rows = dict[Key, tuple[Any, ...] | None]


def watch() -> None:
    """Let the database note the key of every row of a projection that is written or deleted."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE watched (model text, key text, PRIMARY KEY (model, key))")
        for model in projections():
            for statement in _triggers(model):
                cursor.execute(statement)


def _triggers(model: type[models.Model]) -> Iterable[str]:
    table, label = model._meta.db_table, model._meta.label_lower
    names = [model._meta.get_field(name).column for name in _key(model)]
    told = {row: ", ".join(f"{row}.{name}" for name in names) for row in ("OLD", "NEW")}
    rows = {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}
    note = "INSERT INTO watched VALUES ('{label}', {made}) ON CONFLICT DO NOTHING;"
    if connection.vendor == "sqlite":
        for act, those in rows.items():
            body = " ".join(note.format(label=label, made=f"json_array({told[row]})") for row in those)
            yield f"CREATE TRIGGER watch_{table}_{act.lower()} AFTER {act} ON {table} BEGIN {body} END"
        return
    for act, those in rows.items():
        body = " ".join(note.format(label=label, made=f"json_build_array({told[row]})::text") for row in those)
        name = f"watch_{table}_{act.lower()}"
        yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {body} RETURN NULL; END$$"
        yield f"CREATE TRIGGER {name} AFTER {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def touched() -> set[Key]:
    """The keys noted in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT model, key FROM watched")
        return {(label, tuple(json.loads(key))) for label, key in cursor.fetchall()}


def rows_of(keys: Collection[Key], *, hashed: bool) -> Rows:
    """Each of these rows as it stands, None where there is none: with what counts in the state hash, or whole."""
    by_model: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
    for label, key in keys:
        by_model[label].add(key)
    found: Rows = {}
    for model in projections():
        wanted = by_model[model._meta.label_lower]
        if wanted and (model.hashed or not hashed):  # type: ignore[attr-defined]
            found |= _read(model, wanted, hashed)
    return found


def _read(model: type[models.Model], wanted: set[tuple[Any, ...]], hashed: bool) -> Rows:
    key = _key(model)
    columns = model.hashed if hashed else _columns(model)  # type: ignore[attr-defined]
    at = next(place for place, name in enumerate(key) if name != "kind")
    found: Rows = {(model._meta.label_lower, one): None for one in wanted}
    values = sorted({one[at] for one in wanted})
    for start in range(0, len(values), 500):
        among = model._default_manager.filter(**{f"{key[at]}__in": values[start : start + 500]})
        for row in among.values_list(*key, *columns):
            if row[: len(key)] in wanted:
                found[model._meta.label_lower, row[: len(key)]] = row[len(key) :]
    return found


def _key(model: type[models.Model]) -> tuple[str, ...]:
    key: tuple[str, ...] = model.natural_key  # type: ignore[attr-defined]
    return key


def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
