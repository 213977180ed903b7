"""Words of SQL: names, texts, lists, cases. One dialect is written (DuckDB's), any is spoken.

Only constructs that mean the same everywhere: common table expressions, window functions with every tie broken, CASE,
aggregates; whole numbers for time; no division of whole numbers, no time zone functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

import sqlglot

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
DIALECTS = ("duckdb", "postgres", "spark", "clickhouse")


def name(called: str) -> str:
    """A quoted name. Raises ``ValueError`` for what is no plain lower-case name: names never come from outside."""
    if not _PLAIN.fullmatch(called):
        raise ValueError(f"not a name for SQL: {called[:80]!r}")
    return f'"{called}"'


def text(value: str) -> str:
    """A text literal."""
    return "'" + value.replace("'", "''") + "'"


def any_of(column: str, values: Iterable[str]) -> str:
    """The condition that ``column`` is one of ``values``, in their sorted order so that equal questions look equal."""
    listed = ", ".join(text(value) for value in sorted(values))
    return f"{column} IN ({listed})" if listed else "1 = 0"


def numbered(column: str, numbers: Mapping[str, int], otherwise: str = "NULL") -> str:
    """The number that belongs to the text in ``column``."""
    cases = " ".join(f"WHEN {text(value)} THEN {number}" for value, number in numbers.items())
    return f"CASE {column} {cases} ELSE {otherwise} END" if cases else otherwise


def json_text(column: str, member: str) -> str:
    """A text member of a JSON object in ``column``; NULL where there is none."""
    name(member)
    return f"json_extract_string({column}, '$.{member}')"


def ctes(parts: Mapping[str, str], then: str) -> str:
    """``WITH name AS (…), … then``."""
    listed = ", ".join(f"{called} AS ({sql})" for called, sql in parts.items())
    return f"WITH {listed} {then}"


@lru_cache(maxsize=256)
def pretty(sql: str) -> str:
    """``sql`` laid out for reading; the same words."""
    return sqlglot.transpile(sql, read="duckdb", write="duckdb", pretty=True)[0]


@lru_cache(maxsize=256)
def spoken(sql: str, dialect: str) -> str:
    """``sql`` in another engine's dialect (one of ``DIALECTS``), laid out for reading.

    Raises ``sqlglot.errors.SqlglotError`` for what cannot be said there.
    """
    return sqlglot.transpile(
        sql, read="duckdb", write=dialect, pretty=True, unsupported_level=sqlglot.ErrorLevel.RAISE
    )[0]
