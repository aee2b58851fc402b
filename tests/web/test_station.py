"""The door's phone, page by page: enrolled, scanning, typing, searching, taking back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.filters import utc_now
from app.unit import unit
from cohorts.convenings.tables import Convening
from cohorts.door import stations
from cohorts.door.passes import write_pass
from cohorts.door.tables import Act, Scan, Station
from cohorts.ground.links import Links
from tests.build import door as built
from tests.web.pages import Pages


@dataclasses.dataclass
class Scene:
    """An open door with two guests, and a phone that is its station."""

    app: Flask
    convening_id: str
    station_id: str
    passes: list[str]
    short: list[str]
    people: list[str]
    phone: Pages

    def rows(self, table: type) -> list[object]:
        """Every row of a table, as it is in the database now."""
        with self.app.app_context():
            found = list(db.session.scalars(db.select(table)))
            db.session.expunge_all()
            db.session.remove()
        return found

    def json(self, code: str, client_id: str = "") -> dict[str, str]:
        """What the script gets for a code before the camera."""
        answer = self.phone.client.post(
            "/d/admit", data={"code": code, "client_id": client_id, "csrf_token":
                              self.phone.token()}, headers={"Accept": "application/json"})
        assert answer.status_code == 200, answer.text
        return dict(answer.json)


def cookie(app: Flask, station: Station) -> str:
    return Links(app.extensions["keys"].link).make("station", station.id, station.generation)


@pytest.fixture
def scene(app: Flask, pages: Pages) -> Scene:
    now = utc_now()
    keys = app.extensions["keys"]
    with app.app_context():
        with unit() as session:
            convening = built.a_door_at(session, now)
            guests = [
                built.a_guest(session, convening, name="Rahmat Contoh"),
                built.a_guest(session, convening, "32.11", "sekda", name="Dewi Contoh"),
            ]
            station = built.a_station(session, convening, at=now)
            made = Scene(
                app, convening.id, station.id,
                [write_pass(keys.passes, g.card.id, 1, convening.id) for g in guests],
                [g.card.short_code for g in guests], [g.person_id for g in guests], pages)
            pages.client.set_cookie("station", cookie(app, station))
        db.session.remove()
    return made


@pytest.fixture
def waiting(app: Flask) -> str:
    """The address of a one-use code."""
    with app.app_context():
        with unit() as session:
            convening = built.a_door_at(session, utc_now())
            station = stations.prepare(
                session, convening_ids=[convening.id], gate="Pintu timur",
                actor=built.ORGANISER, now=utc_now())
            token = stations.enrolment_token(Links(app.extensions["keys"].link), station)
        db.session.remove()
    return f"/d/enrol/{token}"


def test_opening_the_code_changes_nothing_and_sending_the_form_enrols(
    app: Flask, pages: Pages, waiting: str
) -> None:
    for _ in range(3):  # a chat app's preview, a curious volunteer
        page = pages.get(waiting)
    assert page.h1 == "Jadikan ponsel ini pemindai pintu?"
    assert "Pintu timur" in page.text
    ready = pages.submit(page, name="Wayan Contoh")
    assert ready.url == "/d/ready"
    assert ready.h1 == "Pintu timur siap"
    assert pages.get("/d/").title.startswith("Pemindai Pintu timur")
    assert Pages(app).get(waiting, status=410).h1 == "Kode pendaftaran sudah habis"
    over = Pages(app)
    assert over.post(waiting, {"name": "x"}, status=410).h1 == "Kode pendaftaran sudah habis"


@pytest.mark.parametrize("token", ["x", "NOSUCHSTATION001.1.AAAAAAAAAAAAAAAAAAAAAA", "a.b.c.d"])
def test_an_unknown_code_is_the_plain_page_of_invalid_links(pages: Pages, token: str) -> None:
    page = pages.get(f"/d/enrol/{token}", status=404)
    assert "tidak berlaku" in page.text


@pytest.mark.parametrize("address", ["/d/", "/d/code", "/d/search", "/d/log", "/d/ready"])
def test_a_phone_that_is_no_station_is_told_what_to_do(pages: Pages, address: str) -> None:
    assert pages.get(address, status=403).h1 == "Ponsel ini belum menjadi pemindai"


def test_a_revoked_phone_scans_no_more(scene: Scene) -> None:
    with scene.app.app_context():
        with unit() as session:
            stations.revoke(session, station_id=scene.station_id, actor=built.ORGANISER,
                            now=utc_now())
        db.session.remove()
    assert scene.phone.get("/d/", status=403).h1 == "Ponsel ini bukan pemindai lagi"
    answer = scene.phone.client.post(
        "/d/admit", data={"code": scene.passes[0], "csrf_token": scene.phone.token()},
        headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (403, "door.station_revoked")
    assert scene.rows(Act) == []


def test_a_pass_before_the_camera_admits_and_a_second_time_says_when_and_where(
    scene: Scene,
) -> None:
    first = scene.json(scene.passes[0], "camera-0001")
    assert (first["tone"], first["title"]) == ("in", "Silakan masuk")
    assert "Rahmat Contoh" in first["html"]
    assert "Bupati Siak" in first["html"]
    second = scene.json(scene.passes[0], "camera-0002")
    assert (second["tone"], second["title"]) == ("already", "Sudah masuk")
    assert re.search(r"\d\d\.\d\d WITA, Pintu utama", second["detail"])
    again = scene.json(scene.passes[0], "camera-0001")
    assert again["tone"] == "in", "the same record gets the same answer"
    assert len(scene.rows(Act)) == 1
    assert len(scene.rows(Scan)) == 2


def test_a_foreign_code_and_a_forged_one_are_refused_in_words(scene: Scene) -> None:
    assert scene.json("https://example.org/menu")["title"] == "Kode tidak dikenal"
    broken = scene.passes[0][:-1] + ("A" if scene.passes[0][-1] != "A" else "B")
    assert scene.json(broken)["title"] == "Kode tidak sah"
    assert scene.rows(Act) == []


def test_markup_in_a_scanned_code_goes_nowhere(scene: Scene) -> None:
    answer = scene.json("<script>alert(1)</script>")
    assert "<script" not in answer["html"]


def test_without_a_script_the_answer_is_a_page(scene: Scene) -> None:
    page = scene.phone.post("/d/admit", {"code": scene.passes[1], "client_id": "form-00001"})
    assert (page.url, page.h1) == ("/d/said/form-00001", "Silakan masuk")
    assert "Sekretaris Daerah Kabupaten Sumedang" in page.text
    other = Pages(scene.app)
    assert other.get("/d/said/form-00001", status=403)


def test_a_typed_code_forgives_spaces_and_small_letters(scene: Scene) -> None:
    page = scene.phone.get("/d/code")
    wrong = scene.phone.submit(page, status=422, code="ABCD EFGH")
    assert "Tidak ada kartu berkode ABCD EFGH" in wrong.text
    short = scene.phone.submit(page, status=422, code="AB")
    assert "delapan tanda" in short.text
    empty = scene.phone.submit(page, status=422, code="")
    assert "Tulis kode pada kartu" in empty.text
    good = scene.phone.submit(
        wrong, code=f"{scene.short[0][:4]} {scene.short[0][4:]}".lower())
    assert good.h1 == "Silakan masuk"


def test_codes_are_not_guessed_one_after_the_other(scene: Scene) -> None:
    page = scene.phone.get("/d/code")
    for _ in range(30):
        scene.phone.submit(page, status=422, code="ABCD EFGH")
    scene.phone.submit(page, status=429, code=scene.short[0])
    assert scene.rows(Act) == []


def test_a_guest_is_found_by_name_office_or_region_and_admitted_by_a_tap(scene: Scene) -> None:
    assert "KTP" in scene.phone.get("/d/search").text
    for words in ("rahmat", "bupati siak", "SIAK"):
        page = scene.phone.get(f"/d/search?q={words}")
        assert page.lines(".hits a")[0].startswith("Rahmat Contoh Bupati Siak")
    asked = scene.phone.get(page.link("Rahmat"))
    assert asked.h1 == "Orangnya benar? Rahmat Contoh"
    answer = scene.phone.submit(asked, f"/guest/{scene.people[0]}")
    assert answer.h1 == "Silakan masuk"
    assert "WITA" in scene.phone.get("/d/search?q=rahmat").lines(".hits a")[0]
    assert "Tidak ada yang cocok" in scene.phone.get("/d/search?q=tidakada").text
    assert scene.phone.get("/d/guest/NOSUCHPERSON0001", status=404)


def test_sending_the_same_form_twice_is_one_record(scene: Scene) -> None:
    asked = scene.phone.get(f"/d/guest/{scene.people[0]}")
    for _ in range(2):
        assert scene.phone.submit(asked, f"/guest/{scene.people[0]}").h1 == "Silakan masuk"
    assert len(scene.rows(Scan)) == 1


def test_who_goes_out_and_comes_back_is_noted(scene: Scene) -> None:
    scene.json(scene.passes[0])
    page = scene.phone.get(f"/d/guest/{scene.people[0]}")
    out = scene.phone.submit(page, "/move", press="kind=leave")
    assert "Sedang keluar" in out.text
    back = scene.phone.submit(out, "/move", press="kind=return")
    assert "Sudah masuk" in back.text


def test_an_admission_is_taken_back_with_a_reason_and_can_be_made_again(scene: Scene) -> None:
    scene.json(scene.passes[0], "camera-0001")
    log = scene.phone.get("/d/log")
    ask = scene.phone.get(log.link("Rahmat"))
    unsaid = scene.phone.submit(ask, status=422)
    assert "Pilih satu alasan" in unsaid.text
    done = scene.phone.submit(ask, reason="wrong_person")
    assert "Catatan dibatalkan" in done.text
    assert "Dibatalkan" in done.text
    assert [a.reason for a in scene.rows(Act) if a.kind == "undo"] == [  # type: ignore[attr-defined]
        "Orang yang salah"]
    assert scene.json(scene.passes[0], "camera-0001")["title"] == "Catatan dibatalkan"
    assert scene.json(scene.passes[0])["tone"] == "in"


def test_a_station_without_the_rights_has_no_way_to_use_them(scene: Scene) -> None:
    scene.json(scene.passes[0])
    with scene.app.app_context():
        with unit() as session:
            station = session.get(Station, scene.station_id)
            assert station is not None
            station.may_search = station.may_undo = False
        db.session.remove()
    page = scene.phone.get("/d/")
    assert not [a for a in page.all("a") if "Cari nama" in a.text]
    assert scene.phone.get("/d/search?q=rahmat", status=403)
    assert scene.phone.get(f"/d/guest/{scene.people[0]}", status=403)
    assert not [a for a in scene.phone.get("/d/log").all("a") if "Batalkan" in a.text]
    act = scene.rows(Act)[0]
    scene.phone.post(
        f"/d/undo/{act.id}", {"reason": "test"}, status=403)  # type: ignore[attr-defined]


def test_the_pulse_counts_and_notes_what_is_unsent(scene: Scene) -> None:
    scene.json(scene.passes[0])
    answer = scene.phone.client.post(
        "/d/pulse", data={"unsent": "3", "csrf_token": scene.phone.token()})
    assert answer.json == {"counts": {"gate": 1, "all": 1}}
    assert [s.unsent for s in scene.rows(Station)] == [3]  # type: ignore[attr-defined]


@pytest.mark.parametrize("state", ["not_open", "closed", "revoked", "replaced", "wrong"])
def test_every_refusal_has_its_page_in_both_languages(scene: Scene, state: str) -> None:
    from cohorts.convenings import mandates
    from cohorts.convenings.tables import Invitation, Pass, Seat

    now = utc_now()
    code = scene.passes[0]
    with scene.app.app_context():
        with unit() as session:
            convening = session.get(Convening, scene.convening_id)
            assert convening is not None
            if state == "not_open":
                convening.door_opens_at = now + dt.timedelta(hours=2)
            elif state == "closed":
                convening.door_opens_at = now - dt.timedelta(days=3)
                convening.door_closes_at = now - dt.timedelta(days=2)
            elif state == "wrong":
                other = built.a_door_at(session, now)
                guest = built.a_guest(session, other, "51.71", "sekda", name="Ayu Contoh")
                code = write_pass(
                    scene.app.extensions["keys"].passes, guest.card.id, 1, other.id)
            else:
                card = session.scalars(
                    db.select(Pass).where(Pass.person_id == scene.people[0])).one()
                if state == "revoked":
                    card.generation += 1
                else:
                    seat = session.scalars(
                        db.select(Seat).join(Invitation).where(
                            Invitation.convening_id == convening.id)).all()
                    first = next(
                        s.id for s in seat
                        if s.invitation.office.role_key == "bupati")
                    mandates.hand_over(
                        session, first,
                        mandates.Deputy(role_key="sekda", name=built.named("Nurlaila Contoh")),
                        built.ORGANISER, now)
        db.session.remove()
    titles = {
        "not_open": ("Pintu belum dibuka", "Not open yet"),
        "closed": ("Presensi sudah ditutup", "Check-in closed"),
        "revoked": ("Kartu sudah dicabut", "Pass revoked"),
        "replaced": ("Sudah digantikan", "Replaced"),
        "wrong": ("Kartu pertemuan lain", "Pass of another convening"),
    }
    scene.phone.post("/d/admit", {"code": code, "client_id": "form-00001"})
    for lang, title in zip(("id", "en"), titles[state], strict=True):
        scene.phone.client.set_cookie("lang", lang)
        scene.phone.lang = lang
        page = scene.phone.get("/d/said/form-00001")
        assert page.h1 == title
    scene.phone.lang = "id"
    if state == "replaced":
        assert "Nurlaila Contoh now represents the Bupati Siak" in page.text or (
            "Nurlaila Contoh" in page.text)


def test_every_page_of_the_phone_stands_in_english(scene: Scene) -> None:
    scene.json(scene.passes[0])
    scene.phone.lang = "en"
    scene.phone.client.set_cookie("lang", "en")
    act = scene.rows(Act)[0]
    for address in (
        "/d/", "/d/ready", "/d/code", "/d/search", "/d/search?q=rahmat", "/d/log",
        f"/d/guest/{scene.people[0]}", f"/d/guest/{scene.people[1]}",
        f"/d/undo/{act.id}",  # type: ignore[attr-defined]
    ):
        scene.phone.get(address)


def test_the_camera_is_allowed_only_where_it_is_needed(scene: Scene) -> None:
    client: FlaskClient = scene.phone.client
    assert "camera=(self)" in client.get("/d/").headers["Permissions-Policy"]
    assert "camera=()" in client.get("/d/code").headers["Permissions-Policy"]
