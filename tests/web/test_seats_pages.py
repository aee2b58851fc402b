"""Seats on the pages: rules with seats, guests from outside, companions, capacity, the queue."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from app import invitation_texts as texts
from app.extensions import db
from app.filters import utc_now
from app.unit import unit
from cohorts.convenings import chain
from cohorts.convenings.tables import Invitation
from cohorts.directory.tables import Office
from tests.build import convenings as build
from tests.web.pages import Pages

RULE = "role=kadiskominfo&own=0&companions=2&post1=kabid&number1=1&post2=operator&number2=1"


@pytest.fixture
def convening_id(app: Flask) -> str:
    """Announced, ten days from now, nobody invited yet."""
    with app.app_context():
        now = utc_now()
        days = (now.date() - build.START.date()).days + 10
        with unit() as session:
            made = build.an_invited_head(session, now=now - dt.timedelta(hours=1), days=days)
            other = build.a_convening(session, made.cohort, now=now, days=days + 7)
            found = other.id
        db.session.remove()
    return found


def link_of(app: Flask, convening_id: str, office: str) -> str:
    with app.app_context():
        invited = db.session.scalars(
            sa.select(Invitation).join(Office).where(
                Office.name == office, Invitation.convening_id == convening_id)).one()
        link = texts.invitation_link(invited.id, 1)
        db.session.remove()
    return "/" + link.split("/", 3)[3]


def states(app: Flask, convening_id: str) -> list[str]:
    with app.app_context():
        found = chain.seats(db.session(), at=utc_now(), convening_id=convening_id)
        db.session.remove()
    return [f"{s.kind}:{s.state}" for s in found if s.region_code == build.SIAK]


def test_an_office_is_asked_to_send_two_people_and_answers_seat_by_seat(
    app: Flask, either: Pages, convening_id: str
) -> None:
    staff = Pages(app).signed_in(role="organizer")
    address = f"/o/convenings/{convening_id}/invite"
    page = staff.get(f"{address}?{RULE}")
    counts = page.lines(".counts dd")
    assert (counts[0], counts[-1]) == ("2", "8")
    guests = staff.submit(page, "#kirim form")
    assert guests.url == f"/o/convenings/{convening_id}/guests"
    assert staff.get(address).one("select[name=post2] option[selected]")["value"] == "operator"
    url = link_of(app, convening_id, "Kepala Dinas Komunikasi dan Informatika Kabupaten Siak")
    opened = either.get(url)
    assert not opened.all("form.dock")
    assert len(opened.all(".goto a[href*='~2']")) == 1
    asked = either.get(url + "/delegate")
    sent = either.submit(asked, "", deputy="other", post="0:definitive", name="Rina Contoh")
    assert "Rina Contoh" in sent.text
    second = either.get(url + "~2")
    assert "Operator" in second.text
    either.post(url + "~2/decline", {"reason": "other"})
    assert states(app, convening_id)[:2] == ["office:delegated", "office:declined"]
    either.get(url + "~9", status=404)
    either.get(url + "~1", status=404)
    beside = either.get(url + "/companions")
    either.submit(beside, "", **{"number": "2", "name-1": "Deni Contoh"})
    assert states(app, convening_id)[2:] == ["companion:attending"] * 2
    assert either.get(url + "/companions").one("#name-1")["value"] == "Deni Contoh"
    either.submit(either.get(url + "/companions"), "", number="0")
    assert states(app, convening_id)[2:] == ["companion:declined"] * 2
    listed = staff.get(f"/o/convenings/{convening_id}/guests")
    assert "Operator Kabupaten Siak" in listed.text
    other = staff.get(listed.link("Kabupaten Siak"))
    named = staff.get(other.link("Operator Kabupaten Siak"))
    done = staff.submit(named, "#f-decline", reason="ill")
    assert "Operator" in done.h1
    more = staff.submit(staff.get(listed.link("Kabupaten Siak")), "/seats", kind="", number="1")
    assert "1 kursi ditambahkan." in more.text
    assert len(states(app, convening_id)) == 5


def test_a_minister_is_added_where_the_invitation_is_made(
    app: Flask, convening_id: str
) -> None:
    staff = Pages(app, "en").signed_in(role="organizer")
    address = f"/o/convenings/{convening_id}/invite"
    page = staff.get(f"{address}?role=kepala_daerah")
    wrong = staff.submit(page, "/outside", status=400, kind="ministry",
                         organisation="Kementerian Contoh", role_key="menteri", email="salah")
    assert wrong.one(".error-summary")
    chosen = staff.submit(wrong, "/outside", kind="ministry", organisation="Kementerian Contoh",
                          role_key="menteri", name="Anisa Contoh", email="menteri@contoh.go.id")
    assert chosen.lines(".counts dd")[0] == "3"
    guests = staff.submit(chosen, "#kirim form")
    assert "Kementerian Contoh" in guests.text
    again = staff.get(address)  # the rules are kept, so is the single office
    assert again.lines(".counts dd")[:2] == ["0", "3"]
    found = staff.get(f"{address}?role=kepala_daerah&q=sekda+siak")
    assert len(found.all("input[name=office]")) == 1


def test_a_full_convening_shows_who_waits_and_gives_the_free_seat_away(
    app: Flask, either: Pages, convening_id: str
) -> None:
    staff = Pages(app).signed_in(role="organizer")
    staff.post(f"/o/convenings/{convening_id}/invite", {"role": ["kepala_daerah", "kadiskominfo"]})
    places = f"/o/convenings/{convening_id}/places"
    wrong = staff.submit(staff.get(places), "/places", status=400, seats="0")
    assert wrong.one(".error-summary")
    staff.submit(staff.get(places), "/places", seats="1", per_region="")
    first = link_of(app, convening_id, "Bupati Siak")
    second = link_of(
        app, convening_id, "Kepala Dinas Komunikasi dan Informatika Kabupaten Siak")
    either.post(first + "/attend")
    waits = either.post(second + "/attend")
    assert waits.lines(".facts dd")[0] == "1"
    assert not waits.all("a[href*='/u/pass/']")
    assert len(staff.get(places).all("tbody tr")) == 1
    assert staff.get(f"/o/convenings/{convening_id}/guests?reply=waiting").all("tbody tr")
    either.post(first + "/decline", {"reason": "ill"})
    assert either.get(second).all("a[href*='/u/pass/']")
    assert not staff.get(places).all("tbody tr")
    first_page = either.get(second)
    told = either.submit(
        either.get(first_page.link("Kebutuhan makan dan akses" if either.lang == "id"
                                   else "Meals and access")),
        "", diet="Vegetarian", access="Kursi roda")
    assert told.url == second
    wishes = f"/o/convenings/{convening_id}/needs"
    assert "Vegetarian" in staff.get(wishes).text
    assert b"Vegetarian" in staff.client.get(wishes + ".csv").data
    officer = Pages(app).signed_in(role="door_officer")  # sees the page and sets nothing
    assert not officer.get(places).all("form[action$='/places']")
    officer.get(wishes, status=403)
