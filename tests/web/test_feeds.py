"""Calendars to subscribe to: of the cohort, of one convening, of one person."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.extensions import db
from app.filters import utc_now
from cohorts.convenings import calendar
from cohorts.convenings import invitation as invitations
from cohorts.convenings.tables import Convening
from cohorts.ground.chronicle import ChronicleEntry
from cohorts.programme.tables import Cohort
from cohorts.turns.cancel import cancel
from tests.build.convenings import ORGANISER
from tests.web.pages import Page, Pages
from tests.web.test_guest import Guests


@pytest.fixture
def guests(app: Flask) -> Guests:
    return Guests(app)


def path(address: str) -> str:
    """The path of a full address."""
    return "/" + address.split("/", 3)[3]


def address(page: Page) -> str:
    """The path of the feed that the page offers; both ways lead to the same one."""
    (plain,) = [
        str(a["href"])
        for a in page.all("a[href]")
        if ".ics" in a["href"] and not str(a["href"]).startswith(("webcal:", "/"))
    ]
    assert page.one('a[href^="webcal:"]')["href"] == "webcal:" + plain.split(":", 1)[1]
    return path(plain)


def read(answer: TestResponse) -> str:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    return answer.get_data(as_text=True).replace("\r\n ", "")


def slug(app: Flask, guests: Guests) -> str:
    with app.app_context():
        found = db.session.get_one(Convening, guests.convening_id).cohort.slug
        db.session.remove()
    return found


def test_everybody_can_subscribe_to_a_cohort_from_its_page(
    either: Pages, app: Flask, guests: Guests
) -> None:
    page = either.get(f"/c/{slug(app, guests)}")
    answer = either.client.get(address(page))
    said = read(answer)
    assert f"\r\nUID:{calendar.uid(guests.convening_id)}\r\n" in said
    title = "Signing of the Joint" if either.lang == "en" else "Penandatanganan Komitmen"
    assert f"\r\nSUMMARY:{title}" in said
    assert "\r\nDTSTART;TZID=Asia/Makassar:" in said
    assert answer.headers["Cache-Control"] == "public, max-age=900"


def test_the_cohort_s_feed_says_no_more_than_its_page(
    pages: Pages, app: Flask, guests: Guests
) -> None:
    said = read(pages.client.get(f"/c/{slug(app, guests)}/calendar.ics"))
    assert "\r\nLOCATION:Kampus UID\r\n" in said
    for secret in ("ATTENDEE", "Rahmat", "Serangan", "Rina", "/u/", "0812"):
        assert secret not in said


def test_a_cohort_that_is_not_public_has_no_public_feed(
    pages: Pages, app: Flask, guests: Guests
) -> None:
    where = f"/c/{slug(app, guests)}/calendar.ics"

    def hide(session: object) -> None:
        session.query(Cohort).update({"public": False})  # type: ignore[attr-defined]

    guests.in_unit(hide)
    assert pages.client.get(where).status_code == 404


def test_who_has_it_already_is_told_nothing_new_until_something_changes(
    pages: Pages, app: Flask, guests: Guests
) -> None:
    where = f"/c/{slug(app, guests)}/calendar.ics"
    tag = pages.client.get(where).headers["ETag"]
    again = pages.client.get(where, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    guests.in_unit(
        lambda s: cancel(s, guests.convening_id, reason="Banjir", actor=ORGANISER, now=utc_now())
    )
    after = pages.client.get(where, headers={"If-None-Match": tag})
    said = read(after)
    assert "\r\nSTATUS:CANCELLED\r\n" in said
    assert "\r\nSEQUENCE:1\r\n" in said
    assert after.headers["ETag"] != tag


def test_the_language_is_that_of_the_address_and_never_of_a_cookie(
    pages: Pages, app: Flask, guests: Guests
) -> None:
    where = f"/c/{slug(app, guests)}/calendar.ics"
    english = read(pages.client.get(where + "?lang=en"))
    assert "Signing of the Joint" in english
    assert "Penandatanganan Komitmen" in read(pages.client.get(where))


def test_a_guest_subscribes_to_what_they_come_to(either: Pages, guests: Guests) -> None:
    page = either.submit(either.get(guests.url), "/attend")
    where = address(page)
    card = either.get(page.link("Buka kartu masuk" if either.lang == "id" else "Open the pass"))
    assert address(card) == where
    answer = either.client.get(where)
    said = read(answer)
    assert f"\r\nUID:{calendar.uid(guests.convening_id)}\r\n" in said
    assert "LOCATION:Kampus UID\\, Serangan\\, Kota Denpasar" in said
    assert answer.headers["Cache-Control"] == "no-store"
    tag = answer.headers["ETag"]
    assert either.client.get(where, headers={"If-None-Match": tag}).status_code == 304


def test_withdrawing_the_invitation_ends_the_personal_feed(pages: Pages, guests: Guests) -> None:
    where = address(pages.submit(pages.get(guests.url), "/attend"))
    guests.in_unit(lambda s: invitations.withdraw(s, guests.invitation_id, ORGANISER, utc_now()))
    assert pages.client.get(where).status_code in (404, 410)


def test_an_organiser_passes_on_the_calendar_of_one_convening(
    pages: Pages, app: Flask, guests: Guests
) -> None:
    staff = Pages(app).signed_in()
    page = staff.get(f"/o/convenings/{guests.convening_id}")
    said = read(pages.client.get(address(page)))
    assert said.count("BEGIN:VEVENT") == 1
    assert f"\r\nUID:{calendar.uid(guests.convening_id)}\r\n" in said
    assert "ATTENDEE" not in said


def test_a_made_up_link_opens_nothing(pages: Pages, guests: Guests) -> None:
    page = pages.submit(pages.get(guests.url), "/attend")
    where = address(page)
    token = where.split("/")[3]
    pass_token = page.link("Buka kartu masuk").rsplit("/", 1)[1]
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), pass_token, "x", "a.1.b"):
        assert pages.client.get(f"/u/feed/{wrong}/living-lab.ics").status_code == 404


def test_reading_a_feed_a_hundred_times_changes_nothing(pages: Pages, guests: Guests) -> None:
    where = address(pages.submit(pages.get(guests.url), "/attend"))
    before = len(guests.rows(ChronicleEntry, ChronicleEntry.id))
    first = pages.client.get(where)
    for _n in range(50):
        assert pages.client.get(where).data == first.data
        assert pages.client.head(where).headers["ETag"] == first.headers["ETag"]
    assert len(guests.rows(ChronicleEntry, ChronicleEntry.id)) == before
