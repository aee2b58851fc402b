"""Conflicts on the pages where a convening is planned, announced, moved."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.unit import unit
from cohorts.convenings.tables import Convening
from cohorts.ground.outbox import Message
from tests.build import convenings as build
from tests.build.convenings import SIAK
from tests.web.pages import Pages

ALERT = "Yang bertabrakan dengan jadwal ini"


def two(app: Flask) -> tuple[str, str]:
    """Bali on 21 November, with guests, and Bandung two days later: no conflict."""
    with app.app_context():
        with unit() as session:
            invited = build.an_invited_head(session)
            other = build.a_draft(
                session,
                build.a_cohort(session, SIAK),
                days=2,
                title_id="Pelatihan Bandung",
                title_en="Training in Bandung",
                venue="Gedung Sate",
                address="Kota Bandung",
            )
            ids = invited.convening.id, other.id
        db.session.remove()
    return ids


def said(app: Flask) -> tuple[str, int]:
    """The day Bali is held and how many messages there are."""
    with app.app_context():
        day = str(
            db.session.scalars(
                sa.select(Convening.starts_at).where(Convening.venue == "Kampus UID")
            )
            .one()
            .date()
        )
        count = db.session.scalar(sa.select(sa.func.count()).select_from(Message)) or 0
        db.session.remove()
    return day, count


MOVED = {
    "starts_at": "2022-11-22T09:00",
    "ends_at": "2022-11-22T16:00",
    "door_opens_at": "2022-11-22T08:00",
    "door_closes_at": "2022-11-22T15:00",
}


def test_moving_an_announced_convening_into_a_conflict_is_asked_before_anybody_is_told(
    staff: Pages, app: Flask
) -> None:
    bali, _bandung = two(app)
    before = said(app)
    form = staff.get(f"/o/convenings/{bali}/edit")
    asked = staff.submit(form, status=409, **MOVED)
    assert ALERT in asked.text
    assert "Pelatihan Bandung" in asked.text
    assert "1 daerah diharapkan di keduanya" in asked.text
    assert asked.one("[name=starts_at]")["value"] == "2022-11-22T09:00"
    assert said(app) == before
    after = staff.submit(asked)
    assert "ditanya ulang" in after.text
    assert ALERT in after.text, "it still stands on the page"
    assert said(app)[0] == "2022-11-22"


def test_what_was_agreed_to_does_not_cover_another_conflict(staff: Pages, app: Flask) -> None:
    bali, _bandung = two(app)
    asked = staff.submit(staff.get(f"/o/convenings/{bali}/edit"), status=409, **MOVED)
    at_once = {k: v.replace("-22T", "-23T") for k, v in MOVED.items()}
    again = staff.submit(asked, status=409, **at_once)
    assert "Pada waktu yang sama" in again.text


def test_a_change_of_other_things_is_not_asked(staff: Pages, app: Flask) -> None:
    bali, _bandung = two(app)
    staff.submit(staff.submit(staff.get(f"/o/convenings/{bali}/edit"), status=409, **MOVED))
    after = staff.submit(staff.get(f"/o/convenings/{bali}/edit"), dress="Batik")
    assert "Perubahan tersimpan" in after.text


def test_a_draft_shows_its_conflicts_on_its_page_and_before_it_is_announced(
    staff: Pages, app: Flask
) -> None:
    _bali, bandung = two(app)
    page = staff.get(f"/o/convenings/{bandung}")
    assert ALERT not in page.text
    moved = {k: v.replace("-22T", "-25T").replace("2022-11", "2026-12") for k, v in MOVED.items()}
    page = staff.submit(staff.get(f"/o/convenings/{bandung}/edit"), **moved)
    assert "Jumat, 25 Desember 2026: Hari Raya Natal (libur nasional)." in page.text
    assert ALERT in staff.get(f"/o/convenings/{bandung}/announce").text
    english = staff.in_language("en").get(f"/o/convenings/{bandung}")
    assert "Friday, 25 December 2026: Christmas Day (national holiday)." in english.text


def test_the_title_of_a_convening_that_the_reader_may_not_see_stays_hidden(
    staff: Pages, app: Flask
) -> None:
    bali, _bandung = two(app)
    staff.submit(staff.submit(staff.get(f"/o/convenings/{bali}/edit"), status=409, **MOVED))
    with app.app_context():
        cohort_id = db.session.get_one(Convening, bali).cohort_id
        db.session.remove()
    own = Pages(app).signed_in("organizer", "cohort", cohort_id)
    page = own.get(f"/o/convenings/{bali}")
    assert ALERT in page.text
    assert "Pelatihan Bandung" not in page.text
