"""CSV files that grow row by row, count themselves, and now and then hold a broken row (RFC 4180 but for those)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from zlib import crc32

from worlds.truth.record import Record

Cell = str | int | float | None


class CsvFile:
    """One file. Broken rows are cut short; which ones depends on the key of the row alone."""

    def __init__(
        self,
        root: Path,
        name: str,
        header: Sequence[str],
        record: Record,
        *,
        seed: int,
        bad_rows: float = 0.0,
        delimiter: str = ",",
    ) -> None:
        """Creates the file with its header under ``root``; ``bad_rows`` is the share of rows to break."""
        self.name = name
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, delimiter=delimiter, lineterminator="\r\n")
        self._writer.writerow(header)
        self._record = record
        self._limit = int(bad_rows * 2**32)
        self._salt = f"{seed}/{name}/".encode()
        self._delimiter = delimiter
        record.opened(name)

    def rows(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows; the first cell of each is its key."""
        good: list[Sequence[Cell]] = []
        count = 0
        for row in rows:
            count += 1
            if self._limit and crc32(self._salt + str(row[0]).encode()) < self._limit:
                self._writer.writerows(good)
                good = []
                self._broken(row)
            else:
                good.append(row)
        self._writer.writerows(good)
        self._record.counted(self.name, "clean", count)

    def added(self, row: Sequence[Cell], kind: str) -> None:
        """Add a row that is there by dirt only, for example a contact entered twice."""
        self._writer.writerow(row)
        self._record.counted(self.name, kind, 1)

    def _broken(self, row: Sequence[Cell]) -> None:
        text = io.StringIO()
        csv.writer(text, delimiter=self._delimiter, lineterminator="").writerow(row[: max(1, len(row) // 3)])
        self._file.write(text.getvalue() + "\r\n")
        self._record.counted(self.name, "of_which_bad_rows", 1)
        self._record.speck(self.name, str(row[0]), "bad_row", -1, f"{max(1, len(row) // 3)} of {len(row)} columns")

    def close(self) -> None:
        """Flush and close."""
        self._file.close()
