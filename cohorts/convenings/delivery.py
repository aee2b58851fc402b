"""How an invitation's message fares, and sending it once more."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import calendar, chain
from cohorts.convenings.convening import where
from cohorts.convenings.events import InvitationSentAgain
from cohorts.convenings.invitation import OPEN, locked
from cohorts.convenings.tables import Invitation
from cohorts.directory.contacts import mail_address
from cohorts.ground.access import Actor, demand
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal


def send_again(
    session: Session, invitation_id: str, actor: Actor, now: dt.datetime
) -> bool:
    """Post the invitation once more, to the address known today, with its links as they are.

    False when one is waiting to be sent already. Raises Refusal convenings.no_address,
    invitation_withdrawn, not_announced.
    """
    invitation = locked(session, invitation_id)
    convening = invitation.convening
    demand(actor, "convening.invite", where(convening))
    if invitation.withdrawn_at is not None:
        raise Refusal("convenings.invitation_withdrawn")
    if convening.state not in OPEN:
        raise Refusal("convenings.not_announced", state=convening.state)
    point = mail_address(session, invitation.office_id, day_in(now, convening.timezone))
    if point is None:
        raise Refusal("convenings.no_address")
    posted = session.scalars(
        sa.select(Message).where(
            Message.thread == calendar.thread(invitation_id),
            Message.kind.in_(calendar.INVITATIONS),
        )
    ).all()
    if any(m.state == "ready" and m.tries == 0 and m.address == point.value for m in posted):
        return False
    state = chain.who_comes(session, invitation_id, now)
    says = {"attending": "ACCEPTED", "declined": "DECLINED"}
    calendar.post_request(
        session,
        invitation,
        point,
        now,
        partstat=says.get(state.state if state else "", "NEEDS-ACTION"),
        again=len(posted),
    )
    record(
        session,
        InvitationSentAgain(
            subject=("invitation", invitation_id),
            cohort_id=convening.cohort_id,
            office=invitation.office.name,
        ),
        actor,
        now,
    )
    return True


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
