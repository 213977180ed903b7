"""How verdicts on hits follow from lines: their only writer, live and in ``rebuild`` alike.

Nearly every hit is only a browser's and has no row; whether one may need to be looked at is asked for a whole batch of
lines at once, so that an ordinary page view costs next to nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db import connections

from twostroke.intake import hits
from twostroke.intake.facts import STANDING, By, hit_kinds
from twostroke.intake.hits import ARRIVALS, Judgement, Seen
from twostroke.intake.models import Judged
from twostroke.ledger.catalogue import current
from twostroke.ledger.databases import in_list, insert_rows, value_rows
from twostroke.ledger.facts import Line
from twostroke.ledger.queries import Log

_LINE, _MAIL, _DEVICE = "l", "m", "d"
_COLUMNS = ("unit", "seq", "source", "message_id", "part", "by", "reason", "told")
_READ = ", ".join(f"l.{column}" for column in Seen._fields)
_SPANS_AT_ONCE = 200  # each takes three of the values a statement may have
_PLACES = {_MAIL: ("subject", "NOT (l.subject_kind = 'person')"), _DEVICE: ("identifier", "l.identifier IS NOT NULL")}


class Verdicts:
    """Units are ``l`` + seq for what a line says by itself, ``m`` + mail and ``d`` + device for what surrounds it."""

    name = "intake.verdicts"
    models = (Judged,)

    @cached_property
    def hits(self) -> frozenset[str]:
        """The kinds of lines that are judged."""
        return hit_kinds(current())

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Hits, and the arrivals of mails that they are measured by."""
        return self.hits | ARRIVALS

    def units(self, lines: Sequence[Line], using: str = "default") -> set[str]:
        """What these lines may change the verdicts of."""
        found: set[str] = set()
        arrived: set[str] = set()
        visits: dict[str, list[int]] = defaultdict(list)
        for line in lines:
            if line.kind in ARRIVALS:
                arrived.add(line.subject)
                continue
            itself = hits.by_itself(line.properties)
            if itself is not None:
                found.add(f"{_LINE}{line.seq}")
            if line.subject_kind == "mail":
                found.add(_MAIL + line.subject)
            elif (at := hits.timed(line)) is not None and line.identifier is not None and _may_be_paced(line, itself):
                visits[line.identifier].append(at)
        return found | self._looked_at(arrived, using) | self._crowded(visits, using)

    def _looked_at(self, arrived: Collection[str], using: str) -> set[str]:
        """Those of these mails that somebody opened or clicked in."""
        more = {mail for mail, lines in _counted(arrived, _MAIL, using) if lines > 1}
        return {_MAIL + mail for mail in _with_hits(more, self.hits, using)}

    def _crowded(self, visits: Mapping[str, Sequence[int]], using: str) -> set[str]:
        """The devices with so many hits around one of these instants that their pace must be looked at."""
        counted = dict(_counted(visits, _DEVICE, using))
        most = {device for device, lines in counted.items() if lines > hits.MOST}
        some = [device for device, lines in counted.items() if hits.PACE_PAGES <= lines <= hits.MOST]
        around = [(device, *span) for device in some for span in _spans(visits[device])]
        return {_DEVICE + device for device in most | _busy_around(around, using)}

    def fold(self, units: Sequence[str], log: Log) -> set[int]:
        """Rewrite the verdicts of these units; the seqs of lines with which people come further, where that changed."""
        using = log.using
        own = [int(unit[1:]) for unit in units if unit[0] == _LINE]
        rows = [
            (f"{_LINE}{line.seq}", line, Judgement(line.seq, found))
            for line in _seen("seq", own, "", using)
            if (found := hits.by_itself(line.properties)) is not None
        ]
        rows += self._around(units, _MAIL, using, hits.by_their_mail)
        rows += self._around(units, _DEVICE, using, hits.by_their_pace)
        return _write(units, rows, using)

    def _around(
        self, units: Sequence[str], sort: str, using: str, judge: Callable[[Iterable[Seen]], list[Judgement]]
    ) -> Iterable[tuple[str, Seen, Judgement]]:
        column, spelled = _PLACES[sort]
        names = {unit[1:] for unit in units if unit[0] == sort}
        few = sorted(name for name, lines in _counted(names, sort, using) if lines <= hits.MOST)
        together: dict[str, list[Seen]] = defaultdict(list)
        for line in _seen(column, few, f"AND {spelled} AND l.kind IN ({_listed(self.kinds)})", using):
            if (line.subject_kind == "mail") == (sort == _MAIL):
                together[str(getattr(line, column))].append(line)
        for name, mine in together.items():
            by_seq = {line.seq: line for line in mine}
            for one in judge(mine):
                yield sort + name, by_seq[one.seq], one


