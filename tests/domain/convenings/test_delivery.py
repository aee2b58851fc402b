"""Where an invitation stands on its way, and an address that is put right."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import calendar, call_list, delivery, invitation, reminders, seats
from cohorts.convenings.convening import edit
from cohorts.convenings.delivery import PLACES
from cohorts.convenings.guests import invitation_by_link
from cohorts.directory.contacts import contacts_of
from cohorts.ground import mail_events, outbox
from cohorts.ground.links import Link
from cohorts.ground.mail_events import Told
from cohorts.ground.outbox import Message, reference
from cohorts.ground.refusal import Refusal
from tests.build import convenings as build
from tests.build.convenings import DOOR, HOUR, NOW, ORGANISER, Invited, an_invited_head

WRONG = "bupati.14.08@contoh.example"
RIGHT = "ajudan.bupati@siak.contoh.example"


@pytest.fixture
def bali(session: Session) -> Invited:
    """Siak is invited and its invitation has left; Dumai is vacant and has no address."""
    made = an_invited_head(session)
    build.it_leaves(session, made.invitation.id, NOW)
    return made


def places(session: Session, bali: Invited, now: dt.datetime = NOW) -> dict[str, str]:
    found = delivery.board(session, bali.convening.id, now)
    return {line.state.office: line.place for line in found}


def siak(session: Session, bali: Invited, now: dt.datetime = NOW) -> str:
    return places(session, bali, now)["Bupati Siak"]


def newest(session: Session, bali: Invited) -> Message:
    return delivery.deliveries(session, bali.convening.id)[bali.invitation.id]


def it_is_told(session: Session, bali: Invited, outcome: str, at: dt.datetime = NOW) -> None:
    message = newest(session, bali)
    one = Told(f"{outcome}{message.id}{at}", reference(message), outcome, "550 tidak dikenal", at)
    mail_events.keep(session, [one], at)


def correct(session: Session, bali: Invited, **more: object) -> bool:
    given = {"value": RIGHT, "source": "telepon TU", "seen": WRONG, "actor": ORGANISER,
             "now": NOW + HOUR, **more}
    return delivery.correct_address(session, bali.invitation.id, **given)  # type: ignore[arg-type]


def test_each_invitation_stands_in_one_place_and_those_to_be_seen_to_first(
    session: Session, bali: Invited
) -> None:
    assert places(session, bali) == {"Wali Kota Dumai": "no_address", "Bupati Siak": "sent"}
    for n, outcome in enumerate(("deferred", "delivered", "reported", "suppressed", "bounced")):
        it_is_told(session, bali, outcome, NOW + n * HOUR)
        assert siak(session, bali) == outcome
    line = delivery.board(session, bali.convening.id, NOW)[-1]
    assert (line.state.office, line.why) == ("Bupati Siak", "550 tidak dikenal")
    seats.attend(session, bali.seat_id, bali.guest, NOW + HOUR)
    assert siak(session, bali, NOW + HOUR) == "answered"
    found = delivery.board(session, bali.convening.id, NOW + HOUR)
    assert [PLACES.index(x.place) for x in found] == sorted(PLACES.index(x.place) for x in found)


def test_handing_over_and_what_comes_after_it_are_told_apart(
    session: Session, bali: Invited
) -> None:
    message = newest(session, bali)
    for state, place in (("ready", "waiting"), ("taken", "waiting"), ("failed", "failed")):
        message.state = state
        session.flush()
        assert siak(session, bali) == place


def test_a_returned_one_is_called_and_not_reminded(session: Session, bali: Invited) -> None:
    step = reminders.steps(bali.convening)[0]

    def called() -> set[str]:
        return {c.state.office for c in call_list.calls(session, bali.convening.id, NOW)}

    def reminded() -> list[str]:
        found = reminders.recipients(session, bali.convening, step, step.at)
        return [one.state.office for one in found]

    assert called() == {"Wali Kota Dumai"}
    for n, outcome in enumerate(("deferred", "reported", "delivered")):
        it_is_told(session, bali, outcome, NOW + n * HOUR)
        assert "Bupati Siak" not in called()
    before = reminded()
    it_is_told(session, bali, "bounced", NOW + 9 * HOUR)
    assert called() == {"Wali Kota Dumai", "Bupati Siak"}
    assert before == ["Bupati Siak"] or step.at <= NOW + HOUR
    assert reminded() == []
    it_is_told(session, bali, "suppressed", NOW + 10 * HOUR)
    assert called() == {"Wali Kota Dumai", "Bupati Siak"}
    correct(session, bali)
    assert called() == {"Wali Kota Dumai"}


def test_a_corrected_address_gets_the_same_event_and_the_wrong_one_ends(
    session: Session, bali: Invited
) -> None:
    it_is_told(session, bali, "bounced")
    first = newest(session, bali)
    assert correct(session, bali, confirmed=True) is False
    second = newest(session, bali)
    assert (second.address, second.state, second.kind) == (RIGHT, "ready", "invitation")
    assert second.key != first.key
    for name in ("uid", "sequence"):
        assert second.facts["calendar"][name] == first.facts["calendar"][name]
    points = contacts_of(session, bali.invitation.office_id, NOW.date())
    assert [(p.value, p.source) for p in points if p.channel == "email"] == [
        (RIGHT, "telepon TU")]
    assert points[0].confirmed_by == ORGANISER.id
    # Nothing had arrived anywhere: the link that is known from elsewhere goes on.
    assert invitation_by_link(session, Link(bali.invitation.id, 1)) is bali.invitation
    assert siak(session, bali, NOW + HOUR) == "waiting"


@pytest.mark.parametrize("outcome", ["", "delivered", "deferred", "reported"])
def test_where_somebody_may_have_read_it_the_old_link_ends(
    session: Session, bali: Invited, outcome: str
) -> None:
    if outcome:
        it_is_told(session, bali, outcome)
    assert correct(session, bali) is True
    with pytest.raises(Refusal) as refused:
        invitation_by_link(session, Link(bali.invitation.id, 1))
    assert refused.value.code == "ground.link_invalid"
    assert invitation_by_link(session, Link(bali.invitation.id, 2)) is bali.invitation


def test_nothing_with_todays_link_leaves_for_the_wrong_address(
    session: Session, bali: Invited
) -> None:
    old = newest(session, bali)
    delivery.send_again(session, bali.invitation.id, ORGANISER, NOW)
    step = reminders.steps(bali.convening)[0]
    reminders.post_due(session, step.at)
    waiting = session.scalars(sa.select(Message).where(
        Message.state == "ready", Message.address == WRONG)).all()
    assert waiting
    correct(session, bali)
    session.expire_all()
    assert {m.state for m in waiting} == {"superseded"}
    # Nor what a worker held just then, nor what an organiser sends once more from the mail page.
    for message in (old, *waiting):
        outbox.send_again(session, message, NOW)
        if message.kind in reminders.KINDS:
            assert not reminders.still_holds(session, message, step.at)
        else:
            assert not calendar.still_holds(session, message)
    assert calendar.still_holds(session, newest(session, bali))


def test_later_messages_go_to_the_right_address_as_well(session: Session, bali: Invited) -> None:
    correct(session, bali)
    build.it_leaves(session, bali.invitation.id, NOW + HOUR)
    plan = dataclasses.replace(
        build.PLAN, venue="Bali Sunset Road", starts_at=build.START + HOUR)
    version = bali.convening.version
    edit(session, bali.convening.id, plan, version, ORGANISER, NOW + 2 * HOUR)
    last = newest(session, bali)
    assert (last.kind, last.address) == ("invitation_update", RIGHT)


@pytest.mark.parametrize(("more", "code"), [
    ({"value": WRONG.upper()}, "convenings.same_address"),
    ({"value": "bukan alamat"}, "directory.email_form"),
    ({"source": " "}, "ground.needed"),
    ({"seen": "lain@contoh.example"}, "convenings.address_changed"),
    ({"seen": ""}, "convenings.address_changed"),
    ({"actor": DOOR}, "ground.not_allowed"),
])
def test_a_refused_correction_changes_nothing(
    session: Session, bali: Invited, more: dict[str, object], code: str
) -> None:
    with pytest.raises(Refusal) as refused, session.begin_nested():
        correct(session, bali, **more)
    assert refused.value.code == code
    assert newest(session, bali).address == WRONG
    assert bali.invitation.generation == 1


def test_an_office_without_an_address_gets_its_first(session: Session, bali: Invited) -> None:
    dumai = next(line.state.invitation_id for line in delivery.board(
        session, bali.convening.id, NOW) if line.place == "no_address")
    assert delivery.correct_address(
        session, dumai, "walikota@dumai.contoh.example", "laman daerah", ORGANISER, NOW) is False
    assert places(session, bali)["Wali Kota Dumai"] == "waiting"
    invitation.withdraw(session, dumai, ORGANISER, NOW)
    with pytest.raises(Refusal) as refused:
        delivery.correct_address(session, dumai, RIGHT, "surat", ORGANISER, NOW)
    assert refused.value.code == "convenings.invitation_withdrawn"


def test_the_queries_of_the_screen_do_not_grow_with_the_guests(
    session: Session, bali: Invited
) -> None:
    def counted() -> int:
        said: list[str] = []

        def listen(_c: object, _cur: object, statement: str, *_rest: object) -> None:
            said.append(statement)

        session.expunge_all()
        sa.event.listen(session.connection(), "before_cursor_execute", listen)
        delivery.board(session, bali.convening.id, NOW + HOUR)
        sa.event.remove(session.connection(), "before_cursor_execute", listen)
        return len(said)

    before = counted()
    invitation.invite(
        session, bali.convening.id, ["kepala_daerah", "sekda"], ORGANISER, NOW + HOUR)
    assert before == counted() <= 12
