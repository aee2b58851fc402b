"""An office changes hands: everything that hangs on it, what stays and what lapses, on one page.

The office is what was invited, signed and owns items, so nearly all of it stays and waits for the
successor. What names the person who goes does not: an answer that says they come has to be asked
for anew, and what was handed to them as the holder of this office lapses (domain rules, sections 1
and 4). A convening before the last day is theirs still. Nothing here is stored: the page reads the
same afterwards, as long as something is open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.actions import authority
from cohorts.actions.standing import Standing, items_by_id
from cohorts.actions.tables import Item, ItemEvent
from cohorts.convenings import chain, mandates
from cohorts.convenings.chain import SeatState, Step
from cohorts.convenings.convening import where
from cohorts.convenings.tables import PLANNED, Convening, HandOver, Invitation, Seat
from cohorts.directory import appointments
from cohorts.directory.appointments import history
from cohorts.directory.people import records_of
from cohorts.directory.tables import Appointment, ContactPoint
from cohorts.directory.timeline import Acting, acting_on
from cohorts.ground.access import Actor, Where, may
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.pledges import affirming
from cohorts.pledges.affirming import Matter
from cohorts.pledges.tables import Pledge, PledgeText, Signature
from cohorts.pledges.versions import standing
from cohorts.turns.events import MandatesLapsed

OPEN = (*PLANNED, "in_progress")
WAITING = ("not_asked", "waiting", "amend")
"""How a commitment stands while its successor, or an organiser, has something to do about it."""


@dataclass(frozen=True)
class Chair:
    """A seat of an open invitation. ``fate``: before (the convening comes first and changes
    nothing), anew (the answer names the person who goes), unanswered (the successor answers by the
    same link), stays."""

    convening: Convening
    state: SeatState
    fate: str


@dataclass(frozen=True)
class Mandate:
    """A seat handed over: by this office, or to the person. ``fate``: stays, lapses or before."""

    convening: Convening
    state: SeatState
    step: Step
    fate: str


@dataclass(frozen=True)
class Legacy:
    """What hangs on the office of an appointment when it ends on ``day``, the first day without
    it. ``successor`` acts from that day on, as far as is known; None: the office is vacant, or a
    pool, or the same person ``goes_on``. ``addresses`` retire with the appointment. ``hidden``
    counts what belongs to cohorts that the reader does not see."""

    held: Appointment
    day: dt.date
    successor: Acting | None
    goes_on: bool
    chairs: tuple[Chair, ...]
    given: tuple[Mandate, ...]
    received: tuple[Mandate, ...]
    signed: tuple[Matter, ...]
    offered: tuple[Pledge, ...]
    items: tuple[Standing, ...]
    addresses: tuple[ContactPoint, ...]
    hidden: int = 0

    @property
    def total(self) -> int:
        """How many things hang on the office, for this reader."""
        parts = (self.chairs, self.given, self.received, self.signed, self.offered, self.items)
        return sum(len(part) for part in parts)

    @property
    def to_do(self) -> int:
        """How many of them still want somebody to act once the office has changed hands."""
        return (
            sum(chair.fate == "anew" for chair in self.chairs)
            + sum(mandate.fate == "lapses" for mandate in self.received)
            + sum(matter.state in WAITING for matter in self.signed)
        )


def legacy(
    session: Session, appointment_id: str, *, day: dt.date, actor: Actor, now: dt.datetime
) -> Legacy:
    """What hangs on the office of an appointment, for ``actor``. An appointment that has ended is
    read for its own last day; ``day`` is the one proposed for another.

    Raises Refusal ground.not_found.
    """
    held = appointments.appointment(session, appointment_id)
    last = held.until_on or day
    every = history(session, held.office_id)
    going = set(records_of(session, held.person_id))
    chairs, given, received = _seats(session, held, every, going, last, now)
    signed = affirming.matters(session, standing(session, held.office_id), now)
    offered = _offered(session, held.office_id)
    items = _items(session, held.office_id)
    count = sum(len(part) for part in (chairs, given, received, signed, offered, items))
    acts = acting_on([a for a in every if a.id != held.id], max(last, day))
    found = Legacy(
        held=held,
        day=last,
        successor=acts if acts is not None and acts.person_id not in going else None,
        goes_on=acts is not None and acts.person_id in going,
        chairs=tuple(c for c in chairs if may(actor, "convening.see", where(c.convening))),
        given=tuple(m for m in given if may(actor, "convening.see", where(m.convening))),
        received=tuple(m for m in received if may(actor, "convening.see", where(m.convening))),
        signed=tuple(m for m in signed if _sees(actor, m.signature.pledge)),
        offered=tuple(pledge for pledge in offered if _sees(actor, pledge)),
        items=tuple(item for item in items if may(actor, "item.see", authority.where(item))),
        addresses=tuple(_addresses(session, held, last)),
    )
    return replace(found, hidden=count - found.total)


def end(
    session: Session, appointment_id: str, *, until_on: dt.date, actor: Actor, now: dt.datetime
) -> int:
    """End an appointment; what was handed to the person as its holder lapses. Returns how many
    mandates lapsed. Raises those of ``appointments.end_appointment``."""
    held = appointments.end_appointment(
        session, appointment_id, until_on=until_on, actor=actor, now=now
    )
    return _lapse(session, held, actor, now)


def succeed(
    session: Session,
    *,
    office_id: str,
    person_id: str,
    from_on: dt.date,
    standing: str,
    end_others: bool,
    actor: Actor,
    now: dt.datetime,
) -> tuple[Appointment, list[Appointment]]:
    """Record who holds an office from a day on, and with ``end_others`` end whoever held it until
    then, as ``end`` does. Returns the appointment and those that ended. Raises those of
    ``appointments.appoint``."""
    open_before = [a for a in history(session, office_id) if a.until_on is None]
    made = appointments.appoint(
        session,
        office_id=office_id,
        person_id=person_id,
        from_on=from_on,
        standing=standing,
        succeed=end_others,
        actor=actor,
        now=now,
    )
    ended = [a for a in open_before if a.until_on is not None]
    for held in ended:
        _lapse(session, held, actor, now)
    return made, ended


def last_ended(session: Session, office_id: str, today: dt.date) -> Appointment | None:
    """Whose hand-over an office may have to finish: the last whose time has ended, unless the
    office is a pool or the same person goes on."""
    every = history(session, office_id)
    gone = [a for a in every if a.single and a.until_on is not None and a.until_on <= today]
    last = max(gone, key=lambda a: (a.until_on or today, a.from_on, a.id), default=None)
    if last is None:
        return None
    acts = acting_on(every, today)
    return None if acts is not None and acts.person_id == last.person.shown.id else last


def _lapse(session: Session, held: Appointment, actor: Actor, now: dt.datetime) -> int:
    """Revoke what lapses with an appointment, in the cohorts that ``actor`` answers for."""
    going = set(records_of(session, held.person_id))
    every = history(session, held.office_id)
    last = held.until_on or dt.date.max
    _chairs, _given, received = _seats(session, held, every, going, last, now)
    lapsed = [
        m
        for m in received
        if m.fate == "lapses" and may(actor, "reply.on_behalf", where(m.convening))
    ]
    for mandate in lapsed:
        mandates.revoke(session, mandate.step.id, actor, now)
    if lapsed:
        told = MandatesLapsed(
            subject=("appointment", held.id), office=held.office.name, mandates=len(lapsed)
        )
        record(session, told, actor, now)
    return len(lapsed)


def _seats(
    session: Session,
    held: Appointment,
    every: Sequence[Appointment],
    going: set[str],
    last: dt.date,
    now: dt.datetime,
) -> tuple[list[Chair], list[Mandate], list[Mandate]]:
    """The seats of the open invitations, what the office passed on, what the person was given."""
    rows = session.execute(
        sa.select(Seat.id, Convening)
        .join(Invitation, Invitation.id == Seat.invitation_id)
        .join(Convening, Convening.id == Invitation.convening_id)
        .outerjoin(HandOver, sa.and_(HandOver.seat_id == Seat.id, HandOver.revoked_at.is_(None)))
        .where(
            Convening.state.in_(OPEN),
            Seat.kind == "office",
            sa.or_(Invitation.office_id == held.office_id, HandOver.person_id.in_(going)),
        )
        .options(joinedload(Convening.cohort))
    )
    of_seat = {row.id: row.Convening for row in rows}
    if not of_seat:
        return [], [], []
    chairs: list[Chair] = []
    given: list[Mandate] = []
    received: list[Mandate] = []
    for state in chain.seats(session, at=now, seat_ids=list(of_seat)):
        convening = of_seat[state.seat_id]
        on = day_in(convening.starts_at, convening.timezone)
        theirs = any(
            a.person_id in going and a.from_on <= on and (a.until_on is None or on < a.until_on)
            for a in every
            if a.id != held.id
        )
        before = on < last or theirs
        for step in state.live:
            if step.person.person_id in going:
                mine = step.office_id == held.office_id
                fate = "stays" if not mine else "before" if before else "lapses"
                received.append(Mandate(convening, state, step, fate))
            elif state.office_id == held.office_id:
                given.append(Mandate(convening, state, step, "before" if on < last else "stays"))
        if state.office_id == held.office_id:
            chairs.append(Chair(convening, state, _fate(state, going, before)))
    in_time = {c.id: (c.starts_at, c.id) for c in of_seat.values()}
    for part in (chairs, given, received):
        part.sort(key=lambda line: in_time[line.convening.id])
    return chairs, given, received


def _fate(state: SeatState, going: set[str], before: bool) -> str:
    if before:
        return "before"
    named = state.answer.person if state.answer is not None else None
    if state.says == "attending" and named is not None and named.person_id in going:
        return "anew"
    return "unanswered" if state.state == "unanswered" else "stays"


def _offered(session: Session, office_id: str) -> list[Pledge]:
    """What the office was asked to sign and has not."""
    query = (
        sa.select(Pledge)
        .join(PledgeText, PledgeText.id == Pledge.text_id)
        .outerjoin(Signature, Signature.pledge_id == Pledge.id)
        .where(
            Pledge.office_id == office_id,
            Pledge.voided_at.is_(None),
            PledgeText.state == "published",
            Signature.id.is_(None),
        )
        .order_by(Pledge.offered_at, Pledge.id)
    )
    return list(session.scalars(query))


def _items(session: Session, office_id: str) -> list[Standing]:
    """The unresolved items that the office owns, by due date."""
    ids = session.scalars(
        sa.select(Item.id)
        .join(ItemEvent, sa.and_(ItemEvent.item_id == Item.id, ItemEvent.seq == Item.version))
        .where(ItemEvent.owner_office_id == office_id)
    )
    found = [item for item in items_by_id(session, ids).values() if item.unresolved]
    return sorted(found, key=lambda item: (item.due_on or dt.date.max, item.number, item.id))


def _addresses(session: Session, held: Appointment, last: dt.date) -> list[ContactPoint]:
    """The appointment's own addresses that were in use until it ended."""
    query = sa.select(ContactPoint).where(
        ContactPoint.appointment_id == held.id,
        sa.or_(ContactPoint.until_on.is_(None), ContactPoint.until_on >= last),
    )
    return list(session.scalars(query.order_by(ContactPoint.channel, ContactPoint.value)))


def _sees(actor: Actor, pledge: Pledge) -> bool:
    text = pledge.text
    place = Where(cohort_id=text.cohort_id, convening_id=text.convening_id)
    return bool(may(actor, "pledge.see", place))
