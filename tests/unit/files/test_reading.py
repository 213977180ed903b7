"""Bytes become tables: encodings, separators, headers, broken rows, workbooks under any name."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from twostroke.connectors.files import places
from twostroke.connectors.files.facts import Broken, Table, UnreadableError
from twostroke.connectors.files.reading import passed_over, read_tables

ROWS = "Deal ID;Stage;Amount\n1;Won;1,5\n2;Lost;2,5\n"


def one(path: Path) -> Table:
    (table,) = read_tables([path])
    return table


def written(folder: Path, content: str | bytes, name: str = "t.csv") -> Table:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return one(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_with_and_without_mark(tmp_path: Path, encoding: str) -> None:
    table = written(tmp_path, "name;city\nÅsa;Malmö\nZoë;Łódź\n".encode(encoding))
    assert table.header == ("name", "city")
    assert list(table.rows()) == [["Åsa", "Malmö"], ["Zoë", "Łódź"]]


def test_windows_text_is_read_as_such(tmp_path: Path) -> None:
    table = written(tmp_path, "name,city\nJürgen,Köln\nRenée,Orléans\n".encode("cp1252"))
    assert [row[0] for row in table.rows()] == ["Jürgen", "Renée"]
    assert "Windows-1252" in table.read_as


def test_cyrillic_windows_text_is_told_by_its_letters(tmp_path: Path) -> None:
    lines = "имя,город\n" + "Анна Иванова,Санкт-Петербург\nСергей Кузнецов,Нижний Новгород\n" * 4
    table = written(tmp_path, lines.encode("cp1251"))
    assert next(table.rows()) == ["Анна Иванова", "Санкт-Петербург"]


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", "Hélène Lefèvre à Orléans Société Générale François Gagné bouche à oreille"),
        ("cp1252", "Teléfono España Muñoz Peñalver Núñez José García Íñigo"),
        ("cp1252", "Müller Weiß Köln Straße Größe Zuständig Öl"),
        ("cp1252", "São Paulo Data de criação João Conceição Magalhães"),
        ("cp1250", "Łukasz Wójcik Gdańsk zażółć gęślą jaźń"),
        ("cp1250", "Dvořák Jiří Přemysl čeština Ústí měst"),
        ("cp1250", "Szőke Győző Fűzfő Ödön Új élet"),
        ("cp1254", "Şirket Ağrı müşteri ödeme ığdır"),
    ],
)
def test_names_in_the_languages_of_europe_keep_their_letters(tmp_path: Path, encoding: str, words: str) -> None:
    table = written(
        tmp_path, f"name,city\n{chr(10).join(f'{word},x' for word in words.split() * 5)}\n".encode(encoding)
    )
    assert [row[0] for row in table.rows()] == words.split() * 5


def test_two_exports_pasted_together_lose_no_letter_and_are_said(tmp_path: Path) -> None:
    table = written(tmp_path, b"name,city\n" + "Zoë,Köln\n".encode() * 20 + "Jürgen,Bonn\n".encode("cp1252"))
    assert list(table.rows())[-1] == ["Jürgen", "Bonn"]
    assert table.notes[0].rows == 1


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_the_whole_file_is_regular_in(tmp_path: Path, separator: str) -> None:
    lines = [["deal", "note", "sum"], ["1", "a, b; c | d", "1,5"], ["2", "x, y; z", "2,5"]]
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(lines)
    table = written(tmp_path, text.getvalue())
    assert [list(table.header), *table.rows()] == lines


def test_a_decimal_comma_is_no_separator(tmp_path: Path) -> None:
    assert written(tmp_path, ROWS).header == ("Deal ID", "Stage", "Amount")


def test_the_separator_line_of_a_spreadsheet_is_obeyed(tmp_path: Path) -> None:
    table = written(tmp_path, "sep=;\n" + ROWS)
    assert (table.header[0], next(table.rows())) == ("Deal ID", ["1", "Won", "1,5"])


def test_quotes_escaped_with_backslashes_are_understood(tmp_path: Path) -> None:
    table = written(tmp_path, 'id,said\n1,"so \\"big\\", he said"\n2,"no"\n')
    assert list(table.rows()) == [["1", 'so "big", he said'], ["2", "no"]]


def test_zero_bytes_are_dropped(tmp_path: Path) -> None:
    table = written(tmp_path, "id,name\n1,An\0na\n2,Bo\n")
    assert next(table.rows()) == ["1", "Anna"]


def test_a_quote_nobody_closes_breaks_its_row_alone(tmp_path: Path) -> None:
    table = written(tmp_path, 'id,name\n1,Ann\n2,"Bo\n3,Cy\n4,Di\n')
    rows = list(table.rows())
    assert [row[0] for row in rows if not isinstance(row, Broken)] == ["1", "3", "4"]
    (broken,) = [row for row in rows if isinstance(row, Broken)]
    assert broken == ['2,"Bo']


def test_a_quote_nobody_closes_in_a_long_file_breaks_its_row_alone(tmp_path: Path) -> None:
    lines = [f"{n},name {n}" for n in range(5000)]
    lines[100] = '100,"name'
    table = written(tmp_path, "id,name\n" + "\n".join(lines) + "\n")
    rows = list(table.rows())
    assert (len(rows), sum(isinstance(row, Broken) for row in rows)) == (5000, 1)


def test_a_file_of_quotes_nobody_closes_is_refused_in_words(tmp_path: Path) -> None:
    table = written(tmp_path, "id,name\n" + '1,"x\n' * 999)
    rows = list(table.rows())
    assert sum(isinstance(row, Broken) for row in rows) <= 1


def test_rows_can_be_read_again_and_again(tmp_path: Path) -> None:
    table = written(tmp_path, ROWS)
    assert list(table.rows()) == list(table.rows())


def test_a_table_without_header_is_told_by_its_first_row(tmp_path: Path) -> None:
    table = written(tmp_path, "2024-01-05,ann@example.org,12\n2024-01-06,bo@example.org,13\n")
    assert (table.header, len(list(table.rows()))) == (("column 1", "column 2", "column 3"), 2)
    assert "no header" in table.read_as


def test_title_lines_above_the_header_are_left_out_and_said(tmp_path: Path) -> None:
    table = written(tmp_path, "Report of May,,\n,,\nDeal ID,Stage,Amount\n1,Won,5\n2,Lost,6\n")
    assert table.header == ("Deal ID", "Stage", "Amount")
    assert table.notes[0].rows == 2


def test_headers_are_made_unique_and_never_empty(tmp_path: Path) -> None:
    assert written(tmp_path, "name,,name\na,b,c\nd,e,f\n").header == ("name", "column 2", "name (2)")


def test_an_empty_file_is_a_table_without_rows(tmp_path: Path) -> None:
    table = written(tmp_path, b"")
    assert (table.header, list(table.rows()), table.read_as) == ((), [], "empty")


def test_a_folder_is_walked_and_what_is_no_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    written(tmp_path / "in", ROWS, "a.csv")
    (tmp_path / "LICENSE").write_text("Do, as, you, like")
    assert [table.file for table in read_tables([tmp_path])] == ["a.csv"]
    assert passed_over([tmp_path]) == [("LICENSE", "not a table: passed over")]


@pytest.mark.parametrize("content", [b"%PDF-1.7 ...", b"\x1f\x8b\x08..."])
def test_files_of_another_kind_are_refused_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableError, match="Export it as CSV"):
        written(tmp_path, content)


def zipped(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_an_archive_is_read_like_the_folder_it_was(tmp_path: Path, workbook: bytes) -> None:
    files = {"out/b.csv": ROWS, "a.csv": ROWS.encode("utf-16"), "book.xlsx": workbook, "README": "no table",
             "__MACOSX/a.csv": "x", ".hidden.csv": "x"}  # fmt: skip
    path = zipped(tmp_path / "export.ZIP", files)
    tables = read_tables([path])
    assert [table.file for table in tables] == ["a.csv", "book.xlsx · Deals", "book.xlsx · People", "b.csv"]
    assert list(tables[0].rows()) == list(tables[3].rows()) == list(written(tmp_path, ROWS).rows())
    assert passed_over([path]) == [("README", "not a table: passed over")]


def test_an_archive_that_lies_in_a_folder_is_named_and_not_read(tmp_path: Path) -> None:
    written(tmp_path, ROWS, "a.csv")
    zipped(tmp_path / "export.zip", {"a.csv": ROWS})
    assert [table.file for table in read_tables([tmp_path])] == ["a.csv"]
    assert "name it to bring in" in passed_over([tmp_path])[0][1]


def test_a_table_of_an_archive_has_its_own_date(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.csv", (2024, 3, 1, 9, 0, 0)), ROWS)
        archive.writestr(zipfile.ZipInfo("b.csv", (2107, 3, 1, 9, 0, 0)), ROWS)
    own, late = read_tables([path])
    assert own.dated == 1_709_283_600_000
    assert late.dated == path.stat().st_mtime_ns // 1_000_000


def test_an_archive_without_tables_and_a_damaged_one_are_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="No table in"):
        read_tables([zipped(tmp_path / "t.zip", {"README": "x"})])
    whole = zipped(tmp_path / "d.zip", {"a.csv": ROWS * 50}).read_bytes()
    (tmp_path / "d.zip").write_bytes(whole[:60] + b"????" + whole[64:])
    with pytest.raises(UnreadableError, match="damaged"):
        list(one(tmp_path / "d.zip").rows())


def test_an_archive_that_unpacks_to_more_than_any_export_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "LARGEST", 100)
    with pytest.raises(UnreadableError, match="Unpack it"):
        read_tables([zipped(tmp_path / "t.zip", {"a.csv": "a,b\n" * 100})])


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no such file"):
        one(tmp_path / "nowhere.csv")


@pytest.mark.parametrize("name", ["book.xlsx", "book.csv", "export"])
def test_a_workbook_is_read_under_any_name(tmp_path: Path, workbook: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(workbook)
    deals, people = read_tables([tmp_path / name])
    assert deals.header == ("Deal ID", "Stage", "Amount", "Closed")
    assert list(deals.rows()) == [["7", "Won", "1.5", "2024-03-01"], ["8", "Lost", "2", "2024-03-02"]]
    assert people.file.endswith("· People")


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=12)


@given(
    rows=st.integers(2, 5).flatmap(lambda n: st.lists(st.lists(WORDS, min_size=n, max_size=n), min_size=2, max_size=9)),
    separator=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@example(rows=[["", ""], ["", '"\\']], separator=",", end="\n", encoding="utf-8")
def test_any_quoted_table_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], separator: str, end: str, encoding: str
) -> None:
    header = ["Deal ID", "Stage", "Amount", "Close Date", "Owner"][: len(rows[0])]
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    table = written(tmp_path_factory.mktemp("t"), text.getvalue().encode(encoding))
    assert [list(table.header), *table.rows()] == [header, *rows]


@pytest.mark.shared_data
@pytest.mark.parametrize("number", range(12))
def test_files_that_break_parsers_equal_their_json(shared_data: Path, number: int) -> None:
    path = sorted((shared_data / "csv-spectrum" / "csvs").glob("*.csv"))[number]
    table = one(path)
    meant = json.loads((shared_data / "csv-spectrum" / "json" / f"{path.stem}.json").read_text())
    if path.stem == "location_coordinates":
        # The source's own JSON has another telephone number than its CSV.
        meant = [{**meant, "Contact Phone Number": "2095257564"}]
    assert [dict(zip(table.header, row, strict=True)) for row in table.rows()] == meant
