"""What lists call a post: "Sekda", "Plt. Bupati Siak", "Kepala Bidang Informatika".

Each is brought to a role, the office's own title, the standing and the region that it says.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import NamedTuple

from cohorts.directory import spelling
from cohorts.directory.lines import Line
from cohorts.directory.offices import DEPUTY_HEAD, HEAD, role_for
from cohorts.directory.regions import Finder
from cohorts.directory.tables import Region, Role
from cohorts.ground.refusal import Refusal

STANDINGS_WRITTEN = {"definitive": "definitif", "pj": "Pj.", "plt": "Plt.", "plh": "Plh."}
STANDINGS = {
    "definitif": "definitive",
    "definitive": "definitive",
    "tetap": "definitive",
    "pj": "pj",
    "penjabat": "pj",
    "plt": "plt",
    "pelaksana tugas": "plt",
    "acting": "plt",
    "plh": "plh",
    "pelaksana harian": "plh",
}
_BEFORE = re.compile(
    r"(pj|plt|plh|penjabat|pelaksana tugas|pelaksana harian)\b\.?\s+(?=\S)", re.IGNORECASE
)
_STARTS = (  # how posts are called, the longer first: what a title begins with -> its role
    ("kepala dinas komunikasi", "kadiskominfo"),
    ("kepala dinas kominfo", "kadiskominfo"),
    ("kepala diskominfo", "kadiskominfo"),
    ("kadis kominfo", "kadiskominfo"),
    ("kadiskominfo", "kadiskominfo"),
    ("sekretaris dinas", "sekdis"),
    ("sekretaris diskominfo", "sekdis"),
    ("sekdis", "sekdis"),
    ("kepala bidang", "kabid"),
    ("kabid", "kabid"),
    ("kepala seksi", "kasi"),
    ("kepala subbagian", "kasi"),
    ("kepala subbag", "kasi"),
    ("kasubbag", "kasi"),
    ("kasi", "kasi"),
    ("kepala bagian", "kabag"),
    ("kabag", "kabag"),
    ("kepala dinas", "kepala_pd"),
    ("kepala badan", "kepala_pd"),
    ("kepala biro", "direktur"),
    ("asisten deputi", "direktur"),
    ("asisten", "asisten"),
    ("staf ahli", "staf_ahli"),
    ("ketua dprd", "ketua_dprd"),
    ("sekretaris daerah", "sekda"),
    ("sekda", "sekda"),
    ("sekretaris jenderal", "dirjen"),
    ("pranata komputer", "jf"),
    ("operator", "operator"),
    ("admin", "operator"),
    ("ajudan", "pendamping"),
    ("menteri koordinator", "menko"),
    ("menko", "menko"),
    ("wakil menteri", "wamen"),
    ("wamen", "wamen"),
    ("menteri", "menteri"),
    ("direktur jenderal", "dirjen"),
    ("dirjen", "dirjen"),
    ("deputi", "dirjen"),
    ("direktur", "direktur"),
    ("wakil kepala daerah", DEPUTY_HEAD),
    ("wakil bupati", "wabup"),
    ("wabup", "wabup"),
    ("wakil walikota", "wawali"),
    ("wawali", "wawali"),
    ("wakil gubernur", "wagub"),
    ("wagub", "wagub"),
    ("kepala daerah", HEAD),
    ("bupati", "bupati"),
    ("walikota", "walikota"),
    ("gubernur", "gubernur"),
)
_HEADS = {  # who heads what, and so what "Bupati Siak" says of the region
    "bupati": "kabupaten",
    "wabup": "kabupaten",
    "walikota": "kota",
    "wawali": "kota",
    "gubernur": "provinsi",
    "wagub": "provinsi",
}
# Posts that have one office in a region, however a list puts their names: invited by their role.
_ONE = frozenset({*_HEADS, HEAD, DEPUTY_HEAD, "sekda", "kadiskominfo"})


class Post(NamedTuple):
    """What a cell says: a role of ours, the office's title, the standing if it says one, and the
    region, which the line may leave to it."""

    role_key: str
    title: str
    standing: str | None
    region: Region | None


class Posts:
    """Knows every role by its names."""

    def __init__(self, finder: Finder, roles: Iterable[Role]) -> None:
        self._finder = finder
        self._roles: dict[str, str] = {}
        self._titles: dict[str, str] = {}
        for role in roles:
            self._titles[role.key] = role.title_id
            for name in (role.key.replace("_", " "), role.title_id, role.title_en):
                self._roles.setdefault(plain(name), role.key)
        self._roles.update((start, key) for start, key in _STARTS if key in _ONE)

    def read(self, line: Line, region: Region | None) -> Post:
        """What the columns ``jabatan`` and ``peran`` say; what is wrong is noted in the line. With
        a ``peran`` the title is taken as it is written."""
        wanted = line.text("jabatan", 200, optional=bool(line.cell("peran")))
        standing: str | None = None
        role_key = title = ""
        if written := line.cell("peran"):
            role_key, title = self._roles.get(plain(written), ""), wanted
            if not role_key:
                line.wrong("peran", "role", self._alike(written))
        elif wanted:
            if before := _BEFORE.match(wanted):
                standing = STANDINGS[plain(before[1])]
                wanted = wanted[before.end() :]
            role_key, title, region = self._called(line, wanted, region)
        if role_key:
            try:
                role_key = role_for(region, role_key)
            except Refusal:
                line.wrong("jabatan", "role_elsewhere")
            if role_key not in self._titles:  # a head of something that has no region
                line.wrong("jabatan", "role_elsewhere")
        if len(title) > 100:
            line.wrong("jabatan", "too_long")
        return Post(role_key, title or self._titles.get(role_key, ""), standing, region)

    def _called(
        self, line: Line, wanted: str, region: Region | None
    ) -> tuple[str, str, Region | None]:
        bare, at = self._without_region(line, wanted, region)
        said = plain(bare)
        if said in self._roles:
            return self._roles[said], "", at
        role_key = next((key for start, key in _STARTS if said.startswith(f"{start} ")), "")
        if not role_key or role_key in _ONE - {"kadiskominfo"}:
            line.wrong("jabatan", "role", self._alike(wanted))
            return "", "", at
        return role_key, "" if role_key in _ONE else bare, at

    def _without_region(
        self, line: Line, wanted: str, region: Region | None
    ) -> tuple[str, Region | None]:
        """A title without the region it ends with: the line's own, or, where the line names none,
        the one that "Bupati Siak" and "Sekda Kab. Siak" mean."""
        words = wanted.split()
        named = any(line.cell(column) for column in ("kode", "daerah", "lembaga"))
        for at in range(1, len(words)):
            start, tail = " ".join(words[:at]), " ".join(words[at:])
            kind = _HEADS.get(self._roles.get(plain(start), ""))
            typed = plain(words[at]) in ("kabupaten", "kota", "provinsi")
            if not typed and plain(start) not in self._roles:
                continue
            found = self._finder.find(f"{kind} {tail}" if kind and not typed else tail)
            if region is not None and region in found:
                return start, region
            if region is None and not named and len(found) == 1 and (typed or kind):
                return start, found[0]
        return wanted, region

    def _alike(self, written: str) -> list[str]:
        """Titles that begin with the same word, a few."""
        first = plain(written).split(" ")[0]
        return [t for t in self._titles.values() if first and plain(t).split(" ")[0] == first][:6]


@functools.lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A text by its words, as they are compared."""
    return " ".join(spelling.words(text))
