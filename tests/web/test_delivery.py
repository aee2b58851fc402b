"""The screen that says which invitations arrived, and the address that is put right from it."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.filters import utc_now
from app.unit import unit
from cohorts.convenings.tables import Invitation
from cohorts.ground import mail_events
from cohorts.ground.mail_events import Told
from cohorts.ground.outbox import Message, reference
from tests.build import convenings as build
from tests.web.pages import Pages

RIGHT = "ajudan.bupati@siak.contoh.example"


@pytest.fixture
def scene(app: Flask) -> tuple[str, str]:
    """A convening to which Siak's invitation was dropped because its address had bounced."""
    with app.app_context():
        with unit() as session:
            now = utc_now()
            days = (now.date() - build.START.date()).days + 20
            made = build.an_invited_head(session, now=now - dt.timedelta(hours=1), days=days)
            build.it_leaves(session, made.invitation.id, now)
            message = session.scalars(sa.select(Message).where(
                Message.subject_id == made.invitation.id)).one()
            mail_events.keep(session, [Told(
                "e1", reference(message), "suppressed", "Bounced Address", now)], now)
            ids = (made.convening.id, made.invitation.id)
        db.session.remove()
    return ids


def test_what_was_silently_held_back_is_said_and_put_right_from_the_screen(
    app: Flask, scene: tuple[str, str], either: Pages
) -> None:
    staff = either.signed_in(role="organizer")
    address = f"/o/convenings/{scene[0]}/delivery"
    page = staff.get(f"{address}?place=suppressed")
    assert "Bounced Address" in page.text
    assert page.lines(".row-link") == [{"id": "Kabupaten Siak", "en": "Siak Regency"}[either.lang]]
    assert staff.get(f"{address}?place=delivered").all(".empty")
    assert len(staff.get(f"{address}?place=nonsense").all(".row-link")) == 2
    word = {"id": "Diblokir penyedia", "en": "Silently suppressed"}[either.lang]
    for other in ("calls", "guests", f"guests/{scene[1]}"):
        assert word in staff.get(f"/o/convenings/{scene[0]}/{other}").text, other

    mend = f"/o/convenings/{scene[0]}/guests/{scene[1]}/address"
    form = staff.get(mend)
    assert "bupati.14.08@contoh.example" in form.text
    again = staff.submit(form, mend, status=400, value="bupati.14.08@contoh.example", source="TU")
    staff.submit(again, mend, value=RIGHT, source="telepon TU")
    assert RIGHT in staff.get(address).text
    with app.app_context():
        newest = db.session.scalars(sa.select(Message).where(
            Message.subject_id == scene[1]).order_by(Message.id.desc())).first()
        assert newest is not None
        assert (newest.address, newest.state) == (RIGHT, "ready")
        assert db.session.get_one(Invitation, scene[1]).generation == 1
        db.session.remove()


def test_it_is_sent_again_from_the_screen_and_only_from_its_own(
    app: Flask, scene: tuple[str, str], staff: Pages
) -> None:
    address = f"/o/convenings/{scene[0]}/delivery"
    staff.submit(staff.get(f"{address}?place=suppressed"), address)
    assert len(staff.get(f"{address}?place=waiting").all(".row-link")) == 1
    staff.post(address, {"invitation": "TIDAKADA"}, status=404)
    door = Pages(app).signed_in(role="door_officer")
    door.get(address, status=403)
    door.get(f"/o/convenings/{scene[0]}/guests/{scene[1]}/address", status=403)
