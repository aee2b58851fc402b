"""Who is reminded of what, and when (domain rules, section 4; mail, section "Sending").

Offices that have not answered are reminded seven and three days before answers are due and on that
day itself; who comes is reminded one day before the convening, of place and pass. Reminders leave
on working days of the venue, in office hours, each once for a schedule. Of several that a sleeping
worker has missed only the latest that still helps is posted.

    reminder_reply   subject (invitation, id)
    reminder_coming  subject (invitation, id) or, to a deputy, (hand_over, id)
    facts of both: step, schedule, until, invitation_id

``until`` is the instant from which the message helps nobody: the worker drops it then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import calendar, chain, delivery
from cohorts.convenings.addressee import Addressee
from cohorts.convenings.chain import SeatState
from cohorts.convenings.tables import Convening, Schedule
from cohorts.directory.contacts import mail_addresses
from cohorts.directory.tables import ContactPoint
from cohorts.ground import mail_events, outbox
from cohorts.ground.clock import at, day_in, local
from cohorts.ground.mail_events import MailEvent
from cohorts.ground.outbox import Message
from cohorts.ground.red_days import is_working_day

REPLY = "reminder_reply"
COMING = "reminder_coming"
KINDS = (REPLY, COMING)
STEPS = ("reply_7", "reply_3", "reply_last", "coming")
OPENS = dt.time(8)
ENDS = dt.time(17)
DAY = dt.timedelta(days=1)



@dataclass(frozen=True)
class Step:
    """A reminder of a convening: one of STEPS, from ``at`` until before ``until``."""

    name: str
    at: dt.datetime
    until: dt.datetime

    @property
    def kind(self) -> str:
        return COMING if self.name == "coming" else REPLY


@dataclass(frozen=True)
class Recipient(Addressee):
    """Who gets a reminder; ``key`` names it, so that each gets it once."""

    key: str


@dataclass(frozen=True)
class Outlook:
    """One step as it stands: ``messages`` were posted, ``waiting`` get it as answers stand now."""

    step: Step
    messages: tuple[Message, ...]
    waiting: tuple[Recipient, ...]


def steps(convening: Convening) -> tuple[Step, ...]:
    """The reminders of a convening by their moment; what would fall on a day off comes earlier."""
    zone = convening.timezone
    due = day_in(convening.reply_by, zone)
    last = opening(due, zone)
    if last >= convening.reply_by:
        last = opening(due - DAY, zone)
    first, second = (opening(due - days * DAY, zone) for days in (7, 3))
    eve = opening(day_in(convening.starts_at, zone) - DAY, zone)
    every = (
        Step("reply_7", first, min(second, last)),
        Step("reply_3", second, last),
        Step("reply_last", last, convening.reply_by),
        Step("coming", eve, convening.starts_at),
    )
    return tuple(step for step in every if step.at < step.until)


def post_due(session: Session, now: dt.datetime) -> int:
    """Post what is due now in every announced convening; returns how many messages."""
    announced = session.scalars(
        sa.select(Convening)
        .where(Convening.state == "announced", Convening.starts_at > now)
        .order_by(Convening.starts_at, Convening.id)
    ).all()
    return sum(_post(session, convening, now) for convening in announced)


def outlook(session: Session, convening: Convening, now: dt.datetime) -> list[Outlook]:
    """Every reminder of the schedule that holds: to whom it went, and who gets it as things are.

    Nobody waits for one whose time is over, nor while the convening is not announced.
    """
    posted = _posted(session, convening)
    coming = convening.state == "announced"
    found = []
    for step in steps(convening):
        gone = tuple(m for m in posted if m.facts["step"] == step.name)
        ahead = coming and now < step.until
        waiting = recipients(session, convening, step, now) if ahead else []
        known = {message.key for message in gone}
        left = tuple(one for one in waiting if one.key not in known)
        found.append(Outlook(step, gone, left))
    return found


def recipients(
    session: Session, convening: Convening, step: Step, now: dt.datetime
) -> list[Recipient]:
    """Who gets the step as answers and addresses stand at ``now``, each guest once.

    Left out: who was invited, asked again or answered only on the day of the step (they have just
    had a message), and whom mail cannot reach (they stand on the call list).
    """
    states = [
        state
        for state in chain.seats(session, at=now, convening_id=convening.id)
        if state.kind == "office" and state.position == 1 and _concerns(step, state)
    ]
    asked = _asked(session, convening)
    day = day_in(step.at, convening.timezone)
    offices = {s.office_id for s in states}
    offices |= {s.live[-1].office_id or "" for s in states if s.live}
    points = mail_addresses(session, sorted(offices - {""}), day_in(now, convening.timezone))
    sent = delivery.deliveries(session, convening.id)
    told = mail_events.latest(session, sent.values())
    found: dict[str, Recipient] = {}
    for state in states:
        if day_in(_since(step, state, asked), convening.timezone) >= day:
            continue
        message = sent.get(state.invitation_id)
        reached = not undeliverable(
            message, told.get(message.id) if message else None, points.get(state.office_id)
        )
        one = _recipient(convening, step, state, points, reached)
        if one is not None:
            found.setdefault(one.key, one)
    return list(found.values())


def still_holds(session: Session, message: Message, now: dt.datetime) -> bool:
    """Whether a posted reminder still helps: the guest is invited to this schedule, has not
    answered (or still comes), the convening has not begun, and the day is not over."""
    said = message.facts
    if now >= dt.datetime.fromisoformat(said["until"]) or calendar.readdressed(session, message):
        return False
    state = chain.who_comes(session, said["invitation_id"], now)
    if state is None or state.withdrawn_at is not None:
        return False
    convening = session.get_one(Convening, state.convening_id)
    if convening.state != "announced" or convening.schedule != said["schedule"]:
        return False
    if message.kind == REPLY:
        return state.state == "unanswered"
    if message.subject_kind == "hand_over":
        return bool(state.live) and state.live[-1].id == message.subject_id
    return state.state in ("attending", "delegated")


def undeliverable(
    message: Message | None, event: MailEvent | None, point: ContactPoint | None
) -> bool:
    """Whether mail cannot reach an office: it has no address, or the newest invitation was lost for
    good at the very address that is known today. ``event`` is what was told of the message."""
    if point is None:
        return True
    if message is None or message.address != point.value:
        return False
    return delivery.lost(message, event)


def _post(session: Session, convening: Convening, now: dt.datetime) -> int:
    if not office_hours(now, convening.timezone):
        return 0
    due = [step for step in steps(convening) if step.at <= now < step.until]
    if not due:
        return 0
    known = {message.key for message in _posted(session, convening)}
    posted = 0
    for step in due:
        for one in recipients(session, convening, step, now):
            if one.key in known:
                continue
            posted += outbox.post(
                session,
                key=one.key,
                kind=step.kind,
                subject=one.subject,
                now=now,
                address=one.address,
                name=one.name,
                cohort_id=convening.cohort_id,
                thread=one.thread,
                facts={
                    "step": step.name,
                    "schedule": convening.schedule,
                    "until": step.until.isoformat(),
                    "invitation_id": one.state.invitation_id,
                },
            )
    return posted


def _concerns(step: Step, state: SeatState) -> bool:
    if step.kind == REPLY:
        return state.state == "unanswered"
    return state.state in ("attending", "delegated") and state.comes is not None


def _recipient(
    convening: Convening,
    step: Step,
    state: SeatState,
    points: dict[str, ContactPoint],
    reached: bool,
) -> Recipient | None:
    """The deputy's own office where it can be written to, else the office invited."""
    prefix = _prefix(convening, step.name)
    last = state.live[-1] if step.kind == COMING and state.live else None
    if last is not None and last.office_id in points:
        return Recipient(state, last, points[last.office_id].value, f"{prefix}{last.id}")
    point = points.get(state.office_id)
    if point is None or not reached:
        return None
    return Recipient(state, None, point.value, f"{prefix}{state.invitation_id}")


