"""One line of a file while it is read: its cells by column, and what is wrong in which of them.

What is read from a file anywhere in the domain is read through this, so that every error says its
row and column. Nothing here touches the database: ``Finder`` brings the regions.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cohorts.directory import spelling
from cohorts.directory.regions import Finder
from cohorts.ground import bounds
from cohorts.ground.refusal import Refusal

Lines = Iterable[tuple[int, Mapping[str, str]]]
_ID = re.compile(r"[0-9A-Z]{16}")
_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            ("januari", "jan", "january"),
            ("februari", "feb", "pebruari", "february"),
            ("maret", "mar", "march"),
            ("april", "apr"),
            ("mei", "may"),
            ("juni", "jun", "june"),
            ("juli", "jul", "july"),
            ("agustus", "agu", "ags", "agt", "august", "aug"),
            ("september", "sep", "sept"),
            ("oktober", "okt", "october", "oct"),
            ("november", "nov", "nopember", "nop"),
            ("desember", "des", "december", "dec"),
        ),
        start=1,
    )
    for name in names
}


@dataclass(frozen=True)
class RowError:
    """What is wrong in one cell. ``row`` is its line as a spreadsheet counts; ``given`` what stands
    there; ``code`` says what is wrong and ``choices`` what it may have meant."""

    row: int
    column: str
    given: str
    code: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """One row that differs from the record it corrects: field -> (before, after)."""

    number: int
    what: str
    fields: dict[str, tuple[Any, Any]]


@dataclass
class Line:
    """One line while it is read; collects its errors."""

    number: int
    cells: Mapping[str, str]
    finder: Finder
    errors: list[RowError] = field(default_factory=list)

    def cell(self, column: str) -> str:
        """What stands in a column, stripped; empty where the column is not there."""
        return self.cells.get(column, "").strip()

    def wrong(self, column: str, code: str, choices: Sequence[str] = (), given: str = "") -> None:
        """Note what is wrong in a column."""
        cell = given or self.cells.get(column, "")
        self.errors.append(RowError(self.number, column, cell[:80], code, tuple(choices)))

    def text(self, column: str, most: int, *, optional: bool = False) -> str:
        """A text of at most ``most`` characters on one line."""
        try:
            kept = bounds.line(self.cells.get(column, ""), most=most, field=column)
        except Refusal:
            self.wrong(column, "too_long")
            return ""
        if not kept and not optional:
            self.wrong(column, "needed")
        return kept

    def record_id(self, column: str = "id") -> str | None:
        """The id of the record that the line is about, None for a new one."""
        given = self.cell(column).upper()
        if given and not _ID.fullmatch(given):
            self.wrong(column, "id")
            return None
        return given or None

    def region(self, *, optional: bool) -> str | None:
        """The region that ``kode`` and ``daerah`` name together."""
        code = self.cell("kode")
        name = self.cell("daerah")
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

    def day(self, column: str, today: dt.date | None) -> dt.date | None:
        """A day, not after ``today`` where one is given."""
        given = self.cell(column)
        if not given:
            return None
        day = read_day(given)
        if day is None:
            self.wrong(column, "day")
        elif today is not None and day > today:
            self.wrong(column, "day_to_come")
        return day


def read_day(given: str) -> dt.date | None:
    """A day written 2022-10-31, 31/10/2022, 31-10-2022, 31.10.2022 or 31 Oktober 2022; None when
    it is none."""
    parts = re.split(r"[-/.]", given.strip())
    if len(parts) != 3:
        parts = spelling.words(given)
        if len(parts) != 3 or parts[1] not in _MONTHS:
            return None
        parts[1] = str(_MONTHS[parts[1]])
    if not all(p.isascii() and p.isdigit() for p in parts):
        return None
    first, month, last = (int(p) for p in parts)
    year, day = (first, last) if len(parts[0]) == 4 else (last, first)
    try:
        return dt.date(year, month, day) if 1990 <= year <= 2100 else None
    except ValueError:
        return None
