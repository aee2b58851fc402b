"""Reading lines of a file of visits or scores into checked rows, and writing them out again.

Import and export are one format. Nothing here touches the database: ``Finder`` brings the regions,
and whoever calls may do so outside any transaction. A line with an ``id`` corrects the record of
that id; without one it stands for itself, and meeting it again changes nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from cohorts.directory.lines import Line, Lines, RowError
from cohorts.directory.regions import Finder
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


def read_visits(
    lines: Lines, finder: Finder, today: dt.date, reference: str | None = None
) -> tuple[list[VisitRow], list[RowError]]:
    """Lines (number, cells by column) as visits, and all that is wrong, by row and column."""
    rows: list[VisitRow] = []
    errors: list[RowError] = []
    seen: dict[tuple[object, ...], int] = {}
    for number, cells in lines:
        line = Line(number, cells, finder)
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
        line = Line(number, cells, finder)
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
    line: Line, seen: dict[tuple[object, ...], int], key: tuple[object, ...], record_id: str | None
) -> None:
    if line.errors:
        return
    earlier = seen.setdefault(key, line.number)
    if earlier != line.number:
        line.wrong("id" if record_id else "daerah", "twice", given=str(earlier))


def _year(line: Line, instrument: str) -> int | None:
    given = line.cells.get("tahun", "").strip()
    if not (given.isascii() and given.isdigit() and len(given) == 4):
        line.wrong("tahun", "number" if given else "needed")
        return None
    return _by(line, "tahun", lambda: checked_year(instrument, int(given)), "year")


def _value(line: Line, instrument: str) -> Decimal | None:
    given = line.cells.get("nilai", "").strip()
    if not re.fullmatch(r"\d{1,3}([.,]\d{1,6})?", given, re.ASCII):
        line.wrong("nilai", "number" if given else "needed")
        return None
    number = Decimal(given.replace(",", "."))
    return _by(line, "nilai", lambda: checked_value(instrument, number), "off_scale")


def _by(line: Line, column: str, check: Callable[[], T], code: str) -> T | None:
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
