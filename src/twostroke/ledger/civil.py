"""Civil days as a relation, made in Python: no engine is asked about time zones."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import pyarrow as pa

from twostroke.kit.time import DAY_MS, day_bounds, day_of_number

SCHEMA = pa.schema(
    [
        ("day", pa.int64()), ("day_ms", pa.int64()), ("start_ms", pa.int64()), ("mid_ms", pa.int64()),
        ("last_ms", pa.int64()), ("end_ms", pa.int64()), ("date", pa.string()), ("week", pa.string()),
        ("month", pa.string()), ("quarter", pa.string()), ("year", pa.string()),
    ]
)  # fmt: skip
# 1970 to 2100: days in between are made as a span, days beyond one by one.
FIRST, LAST = 0, 47_846
# The years 1 to 9999, as many as there are dates for.
_EARLIEST, _LATEST = -719_162, 2_932_896


def calendar(zone: str, first: int, last: int, beyond: Collection[int] = ()) -> pa.Table:
    """Days ``first`` to ``last`` (numbers since 1970-01-01) and those in ``beyond``, as ``zone`` has them.

    ``day_ms`` is how the day stands in ``happened_at``; ``start_ms`` its first instant, ``last_ms`` its last,
    ``end_ms`` the first of the next, ``mid_ms`` the middle; ``week`` by ISO 8601 (2026-W48), ``month`` 2026-11,
    ``quarter`` 2026-Q4.
    """
    far = sorted(day for day in set(beyond) if not first <= day <= last and _EARLIEST <= day <= _LATEST)
    return _table(zone, first, last, tuple(far))


@lru_cache(maxsize=32)
def _table(zone: str, first: int, last: int, far: tuple[int, ...]) -> pa.Table:
    """Asked anew for every number of a page, and the same for all of them: tables of Arrow never change."""
    rows = [_day(zone, day) for day in (*range(first, last + 1), *far)]
    columns = zip(*rows, strict=True) if rows else [() for _ in SCHEMA]
    return pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA)


@lru_cache(maxsize=200_000)
def _day(zone: str, number: int) -> tuple[int | str, ...]:
    day = day_of_number(number)
    start, end = day_bounds(number, zone)
    iso = day.isocalendar()
    return (
        number, number * DAY_MS, start, (start + end) // 2, end - 1, end, day.isoformat(),
        f"{iso.year:04d}-W{iso.week:02d}", f"{day.year:04d}-{day.month:02d}",
        f"{day.year:04d}-Q{(day.month + 2) // 3}", f"{day.year:04d}",
    )  # fmt: skip
