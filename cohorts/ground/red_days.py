"""National holidays and cuti bersama, as the decree of the three ministers names them, and the
working days that they leave.

The names come from a library, in Indonesian or English; a day that it only estimates (a feast by
the moon, of a year not decreed yet) says so in its name.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import holidays

LANGUAGES = {"id": "id", "en": "en_US"}


@dataclass(frozen=True)
class RedDay:
    """A day without office. ``kind`` is national or joint (cuti bersama)."""

    day: dt.date
    name: str
    kind: str


def red_days(first: dt.date, last: dt.date, lang: str) -> list[RedDay]:
    """The days from ``first`` to ``last``, both included, in order; ``lang`` is id or en."""
    return [
        red
        for year in range(first.year, last.year + 1)
        for red in _year(year, LANGUAGES[lang])
        if first <= red.day <= last
    ]


def is_working_day(day: dt.date) -> bool:
    """Neither weekend nor a holiday or joint leave."""
    return day.weekday() < 5 and day not in _off(day.year)


def working_days(since: dt.date, today: dt.date) -> int:
    """How many working days have passed after ``since``, ``today`` included."""
    span = (today - since).days
    return sum(is_working_day(since + dt.timedelta(days=n)) for n in range(1, span + 1))


@lru_cache(maxsize=64)
def _off(year: int) -> frozenset[dt.date]:
    return frozenset(red.day for red in _year(year, LANGUAGES["id"]))


@lru_cache(maxsize=64)
def _year(year: int, language: str) -> tuple[RedDay, ...]:
    found: dict[dt.date, RedDay] = {}
    for category, kind in (("government", "joint"), ("public", "national")):
        table = holidays.country_holidays(
            "ID", years=year, categories=(category,), language=language
        )
        for day, name in table.items():
            found[day] = RedDay(day, str(name), kind)  # a holiday outranks a cuti bersama
    return tuple(found[day] for day in sorted(found))