def _seen(column: str, values: Sequence[Any], further: str, using: str) -> list[Seen]:
    """The lines in force with one of these values; only the columns that are looked at, for there are many lines."""
    if not values:
        return []
    connection = connections[using]
    condition, given = in_list(connection, f"l.{column}", values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_READ} FROM ledger_line l WHERE {condition} {further} "
            "AND NOT EXISTS (SELECT 1 FROM ledger_suppressed s WHERE s.seq = l.seq)",
            given,
        )
        return [Seen._make(row) for row in cursor.fetchall()]


def _may_be_paced(line: Line, itself: Any) -> bool:
    return (itself is None or itself.by == "unsure") and hits.by_device_alone(line.properties)


def _row(unit: str, line: Seen, one: Judgement) -> tuple[Any, ...]:
    verdict = one.verdict
    return unit, line.seq, line.source, line.message_id, line.part, verdict.by.value, verdict.reason, verdict.told


def _spans(instants: Iterable[int]) -> Iterable[tuple[int, int]]:
    """The spans of time in which a crowd could be that has one of these instants in it."""
    low = high = None
    for at in sorted(instants):
        if low is not None and high is not None and at <= high:
            high = at + hits.PACE_MS
            continue
        if low is not None and high is not None:
            yield low, high
        low, high = at - hits.PACE_MS, at + hits.PACE_MS
    if low is not None and high is not None:
        yield low, high


def _counted(names: Collection[str], sort: str, using: str) -> Iterable[tuple[str, int]]:
    """How many lines, in force or not, name each of these mails or devices, counted no further than needed."""
    if not names:
        return []
    column, spelled = _PLACES[sort]
    connection = connections[using]
    rows, given = value_rows(connection, sorted(names))
    sql = (
        f"SELECT v.value, (SELECT count(*) FROM (SELECT 1 FROM ledger_line l WHERE l.{column} = v.value AND {spelled} "
        f"LIMIT {hits.MOST + 1}) AS counted) FROM {rows}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [(str(name), int(lines)) for name, lines in cursor.fetchall()]


def _with_hits(mails: Collection[str], kinds: Iterable[str], using: str) -> set[str]:
    """Which of these mails somebody opened or clicked in."""
    if not mails:
        return set()
    connection = connections[using]
    rows, given = value_rows(connection, sorted(mails))
    sql = (
        f"SELECT v.value FROM {rows} WHERE EXISTS (SELECT 1 FROM ledger_line l WHERE l.subject = v.value "
        f"AND NOT (l.subject_kind = 'person') AND l.kind IN ({_listed(kinds)}))"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return {str(mail) for (mail,) in cursor.fetchall()}


def _listed(kinds: Iterable[str]) -> str:
    return ", ".join(f"'{kind}'" for kind in sorted(kinds))


def _busy_around(around: Sequence[tuple[str, int, int]], using: str) -> set[str]:
    """Which devices have hits enough for a crowd within one of these spans of time."""
    if not around:
        return set()
    connection = connections[using]
    found: set[str] = set()
    for start in range(0, len(around), _SPANS_AT_ONCE):
        some = around[start : start + _SPANS_AT_ONCE]
        values = ", ".join(["(%s, CAST(%s AS bigint), CAST(%s AS bigint))"] * len(some))
        sql = (
            f"WITH v(device, low, high) AS (VALUES {values}) SELECT DISTINCT v.device FROM v "
            "WHERE (SELECT 1 FROM ledger_line l WHERE l.identifier = v.device AND l.identifier IS NOT NULL "
            f"AND l.happened_at BETWEEN v.low AND v.high "
            f"LIMIT 1 OFFSET {hits.PACE_PAGES - 1}) IS NOT NULL"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for span in some for value in span])
            found |= {str(device) for (device,) in cursor.fetchall()}
    return found


def _write(units: Sequence[str], rows: Sequence[tuple[str, Seen, Judgement]], using: str) -> set[int]:
    connection = connections[using]
    condition, given = in_list(connection, "unit", sorted(units))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT unit, seq FROM intake_judged WHERE {condition} AND \"by\" = 'machine'", given)
        before = {(str(unit), int(seq)) for unit, seq in cursor.fetchall()}
        cursor.execute(f"DELETE FROM intake_judged WHERE {condition}", given)
    insert_rows(connection, "intake_judged", _COLUMNS, [_row(*row) for row in rows])
    after = {(unit, line.seq): line.kind for unit, line, one in rows if one.verdict.by is By.MACHINE}
    changed = {seq for (unit, seq), kind in after.items() if (unit, seq) not in before and kind in STANDING}
    return changed | {seq for _, seq in before - after.keys()}


VERDICTS = Verdicts()
