"""Reading lines of a file of visits or scores into checked rows, and writing them out again.

Import and export are one format. Nothing here touches the database: ``Finder`` brings the regions,
and whoever calls may do so outside any transaction. A line with an ``id`` corrects the record of
that id; without one it stands for itself, and meeting it again changes nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from cohorts.directory.regions import Finder
from cohorts.ground import bounds
from cohorts.ground.refusal import Refusal
from cohorts.programme.instruments import KEYS, checked_value, checked_year
from cohorts.programme.tables import SCORE_KINDS, Score, Visit

VISIT_COLUMNS = ("id", "kode", "daerah", "lembaga", "tanggal", "sumber")
SCORE_COLUMNS = (
    "id", "kode", "daerah", "instrumen", "tahun", "nilai", "jenis", "terbit", "sumber",
)
NEEDED = {"visits": ("sumber",), "scores": ("instrumen", "tahun", "nilai", "sumber")}
KIND_WORDS = {
    "resmi": "official",
    "official": "official",
    "": "official",
    "penilaian mandiri": "self_assessment",
    "mandiri": "self_assessment",
    "self_assessment": "self_assessment",
    "simulasi": "simulation",
    "simulation": "simulation",
}
KINDS_WRITTEN = dict(
    zip(SCORE_KINDS, ("resmi", "penilaian mandiri", "simulasi"), strict=True)
)
T = TypeVar("T")
_ID = re.compile(r"[0-9A-Z]{16}")


@dataclass(frozen=True)
class RowError:
    """What is wrong in one cell. ``row`` is its line as a spreadsheet counts; ``given`` what stands
    there; ``code`` says what is wrong and ``choices`` what it may have meant."""

    row: int
    column: str
    given: str
    code: str
    choices: tuple[str, ...] = ()


ERROR_CODES = {
    "needed": "The cell must be filled.",
    "region_unknown": "No region has this name or code.",
    "region_two": "A regency and a city have this name; choices: both, with their type.",
    "region_other": "The code and the name are of different regions; choices: what the code says.",
    "one_visitor": "A line names a region or an institution, not both and not neither.",
    "day": "The date does not exist or is not written as 2022-10-31 or 31/10/2022.",
    "day_to_come": "The date lies in the future.",
    "number": "The cell is not a number.",
    "off_scale": "The value lies outside the instrument's scale, or has more than two decimals.",
    "instrument": "The instrument is not known; choices: those that are.",
    "year": "The instrument was not used in that year.",
    "kind": "The kind is not one of the list; choices: the list.",
    "too_long": "The text is too long.",
    "twice": "An earlier line of the file says the same; given: that line's number.",
    "id": "No current record of this kind has this id.",
    "itself": "The reference region does not visit itself.",
}


@dataclass(frozen=True)
class VisitRow:
    """A checked line: one of ``region_code`` and ``institution`` is given."""

    number: int
    id: str | None
    region_code: str | None
    institution: str | None
    visited_on: dt.date | None
    source: str


@dataclass(frozen=True)
class ScoreRow:
    """A checked line of scores."""

    number: int
    id: str | None
    region_code: str
    instrument: str
    year: int
    value: Decimal
    kind: str
    published_on: dt.date | None
    source: str


@dataclass
class _Line:
    """One line while it is read; collects its errors."""

    number: int
    cells: Mapping[str, str]
    finder: Finder
    errors: list[RowError] = field(default_factory=list)

    def wrong(self, column: str, code: str, choices: Sequence[str] = (), given: str = "") -> None:
        cell = given or self.cells.get(column, "")
        self.errors.append(RowError(self.number, column, cell[:80], code, tuple(choices)))

    def text(self, column: str, most: int, *, optional: bool = False) -> str:
        try:
            kept = bounds.line(self.cells.get(column, ""), most=most, field=column)
        except Refusal:
            self.wrong(column, "too_long")
            return ""
        if not kept and not optional:
            self.wrong(column, "needed")
        return kept

    def record_id(self) -> str | None:
        given = self.cells.get("id", "").strip().upper()
        if given and not _ID.fullmatch(given):
            self.wrong("id", "id")
            return None
        return given or None

    def region(self, *, optional: bool) -> str | None:
        code = self.cells.get("kode", "").strip()
        name = self.cells.get("daerah", "").strip()
        if not code and not name:
            if not optional:
                self.wrong("daerah", "needed")
            return None
        coded = self.finder.find(code) if code else []
        named = self.finder.find(name) if name else []
        if code and not coded:
            self.wrong("kode", "region_unknown")
        elif code and name and coded[0] not in named:
            self.wrong("daerah", "region_other", [coded[0].full_name])
        elif code:
            return coded[0].code
        elif not named:
            self.wrong("daerah", "region_unknown")
        elif len(named) > 1:
            self.wrong("daerah", "region_two", [r.full_name for r in named])
        else:
            return named[0].code
        return None

    def day(self, column: str, today: dt.date) -> dt.date | None:
        given = self.cells.get(column, "").strip()
        if not given:
            return None
        day = read_day(given)
        if day is None:
            self.wrong(column, "day")
        elif day > today:
            self.wrong(column, "day_to_come")
        return day


def read_day(given: str) -> dt.date | None:
    """A day written 2022-10-31, 31/10/2022, 31-10-2022 or 31.10.2022; None when it is none."""
    parts = re.split(r"[-/.]", given.strip())
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() for p in parts):
        return None
    first, month, last = (int(p) for p in parts)
    year, day = (first, last) if len(parts[0]) == 4 else (last, first)
    try:
        return dt.date(year, month, day) if 1990 <= year <= 2100 else None
    except ValueError:
        return None


Lines = Iterable[tuple[int, Mapping[str, str]]]


def read_visits(
    lines: Lines, finder: Finder, today: dt.date, reference: str | None = None
) -> tuple[list[VisitRow], list[RowError]]:
    """Lines (number, cells by column) as visits, and all that is wrong, by row and column."""
    rows: list[VisitRow] = []
    errors: list[RowError] = []
    seen: dict[tuple[object, ...], int] = {}
    for number, cells in lines:
        line = _Line(number, cells, finder)
        record_id = line.record_id()
        institution = line.text("lembaga", 200, optional=True)
        region_code = line.region(optional=True)
        visited_on = line.day("tanggal", today)
        source = line.text("sumber", 300)
        named = bool(cells.get("kode", "").strip() or cells.get("daerah", "").strip())
        if named == bool(institution):
            line.wrong("daerah", "one_visitor")
        if region_code is not None and region_code == reference:
            line.wrong("daerah", "itself")
        _once(line, seen, (region_code, institution, visited_on), record_id)
        errors += line.errors
        if not line.errors:
            rows.append(
                VisitRow(
                    number, record_id, region_code, institution or None, visited_on, source
                )
            )
    return rows, errors


def read_scores(
    lines: Lines, finder: Finder, today: dt.date
) -> tuple[list[ScoreRow], list[RowError]]:
    """Lines (number, cells by column) as scores, and all that is wrong, by row and column."""
    rows: list[ScoreRow] = []
    errors: list[RowError] = []
    seen: dict[tuple[object, ...], int] = {}
    for number, cells in lines:
        line = _Line(number, cells, finder)
        record_id = line.record_id()
        region_code = line.region(optional=False)
        instrument = line.text("instrumen", 20)
        year = _year(line, instrument)
        value = _value(line, instrument)
        kind = KIND_WORDS.get(" ".join(cells.get("jenis", "").lower().split()))
        if kind is None:
            line.wrong("jenis", "kind", list(KINDS_WRITTEN.values()))
        published_on = line.day("terbit", today)
        source = line.text("sumber", 300)
        _once(line, seen, (region_code, instrument, year, kind), record_id)
        errors += line.errors
        if not line.errors and region_code and year and value and kind:
            rows.append(
                ScoreRow(
                    number, record_id, region_code, instrument, year, value, kind, published_on,
                    source,
                )
            )
    return rows, errors


def _once(
    line: _Line, seen: dict[tuple[object, ...], int], key: tuple[object, ...], record_id: str | None
) -> None:
    if line.errors:
        return
    earlier = seen.setdefault(key, line.number)
    if earlier != line.number:
        line.wrong("id" if record_id else "daerah", "twice", given=str(earlier))


def _year(line: _Line, instrument: str) -> int | None:
    given = line.cells.get("tahun", "").strip()
    if not (given.isascii() and given.isdigit() and len(given) == 4):
        line.wrong("tahun", "number" if given else "needed")
        return None
    return _by(line, "tahun", lambda: checked_year(instrument, int(given)), "year")


def _value(line: _Line, instrument: str) -> Decimal | None:
    given = line.cells.get("nilai", "").strip()
    if not re.fullmatch(r"\d{1,3}([.,]\d{1,6})?", given, re.ASCII):
        line.wrong("nilai", "number" if given else "needed")
        return None
    number = Decimal(given.replace(",", "."))
    return _by(line, "nilai", lambda: checked_value(instrument, number), "off_scale")


def _by(line: _Line, column: str, check: Callable[[], T], code: str) -> T | None:
    """Run a check; an instrument that is not known is told once, at its own column."""
    try:
        return check()
    except Refusal as refused:
        if refused.code == "programme.instrument_unknown":
            if not any(error.column == "instrumen" for error in line.errors):
                line.wrong("instrumen", "instrument", KEYS)
        else:
            line.wrong(column, code)
    return None


def visit_cells(row: Visit) -> list[str | dt.date | None]:
    """A visit as a line of the file, in the order of VISIT_COLUMNS."""
    return [
        row.id,
        row.region_code,
        row.region.full_name if row.region else None,
        row.institution,
        row.visited_on,
        row.source,
    ]


def score_cells(row: Score) -> list[str | int | Decimal | dt.date | None]:
    """A score as a line of the file, in the order of SCORE_COLUMNS."""
    return [
        row.id,
        row.region_code,
        row.region.full_name,
        row.instrument,
        row.year,
        row.value,
        KINDS_WRITTEN[row.kind],
        row.published_on,
        row.source,
    ]
