"""An office changes hands: all that hangs on it is told, and nothing is orphaned."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import invitation, mandates, seats
from cohorts.convenings.tables import HandOver
from cohorts.directory import appointments
from cohorts.directory.tables import Appointment
from cohorts.ground.access import Actor, Held
from cohorts.ground.chronicle import ChronicleEntry
from cohorts.pledges import affirming, offers
from cohorts.pledges.signing import signature_of
from cohorts.turns import hand_over
from cohorts.turns.hand_over import Legacy
from cohorts.turns.unfinished import unfinished
from tests.build import actions, convenings, directory, pledges
from tests.build.convenings import NOW, ORGANISER, SIAK, Invited

LAST = dt.date(2022, 11, 10)  # before the convening of the 21st
AFTER = dt.date(2022, 11, 25)
BY = {"actor": ORGANISER, "now": NOW}


@pytest.fixture
def invited(session: Session) -> Invited:
    return convenings.an_invited_head(session)


def holder(session: Session, role: str) -> Appointment:
    office = directory.an_office(session, SIAK, role)
    found = appointments.holder(session, office.id, NOW.date())
    assert found is not None
    return found


def told(session: Session, role: str, day: dt.date = LAST, actor: Actor = ORGANISER) -> Legacy:
    return hand_over.legacy(session, holder(session, role).id, day=day, actor=actor, now=NOW)


def told_of(session: Session, held: Appointment) -> Legacy:
    return hand_over.legacy(session, held.id, day=LAST, actor=ORGANISER, now=NOW)


def test_everything_that_hangs_on_the_office_is_told_once(
    session: Session, invited: Invited
) -> None:
    text = pledges.a_text(session, invited.convening)
    offers.offer(session, text.id, region_codes=[SIAK], **BY)
    head = directory.an_office(session, SIAK, "bupati")
    mine = actions.an_item(session, invited.cohort, head, now=NOW)
    actions.an_item(session, invited.cohort, now=NOW)  # of the Sekda
    done = actions.an_item(session, invited.cohort, head, status="verified", now=NOW)
    found = told(session, "bupati")
    assert [c.fate for c in found.chairs] == ["unanswered"]
    assert [p.office_id for p in found.offered] == [head.id]
    assert [i.id for i in found.items] == [mine.id]
    assert done.id not in {i.id for i in found.items}
    assert (found.total, found.hidden, found.successor) == (3, 0, None)
    elsewhere = Actor("user", "X", held=(Held("organizer", "cohort", "OTHER"),))
    other = told(session, "bupati", actor=elsewhere)
    assert (other.total, other.hidden) == (0, 3)


def test_an_answer_that_names_whoever_goes_is_asked_for_anew(
    session: Session, invited: Invited
) -> None:
    seats.attend(session, invited.seat_id, invited.guest, NOW)
    assert [c.fate for c in told(session, "bupati", AFTER).chairs] == ["before"]
    found = told(session, "bupati")
    assert [c.fate for c in found.chairs] == ["anew"]
    assert found.to_do == 1
    held = holder(session, "bupati")
    hand_over.end(session, held.id, until_on=LAST, **BY)
    seats.decline(session, invited.seat_id, "other_duty", invited.guest, NOW)
    after = hand_over.legacy(session, held.id, day=AFTER, actor=ORGANISER, now=NOW)
    assert (after.day, [c.fate for c in after.chairs], after.to_do) == (LAST, ["stays"], 0)


def test_what_the_office_gave_stays_and_what_its_holder_was_given_lapses(
    session: Session, invited: Invited
) -> None:
    over = convenings.a_hand_over(session, invited, NOW)
    given = told(session, "bupati")
    assert [(m.step.id, m.fate) for m in given.given] == [(over.id, "stays")]
    assert [c.fate for c in given.chairs] == ["stays"]
    assert [m.fate for m in told(session, "sekda", AFTER).received] == ["before"]
    assert [m.fate for m in told(session, "sekda").received] == ["lapses"]
    bupati, sekda = holder(session, "bupati"), holder(session, "sekda")
    other = appointments.appoint(
        session,
        office_id=directory.an_office(session, SIAK, "asisten").id,
        person_id=sekda.person_id,
        from_on=dt.date(2022, 1, 3),
        standing="plt",
        **BY,
    )
    beside = hand_over.legacy(session, other.id, day=LAST, actor=ORGANISER, now=NOW)
    assert [m.fate for m in beside.received] == ["stays"]  # not given to them as that
    assert hand_over.end(session, other.id, until_on=LAST, **BY) == 0
    assert hand_over.end(session, bupati.id, until_on=LAST, **BY) == 0
    assert session.get_one(HandOver, over.id).revoked_at is None
    assert hand_over.end(session, sekda.id, until_on=LAST, **BY) == 1
    assert session.get_one(HandOver, over.id).revoked_at == NOW
    assert invited.state(session, NOW).state == "unanswered"
    assert [c.fate for c in told_of(session, bupati).chairs] == ["unanswered"]
    invitation.withdraw(session, invited.invitation.id, ORGANISER, NOW)
    assert told_of(session, bupati).chairs == ()
    events = session.scalars(sa.select(ChronicleEntry.event)).all()
    assert events.count("turns.mandates_lapsed") == 1


def test_a_mandate_outside_one_s_cohorts_is_left_and_still_told(
    session: Session, invited: Invited
) -> None:
    over = convenings.a_hand_over(session, invited, NOW)
    elsewhere = Actor("user", "X", held=(Held("organizer", "cohort", "OTHER"),))
    sekda = holder(session, "sekda")
    assert hand_over.end(session, sekda.id, until_on=LAST, actor=elsewhere, now=NOW) == 0
    assert session.get_one(HandOver, over.id).revoked_at is None
    found = hand_over.legacy(session, sekda.id, day=LAST, actor=ORGANISER, now=NOW)
    assert [m.fate for m in found.received] == ["lapses"]
    assert found.to_do == 1


def test_a_successor_ends_the_one_before_and_whoever_goes_on_keeps_the_mandate(
    session: Session, invited: Invited
) -> None:
    over = convenings.a_hand_over(session, invited, NOW)
    sekda = holder(session, "sekda")

    def follow(person_id: str, standing: str, from_on: dt.date) -> list[Appointment]:
        made, ended = hand_over.succeed(
            session,
            office_id=sekda.office_id,
            person_id=person_id,
            from_on=from_on,
            standing=standing,
            end_others=True,
            **BY,
        )
        assert made.until_on is None
        return ended

    assert follow(sekda.person_id, "plt", dt.date(2022, 11, 8)) == [sekda]
    assert session.get_one(HandOver, over.id).revoked_at is None
    found = hand_over.legacy(session, sekda.id, day=LAST, actor=ORGANISER, now=NOW)
    assert found.goes_on
    assert found.successor is None
    assert hand_over.last_ended(session, sekda.office_id, AFTER) is None
    new = directory.a_person(session, "Baru Contoh")
    (ended,) = follow(new.id, "definitive", LAST)
    assert session.get_one(HandOver, over.id).revoked_at == NOW
    found = hand_over.legacy(session, ended.id, day=LAST, actor=ORGANISER, now=NOW)
    assert found.successor is not None
    assert found.successor.person_id == new.id
    assert hand_over.last_ended(session, sekda.office_id, AFTER) is ended
    assert hand_over.last_ended(session, sekda.office_id, NOW.date()) is None  # it is still to come


def test_signed_commitments_wait_for_the_successor(session: Session) -> None:
    scene = pledges.a_scene(session)
    signature = pledges.signed(session, scene.pledge)
    old = appointments.holder(session, scene.office.id, pledges.NOW.date())
    assert old is not None
    month = pledges.NOW + dt.timedelta(days=30)
    hand_over.end(session, old.id, until_on=month.date(), actor=ORGANISER, now=month)

    def read() -> list[tuple[str, str]]:
        found = hand_over.legacy(
            session, old.id, day=month.date(), actor=ORGANISER, now=month + dt.timedelta(days=1)
        )
        return [(m.signature.id, m.state) for m in found.signed]

    assert read() == [(signature.id, "settled")]
    hand_over.succeed(
        session,
        office_id=scene.office.id,
        person_id=directory.a_person(session).id,
        from_on=month.date(),
        standing="pj",
        end_others=True,
        actor=ORGANISER,
        now=month,
    )
    assert read() == [(signature.id, "not_asked")]


def test_what_is_unfinished_anywhere_is_found_without_opening_each_office(
    session: Session, invited: Invited
) -> None:
    text = pledges.a_text(session, invited.convening)
    head = directory.an_office(session, SIAK, "bupati")
    (pledge,) = offers.offer(session, text.id, office_ids=[head.id], **BY).pledges
    pledges.signed(session, pledge, NOW)
    over = convenings.a_hand_over(session, invited, NOW)
    bupati, sekda = holder(session, "bupati"), holder(session, "sekda")
    cohorts = [invited.cohort.id]

    def listed(days: int = 20) -> dict[str, int]:
        later = NOW + dt.timedelta(days=days)
        found = unfinished(session, cohorts, now=later)
        for one in found:
            same = hand_over.legacy(
                session, one.held.id, day=later.date(), actor=ORGANISER, now=later
            )
            assert same.to_do == one.to_do
        return {one.held.id: one.to_do for one in found}

    assert listed() == {}
    # Ended past the turn, as an import does: the seat handed to the Sekda is still theirs.
    appointments.end_appointment(session, sekda.id, until_on=LAST, **BY)
    assert listed() == {sekda.id: 1}
    assert unfinished(session, ["OTHER"], now=NOW) == []
    mandates.revoke(session, over.id, ORGANISER, NOW)
    seats.attend(session, invited.seat_id, invited.guest, NOW)
    assert listed() == {}
    hand_over.succeed(
        session,
        office_id=head.id,
        person_id=directory.a_person(session).id,
        from_on=LAST,
        standing="definitive",
        end_others=True,
        **BY,
    )
    assert listed() == {bupati.id: 2}  # the answer in their name, and the commitment
    after = NOW + dt.timedelta(days=19)
    request = affirming.ask(
        session, signature_of(session, pledge.id).id, actor=ORGANISER, now=after
    )
    assert listed() == {bupati.id: 2}
    affirming.answer(session, request.id, "reaffirmed", "Surat 1", actor=ORGANISER, now=after)
    assert listed() == {bupati.id: 1}
