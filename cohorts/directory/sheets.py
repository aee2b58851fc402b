"""Reading lines of a file of people and offices into checked rows, and writing them out again.

One line is an office with one holder, or an office alone. Import and export are one format. An
empty cell says nothing and changes nothing. Nothing here touches the database, so whoever calls may
do so outside any transaction; what only the database knows is found by plan.py.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from cohorts.directory.columns import titles_of
from cohorts.directory.contacts import normal_value
from cohorts.directory.lines import Line, Lines, RowError
from cohorts.directory.people import plain_nip
from cohorts.directory.posts import STANDINGS, STANDINGS_WRITTEN, Posts, plain
from cohorts.directory.regions import Finder
from cohorts.directory.tables import Role
from cohorts.ground.refusal import Refusal

LABELS_WRITTEN = {"office": "dinas", "tu": "TU", "ajudan": "ajudan", "personal": "pribadi"}
KINDS_WRITTEN = {
    "ministry": "kementerian",
    "agency": "badan",
    "ngo": "LSM",
    "university": "perguruan tinggi",
    "company": "perusahaan",
}
ADDRESS_COLUMNS = {
    "surel_jabatan": ("office", "email"),
    "wa_jabatan": ("office", "whatsapp"),
    "telepon_jabatan": ("office", "phone"),
    "surel": ("holder", "email"),
    "wa": ("holder", "whatsapp"),
    "telepon": ("holder", "phone"),
}
USUAL_LABEL = {"office": "office", "holder": "personal"}
_LABELS = {
    **{w.lower(): k for k, w in LABELS_WRITTEN.items()},
    "tata usaha": "tu",
    "kantor": "office",
    "office": "office",
    "aide": "ajudan",
    "personal": "personal",
}
_KINDS = {
    **{w.lower(): k for k, w in KINDS_WRITTEN.items()},
    **{k: k for k in KINDS_WRITTEN},
    "lembaga": "agency",
    "universitas": "university",
}
_NOTHING = frozenset({"-", "–", "—", "n/a", "#n/a", "nihil"})
_LABELLED = re.compile(r"(.*\S)\s*\(([^()]*[^()\d\s][^()]*)\)")
_ROUNDED = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
_MASKED = "•"
_BETWEEN = re.compile(r"[;/\n]|,(?!\d+[eE]\+)")  # "6,2812E+12" is one number
_GOVERNMENT = re.compile(r"(pemerintah|pem(?=(kab|kot|prov)))\s*", re.IGNORECASE)
ERROR_CODES = {
    "needed": "The cell must be filled.",
    "too_long": "The text is too long.",
    "region_unknown": "No region has this name or code.",
    "region_two": "A regency and a city have this name; choices: both, with their type.",
    "region_other": "The code and the name are of different regions; choices: what the code says.",
    "one_place": "A line names a region or another organisation, not both and not neither.",
    "kind_of_place": "The kind of organisation is not one of the list; choices: the list.",
    "role": "The post is none that we know; choices: some that begin alike.",
    "role_elsewhere": "Such a post does not exist in a region of this type.",
    "office_over": "The office has ended.",
    "standing": "The standing is not one of the list; choices: the list.",
    "day": "The date does not exist or is not written as 2022-10-31 or 31/10/2022.",
    "ends_before": "The end lies before the beginning.",
    "email": "The text is not an address of mail.",
    "phone": "The text is not a telephone number.",
    "label": "Who answers there is not one of the list; choices: the list.",
    "labelled": "The address is known with another label; given: that label.",
    "rounded": "Excel made a rounded number of it, and its last digits are lost.",
    "nip": "A NIP has 18 digits and begins with a date of birth.",
    "nip_other": "Somebody with another name has this NIP; given: that name.",
    "nip_differs": "This person is known with another NIP; given: its end.",
    "namesake": "Several people of this name are known at this organisation.",
    "id": "No person has this id.",
    "twice": "An earlier line of the file says the same; given: that line's number.",
    "line_other": "Another line says something else of this person; given: that line's number.",
    "two_holders": "Another line names a definitive holder for that time; given: that line.",
    "held": "Somebody holds the office definitively then; given: the name.",
    "handover_day": "The office is held, and nothing says when the holder changed; given: the "
    "holder's name.",
    "since": "The term is known with another first day; choices: that day.",
    "until": "The term is known to have ended on another day; choices: that day.",
    "over": "The term has ended and takes no new address.",
}


class Address(NamedTuple):
    """An address in a cell: of the office or of its holder, with the label if one is written."""

    column: str
    owner: str
    channel: str
    value: str
    label: str | None


@dataclass(frozen=True, slots=True)
class PostRow:
    """A checked line. ``region_code`` or ``organisation`` (kind or None, name) is given; without a
    ``name`` (and ``person_id``) the line is about the office alone."""

    number: int
    region_code: str | None
    organisation: tuple[str | None, str] | None
    role_key: str
    title: str
    person_id: str | None
    front_title: str
    name: str
    back_title: str
    nip: str | None
    standing: str | None
    from_on: dt.date | None
    until_on: dt.date | None
    addresses: tuple[Address, ...]
    source: str


class Reader:
    """Checks lines; what was read and what is wrong gathers in ``rows`` and ``errors``. May be
    given the lines of a file in portions, to say between them how far it is."""

    def __init__(self, finder: Finder, roles: Iterable[Role], source: str) -> None:
        self.rows: list[PostRow] = []
        self.errors: list[RowError] = []
        self._finder = finder
        self._source = source
        self._posts = Posts(finder, roles)
        self._regions = {r.code: r for r in finder.regions}

    def take(self, lines: Lines) -> None:
        """Read some more lines."""
        for number, cells in lines:
            self._take(Line(number, _Cells(cells), self._finder))

    def _take(self, line: Line) -> None:
        region_code, organisation = self._place(line)
        post = self._posts.read(line, self._regions.get(region_code or ""))
        if post.region is not None:
            region_code = post.region.code
        standing = self._standing(line) or post.standing
        told = any(e.column in ("kode", "daerah", "lembaga") for e in line.errors)
        if not region_code and organisation is None and not told:
            line.wrong("daerah", "one_place")
        person_id = line.record_id("id_orang")
        front, name, back = self._name(line, person_id)
        nip = self._nip(line)
        from_on, until_on = line.day("mulai", None), line.day("berakhir", None)
        if from_on and until_on and until_on < from_on:
            line.wrong("berakhir", "ends_before")
        addresses = tuple(self._addresses(line, named=bool(name or person_id)))
        source = line.text("sumber", 200, optional=True) or self._source
        if not name and (front or back or nip or from_on or until_on or person_id):
            line.wrong("nama", "needed")
        self.errors += line.errors
        if not line.errors:
            self.rows.append(
                PostRow(
                    line.number, region_code, organisation, post.role_key, post.title, person_id,
                    front, name, back, nip, standing, from_on, until_on, addresses, source,
                )
            )

    def _place(self, line: Line) -> tuple[str | None, tuple[str | None, str] | None]:
        name = line.text("lembaga", 200, optional=True)
        kind: str | None = None
        if written := line.cell("jenis_lembaga"):
            kind = _KINDS.get(plain(written))
            if kind is None:
                line.wrong("jenis_lembaga", "kind_of_place", list(KINDS_WRITTEN.values()))
        if name and not kind and not line.cell("kode") and not line.cell("daerah"):
            governed = self._finder.find(_GOVERNMENT.sub("", name, count=1))
            if _GOVERNMENT.match(name) and len(governed) == 1:
                return governed[0].code, None
        region_code = line.region(optional=True)
        if name and (line.cell("kode") or line.cell("daerah")):
            line.wrong("lembaga", "one_place")
        return region_code, (kind, name) if name else None

    def _standing(self, line: Line) -> str | None:
        written = line.cell("status")
        standing = STANDINGS.get(plain(written))
        if written and standing is None:
            line.wrong("status", "standing", list(STANDINGS_WRITTEN.values()))
        return standing

    def _name(self, line: Line, person_id: str | None) -> tuple[str, str, str]:
        front = line.text("gelar_depan", 60, optional=True)
        name = line.text("nama", 160, optional=True)
        back = line.text("gelar_belakang", 80, optional=True)
        if name and not person_id and not front and not back:
            front, name, back = titles_of(name)
        for column, text, most in (
            ("gelar_depan", front, 60), ("nama", name, 120), ("gelar_belakang", back, 80),
        ):
            if len(text) > most:
                line.wrong(column, "too_long")
        return front, name, back

    def _nip(self, line: Line) -> str | None:
        given = line.cell("nip")
        if _MASKED in given:
            return None
        if _ROUNDED.fullmatch(given):
            line.wrong("nip", "rounded")
            return None
        try:
            return plain_nip(given)
        except Refusal:
            line.wrong("nip", "nip")
            return None

    def _addresses(self, line: Line, *, named: bool) -> Iterable[Address]:
        for column, (owner, channel) in ADDRESS_COLUMNS.items():
            cell = line.cell(column)
            if not cell:
                continue
            if owner == "holder" and not named:
                if not any(e.column == "nama" for e in line.errors):
                    line.wrong("nama", "needed")
                continue
            for part in _BETWEEN.split(cell):
                if part.strip():
                    yield from self._address(line, column, owner, channel, part.strip())

    def _address(
        self, line: Line, column: str, owner: str, channel: str, part: str
    ) -> Iterable[Address]:
        label: str | None = None
        if labelled := _LABELLED.fullmatch(part):
            part = labelled[1]
            label = _LABELS.get(" ".join(labelled[2].casefold().split()))
            if label is None:
                line.wrong(column, "label", given=labelled[2])
                return
        try:
            yield Address(column, owner, channel, _kept(channel, part), label)
        except _RoundedError:
            line.wrong(column, "rounded", given=part)
        except Refusal:
            line.wrong(column, "email" if channel == "email" else "phone", given=part)


class _RoundedError(Exception):
    """A number whose last digits Excel has thrown away."""


class _Cells(dict[str, str]):
    """Cells in which "-" and its kin stand for nothing."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        super().__init__(
            (column, "" if text.strip().casefold() in _NOTHING else text)
            for column, text in cells.items()
        )


@functools.lru_cache(maxsize=4096)
def _kept(channel: str, given: str) -> str:
    return normal_value(channel, given if channel == "email" else number_of(given))


def number_of(given: str) -> str:
    """A telephone number that Excel may have turned into a number, as it was: the zero or the plus
    in front put back, "8.1234567890E+10" written out. Raises _RoundedError where digits are lost.
    """
    number = unicodedata.normalize("NFKC", given).strip().removeprefix("'")
    if power := _ROUNDED.fullmatch(number):
        if len(power[2] or "") < int(power[3]):
            raise _RoundedError
        number = format(Decimal(number.replace(",", ".")), "f")
    number = re.sub(r"^(\d+)[.,]0+$", r"\1", number)
    if number.isascii() and number.isdigit():
        if number.startswith("62") and len(number) >= 10:
            return f"+{number}"
        if number[0] != "0":
            return f"0{number}"
    return number
