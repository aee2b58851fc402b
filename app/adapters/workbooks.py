"""Workbooks (XLSX) as tables, and any file that may be one or a CSV.

A workbook is a ZIP of XML, so what it says of itself is looked at before anything is unpacked: a
few kilobytes can promise gigabytes, a sheet a million rows. Of a workbook with several sheets the
one that looks most like what is wanted is taken.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from app.adapters.sheets import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Grid,
    SheetError,
    Table,
    add_line,
    csv_grid,
    guarded,
    table_of,
)

MAX_UNPACKED = 60_000_000  # bytes of all parts together, as the archive declares them
MAX_PARTS = 500
MAX_SHEETS = 20
LAST_ROW = 1_048_576  # of any sheet in Excel
TOP = 30  # rows from the top by which sheets are compared
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old Excel, and of encrypted files
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DIGITS = 15  # of a number that Excel keeps: those after it are gone

# It warns of what a workbook has beyond its cells: pictures, lists to choose from, styles.
warnings.filterwarnings("ignore", module="openpyxl")

Lines = list[tuple[int, tuple[str, ...]]]
Likeness = Callable[[Sequence[Sequence[str]]], int]


def read_grid(
    data: bytes, *, max_rows: int = MAX_ROWS, likeness: Likeness = len
) -> Grid:
    """The lines of a CSV or XLSX file. ``likeness`` says by its first rows how much a sheet looks
    like what is wanted. Raises SheetError."""
    if len(data) > MAX_BYTES:
        raise SheetError("too_large")
    if data.startswith(_OLE):
        raise SheetError("locked" if _ENCRYPTED in data else "old_excel")
    if not data.startswith(_ZIP):
        return csv_grid(data, max_rows=max_rows)
    _look_at(data)
    try:
        return _read(data, max_rows, likeness)
    except SheetError:
        raise
    # The library raises whatever a broken part makes it stumble over.
    except (InvalidFileException, zipfile.BadZipFile, LookupError, ValueError, TypeError,
            AttributeError, ArithmeticError, RuntimeError, OSError, EOFError, SyntaxError,
            zlib.error):
        raise SheetError("not_a_workbook") from None


def read_table(data: bytes, *, max_rows: int = MAX_ROWS) -> Table:
    """A CSV or XLSX file whose first line is a header of our own columns. Raises SheetError."""
    return table_of(read_grid(data, max_rows=max_rows))


def _look_at(data: bytes) -> None:
    """Refuse by the archive's own list what must not be unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, LookupError):
        raise SheetError("not_a_workbook") from None
    if any(part.flag_bits & 1 for part in parts):
        raise SheetError("locked")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise SheetError("unpacks_too_large")
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise SheetError("not_a_workbook")


def _read(data: bytes, max_rows: int, likeness: Likeness) -> Grid:
    book = load_workbook(
        io.BytesIO(data), read_only=True, data_only=True, keep_links=False, keep_vba=False)
    try:
        shown = [s for s in book.worksheets if s.sheet_state == "visible"][:MAX_SHEETS]
        best, most = None, -1
        for sheet in shown:
            top = _lines(sheet, TOP, last=TOP)
            alike = likeness([cells for _number, cells in top]) if top else -1
            if alike > most:
                best, most = sheet, alike
        if best is None:
            raise SheetError("empty")
        lines = _lines(best, max_rows)
        return Grid(tuple(lines), ";", "xlsx", str(best.title), len(book.worksheets))
    finally:
        book.close()


def _lines(sheet: Any, max_rows: int, *, last: int = LAST_ROW) -> Lines:
    """The rows of a sheet that are not empty, down to ``last``. Raises SheetError for more than
    ``max_rows`` besides the first."""
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    lines: Lines = []
    rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
    for number, values in enumerate(rows, start=1):
        if number > LAST_ROW:
            raise SheetError("too_many_rows", number)
        if number > last:
            break
        if values.count(None) < len(values):
            add_line(lines, number, [_text(value) for value in values], max_rows)
    return lines


def _text(value: Any) -> str:
    """A cell as a person would have typed it into a CSV."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _UNREADABLE.sub("", value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float) and value == int(value):
        digits = str(int(value))
        if len(digits.lstrip("-")) <= _DIGITS:
            return digits
        return f"{value:.14E}"
    return str(value)


def write_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet, every cell a text: numbers keep their zeros, and none of them can
    become a formula, here or when it is saved as CSV."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sheet.freeze_panes = "A2"
    for row in (columns, *rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, _UNREADABLE.sub("", guarded(value)) or None)
            if cell.value is not None:
                cell.data_type = "s"
            cell.number_format = "@"  # so that what is typed over it stays a text too
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
