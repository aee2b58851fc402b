"""How an invitation's message fares; sending it once more, or to an address that was corrected.

What the post office tells afterwards (mail_events) stands beside what handing over has told
(outbox). An invitation's own place in the list is derived from both and from the answer.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import calendar, chain
from cohorts.convenings.chain import SeatState
from cohorts.convenings.convening import get, where
from cohorts.convenings.events import InvitationAddressCorrected, InvitationSentAgain
from cohorts.convenings.invitation import OPEN, locked
from cohorts.convenings.tables import Invitation
from cohorts.directory import contacts
from cohorts.directory.contacts import mail_address, mail_addresses
from cohorts.directory.tables import ContactPoint
from cohorts.ground import mail_events, outbox
from cohorts.ground.access import Actor, demand
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.mail_events import LOST, MailEvent
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal

PLACES = (
    "no_address",
    "not_sent",
    "waiting",
    "failed",
    "bounced",
    "suppressed",
    "reported",
    "deferred",
    "sent",
    "delivered",
    "answered",
)
"""Where an invitation stands; each in exactly one of them. Those to be seen to come first."""


@dataclass(frozen=True)
class Delivery:
    """An invitation with its newest message, what was told of it, and today's address."""

    state: SeatState
    message: Message | None
    event: MailEvent | None
    point: ContactPoint | None

    @property
    def fate(self) -> str:
        """How the message fares, whatever was answered: one of PLACES but the last."""
        if self.point is None:
            return "no_address"
        if self.message is None or self.message.state == "superseded":
            return "not_sent"
        if lost(self.message, self.event) and self.message.address != self.point.value:
            return "not_sent"  # to the address of today nothing has been sent
        if self.event is not None:
            return self.event.outcome
        return self.message.state if self.message.state in ("sent", "failed") else "waiting"

    @property
    def place(self) -> str:
        """Where the invitation stands: one of PLACES. Who has answered need not be asked how."""
        return "answered" if self.state.state != "unanswered" else self.fate

    @property
    def why(self) -> str:
        """The other side's words on a message that has not arrived; empty when there are none."""
        if self.event is not None:
            return self.event.reason
        return (self.message.error or "") if self.message is not None else ""


def lost(message: Message, event: MailEvent | None) -> bool:
    """Whether a message has reached nobody, for good: refused when it was handed over, returned
    afterwards, or held back because the address had returned one before."""
    return message.state == "failed" or (event is not None and event.outcome in LOST)


def board(session: Session, convening_id: str, now: dt.datetime) -> list[Delivery]:
    """Every invitation of a convening: those to be seen to first, each by region."""
    convening = get(session, convening_id)
    states = [
        state
        for state in chain.seats(session, at=now, convening_id=convening_id)
        if state.kind == "office" and state.position == 1
    ]
    day = day_in(now, convening.timezone)
    points = mail_addresses(session, [s.office_id for s in states], day)
    sent = deliveries(session, convening_id)
    told = mail_events.latest(session, sent.values())
    found = [
        Delivery(
            state=state,
            message=(message := sent.get(state.invitation_id)),
            event=told.get(message.id) if message is not None else None,
            point=points.get(state.office_id),
        )
        for state in states
    ]
    return sorted(found, key=lambda line: PLACES.index(line.place))


def send_again(session: Session, invitation_id: str, actor: Actor, now: dt.datetime) -> bool:
    """Post the invitation once more, to the address known today, with its links as they are.

    False when one is waiting to be sent already. Raises Refusal convenings.no_address,
    invitation_withdrawn, not_announced.
    """
    invitation = _open(session, invitation_id, actor)
    point = mail_address(session, invitation.office_id, day_in(now, invitation.convening.timezone))
    if point is None:
        raise Refusal("convenings.no_address")
    posted = _posted(session, invitation_id)
    if any(m.state == "ready" and m.tries == 0 and m.address == point.value for m in posted):
        return False
    _post_again(session, invitation, point, now, len(posted))
    record(
        session,
        InvitationSentAgain(
            subject=("invitation", invitation_id),
            cohort_id=invitation.convening.cohort_id,
            office=invitation.office.name,
        ),
        actor,
        now,
    )
    return True


