"""Whom a move or a cancellation writes to is known before, exactly, and held to."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import _turning, calendar, convening, invitation, notice
from cohorts.convenings.notice import Notice
from cohorts.convenings.tables import Convening, Invitation
from cohorts.directory import contacts
from cohorts.directory.tables import Office
from cohorts.ground.access import COMMAND
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from tests.build import convenings as build
from tests.build import directory
from tests.build.convenings import DUMAI, HOUR, NOW, ORGANISER, SIAK

ROLES = ("sekda", "kadiskominfo", "asisten")
KINDS = {"updated": "invitation_update", "replaced": "invitation", "first": "invitation",
         "cancelled": "invitation_cancel"}  # fmt: skip


def everybody(session: Session) -> Convening:
    """Six offices, each with another past: see the order of ``pasts``."""
    directory.the_directory(session)
    found = build.a_convening(session, build.a_cohort(session, SIAK, DUMAI))
    posts = [directory.an_office(session, code, role) for code in (SIAK, DUMAI) for role in ROLES]
    for office in posts[:4]:
        directory.an_address(session, office)
    invitation.invite(session, found.id, list(ROLES), ORGANISER, NOW)
    by_office = {i.office_id: i for i in calendar.live_invitations(session, found.id)}
    waits, left, gone, failed, addressed, _never = (by_office[o.id] for o in posts)
    build.it_leaves(session, left.id, NOW)
    build.it_leaves(session, gone.id, NOW)
    for point in contacts.contacts_of(session, posts[2].id, NOW.date()):
        contacts.end_contact(session, point.id, until_on=NOW.date(), actor=COMMAND, now=NOW)
    session.execute(
        sa.update(Message).where(Message.subject_id == failed.id).values(state="failed")
    )
    directory.an_address(session, posts[4])
    assert build.mail(session, waits.id) == [("invitation", "ready")]
    assert build.mail(session, addressed.id) == []
    return found


def written(session: Session, after: int) -> dict[str, tuple[str, str]]:
    rows = session.scalars(sa.select(Message).where(Message.id > after, Message.state == "ready"))
    return {m.subject_id: (m.kind, m.address) for m in rows}


def foretold(seen: Notice) -> dict[str, tuple[str, str]]:
    return {
        line.state.invitation_id: (KINDS[line.outcome], line.address)
        for line in seen.lines
        if line.outcome in notice.WRITTEN
    }


def act_of(
    session: Session, found: Convening, cancels: bool
) -> tuple[Callable[[], Notice], Callable[[str], object]]:
    """Looking at whom a move or a cancellation tells, and doing it with what was seen."""
    wanted = dataclasses.replace(convening.as_planned(found), venue="Hotel Contoh")
    if cancels:
        return (
            lambda: notice.of_cancel(session, found, NOW + HOUR),
            lambda seen: _turning.set_cancelled(
                session, found, "Banjir", ORGANISER, NOW + HOUR, seen=seen
            ),
        )
    return (
        lambda: notice.of_move(session, found, wanted, NOW + HOUR),
        lambda seen: convening.edit(
            session, found.id, wanted, found.version, ORGANISER, NOW + HOUR, seen=seen
        ),
    )


@pytest.mark.parametrize("cancels", [False, True], ids=["move", "cancel"])
def test_exactly_those_are_written_to_of_whom_it_was_said(session: Session, cancels: bool) -> None:
    found = everybody(session)
    look, act = act_of(session, found, cancels)
    seen = look()
    before = session.scalar(sa.select(sa.func.max(Message.id))) or 0
    act(seen.fingerprint)
    assert written(session, before) == foretold(seen)
    assert len(seen.lines) == 6
    outcomes = {"cancelled": 2, "dropped": 1, "unaware": 3} if cancels else {
        "updated": 1, "replaced": 1, "first": 2, "unreached": 1, "unaware": 1,
    }  # fmt: skip
    assert dict(seen.counts) == outcomes
    assert seen.written == (2 if cancels else 4)


@pytest.mark.parametrize("cancels", [False, True], ids=["move", "cancel"])
def test_a_list_that_changed_since_it_was_shown_is_refused_and_nothing_happens(
    session: Session, cancels: bool
) -> None:
    found = everybody(session)
    look, act = act_of(session, found, cancels)
    seen, version = look(), found.version
    waits = session.scalars(
        sa.select(Invitation.id)
        .join(Office, Office.id == Invitation.office_id)
        .join(Message, Message.subject_id == Invitation.id)
        .where(Message.state == "ready")
    ).one()
    build.it_leaves(session, waits, NOW)  # the worker was faster than the organiser
    messages = session.scalar(sa.select(sa.func.count(Message.id)))
    with pytest.raises(Refusal) as refused:
        act(seen.fingerprint)
    assert refused.value.code == "convenings.notice_changed"
    assert refused.value.facts["now"] == look().written
    assert (found.version, found.state) == (version, "announced")
    assert session.scalar(sa.select(sa.func.count(Message.id))) == messages


def test_another_time_is_another_list(session: Session) -> None:
    found = everybody(session)
    plan = convening.as_planned(found)
    first = dataclasses.replace(plan, venue="Hotel Contoh")
    other = dataclasses.replace(plan, venue="Gedung Contoh")
    assert (
        notice.of_move(session, found, first, NOW).fingerprint
        != notice.of_move(session, found, other, NOW).fingerprint
    )
