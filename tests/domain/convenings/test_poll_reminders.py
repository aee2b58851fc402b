"""Reminding who has not answered a poll: each office once, and nobody who has."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import poll_answers, poll_end, poll_reminders
from cohorts.convenings.poll_answers import link_holder
from cohorts.convenings.poll_tables import Poll
from cohorts.ground.outbox import Message
from tests.build.convenings import DUMAI, HOUR, ORGANISER, SIAK
from tests.build.polls import DAY, a_poll, ask_of, posted

TUESDAY = dt.datetime(2022, 11, 8, 0, 0, tzinfo=dt.UTC)  # 08.00 WITA, three days before
FRIDAY = TUESDAY + 3 * DAY  # the day on which answers are due
SAYS = {1: "yes", 2: "no", 3: "no"}


def reminded(session: Session, poll: Poll) -> list[str]:
    return [address for kind, _s, address in posted(session, poll) if kind == "poll_reminder"]


def test_both_reminders_fall_on_working_days_in_office_hours(session: Session) -> None:
    poll = a_poll(session)
    assert [(s.name, s.at) for s in poll_reminders.steps(poll)] == [
        ("poll_3", TUESDAY),
        ("poll_last", FRIDAY),
    ]
    sunday = a_poll(session, answer_by=dt.datetime(2022, 11, 13, 9, 0, tzinfo=dt.UTC))
    days = [s.at.isoformat()[:10] for s in poll_reminders.steps(sunday)]
    assert days == ["2022-11-10", "2022-11-11"]
    assert poll_reminders.post_due(session, TUESDAY - HOUR) == 0
    assert poll_reminders.post_due(session, TUESDAY + 9 * HOUR) == 0


def test_each_office_is_reminded_once_a_step_and_only_while_its_region_is_silent(
    session: Session,
) -> None:
    poll = a_poll(session, address_of_dumai=True)
    dumai, siak = (ask_of(session, poll, code) for code in (DUMAI, SIAK))
    first = poll_reminders.outlook(session, poll, TUESDAY - DAY)[0]
    assert [r.ask for r in first.waiting] == [siak, dumai], "read before it happens"
    assert [poll_reminders.post_due(session, TUESDAY + n * HOUR) for n in range(3)] == [2, 0, 0]
    poll_answers.answer(session, siak.id, SAYS, link_holder(siak.id), TUESDAY + 4 * HOUR)
    first, last = poll_reminders.outlook(session, poll, TUESDAY + 5 * HOUR)
    assert (len(first.messages), first.waiting) == (2, ())
    assert [r.ask for r in last.waiting] == [dumai]
    assert poll_reminders.post_due(session, FRIDAY) == 1
    assert reminded(session, poll)[2:] == ["walikota.14.72@contoh.example"]


def test_a_worker_that_slept_sends_only_the_latest(session: Session) -> None:
    poll = a_poll(session)
    assert poll_reminders.post_due(session, FRIDAY + HOUR) == 1
    (message,) = session.scalars(sa.select(Message).where(Message.kind == "poll_reminder"))
    assert message.facts["step"] == "poll_last"
    assert poll_reminders.post_due(session, poll.answer_by) == 0


@pytest.mark.parametrize("how", ["answered", "decided", "cancelled", "over"])
def test_a_reminder_that_no_longer_helps_does_not_leave(session: Session, how: str) -> None:
    poll = a_poll(session)
    poll_reminders.post_due(session, TUESDAY)
    (message,) = session.scalars(sa.select(Message).where(Message.kind == "poll_reminder"))
    now = TUESDAY + HOUR
    assert poll_reminders.still_holds(session, message, now)
    siak = ask_of(session, poll, SIAK)
    if how == "answered":
        poll_answers.answer(session, siak.id, SAYS, link_holder(siak.id), now)
    elif how == "decided":
        terms = poll_end.Terms(venue="X", reply_by=poll.answer_by)
        poll_end.choose(session, poll.id, 1, terms, ORGANISER, now)
    elif how == "cancelled":
        poll_end.cancel(session, poll.id, "Banjir", ORGANISER, now)
    else:
        now = FRIDAY
    assert not poll_reminders.still_holds(session, message, now)
    if how in ("decided", "cancelled"):
        assert message.state == "superseded"
        assert poll_reminders.post_due(session, FRIDAY) == 0


def test_who_was_asked_on_the_day_of_the_step_is_not_reminded_that_day(session: Session) -> None:
    poll = a_poll(session, now=TUESDAY)
    assert poll_reminders.post_due(session, TUESDAY + HOUR) == 0
    assert poll_reminders.post_due(session, FRIDAY) == 1
    assert reminded(session, poll) == ["bupati.14.08@contoh.example"]
