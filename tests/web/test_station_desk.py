"""The organiser's side of the door: the board, the stations, the one-use code."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask

from app.extensions import db
from app.filters import utc_now
from app.unit import unit
from cohorts.door.tables import Station
from tests.build import directory
from tests.build import door as built
from tests.web.pages import Pages


@pytest.fixture
def door(app: Flask) -> str:
    """A convening with an open door: two guests expected, one of them in, one head away."""
    now = utc_now()
    with app.app_context():
        with unit() as session:
            convening = built.a_door_at(session, now)
            guest = built.a_guest(session, convening, name="Rahmat Contoh")
            built.a_guest(session, convening, "32.11", "sekda", name="Dewi Contoh")
            held = directory.a_holder(session, "51.71", "kepala_daerah", name="Ayu Contoh")
            built.an_invitation(session, convening, held.office)
            station = built.a_station(session, convening, gate="Pintu timur", at=now)
            built.scan(session, convening, guest.person_id, mode="name", station=station, now=now)
            made = convening.id
        db.session.remove()
    return made


def test_the_board_says_who_is_in_and_which_heads_are_not(staff: Pages, door: str) -> None:
    page = staff.get(f"/o/convenings/{door}/door")
    assert page.h1 == "Papan pintu, Pertemuan ke-1"
    assert page.lines(".figure-value") == ["1"]
    assert "dari 3 orang" in page.text
    assert "Kepala daerah hadir langsung 1 dari 2" in page.text
    assert "Daerah yang sudah ada orangnya 1 dari 3" in page.text
    assert page.lines(".board-table th[scope=row]") == ["Wali Kota Denpasar"]
    assert "Bupati Siak" in page.lines(".board-feed li")[0]
    assert "Pintu timur" in page.lines(".board-gates li")[0]
    staff.in_language("en").get(f"/o/convenings/{door}/door")


def test_the_board_of_an_empty_door_says_what_to_do(staff: Pages, app: Flask) -> None:
    with app.app_context():
        with unit() as session:
            made = built.a_door_at(session, utc_now()).id
        db.session.remove()
    page = staff.get(f"/o/convenings/{made}/door")
    assert "Belum ada yang masuk hari ini" in page.text
    assert "tidak mengundang kepala daerah" in page.text
    assert page.link("Daftarkan ponsel pertama")


def test_a_phone_is_enrolled_by_the_code_on_the_screen(
    staff: Pages, app: Flask, door: str
) -> None:
    nameless = staff.post(f"/o/convenings/{door}/door/stations", {"gate": " "}, status=422)
    assert nameless.one("#gate-e")
    made = staff.post(
        f"/o/convenings/{door}/door/stations",
        {"gate": "Pintu utama", "may_search": "y", "may_undo": "y"})
    assert made.h1 == "Kode pendaftaran Pintu utama"
    assert made.one(".enrol-code svg")
    address = re.search(r"/d/enrol/\S+", made.text)
    assert address
    phone = Pages(app)
    ready = phone.submit(phone.get(address[0]), name="Wayan Contoh")
    assert ready.h1 == "Pintu utama siap"
    after = staff.get(made.url)
    assert "Pintu utama sudah terdaftar" in after.text
    assert "/d/enrol/" not in after.html, "a used code is not shown again"


def test_another_code_stops_the_phone_that_was_enrolled(
    staff: Pages, app: Flask, door: str
) -> None:
    with app.app_context():
        station = db.session.scalars(db.select(Station)).one().id
        db.session.remove()
    page = staff.post(f"/o/convenings/{door}/door/stations/{station}/again")
    assert page.one(".enrol-code svg")
    with app.app_context():
        with unit() as session:
            found = session.get(Station, station)
            assert found is not None
            assert found.enrolled_at is None
            found.enrol_until = utc_now() - dt.timedelta(seconds=1)
        db.session.remove()
    assert "Kode pendaftaran sudah habis" in staff.get(page.url).text


def test_revoking_is_one_press_and_shows(staff: Pages, app: Flask, door: str) -> None:
    with app.app_context():
        station = db.session.scalars(db.select(Station)).one().id
        db.session.remove()
    page = staff.get(f"/o/convenings/{door}/door/stations")
    done = staff.submit(page, f"/{station}/revoke")
    assert "Pemindai Pintu timur dicabut" in done.text
    assert "Dicabut" in done.text
    assert "sudah dicabut" in staff.get(
        f"/o/convenings/{door}/door/stations/{station}").text


def test_a_station_of_another_convening_is_not_found_here(
    staff: Pages, app: Flask, door: str
) -> None:
    with app.app_context():
        with unit() as session:
            other = built.a_door_at(session, utc_now()).id
        station = db.session.scalars(db.select(Station)).one().id
        db.session.remove()
    staff.get(f"/o/convenings/{other}/door/stations/{station}", status=404)
    staff.post(f"/o/convenings/{other}/door/stations/{station}/revoke", status=404)


def test_a_door_officer_sees_the_board_and_enrols_nothing(pages: Pages, door: str) -> None:
    officer = pages.signed_in("door_officer", "convening", door)
    board = officer.get(f"/o/convenings/{door}/door")
    assert not [a for a in board.all("a") if a.text == "Atur"]
    officer.get(f"/o/convenings/{door}/door/stations", status=403)
    auditor = pages.signed_in("auditor")
    auditor.get(f"/o/convenings/{door}/door", status=403)


def test_the_pages_of_stations_stand_in_english(staff: Pages, app: Flask, door: str) -> None:
    english = staff.in_language("en")
    english.get(f"/o/convenings/{door}/door/stations")
    with app.app_context():
        station = db.session.scalars(db.select(Station)).one().id
        db.session.remove()
    address = f"/o/convenings/{door}/door/stations/{station}"
    english.get(address)
    english.post(f"{address}/again")
    english.get(address)
    english.post(f"{address}/revoke")
    english.get(address)
