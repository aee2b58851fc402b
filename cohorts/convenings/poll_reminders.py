"""Reminding who has not answered a poll, in the manner of the reminders of an invitation.

Two reminders: three days before answers are due, and just before. Each leaves on a working day in
office hours of the place, once for an office, and only while its region has said nothing; of
several that a sleeping worker has missed only the latest that still helps is posted.

    poll_reminder   subject (poll_ask, id); facts: step, until
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.convenings import polls, reminders
from cohorts.convenings.poll_tables import Poll, PollAnswer, PollAsk
from cohorts.directory.contacts import mail_addresses
from cohorts.directory.tables import Office, Organisation
from cohorts.ground import outbox
from cohorts.ground.clock import day_in
from cohorts.ground.outbox import Message

KIND = "poll_reminder"
STEPS = ("poll_3", "poll_last")


@dataclass(frozen=True)
class Step:
    """One of STEPS, from ``at`` until before ``until``."""

    name: str
    at: dt.datetime
    until: dt.datetime


@dataclass(frozen=True)
class Recipient:
    """An office that gets a reminder, at the address known today."""

    ask: PollAsk
    address: str


@dataclass(frozen=True)
class Outlook:
    """One step as it stands: ``messages`` were posted, ``waiting`` get it as answers stand now."""

    step: Step
    messages: tuple[Message, ...]
    waiting: tuple[Recipient, ...]


def steps(poll: Poll) -> tuple[Step, ...]:
    """The reminders of a poll by their moment; what would fall on a day off comes earlier."""
    zone = poll.timezone
    due = day_in(poll.answer_by, zone)
    last = reminders.opening(due, zone)
    if last >= poll.answer_by:
        last = reminders.opening(due - reminders.DAY, zone)
    first = reminders.opening(due - 3 * reminders.DAY, zone)
    every = (Step("poll_3", first, last), Step("poll_last", last, poll.answer_by))
    return tuple(step for step in every if step.at < step.until)


def post_due(session: Session, now: dt.datetime) -> int:
    """Post what is due now in every open poll; returns how many messages."""
    open_ones = session.scalars(
        sa.select(Poll)
        .where(Poll.state == "open", Poll.answer_by > now)
        .order_by(Poll.answer_by, Poll.id)
    ).all()
    return sum(_post(session, poll, now) for poll in open_ones)


def outlook(session: Session, poll: Poll, now: dt.datetime) -> list[Outlook]:
    """Every reminder of the poll: to whom it went, and who gets it as answers stand. Nobody waits
    for one whose time is over."""
    posted = _posted(session, poll)
    found = []
    for step in steps(poll):
        gone = tuple(m for m in posted if m.facts["step"] == step.name)
        known = {message.subject_id for message in gone}
        ahead = poll.state == "open" and now < step.until
        waiting = recipients(session, poll, step, now) if ahead else []
        found.append(Outlook(step, gone, tuple(one for one in waiting if one.ask.id not in known)))
    return found


def recipients(session: Session, poll: Poll, step: Step, now: dt.datetime) -> list[Recipient]:
    """Who gets the step as answers and addresses stand at ``now``: the offices of regions without
    an answer that were asked before the day of the step."""
    answered = sa.select(PollAnswer.region_code).where(PollAnswer.poll_id == poll.id)
    asks = [
        ask
        for ask in session.scalars(
            sa.select(PollAsk)
            .join(PollAsk.office)
            .where(
                PollAsk.poll_id == poll.id,
                PollAsk.region_code.not_in(answered),
                Office.ended_on.is_(None),
            )
            .options(
                joinedload(PollAsk.office).options(
                    joinedload(Office.role),
                    joinedload(Office.organisation).joinedload(Organisation.region),
                )
            )
            .order_by(Office.name, PollAsk.id)
        )
        if day_in(ask.asked_at, poll.timezone) < day_in(step.at, poll.timezone)
    ]
    points = mail_addresses(session, [ask.office_id for ask in asks], day_in(now, poll.timezone))
    return [Recipient(ask, points[ask.office_id].value) for ask in asks if ask.office_id in points]


def still_holds(session: Session, message: Message, now: dt.datetime) -> bool:
    """Whether a posted reminder still helps: the poll is open, the region has said nothing, and
    the step's time is not over."""
    if now >= dt.datetime.fromisoformat(message.facts["until"]):
        return False
    ask = session.get_one(PollAsk, message.subject_id)
    said = sa.select(PollAnswer.id).where(
        PollAnswer.poll_id == ask.poll_id, PollAnswer.region_code == ask.region_code
    )
    return ask.poll.state == "open" and session.scalar(said.limit(1)) is None


def _post(session: Session, poll: Poll, now: dt.datetime) -> int:
    if not reminders.office_hours(now, poll.timezone):
        return 0
    return sum(
        outbox.post(
            session,
            key=f"{KIND}:{step.name}:{one.ask.id}",
            kind=KIND,
            subject=("poll_ask", one.ask.id),
            now=now,
            address=one.address,
            name=one.ask.office.name,
            cohort_id=poll.cohort_id,
            thread=polls.thread(one.ask.id),
            facts={"step": step.name, "until": step.until.isoformat()},
        )
        for step in steps(poll)
        if step.at <= now < step.until
        for one in recipients(session, poll, step, now)
    )


def _posted(session: Session, poll: Poll) -> Sequence[Message]:
    return session.scalars(
        sa.select(Message)
        .join(PollAsk, PollAsk.id == Message.subject_id)
        .where(PollAsk.poll_id == poll.id, Message.kind == KIND)
        .order_by(Message.id)
    ).all()
