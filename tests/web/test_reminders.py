"""The page of reminders, and the reminders themselves as their readers get them."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.filters import utc_now
from app.invitation_texts import deputy_link, invitation_link
from app.mail.compose import Overtaken, compose
from app.unit import unit
from cohorts.convenings import mandates, reminders, seats
from cohorts.convenings.guests import office_guest
from cohorts.convenings.tables import Convening
from cohorts.ground.outbox import Message
from tests.build import convenings as build
from tests.build import directory
from tests.web.pages import Pages


def _days(now: dt.datetime) -> int:
    """How far to move the story so that no two reminders fall together between holidays."""
    first = (now.date() - build.START.date()).days + 40

    def whole(days: int) -> bool:
        by = dt.timedelta(days=days)
        moved = Convening(timezone="Asia/Makassar", reply_by=build.PLAN.reply_by + by,
                          starts_at=build.PLAN.starts_at + by)
        return len(reminders.steps(moved)) == len(reminders.STEPS)

    return next(days for days in range(first, first + 60) if whole(days))


@dataclasses.dataclass(frozen=True)
class Bali:
    """A convening weeks ahead: Siak is invited with an address, Dumai without."""

    convening_id: str
    invitation_id: str
    seat_id: str


@pytest.fixture
def bali(app: Flask) -> Bali:
    with app.app_context():
        with unit() as session:
            now = utc_now()
            days = _days(now)
            made = build.an_invited_head(session, now=now - dt.timedelta(hours=1), days=days)
            ids = Bali(made.convening.id, made.invitation.id, made.seat_id)
        db.session.remove()
    return ids


def address(bali: Bali) -> str:
    return f"/o/convenings/{bali.convening_id}/reminders"


def step(name: str, bali: Bali) -> reminders.Step:
    found = db.session().get_one(Convening, bali.convening_id)
    return next(s for s in reminders.steps(found) if s.name == name)


def sent(name: str, bali: Bali) -> Message:
    """The one reminder that is posted at the moment of a step."""
    with unit() as session:
        reminders.post_due(session, step(name, bali).at)
    return db.session.scalars(
        sa.select(Message).where(Message.kind.in_(reminders.KINDS))
    ).one()


def test_the_page_says_who_gets_what_and_when(app: Flask, bali: Bali, either: Pages) -> None:
    page = either.signed_in(role="organizer").get(address(bali))
    heads = {"id": "Pengingat Pertemuan ke-1", "en": "Reminders: Convening 1"}
    assert page.h1 == heads[either.lang]
    assert len(page.lines("section h2")) == 4
    assert page.html.count("bupati.14.08@contoh.example") == 3
    assert {"id": "Bupati Siak", "en": "Regent of Siak"}[either.lang] in page.text
    assert "Dumai" not in page.text


def test_the_page_is_reached_from_the_guest_list(app: Flask, bali: Bali, staff: Pages) -> None:
    listed = staff.get(f"/o/convenings/{bali.convening_id}/guests")
    assert f'href="{address(bali)}"' in listed.html


def test_what_has_gone_leads_to_the_message(app: Flask, bali: Bali, staff: Pages) -> None:
    with app.app_context():
        ident = sent("reply_7", bali).id
        db.session.remove()
    page = staff.get(address(bali))
    assert f'href="/o/mail/{ident}"' in page.html
    assert page.html.count("bupati.14.08@contoh.example") == 3
    assert staff.get(f"/o/mail/{ident}").h1


def test_a_convening_that_is_off_says_that_nothing_leaves(
    app: Flask, bali: Bali, staff: Pages
) -> None:
    with app.app_context(), unit() as session:
        found = session.get_one(Convening, bali.convening_id)
        found.state, found.cancelled_at = "cancelled", utc_now()
    page = staff.get(address(bali))
    assert len(page.all(".empty")) == 1
    assert "bupati.14.08@contoh.example" not in page.html


@pytest.mark.parametrize("name", ["reply_7", "reply_last"])
def test_the_reminder_carries_the_offices_own_link(app: Flask, bali: Bali, name: str) -> None:
    with app.app_context():
        message = sent(name, bali)
        mail = compose(db.session(), message, step(name, bali).at)
        assert invitation_link(bali.invitation_id, 1) in mail.text
        assert mail.invite is None
        assert ("pengingat terakhir" in mail.text) == (name == "reply_last")


def test_who_comes_gets_place_and_pass(app: Flask, bali: Bali) -> None:
    with app.app_context():
        with unit() as session:
            seats.attend(session, bali.seat_id, office_guest(bali.invitation_id), utc_now())
        message = sent("coming", bali)
        mail = compose(db.session(), message, step("coming", bali).at)
        assert "Kampus UID" in mail.text
        assert "Pintu dibuka: 08.00 WITA" in mail.text
        assert invitation_link(bali.invitation_id, 1) in mail.text


def test_a_deputy_gets_the_link_of_their_own(app: Flask, bali: Bali) -> None:
    with app.app_context():
        with unit() as session:
            office = directory.an_office(session, build.SIAK, "sekda")
            given = mandates.hand_over(
                session, bali.seat_id, mandates.Deputy(office_id=office.id),
                office_guest(bali.invitation_id), utc_now()).id
        message = sent("coming", bali)
        mail = compose(db.session(), message, step("coming", bali).at)
        assert deputy_link(given) in mail.text
        assert invitation_link(bali.invitation_id, 1) not in mail.text


def test_a_reminder_that_waited_too_long_does_not_leave(app: Flask, bali: Bali) -> None:
    with app.app_context():
        message = sent("reply_last", bali)
        late = db.session().get_one(Convening, bali.convening_id).reply_by
        with pytest.raises(Overtaken):
            compose(db.session(), message, late)
