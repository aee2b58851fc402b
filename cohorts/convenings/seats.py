"""Answering for a seat: the office comes, or cannot (domain rules, section 4).

Each answer is a row; the last one holds. Handing over stands in mandates.py.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import calendar, chain, guests, names, places
from cohorts.convenings import heard as hearsay
from cohorts.convenings.chain import SeatState
from cohorts.convenings.events import SeatAnswered
from cohorts.convenings.heard import Heard
from cohorts.convenings.names import Name
from cohorts.convenings.pass_ids import ensure_pass
from cohorts.convenings.seat_tables import Need
from cohorts.convenings.tables import (
    REASONS,
    Convening,
    HandOver,
    Invitation,
    Reply,
    Seat,
)
from cohorts.directory.tables import Appointment, Person
from cohorts.ground import body
from cohorts.ground.access import Actor
from cohorts.ground.base import new_id
from cohorts.ground.chronicle import record
from cohorts.ground.refusal import Refusal

NOTE = 500


def attend(
    session: Session,
    seat_id: str,
    actor: Actor,
    now: dt.datetime,
    *,
    name: Name | None = None,
    heard: Heard | None = None,
) -> Reply:
    """The office itself comes: its holder or, with ``name``, whoever the guest named.

    The person gets a pass. The same answer twice is one answer. A companion comes by name, and
    only with somebody of the office (Refusal convenings.nobody_comes).
    ``heard`` is what stands behind the answer that an organiser records. Raises Refusal
    convenings.reply_deadline_passed (by link only), convenings.handed_over,
    convenings.name_missing, convenings.seat_for_post (facts: post), and those of
    ``guests.must_be_open`` and ``Heard.checked``.
    """
    convening, state = locked(session, seat_id, now)
    by_proxy = guests.on_behalf(actor, convening)
    guests.must_speak_for(actor, state)
    guests.must_be_open(convening, state, not by_proxy, now)
    must_not_be_handed_over(state)
    if state.kind == "companion" and not _office_comes(session, state, now):
        raise Refusal("convenings.nobody_comes")
    if state.post_key is not None:
        raise Refusal("convenings.seat_for_post", field="name", post=state.seat)
    late = now > convening.reply_by
    same = state.says == "attending" and not state.of_old_schedule
    if late and not by_proxy and not same:
        raise Refusal("convenings.reply_deadline_passed")
    person_id = _who(session, state, name, actor, convening, now)
    answered = state.answer
    if same and answered and answered.person and answered.person.person_id == person_id:
        reply = session.get_one(Reply, answered.id)
    else:
        reply = write(session, convening, state, "attending", actor, now, person_id=person_id)
        give_pass(session, convening, seat_id, person_id, actor, now)
    hearsay.keep(session, reply, heard, actor, now)
    return reply


def decline(
    session: Session,
    seat_id: str,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    *,
    note: str = "",
    heard: Heard | None = None,
) -> Reply:
    """The office cannot come; ``reason`` is one of REASONS, ``note`` at most NOTE characters.

    Its companions stay at home with it. Allowed by link until the door closes; late after the
    deadline. Raises Refusal convenings.reason_unknown, convenings.handed_over, ground.too_long,
    and those of ``guests.must_be_open``.
    """
    convening, state = locked(session, seat_id, now)
    by_proxy = guests.on_behalf(actor, convening)
    guests.must_speak_for(actor, state)
    guests.must_be_open(convening, state, not by_proxy, now)
    if reason not in REASONS:
        raise Refusal("convenings.reason_unknown", field="reason")
    if len(note) > NOTE:
        raise Refusal("ground.too_long", field="note", limit=NOTE)
    must_not_be_handed_over(state)
    if state.state == "declined" and state.answer is not None:
        same_note = body_text(session, state.answer.note_id) == note.strip()
        if state.answer.reason == reason and same_note:
            _send_companions_home(session, convening, state, actor, now)
            reply = session.get_one(Reply, state.answer.id)
            hearsay.keep(session, reply, heard, actor, now)
            return reply
    reply = write(
        session,
        convening,
        state,
        "declined",
        actor,
        now,
        reason=reason,
        note_id=body.keep(session, note),
    )
    _send_companions_home(session, convening, state, actor, now)
    hearsay.keep(session, reply, heard, actor, now)
    return reply


def _send_companions_home(
    session: Session, convening: Convening, state: SeatState, actor: Actor, now: dt.datetime
) -> None:
    """Nobody accompanies an office of which nobody comes."""
    if _office_comes(session, state, now):
        return
    for one in chain.seats(session, at=now, invitation_id=state.invitation_id):
        if one.kind == "companion" and one.wanted:
            write(session, convening, one, "declined", actor, now, reason="other")


def _office_comes(session: Session, state: SeatState, now: dt.datetime) -> bool:
    every = chain.seats(session, at=now, invitation_id=state.invitation_id)
    return any(one.wanted for one in every if one.kind == "office")


def body_text(session: Session, body_id: str | None) -> str:
    """A kept text; empty when there is none or it was erased."""
    found = session.get(body.Body, body_id) if body_id else None
    return (found.text or "") if found else ""


def write(
    session: Session,
    convening: Convening,
    state: SeatState,
    answer: str,
    actor: Actor,
    now: dt.datetime,
    *,
    person_id: str | None = None,
    reason: str | None = None,
    note_id: str | None = None,
    schedule: int | None = None,
) -> Reply:
    """Add the row of an answer, its event and, for the first seat, its receipt; see to the waiting
    list. The checks have been made, the convening is held. A calendar may answer for an earlier
    ``schedule``, and gets no receipt unless it has to wait."""
    schedule = convening.schedule if schedule is None else schedule
    by_proxy = actor.link != "guest"
    last = session.scalar(sa.select(sa.func.max(Reply.n)).where(Reply.seat_id == state.seat_id))
    reply = Reply(
        id=new_id(),
        seat_id=state.seat_id,
        n=(last or 0) + 1,
        answer=answer,
        person_id=person_id,
        reason=reason,
        note_id=note_id,
        schedule=schedule,
        late=now > convening.reply_by,
        on_behalf=by_proxy,
        at=now,
        actor=actor.id,
    )
    session.add(reply)
    session.flush()
    record(
        session,
        SeatAnswered(
            subject=("invitation", state.invitation_id),
            cohort_id=convening.cohort_id,
            office=state.office,
            answer=answer,
            schedule=schedule,
            late=reply.late,
            on_behalf=by_proxy,
        ),
        actor,
        now,
    )
    comer = state.comes.person.person_id if state.comes else None
    if comer is None and state.says == "attending" and state.answer and state.answer.person:
        comer = state.answer.person.person_id  # nobody comes yet from the waiting list
    if answer != "attending" or (comer is not None and comer != person_id):
        clear_needs(session, state.seat_id)
    waits = state.waiting and answer in chain.COMING
    if answer in chain.COMING and not state.wanted:
        waits = not places.enter(session, convening, state.seat_id, actor, now)
    elif state.wanted and not state.waiting and answer not in chain.COMING:
        places.promote(session, convening, actor, now)
    if state.kind == "office" and state.position == 1 and (waits or actor.kind != "calendar"):
        invitation = session.get_one(Invitation, state.invitation_id)
        stands = "waiting" if waits else ""
        calendar.post_receipt(session, invitation, reply.id, answer, now, stands=stands)
    return reply


def clear_needs(session: Session, seat_id: str) -> None:
    """Delete what was told of somebody's meals and access: another comes, or nobody."""
    session.execute(sa.delete(Need).where(Need.seat_id == seat_id))


