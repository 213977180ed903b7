"""What a query reads: tables in memory, and relations that lie partly in files, partly in a tail."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Parted:
    """Parquet files and a tail of the same columns; their union is the relation, without rows beyond ``up_to``.

    ``up_to`` names a whole-number column and the greatest value that is still read; files hold at least the tail's
    columns.
    """

    files: tuple[str, ...]
    tail: pa.Table
    up_to: tuple[str, int] | None = None


Relation = pa.Table | Parted
