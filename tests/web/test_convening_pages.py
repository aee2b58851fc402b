"""Planning a convening through its pages."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.unit import unit
from tests.build.programme import a_cohort, a_member
from tests.web.pages import Page, Pages

BALI = {
    "title_id": "Penandatanganan Komitmen Bersama",
    "timezone": "Asia/Makassar",
    "starts_at": "2032-11-22T09:00",
    "ends_at": "2032-11-22T16:00",
    "venue": "Kampus UID, Bali",
}


@pytest.fixture
def cohort_id(app: Flask) -> str:
    """A cohort with one member."""
    with app.app_context(), unit() as session:
        found = a_cohort(session)
        a_member(session, found)
        return found.id


@pytest.fixture
def bali(staff: Pages, cohort_id: str) -> Page:
    """The page of a draft."""
    return staff.submit(staff.get(f"/o/cohorts/{cohort_id}/convenings/new"), **BALI)


def test_a_draft_is_planned_with_its_zone_and_the_usual_hours(staff: Pages, bali: Page) -> None:
    assert bali.h1.endswith("Penandatanganan Komitmen Bersama")
    assert "Senin, 22 November 2032 pukul 09.00 WITA" in bali.text
    assert "Masih draf" in bali.text
    assert "22 Nov 2032, 08.00 WITA s.d. 16.00 WITA" in bali.text
    english = staff.in_language("en").get(bali.url)
    assert "Monday, 22 November 2032 at 09:00 WITA" in english.text


def test_hours_that_cannot_be_are_told_beside_their_field(staff: Pages, cohort_id: str) -> None:
    page = staff.get(f"/o/cohorts/{cohort_id}/convenings/new")
    again = staff.submit(page, status=400, **{**BALI, "ends_at": "2032-11-22T08:00"})
    assert again.one("#ends_at-e").get_text().strip()
    again = staff.submit(page, status=400, **{**BALI, "title_id": "J" * 500})
    assert "Paling panjang 200 huruf" in again.one("#title_id-e").get_text()
    again = staff.submit(page, status=400, **{**BALI, "reply_by": "2032-11-23T08:00"})
    assert again.one("#reply_by-e").get_text().strip()
    again = staff.submit(page, status=400, **{**BALI, "starts_at": "besok"})
    assert "tidak ada" in again.one("#starts_at-e").get_text()


def test_it_is_announced_after_saying_what_that_does(staff: Pages, bali: Page) -> None:
    page = staff.get(bali.link("Umumkan"))
    assert "Belum ada surat yang terkirim" in page.text
    after = staff.submit(page)
    assert "Diumumkan" in after.text
    assert staff.get(f"{bali.url}/announce").url == bali.url
    assert "Belum ada jabatan yang diundang" in after.text


def test_the_second_of_two_editors_takes_over_what_only_the_first_changed(
    staff: Pages, bali: Page
) -> None:
    mine = staff.get(f"{bali.url}/edit")
    assert mine.one("#starts_at")["value"] == "2032-11-22T09:00"
    theirs = staff.get(f"{bali.url}/edit")
    staff.submit(theirs, dress="Batik", venue="Gedung lain")
    again = staff.submit(mine, status=409, host="Kemendagri", venue="Tempat saya")
    assert again.one("#dress")["value"] == "Batik"
    assert again.one("#venue")["value"] == "Tempat saya"
    assert again.one("#host")["value"] == "Kemendagri"
    assert "Gedung lain" in again.one(".alert dl").get_text()
    after = staff.submit(again)
    for words in ("Batik", "Tempat saya", "Kemendagri"):
        assert words in after.text


def test_saving_without_a_change_is_no_change(staff: Pages, bali: Page) -> None:
    page = staff.get(f"{bali.url}/edit")
    assert staff.submit(page).h1 == bali.h1
    assert "Keterangannya diubah" not in staff.get(bali.url).text


def test_a_zone_is_changed_with_its_hours_as_the_wall_shows_them(
    staff: Pages, bali: Page
) -> None:
    after = staff.submit(staff.get(f"{bali.url}/edit"), timezone="Asia/Jakarta")
    assert "pukul 09.00 WIB" in after.text
    assert "Waktu atau tempatnya diubah" in after.text


def test_the_series_shows_it_as_what_comes_next(
    staff: Pages, bali: Page, cohort_id: str
) -> None:
    page = staff.get(f"/o/cohorts/{cohort_id}")
    assert "Penandatanganan Komitmen Bersama" in page.one(".series-next h2").get_text()
    assert "1 pertemuan, 1 direncanakan" in page.text


def test_who_may_only_look_plans_nothing(pages: Pages, bali: Page, cohort_id: str) -> None:
    auditor = pages.signed_in(role="auditor")
    page = auditor.get(bali.url)
    assert not page.all("a[href$='/edit']")
    auditor.get(f"/o/cohorts/{cohort_id}/convenings/new", status=403)
    auditor.get(f"{bali.url}/edit", status=403)
    auditor.post(f"{bali.url}/announce", status=403)
    door = pages.signed_in(role="door_officer", scope="cohort", scope_id=cohort_id)
    assert re.search("Pertemuan ke-1", door.get(bali.url).h1)


def test_an_unknown_convening_is_a_plain_page(staff: Pages) -> None:
    for url in ("", "/edit", "/announce", "/programme"):
        assert staff.get(f"/o/convenings/X{url}", status=404).h1 == "Halaman ini tidak ada"


def test_a_copy_says_what_it_takes_along_and_begins_as_a_draft(staff: Pages, bali: Page) -> None:
    staff.submit(staff.get(f"{bali.url}/programme/new"), title_id="Arahan", speaker="Tamu Luar")
    page = staff.get(bali.link("Salin menjadi pertemuan baru"))
    assert "1 acara" in page.one(".facts").get_text()
    assert "1 nama pembicara ditulis lagi." in page.text
    wrong = staff.submit(page, starts_at="", status=400)
    assert wrong.one("#starts_at-e")
    made = staff.submit(page, starts_at="2033-03-14T10:00", venue="Gedung Negara")
    assert made.h1.startswith("Pertemuan ke-2")
    assert "Disalin dari pertemuan ke-1" in made.text
    assert made.lines(".agenda .time") == ["10.00"]
    assert "Tamu Luar" not in made.text
