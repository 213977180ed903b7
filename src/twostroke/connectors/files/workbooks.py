"""Workbooks (xlsx, xlsm, xlsb, xls, ods) under any name: each sheet a table, each cell a text."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from twostroke.connectors.files.facts import UnreadableError
from twostroke.connectors.files.places import LARGEST, Place

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def workbook_kind(place: Place) -> str | None:
    """``"workbook"``, ``"archive"`` for another ZIP, or None, by what the file holds and not by its name."""
    with place.open() as file:
        head = file.read(8)
    if head.startswith(_OLE):
        return "workbook"
    if not head.startswith(_ZIP):
        return None
    try:
        with zipfile.ZipFile(place.whole() if place.member else place.path) as archive:
            names = archive.namelist()
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        return "archive"
    if not any(name.startswith("xl/") or name == "content.xml" for name in names):
        return "archive"
    if size > LARGEST:
        raise UnreadableError(f"{place.name}: the workbook unpacks to {size:,} bytes. Export the sheet as CSV instead.")
    return "workbook"


def sheets(place: Place) -> list[tuple[str, Any, bool]]:
    """Name, sheet and whether it is hidden, of each worksheet."""
    try:
        book = CalamineWorkbook.from_object(place.whole() if place.member else str(place.path))
        return [
            (meta.name, book.get_sheet_by_name(meta.name), meta.visible != SheetVisibleEnum.Visible)
            for meta in book.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet
        ]
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableError(
            f"{place.name}: the workbook cannot be opened ({error}). Save it again, or as CSV."
        ) from error


def sheet_rows(sheet: Any) -> Iterator[list[str]]:
    """The rows of a sheet as texts, rows without any value left out."""
    for row in sheet.iter_rows():
        cells = [_text(cell) for cell in row]
        if any(cells):
            yield cells


def _text(cell: Any) -> str:
    """A cell as a CSV would have it: whole numbers without ``.0``, days without midnight."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time.min else cell.isoformat(sep=" ")
    return "" if cell is None else str(cell)