def _since(step: Step, state: SeatState, asked: dict[str, dt.datetime]) -> dt.datetime:
    """When the guest last had a message that says what the reminder would say."""
    if step.kind == REPLY:
        return asked[state.invitation_id]
    said = [state.answer.at] if state.answer else []
    return max([*said, *(one.at for one in state.live)])


def _asked(session: Session, convening: Convening) -> dict[str, dt.datetime]:
    """When each office was last asked: invited, or asked again because the schedule changed."""
    schedule = session.get(Schedule, (convening.id, convening.schedule))
    moved = schedule.at if schedule is not None and convening.schedule > 1 else None
    return {
        one.id: max(one.invited_at, moved) if moved else one.invited_at
        for one in calendar.live_invitations(session, convening.id)
    }


def _prefix(convening: Convening, step: str = "") -> str:
    start = f"reminder:{convening.id}:{convening.schedule}:"
    return f"{start}{step}:" if step else start


def _posted(session: Session, convening: Convening) -> Sequence[Message]:
    return session.scalars(
        sa.select(Message)
        .where(
            Message.cohort_id == convening.cohort_id,
            Message.kind.in_(KINDS),
            Message.key.startswith(_prefix(convening), autoescape=True),
        )
        .order_by(Message.id)
    ).all()


def opening(day: dt.date, zone: str) -> dt.datetime:
    """Eight o'clock on the day, or on the last working day before it."""
    while not is_working_day(day):
        day -= DAY
    return at(day, OPENS, zone)


def office_hours(now: dt.datetime, zone: str) -> bool:
    """Whether offices of the zone are at work."""
    here = local(now, zone)
    return is_working_day(here.date()) and OPENS <= here.time() < ENDS
