"""The call list as organisers use it."""

from __future__ import annotations

import datetime as dt
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.filters import utc_now
from app.invitation_texts import invitation_link
from app.unit import unit
from cohorts.convenings import invitation
from cohorts.convenings.tables import Convening, Invitation
from cohorts.directory.contacts import add_contact
from cohorts.ground.access import COMMAND
from tests.build import convenings as build
from tests.web.pages import Pages

Scene = tuple[str, str]


@pytest.fixture
def scene(app: Flask) -> Scene:
    """The convening and the invitation of Dumai, which has a WhatsApp number and no address."""
    with app.app_context():
        with unit() as session:
            now = utc_now()
            days = (now.date() - build.START.date()).days + 20
            made = build.an_invited_head(session, now=now - dt.timedelta(hours=1), days=days)
            dumai = session.scalars(
                sa.select(Invitation).where(
                    Invitation.convening_id == made.convening.id,
                    Invitation.id != made.invitation.id)).one()
            add_contact(
                session, channel="whatsapp", value="0812-0000-1111", source="contoh",
                from_on=dt.date(2022, 1, 1), actor=COMMAND, now=now, office_id=dumai.office_id)
            ids = (made.convening.id, dumai.id)
        db.session.remove()
    return ids


def test_the_list_has_number_and_text_with_the_offices_own_link(
    app: Flask, scene: Scene, either: Pages
) -> None:
    page = either.signed_in(role="organizer").get(f"/o/convenings/{scene[0]}/calls")
    heads = {"id": "Daftar telepon Pertemuan ke-1", "en": "Call list: Convening 1"}
    assert page.h1 == heads[either.lang]
    assert page.lines(".row-link") == [{"id": "Kota Dumai", "en": "Dumai City"}[either.lang]]
    (chat,) = (str(a["href"]) for a in page.all("a.btn-wa"))
    assert chat.startswith("https://wa.me/6281200001111?")
    with app.app_context():
        assert invitation_link(scene[1], 1) in unquote(chat)


def test_the_tick_is_kept_and_taken_back(scene: Scene, staff: Pages) -> None:
    page = staff.get(f"/o/convenings/{scene[0]}/calls")
    assert "Batalkan catatan" not in page.text
    staff.submit(page, f"/o/convenings/{scene[0]}/calls/{scene[1]}")
    page = staff.get(f"/o/convenings/{scene[0]}/calls")
    assert "Batalkan catatan" in page.text
    staff.submit(page, f"/o/convenings/{scene[0]}/calls/{scene[1]}")
    assert "Batalkan catatan" not in staff.get(f"/o/convenings/{scene[0]}/calls").text


def test_an_invitation_of_another_convening_is_not_ticked_here(
    app: Flask, scene: Scene, staff: Pages
) -> None:
    with app.app_context(), unit() as session:
        first = session.get_one(Convening, scene[0])
        days = (first.starts_at.date() - build.START.date()).days + 30
        other = build.a_convening(session, first.cohort, now=utc_now(), days=days).id
    staff.post(f"/o/convenings/{other}/calls/{scene[1]}", status=404)


def test_with_nobody_to_call_the_page_says_so(app: Flask, scene: Scene, staff: Pages) -> None:
    with app.app_context(), unit() as session:
        invitation.withdraw(session, scene[1], build.ORGANISER, utc_now())
    assert len(staff.get(f"/o/convenings/{scene[0]}/calls").all(".empty")) == 1


def test_whoever_keeps_the_door_sees_no_links(app: Flask, scene: Scene) -> None:
    reader = Pages(app).signed_in(role="door_officer")
    reader.get(f"/o/convenings/{scene[0]}/calls", status=403)
    assert "calls" not in reader.get(f"/o/convenings/{scene[0]}/guests").html
