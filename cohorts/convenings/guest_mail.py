"""Mail that comes back: answers from calendars (iTIP REPLY), and words for a person.

A calendar's answer counts like one given by the invitation's link, with less trust: it is taken
only from an address of the office that is in use, in the order of its own revision and time stamp,
never against a hand-over, and never is a time or a place taken from it. What cannot be recorded
waits for an organiser. Nothing is ever answered by itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.convenings import calendar, chain, guests, seats
from cohorts.convenings.chain import SeatState
from cohorts.convenings.convening import where
from cohorts.convenings.events import GuestMailRead, GuestMailTaken
from cohorts.convenings.invitation import locked
from cohorts.convenings.mail_tables import FOR_A_PERSON, GuestMail
from cohorts.convenings.pass_ids import ensure_pass
from cohorts.convenings.tables import Convening, Invitation, Reply
from cohorts.directory.contacts import contacts_of
from cohorts.ground import body, files, outbox
from cohorts.ground.access import WORKER, Actor, demand
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.files import Kept
from cohorts.ground.refusal import Refusal

JOB = "job.guest_mail"
ANSWERS = {"ACCEPTED": "attending", "DECLINED": "declined", "TENTATIVE": "tentative"}
UNCLEAR = "unclear"
STRANGER = "stranger"
"""Why a person has to make sure, beside the codes of refusals: not one of ANSWERS; said by an
address that is not the office's."""


@dataclass(frozen=True)
class CalendarWord:
    """What a calendar says. ``attendee`` is an address in lower case, ``stamp`` an aware instant of
    the sender's clock; ``counter`` says that it proposes another time."""

    uid: str
    attendee: str
    partstat: str
    sequence: int
    stamp: dt.datetime
    counter: bool


@dataclass(frozen=True)
class Incoming:
    """A mail as it was read. ``key`` stands for its Message-ID; ``text`` is the comment of a
    calendar, else what was written; ``automatic`` says that nobody wrote it."""

    key: str
    sender: str
    text: str
    automatic: bool
    word: CalendarWord | None


def post(session: Session, invitation_id: str, kept: Kept, now: dt.datetime) -> bool:
    """Register a stored mail and have the worker take it; False when these very bytes have come
    before. Mails of one invitation are taken in the order they came."""
    files.register(session, kept, now)
    return outbox.post(
        session,
        key=f"{JOB}:{invitation_id}:{kept.sha256}",
        kind=JOB,
        subject=("invitation", invitation_id),
        now=now,
        thread=f"guest_mail:{invitation_id}",
        facts={"sha256": kept.sha256},
    )


def take(
    session: Session, invitation_id: str, mail: Incoming, sha256: str, now: dt.datetime
) -> GuestMail:
    """Take a mail to an invitation's address, once by its Message-ID. ``sha256`` names the stored
    original. Raises Refusal ground.not_found."""
    invitation = locked(session, invitation_id)
    known = session.scalar(
        sa.select(GuestMail).where(
            GuestMail.invitation_id == invitation_id, GuestMail.key == mail.key
        )
    )
    if known is not None:
        return known
    word = mail.word
    if word is not None and word.uid != calendar.uid(invitation.convening_id):
        word = None  # another event: words like any other
    kind, why, reply = _judged(session, invitation, mail, word, now)
    made = GuestMail(
        invitation_id=invitation_id,
        key=mail.key,
        sha256=sha256,
        kind=kind,
        why=why,
        sender=mail.sender[:254],
        attendee=word.attendee[:254] if word else "",
        partstat=word.partstat[:20] if word else "",
        sequence=word.sequence if word else None,
        stamp=min(word.stamp, now) if word else None,
        text_id=body.keep(session, mail.text) if kind not in ("older", "automatic") else None,
        reply_id=reply.id if reply is not None else None,
        received_at=now,
    )
    session.add(made)
    session.flush()
    record(
        session,
        GuestMailTaken(
            subject=("invitation", invitation_id),
            cohort_id=invitation.convening.cohort_id,
            office=invitation.office.name,
            kind=kind,
        ),
        WORKER,
        now,
    )
    return made


