"""Feeds: what a subscriber is told of a cohort, a convening, a person."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import calendar, convening, feeds, invitation, mandates, seats
from cohorts.convenings.tables import Pass
from cohorts.directory.tables import Appointment
from cohorts.ground.links import Link
from cohorts.ground.refusal import Refusal
from cohorts.turns.cancel import cancel
from tests.build import convenings as build
from tests.build.convenings import HOUR, NOW, ORGANISER


def the_pass(session: Session, person_id: str) -> Link:
    row = session.scalars(sa.select(Pass).where(Pass.person_id == person_id)).first()
    assert row is not None
    return Link(row.id, row.generation)


def attends(session: Session, invited: build.Invited) -> Link:
    """Bupati Siak comes; the link of their calendar."""
    seats.attend(session, invited.seat_id, invited.guest, NOW)
    person = session.scalar(
        sa.select(Appointment.person_id).where(
            Appointment.office_id == invited.invitation.office_id
        )
    )
    assert person is not None
    return the_pass(session, person)


def test_a_draft_is_in_no_feed_and_an_announced_one_is(session: Session) -> None:
    cohort = build.a_cohort(session)
    draft = build.a_draft(session, cohort)
    assert feeds.of_cohort(session, cohort.id) == []
    assert feeds.of_convening(session, Link(draft.id, 1)) == []
    convening.announce(session, draft.id, ORGANISER, NOW)
    (entry,) = feeds.of_cohort(session, cohort.id)
    assert (entry.uid, entry.sequence) == (calendar.uid(draft.id), 0)
    assert entry.revised == NOW
    assert feeds.of_convening(session, Link(draft.id, 1)) == [entry]


def test_a_moved_convening_keeps_its_uid_and_rises(session: Session) -> None:
    cohort = build.a_cohort(session)
    made = build.a_convening(session, cohort)
    (before,) = feeds.of_cohort(session, cohort.id)
    plan = convening.as_planned(made)
    convening.edit(
        session,
        made.id,
        dataclasses.replace(plan, venue="Gedung lain"),
        made.version,
        ORGANISER,
        NOW + HOUR,
    )
    (after,) = feeds.of_cohort(session, cohort.id)
    assert (after.uid, after.sequence) == (before.uid, before.sequence + 1)
    assert after.revised == NOW + HOUR


def test_another_cohort_s_convenings_are_not_in_it(session: Session) -> None:
    mine, other = build.a_cohort(session), build.a_cohort(session)
    build.a_convening(session, other)
    assert feeds.of_cohort(session, mine.id) == []


def test_a_person_s_feed_has_the_uid_and_number_of_their_invitation(session: Session) -> None:
    invited = build.an_invited_head(session)
    link = attends(session, invited)
    (entry,) = feeds.of_person(session, link, NOW)
    told = calendar.facts(session, invited.invitation)
    assert (entry.uid, entry.sequence) == (told.uid, told.sequence)
    invited.invitation.calendar_lead = 2
    session.flush()
    (entry,) = feeds.of_person(session, link, NOW)
    assert entry.sequence == calendar.sequence(invited.convening, invited.invitation)


def test_the_link_ends_with_the_hand_over_behind_it(session: Session) -> None:
    invited = build.an_invited_head(session)
    over = build.a_hand_over(session, invited, NOW)
    link = the_pass(session, over.person_id)
    assert len(feeds.of_person(session, link, NOW)) == 1
    mandates.revoke(session, over.id, invited.guest, NOW + HOUR)
    with pytest.raises(Refusal, match="link_invalid"):
        feeds.of_person(session, link, NOW + HOUR)


def test_the_link_ends_with_the_invitation(session: Session) -> None:
    invited = build.an_invited_head(session)
    link = attends(session, invited)
    invitation.withdraw(session, invited.invitation.id, ORGANISER, NOW + HOUR)
    with pytest.raises(Refusal, match="link_invalid"):
        feeds.of_person(session, link, NOW + 2 * HOUR)


@pytest.mark.parametrize("link", [None, Link("NOWHERE000000000", 1)])
def test_a_link_that_leads_nowhere_is_one_answer(session: Session, link: Link | None) -> None:
    for read in (feeds.of_convening, lambda s, x: feeds.of_person(s, x, NOW)):
        with pytest.raises(Refusal, match="link_invalid"):
            read(session, link)


def test_a_link_of_another_generation_is_dead(session: Session) -> None:
    invited = build.an_invited_head(session)
    link = attends(session, invited)
    with pytest.raises(Refusal, match="link_invalid"):
        feeds.of_person(session, Link(link.id, link.generation + 1), NOW)
    with pytest.raises(Refusal, match="link_invalid"):
        feeds.of_convening(session, Link(invited.convening.id, 2))


def test_a_convening_that_was_moved_stays_in_the_feed_of_who_had_said_yes(
    session: Session,
) -> None:
    invited = build.an_invited_head(session)
    link = attends(session, invited)
    plan = convening.as_planned(invited.convening)
    later = dataclasses.replace(plan, ends_at=plan.ends_at + dt.timedelta(hours=1))
    convening.edit(
        session, invited.convening.id, later, invited.convening.version, ORGANISER, NOW + HOUR
    )
    (entry,) = feeds.of_person(session, link, NOW + 2 * HOUR)
    assert entry.sequence == 1


def test_what_was_called_off_stays_as_cancelled_with_the_number_of_its_cancel(
    session: Session,
) -> None:
    invited = build.an_invited_head(session)
    link = attends(session, invited)
    draft = build.a_draft(session, invited.cohort, days=20)
    for one in (invited.convening, draft):
        cancel(session, one.id, reason="Banjir", actor=ORGANISER, now=NOW + HOUR)
    for entries in (
        feeds.of_person(session, link, NOW + 2 * HOUR),
        feeds.of_convening(session, Link(invited.convening.id, 1)),
        feeds.of_cohort(session, invited.cohort.id),
    ):
        (entry,) = entries
        assert entry.cancelled
        assert entry.sequence == 1
        assert entry.revised == NOW + HOUR
