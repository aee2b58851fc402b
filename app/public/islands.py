"""Groups of islands, for lists and for the map on a phone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _l

from app.language import language
from cohorts.figures.funnel import RegionState

ISLANDS = {
    "1": _l("Sumatera"),
    "2": _l("Sumatera"),
    "3": _l("Jawa"),
    "5": _l("Bali dan Nusa Tenggara"),
    "6": _l("Kalimantan"),
    "7": _l("Sulawesi"),
    "8": _l("Maluku"),
    "9": _l("Papua"),
}
"""By the first digit of the Kemendagri code of the province."""


def island(province_code: str) -> str:
    """The group of islands a province belongs to."""
    return str(ISLANDS.get(province_code[:1], province_code))


def named(region: RegionState) -> str:
    """The region as it is called in the reader's language, always with its type."""
    if language() == "id":
        return region.name
    kind = {"kabupaten": "Regency", "kota": "City", "provinsi": "Province"}[region.type]
    return f"{region.bare} {kind}"


def by_island(regions: Iterable[RegionState]) -> Mapping[str, list[RegionState]]:
    """Regions by group of islands, from west to east."""
    found: dict[str, list[RegionState]] = {}
    for region in sorted(regions, key=lambda r: r.code):
        found.setdefault(island(region.province_code), []).append(region)
    return found


def by_province(regions: Iterable[RegionState]) -> Mapping[str, list[RegionState]]:
    """Regions by province, by code."""
    found: dict[str, list[RegionState]] = {}
    for region in sorted(regions, key=lambda r: r.code):
        found.setdefault(region.province, []).append(region)
    return found


def counts_by_level(regions: Iterable[RegionState]) -> list[int]:
    """How many regions stand on levels 3, 2, 1 and 0."""
    levels = [r.level for r in regions]
    return [levels.count(level) for level in (3, 2, 1, 0)]
