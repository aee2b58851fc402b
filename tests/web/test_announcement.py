"""The page that writes to the guests, and the message as they get it."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.filters import utc_now
from app.invitation_texts import invitation_link
from app.mail.compose import Overtaken, compose
from app.unit import unit
from cohorts.convenings import invitation
from cohorts.ground.body import Body
from cohorts.ground.outbox import Message
from tests.build import convenings as build
from tests.build.convenings import ORGANISER
from tests.web.pages import Pages

WORDS = "Bus berangkat pukul 07.00\ndari Bandara <b>Ngurah Rai</b>.\n\nTerima kasih."


@pytest.fixture
def scene(app: Flask) -> tuple[str, str]:
    """A convening with Siak, who can be written to, and Dumai, who cannot."""
    with app.app_context():
        with unit() as session:
            now = utc_now()
            days = (now.date() - build.START.date()).days + 20
            made = build.an_invited_head(session, now=now - dt.timedelta(hours=1), days=days)
            ids = (made.convening.id, made.invitation.id)
        db.session.remove()
    return ids


def test_the_page_says_who_gets_it_before_and_sends_once(
    app: Flask, scene: tuple[str, str], either: Pages
) -> None:
    staff = either.signed_in("organizer")
    page = staff.get(staff.get(f"/o/convenings/{scene[0]}/guests").link(
        {"id": "Pemberitahuan", "en": "Announcement"}[either.lang]))
    assert f"bupati.{build.SIAK}@contoh.example" in page.text
    assert "Dumai" in page.text, "whom mail does not reach is named"
    empty = staff.submit(page, status=400, press="act=send")
    assert len(empty.all(".field-error")) == 2
    other = staff.submit(page, press="act=send", status=400, subject="Bus", text=WORDS,
                         region=build.DUMAI)
    assert other.one("textarea").get_text().strip() == WORDS, "nothing is lost"
    back = staff.submit(other, press="act=check", region="")
    done = staff.submit(back, press="act=send")
    assert done.url.endswith("/guests")
    staff.submit(back, press="act=send")
    with app.app_context():
        (message,) = db.session.scalars(
            sa.select(Message).where(Message.kind == "announcement"))
        mail = compose(db.session(), message, utc_now())
        assert mail.subject == "Bus: Bupati Siak"
        assert WORDS in mail.text
        assert "dari Bandara &lt;b&gt;Ngurah Rai&lt;/b&gt;.</p>" in mail.html.replace("\n", "")
        assert invitation_link(scene[1], 1) in mail.text
        assert mail.invite is None, "no calendar is touched"
    history = staff.get(f"/o/convenings/{scene[0]}")
    assert {"id": "Pemberitahuan dikirim ke 1 penerima",
            "en": "Announcement sent to 1 recipient"}[either.lang] in history.text


def test_whom_the_guest_list_was_filtered_for_is_whom_it_goes_to(
    scene: tuple[str, str], pages: Pages
) -> None:
    staff = pages.signed_in("organizer")
    here = f"/o/convenings/{scene[0]}"
    page = staff.get(f"{here}/guests?reply=waiting").link("Pemberitahuan")
    page = staff.get(page)
    assert page.one("select[name=reply] option[selected]")["value"] == "waiting"
    assert f"bupati.{build.SIAK}@contoh.example" not in page.text
    staff.submit(page, press="act=send", status=400, subject="Bus", text=WORDS, seen="9" * 5_000)


def test_what_no_longer_holds_does_not_leave(
    app: Flask, scene: tuple[str, str], staff: Pages
) -> None:
    page = staff.get(f"/o/convenings/{scene[0]}/announcement?reply=unanswered")
    staff.submit(page, press="act=send", subject="Bus", text=WORDS)
    with app.app_context():
        message = db.session.scalars(
            sa.select(Message).where(Message.kind == "announcement")).one()
        with unit() as session:
            kept = session.get_one(Body, message.facts["text_id"])
            kept.text, was = None, kept.text
        with pytest.raises(Overtaken):
            compose(db.session(), message, utc_now())
        with unit() as session:
            session.get_one(Body, message.facts["text_id"]).text = was
            invitation.withdraw(session, scene[1], ORGANISER, utc_now())
        with pytest.raises(Overtaken):
            compose(db.session(), message, utc_now())
        db.session.remove()


def test_whoever_keeps_the_door_writes_to_nobody(scene: tuple[str, str], pages: Pages) -> None:
    door = pages.signed_in("door_officer")
    door.get(f"/o/convenings/{scene[0]}/announcement", status=403)
