"""Who did what lines tell, a human or a machine: for those who show lines, and a relation for those who count them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import pyarrow as pa
from django.db import connections

from twostroke.intake import hits
from twostroke.intake.facts import By, HitVerdict, hit_kinds
from twostroke.intake.hits import Seen
from twostroke.ledger import lake
from twostroke.ledger.catalogue import current
from twostroke.ledger.databases import in_list
from twostroke.ledger.facts import Line
from twostroke.query.engines import DuckDB
from twostroke.query.relations import Relation
from twostroke.query.words import any_of, json_text

_VERDICTS = pa.schema([("seq", pa.int64()), ("verdict", pa.string()), ("reason", pa.string())])
_SEEN = ", ".join(f"l.{column}" for column in Seen._fields)


def verdicts_of(lines: Sequence[Line], using: str = "default") -> dict[int, HitVerdict]:
    """By seq, who did each of these lines that is a hit, and why that is thought; other lines are left out."""
    kinds = hit_kinds(current())
    mine = [line for line in lines if line.kind in kinds]
    if not mine:
        return {}
    condition, given = in_list(connections[using], "seq", [line.seq for line in mine])
    with connections[using].cursor() as cursor:
        cursor.execute(f'SELECT seq, "by", reason, told FROM intake_judged WHERE {condition}', given)
        found = _by_line((seq, HitVerdict(By(by), reason, told)) for seq, by, reason, told in cursor.fetchall())
    return {line.seq: found.get(line.seq) or hits.without_more(line.properties) for line in mine}


def done_by_machines(lines: Collection[Line], using: str = "default") -> set[int]:
    """The seqs of these lines that machines did."""
    if not lines:
        return set()
    condition, given = in_list(connections[using], "seq", [line.seq for line in lines])
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT seq FROM intake_judged WHERE {condition} AND \"by\" = 'machine'", given)
        return {int(seq) for (seq,) in cursor.fetchall()}


def verdict_table(up_to: int, using: str = "default") -> pa.Table:
    """A relation (seq, verdict, reason) of the hits up to the line ``up_to`` of which something is known.

    As the tables stand. Hits without a row are a browser's where they name an agent, and open where they do not.
    """
    with connections[using].cursor() as cursor:
        cursor.execute('SELECT seq, "by", reason FROM intake_judged WHERE seq <= %s', [up_to])
        rows = [(int(seq), HitVerdict(By(by), reason)) for seq, by, reason in cursor.fetchall()]
    return _as_table(rows)


def verdict_table_as_of(up_to: int, using: str = "default", suppressed: Relation | None = None) -> pa.Table:
    """The same from the lines up to ``up_to`` alone, by the rules of today.

    ``suppressed`` are the lines that were not in force then, where the caller knows them.
    """
    relations = lake.relations(
        up_to=up_to, columns=Seen._fields, past_force=True if suppressed is None else suppressed, using=using
    )
    engine, kinds = DuckDB(), hit_kinds(current())
    itself = [
        (seq, found)
        for seq, properties in engine.run(_TRACED.format(hits=any_of("l.kind", kinds)), relations).rows
        if (found := hits.by_itself(properties)) is not None
    ]
    rows = [*itself]
    for sql, sort, judge in (
        (_MAILS, "subject", hits.by_their_mail),
        (_DEVICES, "identifier", hits.by_their_pace),
    ):
        asked = sql.format(hits=any_of("l.kind", kinds), all=any_of("l.kind", kinds | hits.ARRIVALS), most=hits.MOST)
        together: dict[str, list[Seen]] = defaultdict(list)
        for line in (Seen._make(row) for row in engine.run(asked, relations).rows):
            together[str(getattr(line, sort))].append(line)
        rows += [(one.seq, one.verdict) for mine in together.values() for one in judge(mine)]
    return _as_table(rows)


_IN_FORCE = "lines AS l LEFT JOIN suppressed AS s ON s.seq = l.seq WHERE s.seq IS NULL"
_SAID = " OR ".join(f"{json_text('l.properties', name)} IS NOT NULL" for name in ("agent", "webdriver", "by"))
_TRACED = f"SELECT l.seq, l.properties FROM {_IN_FORCE} AND {{hits}} AND ({_SAID})"
# Mails with a click or an opening so near to their arrival, or to each other, that it may be a machine's.
_MAILS = f"""
WITH hit AS (SELECT DISTINCT l.subject FROM {_IN_FORCE} AND {{hits}} AND l.subject_kind = 'mail'),
few AS (SELECT subject FROM lines AS l WHERE subject_kind <> 'person' GROUP BY subject HAVING COUNT(*) <= {{most}})
SELECT {_SEEN} FROM {_IN_FORCE} AND {{all}} AND l.subject_kind = 'mail'
AND l.subject IN (SELECT subject FROM hit) AND l.subject IN (SELECT subject FROM few) ORDER BY l.seq
"""
_ALONE = f"{{hits}} AND l.subject_kind <> 'mail' AND {json_text('l.properties', 'device_only')} IS NOT NULL"
_DEVICES = f"""
WITH near AS (
  SELECT l.identifier, l.happened_at - LAG(l.happened_at, {hits.PACE_PAGES - 1}) OVER (
    PARTITION BY l.identifier ORDER BY l.happened_at, l.seq) AS took
  FROM {_IN_FORCE} AND {_ALONE} AND l.identifier IS NOT NULL AND l.happened_at IS NOT NULL
),
crowd AS (SELECT DISTINCT identifier FROM near WHERE took <= {hits.PACE_MS}),
few AS (
  SELECT identifier FROM lines AS l WHERE identifier IS NOT NULL GROUP BY identifier HAVING COUNT(*) <= {{most}}
)
SELECT {_SEEN} FROM {_IN_FORCE} AND {_ALONE}
AND l.identifier IN (SELECT identifier FROM crowd) AND l.identifier IN (SELECT identifier FROM few) ORDER BY l.seq
"""


def _by_line(rows: Iterable[tuple[int, HitVerdict]]) -> Mapping[int, HitVerdict]:
    found: dict[int, list[HitVerdict]] = defaultdict(list)
    for seq, verdict in rows:
        found[seq].append(verdict)
    return {seq: hits.strongest(verdicts) for seq, verdicts in found.items()}


def _as_table(rows: Iterable[tuple[int, HitVerdict]]) -> pa.Table:
    found = sorted(_by_line(rows).items())
    columns = [[seq for seq, _ in found], [one.by.value for _, one in found], [one.reason for _, one in found]]
    return pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, _VERDICTS, strict=True)], _VERDICTS.names)