def correct_address(
    session: Session,
    invitation_id: str,
    value: str,
    source: str,
    actor: Actor,
    now: dt.datetime,
    *,
    seen: str = "",
    confirmed: bool = False,
) -> bool:
    """End the address that was wrong, note the right one with its source, and send the invitation
    there. The event in calendars stays the same one, with the same number.

    ``seen`` is the address the organiser was shown; another one by now raises Refusal
    convenings.address_changed. Where a message may have reached somebody at the wrong address its
    link is revoked; where all of them came back or never left it stays. Returns whether it was.
    Raises Refusal convenings.same_address, invitation_withdrawn, not_announced, and those of
    directory.contacts.
    """
    invitation = _open(session, invitation_id, actor)
    convening = invitation.convening
    day = day_in(now, convening.timezone)
    wrong = mail_address(session, invitation.office_id, day)
    if (wrong.value if wrong else "") != seen:
        raise Refusal("convenings.address_changed")
    right = contacts.normal_value("email", value)
    if wrong is not None and wrong.value == right:
        raise Refusal("convenings.same_address", field="value")
    if wrong is not None:
        contacts.end_contact(session, wrong.id, until_on=day, actor=actor, now=now)
    point = contacts.add_contact(
        session,
        channel="email",
        value=right,
        source=source,
        from_on=day,
        actor=actor,
        now=now,
        office_id=wrong.office_id if wrong else invitation.office_id,
        appointment_id=wrong.appointment_id if wrong else None,
        label=wrong.label if wrong else "office",
        confirmed=confirmed,
    )
    thread = calendar.thread(invitation_id)
    # What waits for the wrong address must not leave: it would carry the link of today.
    waiting = sa.select(Message.kind).where(Message.thread == thread, Message.state == "ready")
    outbox.supersede(session, thread=thread, kinds=tuple(session.scalars(waiting.distinct())))
    revoked = wrong is not None and _reached(session, invitation_id, wrong.value)
    if revoked:
        invitation.generation += 1
    _post_again(session, invitation, point, now, len(_posted(session, invitation_id)))
    record(
        session,
        InvitationAddressCorrected(
            subject=("invitation", invitation_id),
            cohort_id=convening.cohort_id,
            office=invitation.office.name,
            revoked=revoked,
        ),
        actor,
        now,
    )
    return revoked


def deliveries(session: Session, convening_id: str) -> dict[str, Message]:
    """The newest invitation message of each invitation; an office without one has no address."""
    rows = session.scalars(
        sa.select(Message)
        .join(Invitation, Invitation.id == Message.subject_id)
        .where(
            Invitation.convening_id == convening_id,
            Message.subject_kind == "invitation",
            Message.kind.in_(calendar.INVITATIONS),
        )
        .order_by(Message.id)
    )
    return {message.subject_id: message for message in rows}


def _open(session: Session, invitation_id: str, actor: Actor) -> Invitation:
    invitation = locked(session, invitation_id)
    demand(actor, "convening.invite", where(invitation.convening))
    if invitation.withdrawn_at is not None:
        raise Refusal("convenings.invitation_withdrawn")
    if invitation.convening.state not in OPEN:
        raise Refusal("convenings.not_announced", state=invitation.convening.state)
    return invitation


def _posted(session: Session, invitation_id: str) -> list[Message]:
    return list(
        session.scalars(
            sa.select(Message).where(
                Message.thread == calendar.thread(invitation_id),
                Message.kind.in_(calendar.INVITATIONS),
            )
        )
    )


def _post_again(
    session: Session, invitation: Invitation, point: ContactPoint, now: dt.datetime, posted: int
) -> None:
    state = chain.who_comes(session, invitation.id, now)
    says = {"attending": "ACCEPTED", "declined": "DECLINED"}
    calendar.post_request(
        session,
        invitation,
        point,
        now,
        partstat=says.get(state.state if state else "", "NEEDS-ACTION"),
        again=posted,
    )


def _reached(session: Session, invitation_id: str, address: str) -> bool:
    """Whether anything with a link may have been read at an address: it left, or is leaving, and
    did not come back."""
    there = session.scalars(
        sa.select(Message).where(
            Message.thread == calendar.thread(invitation_id),
            Message.address == address,
            Message.state.in_(("taken", "sent")),
        )
    ).all()
    told = mail_events.latest(session, there)
    return any(not lost(message, told.get(message.id)) for message in there)
