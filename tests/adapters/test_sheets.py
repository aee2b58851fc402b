"""Sheets: whatever Excel saved is read, and nothing we write can run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters import sheets


@pytest.mark.parametrize(
    ("data", "delimiter", "encoding"),
    [
        (b"Daerah;Tanggal\nKab. Siak;2022-05-01\n", ";", "utf-8"),
        (b"daerah,tanggal\r\nKab. Siak,2022-05-01\r\n", ",", "utf-8"),
        (b"\xef\xbb\xbfDaerah;Tanggal\r\nKab. Siak;2022-05-01", ";", "utf-8-sig"),
        (b"sep=;\r\nDaerah;Tanggal\r\nKab. Siak;2022-05-01", ";", "utf-8"),
        ("Daerah;Tanggal\nKab. Siak;2022-05-01 caf\u00e9".encode("cp1252"), ";", "cp1252"),
        ("Daerah;Tanggal\nKab. Siak;2022-05-01".encode("utf-16"), ";", "utf-16"),
        (b'"Daerah";"Tanggal"\n\n"Kab. Siak";"2022-05-01"\n;\n', ";", "utf-8"),
    ],
)
def test_what_excel_saves_is_read(data: bytes, delimiter: str, encoding: str) -> None:
    table = sheets.read_csv(data)
    assert table.columns == ("daerah", "tanggal")
    assert [row["daerah"] for row in table.rows] == ["Kab. Siak"]
    assert table.rows[0]["tanggal"].startswith("2022-05-01")
    assert (table.delimiter, table.encoding) == (delimiter, encoding)


def test_a_title_above_the_table_does_not_hide_its_delimiter() -> None:
    grid = sheets.csv_grid(b"Daftar Pejabat\n\ndaerah,tanggal\nKab. Siak,2022-05-01\n")
    assert grid.delimiter == ","
    assert grid.lines[1] == (3, ("daerah", "tanggal"))


def test_rows_are_numbered_as_the_spreadsheet_shows_them() -> None:
    table = sheets.read_csv(b"daerah;tahun\n\nSiak;2022\n\nKuningan;2021\n")
    assert [row.number for row in table.rows] == [3, 5]


def test_a_short_row_has_empty_cells_and_a_long_one_loses_nothing_that_has_a_name() -> None:
    table = sheets.read_csv(b"a;b\n1\n1;2;3\n")
    assert [(r["a"], r["b"]) for r in table.rows] == [("1", ""), ("1", "2")]
    assert table.rows[0]["not there"] == ""


def test_quoted_cells_may_hold_delimiters_and_line_breaks() -> None:
    table = sheets.read_csv(b'a;b\n"x; y";"dua\nbaris"\n')
    assert dict(table.rows[0].cells) == {"a": "x; y", "b": "dua\nbaris"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf  \n", "empty"),
        (b"PK\x03\x04...", "not_text"),
        (b"a;b\n\x00\x01;x", "not_text"),
        (b"\x81\x8d\x8f", "not_text"),
        (b"\xff\xfe\x00", "not_text"),
        (b"a;;b\n1;2;3", "no_header"),
        (b"Daerah;daerah\n1;2", "double_column"),
        (b"a;b\n" + b"x" * 3000 + b";1", "cell_too_long"),
        (b"a" * 10_000_001, "too_large"),
        (b"a;b\n" + b"1;2\n" * 11, "too_many_rows"),
    ],
)
def test_what_is_not_a_table_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(sheets.SheetError) as refused:
        sheets.read_csv(data, max_rows=10)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "cell", ['=HYPERLINK("http://evil.example")', "@SUM(A1)", "+cmd|x", "-2+3", "\t=1", " =1+1"]
)
def test_no_cell_becomes_a_formula(cell: str) -> None:
    text = sheets.write_csv(["nama"], [[cell]]).decode("utf-8-sig")
    written = text.split("\r\n")[1].strip('"')
    assert written.startswith("'")


def test_numbers_and_telephone_numbers_keep_their_sign() -> None:
    text = sheets.write_csv(
        ["a", "b", "c", "d", "e", "f"],
        [[-3, Decimal("-1.5"), "-3,52", "+62 812-0000-0000", None, date(2022, 11, 21)]],
    )
    assert text.decode("utf-8-sig").split("\r\n")[1] == (
        "-3;-1.5;-3,52;+62 812-0000-0000;;2022-11-21"
    )


def test_a_moment_without_words_for_its_zone_is_refused() -> None:
    with pytest.raises(TypeError, match="zone"):
        sheets.write_csv(["a"], [[datetime(2022, 11, 21, tzinfo=UTC)]])


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n;,\"'=+-@"), max_size=30
)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=8), st.sampled_from([";", ","]))
def test_what_is_written_is_read_back(
    rows: list[tuple[str, str]], delimiter: sheets.Delimiter
) -> None:
    table = sheets.read_csv(sheets.write_csv(["nama", "isi"], rows, delimiter=delimiter))
    expected = [(a.strip(), b.strip()) for a, b in rows if a.strip() or b.strip()]
    assert [(r["nama"], r["isi"]) for r in table.rows] == expected
