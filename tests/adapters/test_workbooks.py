"""Workbooks: read as CSV is, written so that nothing runs, and refused before they can do harm."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters import sheets, workbooks

PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName='
    '"/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
    'sheet.main+xml"/></Types>',
}


def book(*tabs: list[list[Any]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for rows in tabs:
        sheet = made.create_sheet()
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def archive(parts: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return out.getvalue()


def repacked(data: bytes, part: str, text: str) -> bytes:
    """A workbook with one of its parts replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts: dict[str, bytes | str] = {name: old.read(name) for name in old.namelist()}
    return archive({**parts, part: text})


def sheet_xml(rows: str, size: str = "A1:B2") -> str:
    return ('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f'<dimension ref="{size}"/><sheetData>{rows}</sheetData></worksheet>')


def row_xml(number: int, *cells: str) -> str:
    inner = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    return f'<row r="{number}">{inner}</row>'


def code_of(data: bytes, **more: int) -> str:
    with pytest.raises(sheets.SheetError) as refused:
        workbooks.read_grid(data, **more)
    return refused.value.code


def test_cells_are_read_as_a_person_would_have_typed_them() -> None:
    data = book([
        ["a", None, "b"], [], [81234567890, 3.5, date(2022, 5, 1)],
        [198001012005012001, datetime.fromisoformat("2022-05-01 09:30"), True],
        [" x ", "'=1", None],
    ])
    assert workbooks.read_grid(data).lines == (
        (1, ("a", "", "b")),
        (3, ("81234567890", "3.5", "2022-05-01")),
        (4, ("1.98001012005012E+17", "2022-05-01 09:30:00", "1")),
        (5, ("x", "=1")),
    )


def test_the_sheet_that_looks_most_like_what_is_wanted_is_taken() -> None:
    data = book([["Petunjuk"], ["Isi lembar kedua."]], [["kode", "nama"], ["1", "x"]])
    grid = workbooks.read_grid(data, likeness=lambda rows: len(rows[0]))
    assert (grid.sheet, grid.sheets, grid.lines[0][1]) == ("Sheet1", 2, ("kode", "nama"))


def test_a_csv_is_read_by_the_same_door() -> None:
    assert workbooks.read_table(b"a;b\n1;2\n").rows[0]["b"] == "2"
    assert workbooks.read_table(book([["A", "B"], [1, 2]])).rows[0]["b"] == "2"


def test_what_would_unpack_to_gigabytes_is_not_unpacked() -> None:
    bomb = archive({**PARTS, "xl/workbook.xml": b" " * (workbooks.MAX_UNPACKED + 1)})
    assert len(bomb) < 100_000
    assert code_of(bomb) == "unpacks_too_large"
    many = archive({f"{n}.xml": "" for n in range(workbooks.MAX_PARTS + 1)})
    assert code_of(many) == "unpacks_too_large"


def test_a_file_that_lies_about_the_size_of_its_parts_does_not_get_more() -> None:
    data = archive({**PARTS, "xl/workbook.xml": b" " * 1_000_000})
    lying = data.replace((1_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != data
    assert code_of(lying) == "not_a_workbook"


def test_a_sheet_of_too_many_rows_or_columns_stops_at_the_limit() -> None:
    plain = book([["a", "b"]])
    rows = "".join(row_xml(n, "x", "y") for n in range(1, 400))
    endless = repacked(plain, "xl/worksheets/sheet1.xml", sheet_xml(rows, "A1:XFD1048576"))
    assert code_of(endless, max_rows=100) == "too_many_rows"
    wide = repacked(
        plain, "xl/worksheets/sheet1.xml", sheet_xml(row_xml(1, *["x"] * 200), "A1:B2"))
    assert code_of(wide) == "too_many_columns"


def test_a_lonely_cell_far_below_does_not_make_a_million_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbooks, "LAST_ROW", 30_000)
    for at, found in ((20_000, [1, 2, 20_000]), (900_000_000, None)):
        far = row_xml(1, "a", "b") + row_xml(2, "1", "2") + row_xml(at, "x")
        data = repacked(book([["a"]]), "xl/worksheets/sheet1.xml", sheet_xml(far, "A1:A1"))
        if found:
            assert [number for number, _cells in workbooks.read_grid(data).lines] == found
        else:
            assert code_of(data) == "too_many_rows"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..." + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook", "old_excel"),
        (b"PK\x03\x04", "not_a_workbook"),
        (archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
         "not_a_workbook"),
        (archive({**PARTS, "xl/workbook.xml": "<a><b></a>"}), "not_a_workbook"),
        (book([[]]), "empty"),
        (b"P" * (sheets.MAX_BYTES + 1), "too_large"),
    ],
    ids=["locked", "xls", "zip", "ods", "broken", "empty", "large"],
)
def test_what_is_no_workbook_for_us_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_entities_that_multiply_are_not_followed() -> None:
    laughs = ('<!DOCTYPE x [<!ENTITY a "' + "ha" * 1000 + '">'
              + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 50}">' for n in range(8))
              + "]>")
    text = laughs + sheet_xml('<row r="1"><c t="inlineStr"><is><t>&i;</t></is></c></row>')
    data = repacked(book([["a"]]), "xl/worksheets/sheet1.xml", text)
    assert code_of(data) in ("not_a_workbook", "cell_too_long")


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\r\n'=+-@"), max_size=12)
NEXT = st.one_of(TEXT, st.sampled_from(["=1+1", "+6281234567890", "-3,52", "@x", "'=1", "\t=1"]))


@settings(max_examples=15)
@given(st.lists(st.tuples(NEXT, NEXT), min_size=1, max_size=6))
def test_what_is_written_is_read_back_and_nothing_runs(rows: list[tuple[str, str]]) -> None:
    data = workbooks.write_xlsx(["nama", "isi"], rows)
    table = workbooks.read_table(data)
    csv = sheets.read_csv(sheets.write_csv(["nama", "isi"], rows))
    assert [(r["nama"], r["isi"]) for r in table.rows] == [(r["nama"], r["isi"]) for r in csv.rows]
    for cells in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows():
        for cell in cells:
            assert cell.data_type != "f"
            text = str(cell.value or "")
            assert not text.startswith(("=", "@", "\t", "\r"))
            assert not text.startswith(("+", "-")) or text.lstrip("+-")[:1].isdigit()
