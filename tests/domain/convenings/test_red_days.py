"""National holidays and cuti bersama."""

from __future__ import annotations

import datetime as dt

from cohorts.convenings.red_days import RedDay, red_days


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