def give_pass(
    session: Session,
    convening: Convening,
    seat_id: str,
    person_id: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """A pass for whoever comes now; nobody comes from the waiting list."""
    state = chain.seat(session, seat_id, now)
    if state is not None and state.comes is not None:
        ensure_pass(session, convening.id, person_id, actor, now)


def must_not_be_handed_over(state: SeatState) -> None:
    """Raise Refusal convenings.handed_over (facts: name, post) while a deputy holds the seat."""
    if state.live:
        last = state.live[-1]
        raise Refusal("convenings.handed_over", name=last.person.full_name, post=last.post)


def locked(session: Session, seat_id: str, now: dt.datetime) -> tuple[Convening, SeatState]:
    """The seat with its convening, held against a second answer until the unit ends: the
    convening first, so that two who give and take seats never wait for each other."""
    convening_id = session.scalar(
        sa.select(Invitation.convening_id)
        .join(Seat, Seat.invitation_id == Invitation.id)
        .where(Seat.id == seat_id)
    )
    if convening_id is None:
        raise Refusal("ground.not_found")
    places.hold(session, convening_id)
    row = session.get(Seat, seat_id, with_for_update=True)
    state = chain.seat(session, seat_id, now) if row is not None else None
    if state is None:
        raise Refusal("ground.not_found")
    return session.get_one(Convening, state.convening_id), state


def _who(
    session: Session,
    state: SeatState,
    name: Name | None,
    actor: Actor,
    convening: Convening,
    now: dt.datetime,
) -> str:
    """The person who comes. A name given earlier through this invitation is corrected in place,
    so that the pass stays; a holder in the directory is never renamed by a guest."""
    answered = state.answer.person if state.answer is not None else None
    if name is None:
        if answered is not None and state.says == "attending":
            return answered.person_id
        if state.holder is None:
            raise Refusal("convenings.name_missing", field="name")
        return state.holder.person.person_id
    name = name.checked()
    for known in (state.holder.person if state.holder else None, answered):
        if known is not None and name.is_of(session.get_one(Person, known.person_id).shown):
            return known.person_id
    if answered is not None and _only_given_here(session, answered.person_id, state.seat_id):
        person = session.get_one(Person, answered.person_id)
        if person.shown is person:  # else another record names this person: not the guest's to edit
            names.correct(session, person, name, state.invitation_id, actor, now)
            return answered.person_id
    return names.add(session, name, actor, now, sample=convening.cohort.sample).id


def _only_given_here(session: Session, person_id: str, seat_id: str) -> bool:
    """Whether a person is known through this seat's replies and nowhere else."""
    elsewhere = sa.select(sa.literal(1)).where(
        sa.or_(
            sa.exists().where(Appointment.person_id == person_id),
            sa.exists().where(HandOver.person_id == person_id),
            sa.exists().where(Reply.person_id == person_id, Reply.seat_id != seat_id),
        )
    )
    return session.scalar(elsewhere) is None
