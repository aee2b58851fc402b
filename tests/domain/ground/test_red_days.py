"""National holidays and cuti bersama."""

from __future__ import annotations

import datetime as dt

import pytest

from cohorts.ground.red_days import RedDay, is_working_day, red_days, working_days


def test_a_holiday_and_a_cuti_bersama_are_told_apart() -> None:
    found = red_days(dt.date(2026, 12, 20), dt.date(2026, 12, 31), "id")
    assert [(r.day.day, r.kind) for r in found] == [(24, "joint"), (25, "national")]
    assert found[0].name.startswith("Cuti Bersama")


def test_they_are_named_in_the_reader_s_language() -> None:
    day = dt.date(2026, 8, 17)
    assert red_days(day, day, "en") == [RedDay(day, "Independence Day", "national")]
    assert "Kemerdekaan" in red_days(day, day, "id")[0].name


def test_a_span_over_new_year_reads_both_years_in_order() -> None:
    found = red_days(dt.date(2025, 12, 24), dt.date(2026, 1, 2), "id")
    assert [r.day for r in found] == sorted(r.day for r in found)
    assert {r.day.year for r in found} == {2025, 2026}


def test_an_ordinary_day_is_none() -> None:
    assert red_days(dt.date(2026, 9, 8), dt.date(2026, 9, 8), "id") == []


@pytest.mark.parametrize(
    ("since", "today", "days"),
    [
        ("2022-11-25", "2022-12-01", 4),
        ("2022-11-30", "2022-12-01", 1),
        ("2022-12-01", "2022-12-01", 0),
        ("2023-04-18", "2023-04-27", 2),  # Lebaran and its joint leave: 19 to 25 April
    ],
)
def test_waiting_is_counted_in_working_days(since: str, today: str, days: int) -> None:
    assert working_days(dt.date.fromisoformat(since), dt.date.fromisoformat(today)) == days


def test_an_office_works_neither_on_a_weekend_nor_on_a_day_off() -> None:
    assert is_working_day(dt.date(2026, 8, 18))
    assert not is_working_day(dt.date(2026, 8, 17))  # Independence Day, a Monday
    assert not is_working_day(dt.date(2026, 8, 15))
