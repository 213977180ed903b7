"""The clean record, the specks of dirt on it, and the exact accounting of every public file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from worlds.arrays import Ints

CLEAN = pa.schema(
    [
        ("at", pa.timestamp("ms", "UTC")),
        ("person", pa.int32()),
        ("company", pa.int32()),
        ("kind", pa.dictionary(pa.int16(), pa.string())),
        ("channel", pa.dictionary(pa.int16(), pa.string())),
        ("file", pa.dictionary(pa.int16(), pa.string())),
        ("key", pa.string()),
        ("amount_minor", pa.int64()),
    ]
)
SPECKS = pa.schema(
    [
        ("file", pa.string()),
        ("key", pa.string()),
        ("dirt", pa.string()),
        ("person", pa.int32()),
        ("detail", pa.string()),
    ]
)
FULL = 60_000


class Record:
    """Collects what was written where; keeps at most some tens of thousands of rows in memory."""

    def __init__(self, root: Path) -> None:
        """Creates ``clean.parquet`` and ``dirt.parquet`` under ``root``."""
        root.mkdir(parents=True, exist_ok=True)
        self._root = root
        self._clean = pq.ParquetWriter(root / "clean.parquet", CLEAN, compression="zstd")
        self._specks: list[tuple[str, str, str, int, str]] = []
        self._dirt = pq.ParquetWriter(root / "dirt.parquet", SPECKS, compression="zstd")
        self._pending: list[pa.Table] = []
        self._rows = 0
        self.accounts: dict[str, dict[str, int]] = {}
        self._dirt_counts: dict[str, dict[str, int]] = {}

    def opened(self, file: str) -> None:
        """A public file exists."""
        self.accounts.setdefault(file, {"clean": 0})

    def counted(self, file: str, kind: str, number: int) -> None:
        """``number`` lines of a kind were written to the file. Kinds that begin with ``of_which_`` are parts of
        ``clean``."""
        account = self.accounts.setdefault(file, {"clean": 0})
        account[kind] = account.get(kind, 0) + number

    def speck(self, file: str, key: str, dirt: str, person: int, detail: str = "") -> None:
        """One line, row or identifier was dirtied."""
        counts = self._dirt_counts.setdefault(dirt, {})
        counts[file] = counts.get(file, 0) + 1
        self._specks.append((file, key, dirt, person, detail))
        if len(self._specks) >= FULL:
            self._flush_specks()

    def clean(
        self,
        file: str,
        kind: str,
        at: Ints,
        person: Ints,
        company: Ints,
        keys: list[str],
        *,
        channel: list[str] | None = None,
        amount: Ints | None = None,
    ) -> None:
        """What truly happened, and under which key of which file it can be found."""
        if not keys:
            return
        count = len(keys)
        columns: list[Any] = [
            pa.array(at, pa.timestamp("ms", "UTC")),
            pa.array(person.astype(np.int32)),
            pa.array(company.astype(np.int32)),
            _same(kind, count),
            pa.array(channel, pa.string()).dictionary_encode().cast(CLEAN.field("channel").type)
            if channel
            else _none(count),
            _same(file, count),
            pa.array(keys, pa.string()),
            pa.array(amount, pa.int64()) if amount is not None else pa.nulls(count, pa.int64()),
        ]
        self._pending.append(pa.Table.from_arrays(columns, schema=CLEAN))
        self._rows += count
        if self._rows >= FULL:
            self._flush_clean()

    def _flush_clean(self) -> None:
        if self._pending:
            self._clean.write_table(pa.concat_tables(self._pending).unify_dictionaries().combine_chunks())
        self._pending, self._rows = [], 0

    def _flush_specks(self) -> None:
        columns = list(zip(*self._specks, strict=True)) or [()] * 5
        self._dirt.write_table(
            pa.Table.from_arrays([pa.array(c, f.type) for c, f in zip(columns, SPECKS, strict=True)], schema=SPECKS)
        )
        self._specks = []

    def close(self) -> None:
        """Write what is left; ``accounting.json``: per file, lines = clean + what was added, exactly; ``dirt.json``:
        specks counted."""
        self._flush_clean()
        self._flush_specks()
        self._clean.close()
        self._dirt.close()
        accounts = {}
        for file, account in sorted(self.accounts.items()):
            lines = sum(n for kind, n in account.items() if not kind.startswith(("of_which_", "never_")))
            accounts[file] = {"lines": lines, **account}
        write_json(self._root / "accounting.json", accounts)
        write_json(
            self._root / "dirt.json", {kind: dict(sorted(n.items())) for kind, n in sorted(self._dirt_counts.items())}
        )


def write_json(path: Path, value: object) -> None:
    """The value as indented JSON, UTF-8."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _same(value: str, count: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, dtype=np.int16)), pa.array([value]))


def _none(count: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.nulls(count, pa.int16()), pa.array([], pa.string()))
