"""What may be asked of numbers. Web, API, command line, exports and mails all take them from here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

import duckdb
import pyarrow as pa
from django.db import connections

from twostroke.identity.facts import WhoIs
from twostroke.identity.past import who_was_who
from twostroke.identity.queries import edition, who_is_who
from twostroke.intake.queries import verdict_table, verdict_table_as_of
from twostroke.kit.time import day_number, iso, now_millis
from twostroke.ledger import lake
from twostroke.ledger.actions import catch_up
from twostroke.metrics import rules
from twostroke.metrics.definitions import DEFINITIONS
from twostroke.metrics.facts import AsOf, Behind, Metric, MetricRefusedError, Result, Scope
from twostroke.metrics.rates import Factor, Told, factors
from twostroke.metrics.shapes import Ask, Definition
from twostroke.query.engines import DuckDB
from twostroke.query.lines import in_force
from twostroke.query.relations import Relation
from twostroke.query.words import DIALECTS, any_of, ctes, spoken

# Rows of files stand in batches; what confirms rows or takes a batch back changes which of them are in force.
_CHANGING_WHO = (
    *("identity.claimed", "identity.merged", "identity.unmerged", "identity.split"),
    *("import.confirmed", "import.undone"),
)
_TRIES = 3
_kept_who: dict[tuple[str, str], tuple[Hashable, pa.Table]] = {}
_T = TypeVar("_T")


def metrics() -> list[Metric]:
    """Every metric there is: its words, what its rows are and how they can be divided."""
    return [one.metric for one in DEFINITIONS.values()]


def metric(name: str) -> Metric:
    """One metric. Raises ``MetricRefusedError`` that names those there are."""
    return rules.definition(name).metric


def can_be_scoped(name: str) -> bool:
    """Whether a metric can be cut to what some owners have. Raises ``MetricRefusedError`` for one there is not."""
    return rules.definition(name).scoped


def compute(
    name: str,
    *,
    by: Sequence[str] = (),
    grain: str | None = None,
    scope: Scope | None = None,
    as_of: int | None = None,
    using: str = "default",
) -> Result:
    """A metric's rows, divided ``by`` further dimensions; as of the seq ``as_of``, else of what tables are folded to.

    ``scope`` keeps to what these owners have; None is the whole company's. Raises ``MetricRefusedError`` with a
    sentence for a question it cannot answer.
    """
    one = rules.definition(name)
    ask = rules.asked(one, by, grain, scope)
    sql = rules.counting_sql(one, ask)
    gathered, answered = _answered(one, ask, sql, (), scope, as_of, using)
    rows = rules.rows(one, ask, answered)
    return Result(
        metric=one.metric,
        as_of=gathered.as_of,
        unit=one.units.get(ask.grain, one.metric.unit),
        rows=rows,
        grain=ask.grain,
        by=ask.by,
        scope=scope,
        notes=one.notes(rows, gathered.currency) if one.notes else (),
        comparisons=one.compares(rows) if one.compares else (),
    )


def people(
    name: str,
    *,
    key: Mapping[str, str | None] | None = None,
    by: Sequence[str] = (),
    grain: str | None = None,
    limit: int | None = 100,
    scope: Scope | None = None,
    as_of: int | None = None,
    using: str = "default",
) -> list[Behind]:
    """Who or what a row was counted from: persons, companies, deals or lines, by opaque id, with their shares.

    ``key`` is the row's key or a part of it; None values are asked for as such. With ``limit`` None all of them, and
    their measures add up to the row's.
    """
    one = rules.definition(name)
    wider = dict.fromkeys([*by, *((key or {}).keys() & {dimension.name for dimension in one.metric.dimensions})])
    ask = rules.asked(one, tuple(wider), grain, scope)
    sql, parameters = rules.behind_sql(one, ask, key or {}, limit)
    _, answered = _answered(one, ask, sql, parameters, scope, as_of, using)
    return rules.behind(one, ask, answered)


def latest_touches(*, each: int, until: int, using: str = "default") -> dict[str, list[int]]:
    """By team, where its newest touches (see the metric) stand on the log: at most ``each``, none after ``until`` (ms).

    Teams without any are left out; touches of unknown time are.
    """
    up_to = _settled(using).seq
    where = ["l.stroke IN ('push', 'pull')", "l.team <> 'system'", "l.happened_at IS NOT NULL"]
    parts = {
        "told": in_force(["l.seq", "l.team"], where=[*where, f"l.happened_at <= {int(until)}"], without_machines=True),
        "newest": (
            "SELECT team, seq, ROW_NUMBER() OVER (PARTITION BY team ORDER BY instant DESC, seq DESC) AS step FROM told"
        ),
    }
    asked = ctes(parts, f"SELECT team, seq FROM newest WHERE step <= {int(each)} ORDER BY team, step")
    columns = ("source", "message_id", "part", "team", "stroke")

    def once() -> dict[str, list[int]]:
        """Gather and ask; what was gathered goes with the answer."""
        found: dict[str, list[int]] = {}
        relations = lake.relations(up_to=up_to, columns=columns, using=using)
        relations["verdicts"] = verdict_table(up_to, using)
        for team, seq in DuckDB().run(asked, relations).rows:
            found.setdefault(team, []).append(seq)
        return found

    return _again_if_files_went(once)


def sql(name: str, *, by: Sequence[str] = (), grain: str | None = None, dialect: str = "duckdb") -> str:
    """The SQL a metric is counted with, laid out for reading, in one of ``DIALECTS`` (duckdb, postgres …)."""
    if dialect not in DIALECTS:
        raise MetricRefusedError(f"SQL is spoken in {', '.join(DIALECTS)}, not in {dialect[:60]!r}.")
    return spoken(rules.shown_sql(name, by, grain), dialect)


@dataclass(frozen=True, slots=True)
class _Gathered:
    relations: dict[str, Relation]
    as_of: AsOf
    currency: str


def _answered(
    one: Definition,
    ask: Ask,
    sql: str,
    parameters: Sequence[Any],
    scope: Scope | None,
    as_of: int | None,
    using: str,
) -> tuple[_Gathered, list[dict[str, Any]]]:
    def once() -> tuple[_Gathered, list[dict[str, Any]]]:
        """Gather and ask; what was gathered goes with the answer."""
        gathered = _gathered(one, ask, scope, as_of, using)
        return gathered, DuckDB().run(sql, gathered.relations, parameters).mappings()

    return _again_if_files_went(once)


def _again_if_files_went(once: Callable[[], _T]) -> _T:
    """Files of the lake may be made anew between listing and reading them: then list again, once."""
    try:
        return once()
    except duckdb.IOException:
        return once()


def _gathered(one: Definition, ask: Ask, scope: Scope | None, as_of: int | None, using: str) -> _Gathered:
    """Relations that all tell of the same moment: if the tables were folded on meanwhile, they are read again."""
    for attempt in range(_TRIES):
        before = _settled(using)
        up_to = before.seq if as_of is None else as_of
        _refuse_future(up_to, before.seq)
        exact = not before.settled or up_to < before.seq or attempt == _TRIES - 1
        relations = lake.relations(up_to=up_to, kinds=one.kinds(ask), columns=one.reads, past_force=exact, using=using)
        wanted = {"who": one.who.get(ask.grain), "firms": "company" if one.firms else None}
        force = relations["suppressed"] if exact else None
        past = any(wanted.values()) and up_to < before.seq and _who_changed(up_to, before.seq, using)
        for called, kind in wanted.items():
            if kind is not None:
                relations[called] = _who(who_was_who(kind, up_to, using, force)) if past else _who_now(kind, using)
        if one.verdicts:
            relations["verdicts"] = verdict_table_as_of(up_to, using, force) if exact else verdict_table(up_to, using)
        if exact or lake.folded(using) == before:
            break
    currency = lake.reporting_currency_as_of(up_to, using)
    relations["house"] = pa.table({"reporting_currency": [currency]})
    if one.converts is not None:
        relations["rates"] = _rates(one.converts, currency, relations)
    if scope is not None:
        relations["allowed"] = pa.table({"owner": pa.array(sorted(scope.owners), pa.string())})
    stamp = lake.stamp_of(up_to, using)
    return _Gathered(relations, AsOf(up_to, iso(now_millis() if stamp is None else stamp // 1000)), currency)


_RATES = (
    "SELECT json_extract_string(properties, '$.of'), json_extract_string(properties, '$.into'), "
    "json_extract_string(properties, '$.day'), json_extract_string(properties, '$.rate') FROM ({told}) AS told "
    "ORDER BY instant, rank, source, message_id, part"
)


def _rates(kind: str, reporting: str, relations: Mapping[str, Relation]) -> pa.Table:
    """What the currencies of lines of ``kind`` are worth, as far as they are not the reporting one."""
    engine = DuckDB()
    there = engine.run(
        f"SELECT DISTINCT currency FROM lines WHERE {any_of('kind', [kind])} AND currency <> ?", relations, [reporting]
    )
    found: list[Factor] = []
    if there.rows:
        told = engine.run(_RATES.format(told=in_force(["l.properties"], kinds=["rate.recorded"])), relations)
        rates = [
            Told(of, into, day_number(dt.date.fromisoformat(day)), Decimal(rate))
            for of, into, day, rate in told.rows
            if of and into and day and rate and Decimal(rate) > 0
        ]
        found = factors(rates, reporting, [currency for (currency,) in there.rows])
    return pa.table(
        {
            "currency": pa.array([one.currency for one in found], pa.string()),
            "first_ms": pa.array([one.first_ms for one in found], pa.int64()),
            "until_ms": pa.array([one.until_ms for one in found], pa.int64()),
            "factor": pa.array([one.factor for one in found], pa.decimal128(19, 14)),
        }
    )


def _settled(using: str) -> lake.Folded:
    """How far the tables have come; units that wait are folded first, where no transaction would be held for it."""
    found = lake.folded(using)
    if not found.settled and not connections[using].in_atomic_block:
        catch_up(using=using)
        found = lake.folded(using)
    return found


def _refuse_future(up_to: int, newest: int) -> None:
    if not 0 <= up_to <= newest:
        raise MetricRefusedError(
            f"There is no line {up_to} to count up to: numbers can be told as of lines 0 to {newest}."
        )


def _who_changed(up_to: int, newest: int, using: str) -> bool:
    """Whether anything since the line ``up_to`` can have changed who is who."""
    lines = lake.relations(up_to=newest, columns=("batch",), using=using)["lines"]
    changed = DuckDB().run(
        f"SELECT 1 FROM lines WHERE seq > {int(up_to)} AND ({any_of('kind', _CHANGING_WHO)} OR batch IS NOT NULL) "
        "LIMIT 1",
        {"lines": lines},
    )
    return bool(changed.rows)


def _who_now(kind: str, using: str) -> pa.Table:
    """Who is who at present, kept until anybody is somebody else: most lines say only what somebody did."""
    now = edition(using)
    kept = _kept_who.get((using, kind))
    if kept is None or kept[0] != now:
        kept = _kept_who[using, kind] = now, _who(who_is_who(kind, using))
    return kept[1]


def _who(everybody: Iterable[WhoIs]) -> pa.Table:
    told = [(one.identifier, one.key, int(one.anonymous)) for one in everybody]
    identifier, key, anonymous = zip(*told, strict=True) if told else ((), (), ())
    return pa.table(
        {
            "identifier": pa.array(identifier, pa.string()),
            "key": pa.array(key, pa.string()),
            "anonymous": pa.array(anonymous, pa.int8()),
        }
    )
