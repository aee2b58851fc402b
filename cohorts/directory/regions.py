"""Finding a region: by its code, by what somebody typed, or one and only one for an import."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory import spelling
from cohorts.directory.tables import Organisation, Region
from cohorts.ground.refusal import Refusal

_TYPES = ("kabupaten", "kota", "provinsi")


def region(session: Session, code: str) -> Region:
    """The region of a Kemendagri code. Raises Refusal directory.region_unknown."""
    found = session.get(Region, code)
    if found is None:
        raise Refusal("directory.region_unknown", field="region_code", given=code[:40])
    return found


def government(session: Session, code: str) -> Organisation:
    """The organisation that is a region's government. Raises Refusal directory.region_unknown."""
    found = session.scalar(sa.select(Organisation).where(Organisation.region_code == code))
    if found is None:
        raise Refusal("directory.region_unknown", field="region_code", given=code[:40])
    return found


def search(session: Session, query: str, *, limit: int = 20) -> list[Region]:
    """Regions that fit what was typed, best first: the whole name, then names that begin with it,
    then names that hold it, then those that hold every word of it in any order."""
    words = spelling.words(query)
    whole = "".join(words)
    if not whole:
        return []
    fits = spelling.fits(Region.search_key, words)
    found = session.scalars(sa.select(Region).where(fits)).all()
    return sorted(found, key=lambda r: (_distance(r, whole), r.name, r.code))[:limit]


def _distance(found: Region, whole: str) -> int:
    keys = found.search_key.split(" ")
    names = [_bare(key) for key in keys]
    if whole in keys or whole in names:
        return 0
    if any(key.startswith(whole) for key in [*keys, *names]):
        return 1
    return 2 if any(whole in key for key in keys) else 3


def _bare(key: str) -> str:
    for kind in _TYPES:
        if key.startswith(kind):
            return key.removeprefix(kind)
    return key


class Finder:
    """Finds regions by exact spelling without asking the database for each: for whole files.

    ``find`` answers with every region that the text names: one, none, or the regency and the city
    of the same name, which only the type tells apart.
    """

    def __init__(self, regions: Iterable[Region]) -> None:
        self.regions = list(regions)
        self._by_key: dict[str, list[Region]] = {}
        for each in self.regions:
            keys = each.search_key.split(" ")
            for key in {*keys, *(_bare(key) for key in keys)}:
                self._by_key.setdefault(key, []).append(each)

    def find(self, text: str) -> list[Region]:
        """Regions of that code or name, by code; at most a few."""
        return sorted(self._by_key.get(spelling.fold(text), []), key=lambda r: r.code)


def finder(session: Session) -> Finder:
    """A Finder over all regions; reads them once."""
    return Finder(session.scalars(sa.select(Region)))
