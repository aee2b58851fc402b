"""Tables as people exchange them: CSV from Excel in an Indonesian or English locale.

Reading guesses what Excel does not say: the delimiter (`;` or `,`), the encoding (UTF-8
with or without a mark, or Windows-1252). Writing is what both Excels open by a double
click, and no cell of it can become a formula. What is written is what is read back.
Workbooks (XLSX) are read and written the same way by workbooks.py.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Delimiter = Literal[";", ","]
Cell = str | int | float | Decimal | date | None

MAX_BYTES = 10_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CELL = 2_000  # characters; longer than any field of ours

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?%?")
_PHONE = re.compile(r"\+\d[\d ()-]*")


class SheetError(ValueError):
    """A file that cannot be read as a table.

    `code` is one of: empty, too_large, too_many_rows, too_many_columns, not_text, no_header,
    double_column, cell_too_long; of a workbook also: unpacks_too_large, locked, old_excel,
    not_a_workbook. `row` counts from 1 as a spreadsheet shows it, 0 when the whole file is
    meant; `column` is the header's text.
    """

    def __init__(self, code: str, row: int = 0, column: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.row = row
        self.column = column


@dataclass(frozen=True)
class Row:
    """One line of the table: its number as a spreadsheet shows it, and its cells by column."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell, stripped; empty when the line is short or the column is not there."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Grid:
    """The lines of a file that are not empty, each with its number as a spreadsheet shows it; the
    cells are stripped. ``sheet`` is a workbook's sheet, empty for CSV; ``sheets`` how many has it.
    """

    lines: tuple[tuple[int, tuple[str, ...]], ...]
    delimiter: Delimiter = ";"
    encoding: str = ""
    sheet: str = ""
    sheets: int = 1


@dataclass(frozen=True)
class Table:
    """A header and the lines that are not empty."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    delimiter: Delimiter
    encoding: str


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    else:
        encoding = "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise SheetError("not_text") from None
        encoding = "cp1252"
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            raise SheetError("not_text") from None
    if "\x00" in text or text.startswith("PK\x03\x04"):
        raise SheetError("not_text")
    return text, encoding


def _delimiter(text: str) -> Delimiter:
    """The one that splits the first line with any into more columns; `;` when both do alike. A
    title above the table has none."""
    for line in text.splitlines():
        bare = re.sub(r'"[^"]*"', "", line)
        if "," in bare or ";" in bare:
            return "," if bare.count(",") > bare.count(";") else ";"
    return ";"


def column_key(text: str) -> str:
    """A header as programs compare it: lower case, one underscore for spaces and marks."""
    return re.sub(r"[^a-z0-9]+", "_", text.strip().lower()).strip("_")


def _risky(text: str) -> bool:
    """Whether a spreadsheet might run it, apostrophes that guard it already left aside."""
    return text.lstrip("'").startswith(_FORMULA)


def _unguard(cell: str) -> str:
    """Undo what writing does against formulas, so that export and import are one format."""
    return cell[1:] if cell.startswith("'") and _risky(cell) else cell


def read_csv(data: bytes, *, max_rows: int = MAX_ROWS) -> Table:
    """Read a CSV file. Columns are compared by `column_key`; cells are stripped strings.

    Empty lines and Excel's `sep=;` line are passed over; row numbers stay those of the
    file. Raises SheetError.
    """
    return table_of(csv_grid(data, max_rows=max_rows))


def csv_grid(data: bytes, *, max_rows: int = MAX_ROWS) -> Grid:
    """The lines of a CSV file, its header too. Raises SheetError."""
    if len(data) > MAX_BYTES:
        raise SheetError("too_large")
    text, encoding = _decode(data)
    skipped = 0
    if text[:4].lower() == "sep=":
        text = text.partition("\n")[2]
        skipped = 1
    if not text.strip():
        raise SheetError("empty")
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: list[tuple[int, tuple[str, ...]]] = []
    number = skipped
    try:
        for number, cells in enumerate(reader, start=1 + skipped):
            add_line(lines, number, cells, max_rows)
    except csv.Error:
        raise SheetError("not_text", number + 1) from None
    if not lines:
        raise SheetError("no_header", number)
    return Grid(tuple(lines), delimiter, encoding)


def add_line(
    lines: list[tuple[int, tuple[str, ...]]], number: int, cells: Sequence[str], max_rows: int
) -> None:
    """Keep one line of a file unless it is empty. Raises SheetError beyond the limits."""
    kept = [_unguard(cell.strip()) for cell in cells]
    while kept and not kept[-1]:
        kept.pop()
    if not kept:
        return
    if len(kept) > MAX_COLUMNS:
        raise SheetError("too_many_columns", number)
    if len(lines) > max_rows:
        raise SheetError("too_many_rows", number)
    for at, cell in enumerate(kept):
        if len(cell) > MAX_CELL:
            first = lines[0][1] if lines else ()
            raise SheetError("cell_too_long", number, first[at] if at < len(first) else "")
    lines.append((number, tuple(kept)))


def table_of(grid: Grid) -> Table:
    """A grid whose first line is a header of our own columns. Raises SheetError."""
    (number, head), *lines = grid.lines
    columns = _header(head, number)
    rows = tuple(Row(n, dict(zip(columns, cells, strict=False))) for n, cells in lines)
    return Table(columns, rows, grid.delimiter, grid.encoding)


def _header(cells: Sequence[str], number: int) -> tuple[str, ...]:
    columns = tuple(column_key(cell) for cell in cells)
    while columns and not columns[-1]:
        columns = columns[:-1]
    if not columns or not all(columns):
        raise SheetError("no_header", number)
    for column in columns:
        if columns.count(column) > 1:
            raise SheetError("double_column", number, column)
    return columns


def guarded(cell: Cell) -> str:
    """A cell's text; one that a spreadsheet would take for a formula gets an apostrophe.

    Numbers and telephone numbers keep their sign: they cannot call anything.
    """
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        raise TypeError("a moment is written with its zone: give text")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, (int, float, Decimal)):
        return str(cell)
    text = cell.replace("\x00", "").strip()
    if not _risky(text) or _NUMBER.fullmatch(text) or _PHONE.fullmatch(text):
        return text
    return "'" + text


def write_csv(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, delimiter: Delimiter = ";"
) -> bytes:
    """UTF-8 with its mark, CRLF lines, `;` by default for Excel in Indonesian."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([guarded(c) for c in columns])
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")
