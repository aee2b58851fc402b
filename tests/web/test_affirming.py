"""A successor is asked by mail, answers on a phone, and everybody reads it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from flask import Flask

from app import worker
from app.extensions import db, keys
from app.filters import utc_now
from app.unit import unit
from cohorts.directory import appointments, contacts
from cohorts.ground.links import Links
from cohorts.pledges import affirming
from cohorts.pledges.tables import AffirmationAnswer, AffirmationRequest, Signature
from tests.build import directory
from tests.build import pledges as build
from tests.build.pledges import ORGANISER
from tests.web.pages import Pages


@pytest.fixture
def signed(app: Flask) -> dict[str, str]:
    """Bupati Sumedang signed a fortnight ago; another has held the office for a week."""
    now = utc_now()
    with app.app_context(), unit() as session:
        scene = build.a_scene(session)
        signature = build.signed(session, scene.pledge, now - dt.timedelta(days=14))
        first = (now - dt.timedelta(days=7)).date()
        new = appointments.appoint(
            session, office_id=scene.office.id, from_on=first, succeed=True, actor=ORGANISER,
            person_id=directory.a_person(session, "Baru Contoh", back_title="M.Si.").id, now=now)
        return {
            "cohort": scene.cohort.id, "signature": signature.id, "code": signature.public_code,
            "office": scene.office.id, "new": new.id}


def a_link(kept: dict[str, str]) -> str:
    request = db.session.scalars(sa.select(AffirmationRequest)).one()
    token = Links(keys().link).make("affirmation", request.id, request.generation)
    db.session.rollback()
    return f"/s/affirm/{token}"


def answers() -> list[str]:
    found = list(db.session.scalars(sa.select(AffirmationAnswer.answer)))
    db.session.rollback()
    return found


def test_a_successor_is_asked_by_mail_and_the_answer_is_read_by_everybody(
    app: Flask, staff: Pages, pages: Pages, signed: dict[str, str]
) -> None:
    sheet = f"/v/{signed['code']}"
    assert "Setelah pejabatnya berganti" not in pages.get(sheet).text
    page = staff.get(f"/o/cohorts/{signed['cohort']}/pledges")
    assert "Penerus belum ditanya" in page.text
    page = staff.get(f"/o/cohorts/{signed['cohort']}/pledges/affirm/{signed['signature']}")
    assert "Baru Contoh, M.Si." in page.text
    every = staff.get(f"/o/cohorts/{signed['cohort']}/pledges/affirm")
    assert "Baru Contoh, M.Si." in every.text
    assert "1 penerus ditanya" in staff.submit(every).text
    assert "Semua penerus sudah ditanya" in staff.get(every.url).text
    page = staff.get(page.url)
    assert "belum menjawab" in page.text
    assert "berikutnya ditanya" in pages.get(sheet).text
    with app.app_context():
        worker.make(utc_now).drain()
        (mail,) = (
            path.read_text() for path in app.extensions["settings"].outbox_dir.glob("*.eml")
            if "/s/affirm/" in path.read_text())
        link = a_link(signed)
        assert link in re.sub(r"=\n", "", mail).replace("=3D", "=")
        for path in ("", "/done"):
            pages.get(link + path)  # opening records nothing
        assert answers() == []
    page = pages.get(link)
    assert page.lines(".choice strong") == [
        "Menegaskan kembali", "Meminta naskah baru", "Tidak melanjutkan"]
    again = pages.submit(page, None, 400)
    assert "Pernyataan belum dipilih" in again.one("#answer-e").get_text()
    again = pages.submit(page, None, 400, answer="amend", note=" ")
    assert again.one("#note-e")
    done = pages.submit(again, answer="amend", note="Target 2 <b>terlalu</b> rendah.")
    assert done.h1 == "Pernyataan sudah kami terima"
    assert pages.get(link).url.endswith("/done")
    assert "sudah diberikan" in pages.submit(page, None, 409, answer="declined").text
    public = pages.get(sheet)
    assert "Baru Contoh, M.Si., Bupati Sumedang, meminta naskah baru." in public.text
    assert "terlalu" not in public.text
    assert "Lembar ini asli dan berlaku" in public.text
    page = staff.get(f"/o/cohorts/{signed['cohort']}/pledges/affirm/{signed['signature']}")
    assert page.lines(".timeline-quote") == ["Target 2 <b>terlalu</b> rendah."]
    english = staff.in_language("en").get(f"/o/cohorts/{signed['cohort']}/pledges")
    assert "Asked for another text" in english.text
    assert "asked for another text" in pages.in_language("en").get(sheet).text
    pages.signed_in(role="auditor").post(
        f"/o/cohorts/{signed['cohort']}/pledges/affirm/{signed['signature']}/ask", status=403)


def test_a_dead_link_a_departed_holder_and_a_letter(
    app: Flask, staff: Pages, pages: Pages, signed: dict[str, str]
) -> None:
    url = f"/o/cohorts/{signed['cohort']}/pledges/affirm/{signed['signature']}"
    with app.app_context():
        with unit() as session:
            for point in contacts.contacts_of(session, signed["office"], utc_now().date()):
                contacts.end_contact(
                    session, point.id, until_on=utc_now().date(), actor=ORGANISER, now=utc_now())
        page = staff.submit(staff.get(url), "/ask")
        assert "Belum ada alamat yang dipastikan" in page.text
        link = a_link(signed)
        page = staff.submit(page, "/revoke")
        assert "Penerus belum ditanya" in page.text
        assert pages.get(link, status=404)
        page = staff.submit(page, "/ask")
        link = a_link(signed)
        with unit() as session:
            appointments.end_appointment(
                session, signed["new"], until_on=utc_now().date(), actor=ORGANISER, now=utc_now())
        gone = pages.get(link)
        assert "tidak lagi menunggu" in gone.text
        assert not gone.all(".dock")
        assert "lowong" in staff.get(url).text
        with unit() as session:
            new = appointments.appoint(
                session, office_id=signed["office"], from_on=utc_now().date(), standing="pj",
                person_id=directory.a_person(session, "Ketiga Contoh").id, actor=ORGANISER,
                now=utc_now())
            assert new.standing == "pj"
            signature = session.get_one(Signature, signed["signature"])
            affirming.ask(session, signature.id, actor=ORGANISER, now=utc_now())
    page = staff.get(url)
    again = staff.submit(page, "/record", 400, answer="declined", note="")
    assert again.one("#note-e")
    page = staff.submit(again, "/record", answer="declined", note="Surat 100/12/2026")
    assert "Pj. Bupati Sumedang" in page.text
    assert "menurut surat yang dicatat panitia" in pages.get(f"/v/{signed['code']}").text
