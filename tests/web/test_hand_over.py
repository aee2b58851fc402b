"""The hand-over page: read before an appointment ends, and finished afterwards."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from app.filters import utc_now
from app.unit import unit
from cohorts.convenings import seats
from cohorts.convenings.tables import HandOver
from cohorts.directory import appointments
from cohorts.pledges.tables import Pledge
from tests.build import actions, convenings, directory, pledges
from tests.build.convenings import NOW, ORGANISER, SIAK
from tests.web.pages import Pages


@pytest.fixture
def kept(app: Flask) -> dict[str, str]:
    """Bupati Siak comes in a fortnight, signed, and owns an item; the Sekda comes elsewhere."""
    now = utc_now()
    with app.app_context(), unit() as session:
        days = (now.date() - NOW.date()).days
        invited = convenings.an_invited_head(session, now=now, days=days)
        text = pledges.a_text(session, invited.convening)
        office = directory.an_office(session, SIAK, "bupati")
        pledges.offers.offer(
            session, text.id, office_ids=[office.id], actor=ORGANISER, now=now)
        pledge = session.scalars(sa.select(Pledge)).one()
        signature = pledges.signed(session, pledge, now - dt.timedelta(days=30))
        actions.an_item(session, invited.cohort, office, now=now, due_on=dt.date(2030, 1, 2))
        sekda = directory.an_office(session, SIAK, "sekda")
        over = convenings.a_hand_over(session, invited, now)
        held = appointments.holder(session, office.id, now.date())
        deputy = appointments.holder(session, sekda.id, now.date())
        return {
            "office": office.id, "held": held.id, "person": held.person_id, "over": over.id,
            "deputy": deputy.id, "convening": invited.convening.id,
            "invitation": invited.invitation.id, "seat": invited.seat_id,
            "signature": signature.id, "cohort": invited.cohort.id}


def test_what_hangs_on_the_office_is_read_before_the_end_and_finished_after(
    app: Flask, staff: Pages, kept: dict[str, str]
) -> None:
    page = staff.get(f"/o/directory/appointments/{kept['held']}/hand-over")
    assert "Tidak ada yang tertinggal" in staff.get("/o/directory/hand-overs").text
    heads = page.lines("main section h2")
    assert [head.rsplit(" ", 1)[0] for head in heads if "(" in head] == [
        "Undangan yang masih terbuka", "Mandat dari jabatan ini",
        "Komitmen yang sudah ditandatangani", "Tindak lanjut yang belum tuntas"]
    assert "Syafrizal Contoh" in page.text
    new = staff.get(f"/o/directory/offices/{kept['office']}/appointments/new")
    assert "Mandat dari jabatan ini" in new.text
    deputy = staff.get(f"/o/directory/appointments/{kept['deputy']}/hand-over")
    assert "Gugur saat masa jabatan diakhiri" in deputy.text
    gone = staff.submit(deputy)
    assert "1 mandat gugur" in gone.text
    with app.app_context(), unit() as session:
        assert session.get_one(HandOver, kept["over"]).revoked_at is not None
        guest = convenings.office_guest(kept["invitation"])
        seats.attend(session, kept["seat"], guest, utc_now())
    page = staff.get(f"/o/directory/appointments/{kept['held']}/hand-over")
    assert "Jawabannya atas nama Rahmat Contoh" in page.text
    after = staff.submit(page)
    assert "Jabatan ini lowong" in after.text
    assert "ditanyakan setelah penggantinya tercatat" in after.text
    assert "Serah terima belum selesai" in staff.get(f"/o/directory/offices/{kept['office']}").text
    assert "Selesaikan serah terima 1 jabatan" in staff.get("/o/").text
    assert staff.get("/o/directory/hand-overs").lines(".rows .quiet") == ["1 hal menunggu"]
    done = staff.submit(new, person_id="new", name="Baru Contoh", succeed=None)
    assert "Baru Contoh" in done.text
    page = staff.get(f"/o/directory/appointments/{kept['held']}/hand-over")
    assert "Penerus belum ditanya" in page.text
    english = staff.in_language("en").get(page.url)
    assert english.h1 == "Hand-over of the office"
    assert "Successor not asked yet" in english.text


def test_a_succession_leads_to_what_the_one_before_left(staff: Pages, kept: dict[str, str]) -> None:
    page = staff.get(f"/o/directory/offices/{kept['office']}/appointments/new")
    after = staff.submit(page, person_id="new", name="Baru Contoh", standing="pj")
    assert after.url.endswith(f"/appointments/{kept['held']}/hand-over")
    assert "Pengganti" in after.text
    assert "Baru Contoh" in after.text
    asked = staff.get(
        f"/o/cohorts/{kept['cohort']}/pledges/affirm/{kept['signature']}")
    assert "Tanyakan kepada penerus" in asked.text
