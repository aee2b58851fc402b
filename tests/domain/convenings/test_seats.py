"""Answering for a seat, by link and on behalf, in time and late."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import chain, pass_ids, seats
from cohorts.convenings.guests import office_guest
from cohorts.convenings.names import Name
from cohorts.convenings.tables import Invitation, Pass, Reply
from cohorts.directory.tables import Person
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from tests.build import convenings as build
from tests.build.convenings import DUMAI, HOUR, NOW, ORGANISER, START

LATE = dt.datetime(2022, 11, 18, 3, 0, tzinfo=dt.UTC)
AFTER = START + 7 * HOUR


def dumai(session: Session, invited: build.Invited) -> Invitation:
    return session.scalars(
        sa.select(Invitation).where(
            Invitation.convening_id == invited.convening.id,
            Invitation.id != invited.invitation.id,
        )
    ).one()


def test_the_holder_attends_and_gets_one_pass(session: Session) -> None:
    invited = build.an_invited_head(session)
    reply = seats.attend(session, invited.seat_id, invited.guest, NOW)
    state = invited.state(session, NOW)
    assert (state.state, reply.n, reply.late, reply.on_behalf) == ("attending", 1, False, False)
    assert state.comes is not None
    assert (state.comes.person.full_name, state.comes.post) == ("Rahmat Contoh", "Bupati Siak")
    assert state.comes.may_sign
    made = session.scalars(sa.select(Pass)).one()
    assert len(made.short_code) == 8
    assert not set(made.short_code) & set("ILOU01")
    standing = pass_ids.valid_pass(session, made.id)
    assert standing is not None
    assert standing.valid
    assert [b.office for b in standing.behind] == ["Bupati Siak"]


def test_a_double_click_is_one_answer_and_one_receipt(session: Session) -> None:
    invited = build.an_invited_head(session)
    first = seats.attend(session, invited.seat_id, invited.guest, NOW)
    second = seats.attend(session, invited.seat_id, invited.guest, NOW + HOUR)
    assert first.id == second.id
    assert [kind for kind, _ in build.mail(session, invited.invitation.id)] == [
        "invitation", "reply_receipt",
    ]  # fmt: skip


def test_who_answered_gets_the_next_calendar_file_as_accepted_or_declined(
    session: Session,
) -> None:
    invited = build.an_invited_head(session)
    seats.attend(session, invited.seat_id, invited.guest, NOW)
    seats.decline(session, invited.seat_id, "ill", invited.guest, NOW + HOUR)
    receipts = session.scalars(
        sa.select(Message).where(Message.kind == "reply_receipt").order_by(Message.id)
    ).all()
    assert [m.facts["calendar"]["partstat"] for m in receipts] == ["ACCEPTED", "DECLINED"]
    assert [m.facts["calendar"]["sequence"] for m in receipts] == [0, 0]


def test_each_answer_is_a_row_and_the_last_one_holds(session: Session) -> None:
    invited = build.an_invited_head(session)
    seats.attend(session, invited.seat_id, invited.guest, NOW)
    seats.decline(session, invited.seat_id, "other_duty", invited.guest, NOW + HOUR,
                  note="Rapat paripurna DPRD")  # fmt: skip
    seats.attend(session, invited.seat_id, invited.guest, NOW + 2 * HOUR)
    rows = session.scalars(sa.select(Reply).order_by(Reply.n)).all()
    assert [(r.n, r.answer, r.reason) for r in rows] == [
        (1, "attending", None), (2, "declined", "other_duty"), (3, "attending", None),
    ]  # fmt: skip
    assert seats.body_text(session, rows[1].note_id) == "Rapat paripurna DPRD"
    assert invited.state(session, NOW + 2 * HOUR).state == "attending"


def test_an_office_without_a_known_holder_gives_a_name(session: Session) -> None:
    invited = build.an_invited_head(session)
    invitation = dumai(session, invited)
    guest = office_guest(invitation.id)
    with pytest.raises(Refusal) as refused:
        seats.attend(session, invitation.seats[0].id, guest, NOW)
    assert (refused.value.code, refused.value.field) == ("convenings.name_missing", "name")
    given = Name("Paisal Contoh", "H.", "S.K.M., MARS")
    reply = seats.attend(session, invitation.seats[0].id, guest, NOW, name=given)
    person = session.get_one(Person, reply.person_id)
    assert person.full_name == "H. Paisal Contoh, S.K.M., MARS"
    assert person.sample


def test_a_name_given_here_is_corrected_in_place_and_the_pass_stays(session: Session) -> None:
    invited = build.an_invited_head(session)
    invitation = dumai(session, invited)
    guest, seat_id = office_guest(invitation.id), invitation.seats[0].id
    first = seats.attend(session, seat_id, guest, NOW, name=Name("Paisal Contoh"))
    again = seats.attend(session, seat_id, guest, NOW + HOUR, name=Name("Faisal Contoh", "H."))
    assert (first.id, first.person_id) == (again.id, again.person_id)
    assert session.get_one(Person, first.person_id).full_name == "H. Faisal Contoh"
    assert session.scalar(sa.select(sa.func.count(Pass.id))) == 1


def test_a_guest_never_renames_a_person_of_the_directory(session: Session) -> None:
    invited = build.an_invited_head(session)
    first = seats.attend(session, invited.seat_id, invited.guest, NOW)
    second = seats.attend(
        session, invited.seat_id, invited.guest, NOW + HOUR, name=Name("Rahmat Contoh", "Dr. H.")
    )
    assert first.person_id != second.person_id
    assert session.get_one(Person, first.person_id).full_name == "Rahmat Contoh"
    old = session.scalars(sa.select(Pass).where(Pass.person_id == first.person_id)).one()
    standing = pass_ids.valid_pass(session, old.id)
    assert standing is not None
    assert standing.reason == "replaced"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (Name("x" * 500), "ground.too_long"),
        (Name("Contoh", back_title="x" * 81), "ground.too_long"),
        (Name("   "), "convenings.name_missing"),
    ],
)
def test_a_name_has_bounds(session: Session, name: Name, code: str) -> None:
    invited = build.an_invited_head(session)
    with pytest.raises(Refusal) as refused:
        seats.attend(session, invited.seat_id, invited.guest, NOW, name=name)
    assert refused.value.code == code
    assert session.scalars(sa.select(Reply)).all() == []


def test_after_the_deadline_a_guest_may_decline_late_but_no_longer_accept(
    session: Session,
) -> None:
    invited = build.an_invited_head(session)
    with pytest.raises(Refusal) as refused:
        seats.attend(session, invited.seat_id, invited.guest, LATE)
    assert refused.value.code == "convenings.reply_deadline_passed"
    assert seats.decline(session, invited.seat_id, "ill", invited.guest, LATE).late
    reply = seats.attend(session, invited.seat_id, ORGANISER, LATE + HOUR)
    assert (reply.late, reply.on_behalf) == (True, True)


def test_when_the_door_has_closed_only_an_organiser_answers(session: Session) -> None:
    invited = build.an_invited_head(session)
    with pytest.raises(Refusal) as refused:
        seats.decline(session, invited.seat_id, "ill", invited.guest, AFTER)
    assert refused.value.code == "convenings.door_closed"
    assert seats.decline(session, invited.seat_id, "ill", ORGANISER, AFTER).on_behalf


def test_a_link_answers_for_its_own_seat_only_and_door_staff_for_none(session: Session) -> None:
    invited = build.an_invited_head(session)
    for stranger in (office_guest(dumai(session, invited).id), build.DOOR):
        with pytest.raises(Refusal) as refused:
            seats.attend(session, invited.seat_id, stranger, NOW)
        assert refused.value.code == "ground.not_allowed"


def test_a_reason_comes_from_the_list_and_a_note_has_an_end(session: Session) -> None:
    invited = build.an_invited_head(session)
    with pytest.raises(Refusal) as refused:
        seats.decline(session, invited.seat_id, "malas", invited.guest, NOW)
    assert refused.value.code == "convenings.reason_unknown"
    with pytest.raises(Refusal) as long:
        seats.decline(session, invited.seat_id, "ill", invited.guest, NOW, note="x" * 501)
    assert (long.value.code, long.value.field) == ("ground.too_long", "note")


def test_a_person_with_two_offices_has_one_pass_that_stands_for_both(session: Session) -> None:
    from cohorts.convenings import invitation
    from cohorts.directory import appointments
    from cohorts.ground.access import COMMAND
    from tests.build import directory

    invited = build.an_invited_head(session)
    both = ["sekda", "kadiskominfo"]
    held = directory.a_holder(session, DUMAI, "kadiskominfo", name="Andi Contoh")
    sekda = directory.an_office(session, DUMAI, "sekda")
    appointments.appoint(
        session, office_id=sekda.id, person_id=held.person_id, standing="plt",
        from_on=dt.date(2022, 6, 1), actor=COMMAND, now=NOW,
    )  # fmt: skip
    invitation.invite(session, invited.convening.id, both, ORGANISER, NOW)
    mine = [
        s
        for s in chain.seats(session, at=NOW, convening_id=invited.convening.id)
        if s.region_code == DUMAI and s.role_key in both
    ]
    assert len(mine) == 2
    for state in mine:
        seats.attend(session, state.seat_id, office_guest(state.invitation_id), NOW)
    made = session.scalars(sa.select(Pass).where(Pass.person_id == held.person_id)).one()
    standing = pass_ids.valid_pass(session, made.id)
    assert standing is not None
    assert len(standing.behind) == 2
    expected = [
        e
        for e in pass_ids.expectations(session, invited.convening.id, NOW)
        if e.person.person_id == held.person_id
    ]
    assert [len(e.offices) for e in expected] == [2]
    assert "Plt. Sekretaris Daerah Kota Dumai" in {
        s.titled for s in chain.seats(session, at=NOW, convening_id=invited.convening.id)
    }


def test_the_door_knows_a_regent_who_came_without_having_answered(session: Session) -> None:
    invited = build.an_invited_head(session)
    expected = pass_ids.expectations(session, invited.convening.id, NOW)
    assert [(e.person.full_name, e.answered, e.pass_id) for e in expected] == [
        ("Rahmat Contoh", False, None)
    ]
    made = pass_ids.ensure_pass(
        session, invited.convening.id, expected[0].person.person_id, ORGANISER, NOW
    )
    assert pass_ids.valid_pass(session, made.id, NOW).valid  # type: ignore[union-attr]
    seats.decline(session, invited.seat_id, "ill", invited.guest, NOW)
    assert pass_ids.valid_pass(session, made.id, NOW).reason == "revoked"  # type: ignore[union-attr]


def test_a_short_code_is_found_however_it_is_typed(session: Session) -> None:
    invited = build.an_invited_head(session)
    seats.attend(session, invited.seat_id, invited.guest, NOW)
    made = session.scalars(sa.select(Pass)).one()
    typed = f" {made.short_code[:4].lower()} {made.short_code[4:].lower()} "
    found = pass_ids.by_short_code(session, invited.convening.id, typed)
    assert found is not None
    assert found.id == made.id
    assert pass_ids.by_short_code(session, "ANOTHERCONVENING", typed) is None


def test_counts_leave_companions_out(session: Session) -> None:
    from cohorts.convenings.tables import Seat

    invited = build.an_invited_head(session)
    session.add(Seat(invitation_id=invited.invitation.id, kind="companion", position=1))
    session.flush()
    states = chain.seats(session, at=NOW, convening_id=invited.convening.id)
    assert len(states) == 3
    assert sum(chain.tally(states).values()) == 2
