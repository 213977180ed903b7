"""The book of a week: what happened, in columns, for those who write it down. Counterfactual worlds have no book."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[Any]


class Book:
    """Happenings of one week by kind; each a table of equally long columns."""

    def __init__(self, week: int) -> None:
        self.week = week
        self._rows: dict[str, list[dict[str, Column]]] = {}

    def note(self, kind: str, /, **columns: Column) -> None:
        """Add rows. All columns are equally long; an empty table is not kept."""
        if len(next(iter(columns.values()))):
            self._rows.setdefault(kind, []).append(columns)

    def of(self, kind: str) -> dict[str, Column]:
        """All rows of a kind as one table; an empty dictionary where there are none."""
        tables = self._rows.get(kind, [])
        if not tables:
            return {}
        return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
