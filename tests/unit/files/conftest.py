# ruff: noqa: E501  the parts of a workbook are one line each
"""Fixtures of the files connector: a small workbook made by hand."""

from __future__ import annotations

import io
import zipfile

import pytest

_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PKG = "http://schemas.openxmlformats.org/package/2006"


def _cell(value: str | float | tuple[int]) -> str:
    if isinstance(value, tuple):
        return f'<c s="1"><v>{value[0]}</v></c>'
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def _sheet(rows: list[list[str | float | tuple[int]]]) -> str:
    return _SHEET.format("".join("<row>" + "".join(map(_cell, row)) + "</row>" for row in rows))


@pytest.fixture
def workbook() -> bytes:
    """An xlsx of two sheets (ECMA-376): deals with whole numbers and serial dates, and people."""
    deals: list[list[str | float | tuple[int]]] = [
        ["Deal ID", "Stage", "Amount", "Closed"],
        [7.0, "Won", 1.5, (45352,)],
        [8.0, "Lost", 2.0, (45353,)],
    ]
    people: list[list[str | float | tuple[int]]] = [["Contact ID", "Email"], [1.0, "ann@example.org"]]
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PKG}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PKG}/relationships"><Relationship Id="r1" '
        f'Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets><sheet name="Deals" sheetId="1" r:id="r1"/>'
        '<sheet name="People" sheetId="2" r:id="r2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PKG}/relationships">'
        f'<Relationship Id="r1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{_REL}/worksheet" Target="worksheets/sheet2.xml"/>'
        f'<Relationship Id="r3" Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
        "</styleSheet>",
        "xl/worksheets/sheet1.xml": _sheet(deals),
        "xl/worksheets/sheet2.xml": _sheet(people),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()
