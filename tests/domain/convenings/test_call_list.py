"""The call list: exactly those whom mail cannot reach, and what was passed on by hand."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import call_list, delivery, invitation, seats
from cohorts.convenings.tables import Invitation
from cohorts.directory.contacts import add_contact
from cohorts.ground.access import COMMAND
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from tests.build import directory
from tests.build.convenings import DOOR, HOUR, NOW, ORGANISER, Invited, an_invited_head


@pytest.fixture
def bali(session: Session) -> Invited:
    """Siak is invited with an address, Dumai vacant and without one."""
    return an_invited_head(session)


def offices(session: Session, bali: Invited, now: dt.datetime = NOW) -> list[str]:
    return [c.state.office for c in call_list.calls(session, bali.convening.id, now)]


def dumai(session: Session, bali: Invited) -> Invitation:
    return session.scalars(
        sa.select(Invitation).where(
            Invitation.convening_id == bali.convening.id, Invitation.id != bali.invitation.id
        )
    ).one()


def its_mail_fails(session: Session, bali: Invited) -> None:
    found = session.scalars(
        sa.select(Message).where(Message.subject_id == bali.invitation.id)
    ).one()
    found.state = "failed"
    session.flush()


def test_who_has_no_address_is_called(session: Session, bali: Invited) -> None:
    assert offices(session, bali) == ["Wali Kota Dumai"]


def test_whose_mail_failed_for_good_is_called_until_the_address_is_mended(
    session: Session, bali: Invited
) -> None:
    its_mail_fails(session, bali)
    assert set(offices(session, bali)) == {"Wali Kota Dumai", "Bupati Siak"}
    found = call_list.calls(session, bali.convening.id, NOW)
    failed = next(c for c in found if c.state.office == "Bupati Siak")
    assert failed.message is not None
    assert failed.message.address == "bupati.14.08@contoh.example"
    office = bali.invitation.office
    directory.an_address(session, office, "bupati.baru@contoh.example")
    bali_points = session.scalars(
        sa.select(directory.ContactPoint).where(
            directory.ContactPoint.value == "bupati.14.08@contoh.example"
        )
    ).one()
    bali_points.until_on = NOW.date()
    session.flush()
    delivery.send_again(session, bali.invitation.id, ORGANISER, NOW)
    assert offices(session, bali) == ["Wali Kota Dumai"]


def test_withdrawn_guests_are_not_called(session: Session, bali: Invited) -> None:
    invitation.withdraw(session, dumai(session, bali).id, ORGANISER, NOW)
    assert offices(session, bali) == []


def test_numbers_stand_beside_the_office_and_no_addresses(session: Session, bali: Invited) -> None:
    office = dumai(session, bali).office
    for channel, value in (("phone", "0765-123456"), ("whatsapp", "0812-0000-1111")):
        add_contact(
            session, channel=channel, value=value, source="contoh",
            from_on=dt.date(2022, 1, 1), actor=COMMAND, now=NOW, office_id=office.id,
        )  # fmt: skip
    (call,) = call_list.calls(session, bali.convening.id, NOW)
    assert {p.value for p in call.numbers} == {"+62765123456", "+6281200001111"}
    assert call.whatsapp == "+6281200001111"


def test_who_answered_stands_last(session: Session, bali: Invited) -> None:
    its_mail_fails(session, bali)
    seat = dumai(session, bali).seats[0]
    seats.decline(session, seat.id, "ill", ORGANISER, NOW)
    assert offices(session, bali) == ["Bupati Siak", "Wali Kota Dumai"]


def test_what_was_passed_on_is_ticked_once_and_can_be_taken_back(
    session: Session, bali: Invited
) -> None:
    ident = dumai(session, bali).id
    assert call_list.pass_on(session, ident, ORGANISER, NOW)
    assert not call_list.pass_on(session, ident, ORGANISER, NOW + HOUR)
    (call,) = call_list.calls(session, bali.convening.id, NOW + HOUR)
    assert call.passed_on == NOW
    assert call_list.pass_on(session, ident, ORGANISER, NOW + HOUR, done=False)
    (call,) = call_list.calls(session, bali.convening.id, NOW + HOUR)
    assert call.passed_on is None


def test_a_tick_is_void_after_a_change_of_time(session: Session, bali: Invited) -> None:
    ident = dumai(session, bali).id
    call_list.pass_on(session, ident, ORGANISER, NOW)
    bali.convening.sequence += 1
    session.flush()
    (call,) = call_list.calls(session, bali.convening.id, NOW + HOUR)
    assert call.passed_on is None


@pytest.mark.parametrize("case", ["door officer", "withdrawn", "draft"])
def test_who_may_not_tick_and_what_cannot_be_ticked(
    session: Session, bali: Invited, case: str
) -> None:
    row = dumai(session, bali)
    who = ORGANISER
    if case == "door officer":
        who = DOOR
    elif case == "withdrawn":
        invitation.withdraw(session, row.id, ORGANISER, NOW)
    else:
        row.convening.state = "draft"
    codes = {
        "door officer": "ground.not_allowed",
        "withdrawn": "convenings.invitation_withdrawn",
        "draft": "convenings.not_announced",
    }
    with pytest.raises(Refusal) as refused:
        call_list.pass_on(session, row.id, who, NOW)
    assert refused.value.code == codes[case]
