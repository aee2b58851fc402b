"""A lost link: asked for by anybody, answered to a confirmed address only.

The page says the same whatever was typed. The view counts attempts in a unit of its own, by address
and over all, before it calls this.

Mail: ``link_again`` {"invitations": [ids], "hand_overs": [ids]}, one message per address and hour.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings.events import LinksAskedAgain
from cohorts.convenings.tables import Convening, HandOver, Invitation, Seat
from cohorts.directory.contacts import confirmed_addresses, offices_reached_by
from cohorts.directory.tables import Office
from cohorts.ground import outbox
from cohorts.ground.access import PUBLIC
from cohorts.ground.chronicle import record

HOME = ZoneInfo("Asia/Jakarta")


def ask(session: Session, email: str, now: dt.datetime) -> None:
    """Send the links that belong to a confirmed address; for any other address do nothing.

    Never says which it was. Only convenings that are announced or in progress count.
    """
    day = now.astimezone(HOME).date()
    office_ids = offices_reached_by(session, email, day)
    mine = sa.and_(
        Convening.state.in_(("announced", "in_progress")), Invitation.withdrawn_at.is_(None)
    )
    invitations = session.scalars(
        sa.select(Invitation.id)
        .join(Convening, Convening.id == Invitation.convening_id)
        .where(Invitation.office_id.in_(office_ids), mine)
        .order_by(Convening.starts_at, Invitation.id)
    ).all()
    hand_overs = session.scalars(
        sa.select(HandOver.id)
        .join(Seat, Seat.id == HandOver.seat_id)
        .join(Invitation, Invitation.id == Seat.invitation_id)
        .join(Convening, Convening.id == Invitation.convening_id)
        .where(HandOver.office_id.in_(office_ids), HandOver.revoked_at.is_(None), mine)
        .order_by(Convening.starts_at, HandOver.id)
    ).all()
    if not invitations and not hand_overs:
        return
    point = next(
        (
            found
            for office_id in office_ids
            for found in confirmed_addresses(session, office_id, day)
            if found.value == email.strip().lower()
        ),
        None,
    )
    if point is None:
        return
    posted = outbox.post(
        session,
        key=f"link_again:{point.id}:{now:%Y%m%d%H}",
        kind="link_again",
        subject=("contact_point", point.id),
        now=now,
        address=point.value,
        name=session.scalar(sa.select(Office.name).where(Office.id == office_ids[0])) or "",
        facts={"invitations": list(invitations), "hand_overs": list(hand_overs)},
    )
    if posted:
        record(
            session,
            LinksAskedAgain(
                subject=("contact_point", point.id),
                invitations=len(invitations),
                hand_overs=len(hand_overs),
            ),
            PUBLIC,
            now,
        )
