"""The offices that mail cannot reach: whom to telephone or write to by WhatsApp, and who has been.

That a message was passed on by hand is an organiser's word: a line of the chronicle, and another
one takes it back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import calendar, chain, delivery
from cohorts.convenings.chain import SeatState
from cohorts.convenings.convening import get, where
from cohorts.convenings.events import InvitationPassedOn
from cohorts.convenings.invitation import OPEN, locked
from cohorts.convenings.reminders import undeliverable
from cohorts.directory.contacts import mail_addresses, numbers
from cohorts.directory.tables import ContactPoint
from cohorts.ground import mail_events
from cohorts.ground.access import Actor, demand
from cohorts.ground.chronicle import ChronicleEntry, record
from cohorts.ground.clock import day_in
from cohorts.ground.mail_events import MailEvent
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal


@dataclass(frozen=True)
class Call:
    """An office to be called. ``message`` is the one that was lost, ``event`` what was told of it;
    no message: there is no address.

    ``passed_on`` says when an organiser passed the invitation on by hand, for this schedule.
    """

    state: SeatState
    message: Message | None
    event: MailEvent | None
    numbers: tuple[ContactPoint, ...]
    passed_on: dt.datetime | None

    @property
    def whatsapp(self) -> str:
        """The best WhatsApp number, or nothing."""
        return next((point.value for point in self.numbers if point.channel == "whatsapp"), "")


def calls(session: Session, convening_id: str, now: dt.datetime) -> list[Call]:
    """The invited offices without an address, or whose newest invitation was lost for good at the
    address known today (refused, returned, held back): those to be called first, then those who
    answered, each by region."""
    convening = get(session, convening_id)
    day = day_in(now, convening.timezone)
    states = [
        state
        for state in chain.seats(session, at=now, convening_id=convening_id)
        if state.kind == "office" and state.position == 1
    ]
    points = mail_addresses(session, [s.office_id for s in states], day)
    sent = delivery.deliveries(session, convening_id)
    told = mail_events.latest(session, sent.values())

    def event(state: SeatState) -> MailEvent | None:
        message = sent.get(state.invitation_id)
        return told.get(message.id) if message is not None else None

    lost = [
        s
        for s in states
        if undeliverable(sent.get(s.invitation_id), event(s), points.get(s.office_id))
    ]
    phones = numbers(session, [s.office_id for s in lost], day)
    passed = _passed_on(session, convening_id, [s.invitation_id for s in lost])
    found = [
        Call(
            state=s,
            message=sent.get(s.invitation_id) if s.office_id in points else None,
            event=event(s) if s.office_id in points else None,
            numbers=tuple(phones.get(s.office_id, ())),
            passed_on=passed.get(s.invitation_id),
        )
        for s in lost
    ]
    return sorted(found, key=lambda c: (c.state.state != "unanswered", c.passed_on is not None))


def pass_on(
    session: Session, invitation_id: str, actor: Actor, now: dt.datetime, *, done: bool = True
) -> bool:
    """Note that the invitation was passed on by hand, or with ``done`` False that it was not.

    False when that is noted already. Raises Refusal convenings.invitation_withdrawn,
    convenings.not_announced.
    """
    invitation = locked(session, invitation_id)
    convening = invitation.convening
    demand(actor, "convening.invite", where(convening))
    if invitation.withdrawn_at is not None:
        raise Refusal("convenings.invitation_withdrawn")
    if convening.state not in OPEN:
        raise Refusal("convenings.not_announced", state=convening.state)
    if (invitation_id in _passed_on(session, convening.id, [invitation_id])) == done:
        return False
    record(
        session,
        InvitationPassedOn(
            subject=("invitation", invitation_id),
            cohort_id=convening.cohort_id,
            office=invitation.office.name,
            sequence=calendar.sequence(convening, invitation),
            done=done,
        ),
        actor,
        now,
    )
    return True


def _passed_on(
    session: Session, convening_id: str, invitation_ids: list[str]
) -> dict[str, dt.datetime]:
    """When each was passed on; what was passed on before a change of time or place is void."""
    current = {
        one.id: calendar.sequence(one.convening, one)
        for one in calendar.live_invitations(session, convening_id)
    }
    rows = session.scalars(
        sa.select(ChronicleEntry)
        .where(
            ChronicleEntry.subject_kind == "invitation",
            ChronicleEntry.subject_id.in_(invitation_ids),
            ChronicleEntry.event == InvitationPassedOn.name,
        )
        .order_by(ChronicleEntry.id)
    )
    last = {row.subject_id: row for row in rows}
    return {
        ident: row.at
        for ident, row in last.items()
        if row.data["done"] and row.data["sequence"] == current.get(ident)
    }