def mark_read(session: Session, mail_id: str, actor: Actor, now: dt.datetime) -> GuestMail:
    """Note that a person has seen to a mail. Twice is once. Raises Refusal ground.not_found."""
    found = session.get(GuestMail, mail_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Refusal("ground.not_found")
    convening = found.invitation.convening
    demand(actor, "reply.on_behalf", where(convening))
    if found.read_at is None:
        found.read_at, found.read_by = now, actor.id
        record(
            session,
            GuestMailRead(
                subject=("invitation", found.invitation_id),
                cohort_id=convening.cohort_id,
                office=found.invitation.office.name,
            ),
            actor,
            now,
        )
        session.flush()
    return found


def waiting(session: Session, convening_id: str) -> int:
    """How many mails to a convening's invitations wait for a person."""
    query = (
        sa.select(sa.func.count())
        .select_from(GuestMail)
        .join(Invitation, Invitation.id == GuestMail.invitation_id)
        .where(Invitation.convening_id == convening_id, _waits())
    )
    return session.scalar(query) or 0


def mails(
    session: Session, *, convening_id: str | None = None, invitation_id: str | None = None
) -> list[GuestMail]:
    """The mails of a convening or of one invitation, those that wait for a person first, each the
    newest first. What nobody wrote is left out."""
    query = (
        sa.select(GuestMail)
        .join(Invitation, Invitation.id == GuestMail.invitation_id)
        .options(joinedload(GuestMail.invitation))
        .where(GuestMail.kind != "automatic")
        .order_by(sa.case((_waits(), 0), else_=1), GuestMail.received_at.desc(), GuestMail.id)
    )
    if convening_id is not None:
        query = query.where(Invitation.convening_id == convening_id)
    if invitation_id is not None:
        query = query.where(Invitation.id == invitation_id)
    return list(session.scalars(query))


def waits(mail: GuestMail) -> bool:
    """Whether a mail waits for a person: somebody has to act on it, or a note stands in it."""
    written = mail.kind == "answer" and mail.text_id is not None
    return mail.read_at is None and (mail.kind in FOR_A_PERSON or written)


def _waits() -> sa.ColumnElement[bool]:
    written = sa.and_(GuestMail.kind == "answer", GuestMail.text_id.is_not(None))
    return sa.and_(GuestMail.read_at.is_(None), sa.or_(GuestMail.kind.in_(FOR_A_PERSON), written))


def _judged(
    session: Session,
    invitation: Invitation,
    mail: Incoming,
    word: CalendarWord | None,
    now: dt.datetime,
) -> tuple[str, str, Reply | None]:
    """The kind of a mail, why a person has to make sure, and the answer that it became."""
    if mail.automatic:
        return "automatic", "", None
    if word is None:
        return "message", "", None
    if word.counter:
        return "counter", "", None
    convening = invitation.convening
    if word.partstat not in ANSWERS:
        return "confirm", UNCLEAR, None
    points = contacts_of(session, invitation.office_id, day_in(now, convening.timezone))
    if word.attendee not in {point.value for point in points if point.channel == "email"}:
        return "confirm", STRANGER, None
    state = chain.who_comes(session, invitation.id, now)
    if state is None:
        return "confirm", UNCLEAR, None
    schedule = min(_schedule(invitation, word.sequence), convening.schedule)
    if schedule < 1 or _known_later(session, invitation, state, schedule, min(word.stamp, now)):
        return "older", "", None
    try:
        with session.begin_nested():
            reply = _answer(session, convening, state, word, schedule, mail.text, now)
    except Refusal as refusal:
        return "confirm", refusal.code, None
    return "answer", "", reply


def _schedule(invitation: Invitation, sequence: int) -> int:
    """The schedule that a revision told of; below 1 for an invitation that was withdrawn since."""
    return sequence - invitation.calendar_lead + 1


def _known_later(
    session: Session, invitation: Invitation, state: SeatState, schedule: int, stamp: dt.datetime
) -> bool:
    """Whether a word of a later schedule, or a later one for the same, is known already."""
    taken = session.scalars(
        sa.select(GuestMail).where(
            GuestMail.invitation_id == invitation.id, GuestMail.kind == "answer"
        )
    ).all()
    known = [
        (_schedule(invitation, one.sequence), one.stamp)
        for one in taken
        if one.sequence is not None and one.stamp is not None
    ]
    if known and (schedule, stamp) <= max(known):
        return True
    answer = state.answer
    elsewhere = answer is not None and answer.id not in {one.reply_id for one in taken}
    return elsewhere and answer is not None and (schedule, stamp) < (answer.schedule, answer.at)


def _answer(
    session: Session,
    convening: Convening,
    state: SeatState,
    word: CalendarWord,
    schedule: int,
    text: str,
    now: dt.datetime,
) -> Reply:
    """Record what the calendar says, by the same rules as a link; no receipt leaves for it.

    For a schedule that no longer holds it is kept as such, and the office counts as unanswered.
    """
    actor = guests.calendar_guest(state.invitation_id)
    answer = ANSWERS[word.partstat]
    note = text[: seats.NOTE]
    if schedule == convening.schedule and answer == "attending":
        return seats.attend(session, state.seat_id, actor, now)
    if schedule == convening.schedule and answer == "declined":
        return seats.decline(session, state.seat_id, "other", actor, now, note=note)
    guests.must_be_open(convening, state, True, now)
    seats.must_not_be_handed_over(state)
    known = state.answer
    if answer == "tentative" and known and (known.answer, known.schedule) == (answer, schedule):
        return session.get_one(Reply, known.id)
    comes = _who(state) if answer == "attending" else None
    reply = seats.write(
        session,
        convening,
        state,
        answer,
        actor,
        now,
        person_id=comes,
        reason="other" if answer == "declined" else None,
        note_id=body.keep(session, note) if answer != "attending" else None,
        schedule=schedule,
    )
    if comes is not None:
        ensure_pass(session, convening.id, comes, actor, now)
    return reply


def _who(state: SeatState) -> str:
    """Who comes by the answer of a calendar, which names nobody: the one named before, or the
    holder. Raises Refusal convenings.name_missing."""
    if state.answer is not None and state.says == "attending" and state.answer.person is not None:
        return state.answer.person.person_id
    if state.holder is None:
        raise Refusal("convenings.name_missing", field="name")
    return state.holder.person.person_id
