"""Instruments: how a region's digital government is scored. Never joined, averaged, converted."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from cohorts import data
from cohorts.ground.refusal import Refusal

KEYS = ("SPBE-2020", "PEMDI-2026")


@dataclass(frozen=True)
class Instrument:
    """``verified`` is False where nobody has checked our reading against the regulation.

    ``predicates`` are (lower bound, Indonesian, English), the highest first.
    """

    key: str
    title_id: str
    title_en: str
    first_year: int
    last_year: int | None
    low: Decimal
    high: Decimal
    verified: bool
    predicates: tuple[tuple[Decimal, str, str], ...]

    def title(self, lang: str) -> str:
        """Its name in ``id`` or ``en``."""
        return self.title_en if lang == "en" else self.title_id

    def predicate(self, value: Decimal, lang: str) -> str:
        """The word for a value: "Sangat Baik"."""
        for least, indonesian, english in self.predicates:
            if value >= least:
                return english if lang == "en" else indonesian
        return ""


@functools.cache
def instruments() -> dict[str, Instrument]:
    """Every instrument the product ships, by key."""
    return {key: _read(key) for key in KEYS}


def instrument(key: str) -> Instrument:
    """One instrument. Raises Refusal programme.instrument_unknown."""
    found = instruments().get(key)
    if found is None:
        raise Refusal("programme.instrument_unknown", field="instrument", given=key[:40])
    return found


def checked_value(key: str, value: Decimal) -> Decimal:
    """A value on the instrument's scale, to two decimals. Raises Refusal
    programme.value_off_scale, programme.instrument_unknown."""
    scale = instrument(key)
    try:
        exact = value.quantize(Decimal("0.01"))
    except InvalidOperation:
        exact = Decimal("NaN")
    if exact.is_nan() or exact != value or not scale.low <= exact <= scale.high:
        raise Refusal("programme.value_off_scale", field="value", low=scale.low, high=scale.high)
    return exact


def checked_year(key: str, year: int) -> int:
    """A year in which the instrument was used. Raises Refusal programme.year_outside."""
    scale = instrument(key)
    if year < scale.first_year or year > (scale.last_year or 2100):
        years = f"{scale.first_year}–{scale.last_year or ''}"
        raise Refusal("programme.year_outside", field="year", years=years)
    return year


def _read(key: str) -> Instrument:
    read = data.document(f"instruments/{key}.json")
    return Instrument(
        key=read["key"],
        title_id=read["title_id"],
        title_en=read["title_en"],
        first_year=read["first_year"],
        last_year=read["last_year"],
        low=Decimal(read["scale"]["min"]),
        high=Decimal(read["scale"]["max"]),
        verified=read["verified"],
        predicates=tuple((Decimal(p["min"]), p["id"], p["en"]) for p in read["predicates"]),
    )
