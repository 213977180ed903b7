"""What stays when lines of a file stop counting: what people and this program did about the same ones since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from django.db import connections

from twostroke.ledger.actions import HOUSE
from twostroke.ledger.databases import in_list

# Lines about files and settings are not about anybody.
_NOT_ABOUT = ("import.", "definition.", "rate.")
_AT_ONCE = 500


def acts_about(batches: Sequence[str], using: str = "default") -> Counter[str]:
    """How many lines this program wrote about whom or what these batches name, by kind: acts of people, decisions."""
    connection = connections[using]
    found: Counter[str] = Counter()
    some: list[tuple[str, set[str]]] = []
    for kind, names in _own_lines(connection):
        some.append((kind, names))
        if len(some) == _AT_ONCE:
            found += _about(connection, batches, some)
            some = []
    return found + _about(connection, batches, some)


def _own_lines(connection: Any) -> Iterator[tuple[str, set[str]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, identifier, company, subject, properties FROM ledger_line WHERE source = %s "
            "AND kind NOT LIKE 'import.%%' ORDER BY seq",
            [HOUSE],
        )
        while rows := cursor.fetchmany(2_000):
            for kind, *ids, properties in rows:
                if kind.startswith(_NOT_ABOUT):
                    continue
                named = msgspec.json.decode(properties).get("ids", ())
                yield kind, {one for one in (*ids, *named) if one}


def _about(connection: Any, batches: Sequence[str], some: Sequence[tuple[str, set[str]]]) -> Counter[str]:
    """Those of ``some`` lines that name what a line of these batches names, too."""
    wanted = sorted({name for _, names in some for name in names})
    there: set[str] = set()
    in_batches, given = in_list(connection, "batch", list(batches))
    for column in ("identifier", "company", "subject") if wanted and batches else ():
        among, more = in_list(connection, column, wanted)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT DISTINCT {column} FROM ledger_line WHERE batch IS NOT NULL AND {in_batches} AND {among}",
                [*given, *more],
            )
            there |= {name for (name,) in cursor.fetchall()}
    return Counter(kind for kind, names in some if names & there)
