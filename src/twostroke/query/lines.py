"""The lake's relations in SQL: which lines count, when, and in which order.

Relations by name: ``lines`` (the log up to the seq asked for), ``suppressed`` (seqs of lines not in force), ``kinds``
(rank, place in the day, team, stroke), ``calendar`` (civil days of the installation's zone, with weeks, months and
quarters), ``who`` (the key of whoever has an identifier; ``anonymous`` is 1 for visitors nobody knows), ``firms`` (the
same of companies), ``verdicts`` (seqs of lines of which it is known whether a human or a machine did it, and why).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from twostroke.query.words import any_of

_DAY_MS = 86_400_000
# An unknown time stands at its stamp; a day at its kind's place in that day.
INSTANT = (
    "CASE WHEN l.happened_at IS NULL THEN l.recorded_ms "
    "WHEN l.precision = 'day' THEN CASE k.place WHEN 'first' THEN c.start_ms WHEN 'middle' THEN c.mid_ms "
    "ELSE c.last_ms END ELSE l.happened_at END"
)
# Ties are broken down to the line itself, so that every engine numbers alike.
ORDER = ("instant", "rank", "source", "message_id", "part")


def in_force(
    columns: Iterable[str],
    *,
    kinds: Iterable[str] | None = None,
    where: Iterable[str] = (),
    joined: str = "",
    without_machines: bool = False,
) -> str:
    """Lines in force with ``columns`` (SQL over ``l`` the line, ``k`` its kind) and what ``ORDER`` needs.

    ``instant`` is where the line stands in time, in ms since 1970 UTC. ``joined`` brings in further relations.
    ``without_machines`` leaves out what machines did; it needs ``verdicts``.
    """
    wanted = [*columns, "l.kind", "l.source", "l.message_id", "l.part", "k.rank", f"{INSTANT} AS instant"]
    conditions = [] if kinds is None else [any_of("l.kind", kinds)]
    conditions += [*where, "l.seq NOT IN (SELECT s.seq FROM suppressed AS s)"]
    if without_machines:
        conditions.append("l.seq NOT IN (SELECT v.seq FROM verdicts AS v WHERE v.verdict = 'machine')")
    return (
        f"SELECT {', '.join(wanted)} FROM lines AS l INNER JOIN kinds AS k ON k.kind = l.kind "
        f"LEFT JOIN calendar AS c ON l.precision = 'day' AND c.day_ms = l.happened_at {joined} "
        f"WHERE {' AND '.join(conditions)}"
    )


def staff() -> str:
    """Persons (their keys) and the companies (theirs) that a description in force names them with; each pair once.

    Needs ``who`` of persons and ``firms``.
    """
    told = in_force(
        ["w.key AS person", "v.key AS firm"],
        kinds=["person.described"],
        joined=(
            "INNER JOIN who AS w ON w.identifier = l.identifier AND w.anonymous = 0 "
            "INNER JOIN firms AS v ON v.identifier = l.company"
        ),
    )
    return f"SELECT DISTINCT person, firm FROM ({told}) AS described"


def civil_days(*columns: str) -> str:
    """The calendar once for each day of UTC a civil day can touch, so that instants find their day by equality.

    Comparing each instant with the bounds of each day would cost a sort of all lines.
    """
    # The remainder rounds towards zero, so an instant before 1970 lands a day late: two days back, one ahead.
    shifts = " UNION ALL ".join(f"SELECT {days * _DAY_MS} AS shift" for days in (-1, 0, 1, 2))
    named = "".join(f", c.{column}" for column in columns)
    return (
        f"SELECT c.day_ms + s.shift AS utc_day, c.start_ms, c.last_ms{named} "
        f"FROM calendar AS c CROSS JOIN ({shifts}) AS s"
    )


def on_civil_day(instant: str, days: str) -> str:
    """The condition that ``instant`` (ms since 1970 UTC) falls on a row of ``days``, made by ``civil_days``."""
    return (
        f"{days}.utc_day = {instant} - {instant} % {_DAY_MS} "
        f"AND {instant} >= {days}.start_ms AND {instant} <= {days}.last_ms"
    )


def stepped(table: str, subject: str = "subject", *, backwards: bool = False) -> str:
    """``table`` with ``step``: 1, 2, 3 … in the order of each subject's lines, or from the last one back."""
    order = ", ".join(f"{column} DESC" if backwards else column for column in ORDER)
    return f"SELECT *, ROW_NUMBER() OVER (PARTITION BY {subject} ORDER BY {order}) AS step FROM {table}"


def last_words(table: str, words: Mapping[str, tuple[str, str]], *, only: str, subject: str = "subject") -> str:
    """One row a subject of ``table`` (as ``stepped`` gives it): of each word the value at the last line that says it.

    ``words`` maps a column to the condition a line must hold to say it, and to the value it says. Subjects without a
    line that holds ``only`` are left out. Two groupings and a join: a window for each word would be slower.
    """
    steps: dict[str, str] = {condition: f"said_{number}" for number, condition in enumerate(_conditions(words), 1)}
    marks = ", ".join(f"MAX(CASE WHEN {condition} THEN step END) AS {mark}" for condition, mark in steps.items())
    values = ", ".join(
        f"MAX(CASE WHEN p.step = m.{steps[condition]} THEN p.{value} END) AS {called}"
        for called, (condition, value) in words.items()
    )
    lasts = f"SELECT {subject}, MAX(CASE WHEN {only} THEN 1 END) AS there, {marks} FROM {table} GROUP BY {subject}"
    return (
        f"SELECT p.{subject}, {values} FROM {table} AS p INNER JOIN ({lasts}) AS m ON m.{subject} = p.{subject} "
        f"WHERE m.there = 1 GROUP BY p.{subject}"
    )


def _conditions(words: Mapping[str, tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(condition for condition, _ in words.values()))
