"""The organisers' month of convenings."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from app.extensions import db
from app.unit import unit
from tests.build import convenings as build
from tests.web.pages import Page, Pages


def day(page: Page, iso: str) -> str:
    """What stands on one day."""
    (found,) = [d for d in page.all(".month-day") if d.time and d.time["datetime"] == iso]
    return Page._line(found)


@pytest.fixture
def bali(app: Flask) -> str:
    """A cohort that meets from 21 to 22 November 2022, 06.00 WIT on the first day."""
    with app.app_context():
        with unit() as session:
            made = build.a_convening(
                session,
                build.a_cohort(session),
                timezone="Asia/Jayapura",
                starts_at=dt.datetime(2022, 11, 20, 21, tzinfo=dt.UTC),
                ends_at=dt.datetime(2022, 11, 22, 6, tzinfo=dt.UTC),
            )
            cohort_id = made.cohort_id
        db.session.remove()
    return cohort_id


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_convening_stands_on_each_of_its_days_by_the_clock_of_its_venue(
    staff: Pages, bali: str, lang: str
) -> None:
    page = staff.in_language(lang).get("/o/calendar?month=2022-11")
    assert page.h1 == {"id": "Kalender November 2022", "en": "Calendar, November 2022"}[lang]
    first = day(page, "2022-11-21")
    assert {"id": "06.00 WIT", "en": "06:00 WIT"}[lang] in first
    title = {"id": "Penandatanganan Komitmen", "en": "Signing of the Joint"}[lang]
    assert title in first
    second = day(page, "2022-11-22")
    assert title in second
    assert " WIT" not in second
    for other in ("2022-11-20", "2022-11-23"):
        assert title not in day(page, other)


def test_holidays_and_cuti_bersama_are_named(staff: Pages) -> None:
    page = staff.get("/o/calendar?month=2026-12")
    assert "cuti bersama" in day(page, "2026-12-24")
    assert "libur nasional" in day(page, "2026-12-25")
    assert "Tidak ada pertemuan pada bulan ini." in page.text


def test_the_months_before_and_after_are_one_link_away(staff: Pages) -> None:
    page = staff.get("/o/calendar?month=2026-12")
    assert page.link("November 2026") == "/o/calendar?month=2026-11"
    after = staff.get(page.link("Januari 2027"))
    assert after.h1 == "Kalender Januari 2027"
    assert len(staff.get("/o/calendar?month=2028-02").all(".month-day")) == 29


def test_the_grid_begins_under_the_right_weekday(staff: Pages) -> None:
    page = staff.get("/o/calendar?month=2026-11")  # the first is a Sunday
    assert "month-from-7" in page.all(".month-day")[0]["class"]
    assert "Minggu" in day(page, "2026-11-01")


@pytest.mark.parametrize("wish", ["", "2026-13", "x", "0001-01", "9999-12", "2026-1", "٢٠٢٦-١١"])
def test_a_month_that_cannot_be_is_this_month(staff: Pages, wish: str) -> None:
    page = staff.get(f"/o/calendar?month={wish}")
    assert len(page.all('.month-day[aria-current="date"]')) == 1


def test_the_first_and_last_month_lead_no_further(staff: Pages) -> None:
    assert "1999" not in staff.get("/o/calendar?month=2000-01").text
    assert "2101" not in staff.get("/o/calendar?month=2100-12").text


def test_it_is_reached_from_the_cohort_at_its_next_convening(staff: Pages, bali: str) -> None:
    assert staff.get(f"/o/cohorts/{bali}").link("Kalender") == "/o/calendar?month=2022-11"


def test_the_number_of_queries_does_not_grow_with_the_convenings(
    staff: Pages, app: Flask, bali: str
) -> None:
    asked: list[str] = []

    def count(_c: object, _k: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    def queries() -> int:
        with app.app_context():
            engine: sa.Engine = db.engine
        asked.clear()
        event.listen(engine, "before_cursor_execute", count)
        staff.get("/o/calendar?month=2022-11")
        event.remove(engine, "before_cursor_execute", count)
        return len(asked)

    queries()
    few = queries()
    with app.app_context():
        with unit() as session:
            cohort = build.a_cohort(session)
            for _n in range(8):
                build.a_draft(session, cohort)
        db.session.remove()
    assert queries() == few
