"""From a question to SQL, and from an answer to rows. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from twostroke.kit.money import to_decimal
from twostroke.metrics.definitions import DEFINITIONS
from twostroke.metrics.facts import Behind, MetricRefusedError, Row, Scope
from twostroke.metrics.shapes import Ask, Definition
from twostroke.query.words import name, pretty


def definition(called: str) -> Definition:
    """The definition of that name. Raises ``MetricRefusedError`` that names those there are."""
    found = DEFINITIONS.get(called)
    if found is None:
        raise MetricRefusedError(f"There is no metric {called[:60]!r}. There are: {', '.join(DEFINITIONS)}.")
    return found


def asked(one: Definition, by: Sequence[str], grain: str | None, scope: Scope | None) -> Ask:
    """The question in full. Raises ``MetricRefusedError`` for what this metric cannot tell."""
    metric = one.metric
    chosen = grain or metric.grains[0]
    if chosen not in metric.grains:
        raise MetricRefusedError(f"{metric.name} counts {' or '.join(metric.grains)}, not {chosen[:60]!r}.")
    there = {dimension.name for dimension in metric.dimensions}
    for wanted in by:
        if wanted not in there:
            offered = ", ".join(sorted(there)) or "nothing further"
            raise MetricRefusedError(f"{metric.name} cannot be told by {wanted[:60]!r}. It can be told by: {offered}.")
    if scope is not None and not one.scoped:
        raise MetricRefusedError(f"{metric.name} is the company's alone: it cannot be cut to {scope.name[:60]!r}.")
    return Ask(chosen, tuple(dict.fromkeys(by)), scope is not None)


def keys_of(one: Definition, ask: Ask) -> tuple[str, ...]:
    """The names that make up a row's key, in order."""
    return (*(dimension.name for dimension in one.metric.key), *ask.by)


def counting_sql(one: Definition, ask: Ask) -> str:
    """SQL of the rows: each key, the count and the sums; cut to the owners in ``allowed`` where a scope is asked."""
    keys = [name(key) for key in keys_of(one, ask)]
    measures = ["COUNT(*) AS count", *(f"SUM({column}) AS {measure}" for measure, column in one.sums.items())]
    if one.money:
        measures.append("SUM(amount_minor) AS amount")
    if one.missing:
        measures.append(f"SUM(CASE WHEN amount_minor IS NULL THEN 1 ELSE 0 END) AS {one.missing}")
    by = ", ".join(keys)
    order = ", ".join(_order(one, ask))
    return (
        f"SELECT {by}, {', '.join(measures)} FROM ({one.grain_sql(ask)}) AS counted{_within(ask)} "
        f"GROUP BY {by} ORDER BY {order}"
    )


def _order(one: Definition, ask: Ask) -> list[str]:
    """How rows are sorted: as the definition says, then by every key, so that no two orders are possible."""
    keys = set(keys_of(one, ask))
    others = {dimension.name for dimension in (*one.metric.key, *one.metric.dimensions)} - keys
    said = [term for term in one.order if term not in others]
    return [*said, *(name(key) for key in keys_of(one, ask) if key not in said)]


def behind_sql(one: Definition, ask: Ask, key: Mapping[str, str | None], limit: int | None) -> tuple[str, list[str]]:
    """SQL of those a row was counted from, with its parameters; the greatest amounts first, then by subject.

    ``key`` may leave dimensions out. Raises ``MetricRefusedError`` for a dimension the rows do not have.
    """
    there = keys_of(one, ask)
    conditions, parameters = [], []
    for called, value in key.items():
        if called not in there:
            raise MetricRefusedError(f"Rows of {one.metric.name} have no {called[:60]!r}, only: {', '.join(there)}.")
        conditions.append(f"{name(called)} IS NULL" if value is None else f"{name(called)} = ?")
        parameters += [] if value is None else [value]
    kind = [] if one.subject_kinds[ask.grain] else ["subject_kind"]
    columns = ["subject", *kind, *map(name, there), *one.sums.values(), *(["amount_minor"] if one.money else [])]
    order = "amount_minor DESC NULLS LAST, subject" if one.money else "subject"
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    cut = "" if limit is None else f" LIMIT {int(limit)}"
    counted = f"SELECT * FROM ({one.grain_sql(ask)}) AS counted{_within(ask)}"
    sorted_by = ", ".join([order, *map(name, there)])
    sql = f"SELECT {', '.join(columns)} FROM ({counted}) AS within{where} ORDER BY {sorted_by}{cut}"
    return sql, parameters


def _within(ask: Ask) -> str:
    return " WHERE owner IN (SELECT a.owner FROM allowed AS a)" if ask.scoped else ""


def shown_sql(called: str, by: Sequence[str] = (), grain: str | None = None) -> str:
    """The metric's SQL laid out for reading."""
    one = definition(called)
    return pretty(counting_sql(one, asked(one, by, grain, None)))


def rows(one: Definition, ask: Ask, answered: Sequence[Mapping[str, Any]]) -> tuple[Row, ...]:
    """Rows as people get them: whole numbers for counts, decimal strings for amounts."""
    keys, parts = keys_of(one, ask), {measure.name: measure.parts for measure in one.metric.measures}
    made = []
    for told in answered:
        counts = {measure: int(told[measure]) // parts.get(measure, 1) for measure in ("count", *one.sums)}
        made.append(
            Row(_key(told, keys), _measures(one, told, counts, told.get("amount"), told.get(one.missing or "")))
        )
    return tuple(made)


def behind(one: Definition, ask: Ask, answered: Sequence[Mapping[str, Any]]) -> list[Behind]:
    """Those behind a row, each with its own share of the row's measures."""
    keys, parts = keys_of(one, ask), {measure.name: measure.parts for measure in one.metric.measures}
    made = []
    for told in answered:
        counts = {"count": 1}
        counts |= {measure: int(told[column]) // parts.get(measure, 1) for measure, column in one.sums.items()}
        minor = told.get("amount_minor")
        measures = _measures(one, told, counts, minor, 1 if minor is None else 0)
        kind = one.subject_kinds[ask.grain] or told["subject_kind"]
        made.append(Behind(kind, told["subject"], _key(told, keys), measures))
    return made


def _key(told: Mapping[str, Any], keys: Collection[str]) -> dict[str, str | None]:
    return {key: told[key] for key in keys}


def _measures(
    one: Definition, told: Mapping[str, Any], counts: Mapping[str, int], minor: int | None, missing: int | None
) -> dict[str, int | str]:
    """``count`` and ``value`` first, as every metric has them."""
    value = str(counts["count"]) if one.money is None else f"{to_decimal(int(minor or 0), told['currency']):f}"
    made: dict[str, int | str] = {"count": counts["count"], "value": value}
    made |= {measure: number for measure, number in counts.items() if measure != "count"}
    if one.missing:
        made[one.missing] = int(missing or 0)
    return made
