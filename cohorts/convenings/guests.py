"""Who acts by a personal link, and what such a link opens.

An invitation's link speaks for the office, a seat's link for one deputy. Both are actors of kind
``link``; the rules check that the seat is theirs.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from cohorts.convenings.chain import SeatState, Step
from cohorts.convenings.tables import Convening, HandOver, Invitation
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.links import Link
from cohorts.ground.refusal import Refusal


def office_guest(invitation_id: str) -> Actor:
    """Whoever holds the link of an invitation."""
    return Actor("link", f"invitation:{invitation_id}", link="guest")


def calendar_guest(invitation_id: str) -> Actor:
    """The calendar of the office invited. It may what the link may, and is never written to."""
    return Actor("calendar", f"invitation:{invitation_id}", link="guest")


def deputy_guest(hand_over_id: str) -> Actor:
    """Whoever holds the link of a deputy."""
    return Actor("link", f"seat:{hand_over_id}", link="guest")


def invitation_by_link(session: Session, link: Link | None) -> Invitation:
    """The invitation that a link opens.

    Unknown, damaged, revoked and withdrawn are one answer: Refusal ground.link_invalid, after the
    same look into the database.
    """
    found = session.get(Invitation, link.id if link else "-")
    if (
        found is None
        or link is None
        or found.generation != link.generation
        or found.withdrawn_at is not None
    ):
        raise Refusal("ground.link_invalid")
    return found


def hand_over_by_link(session: Session, link: Link | None) -> HandOver:
    """The hand-over that a deputy's link opens. A revoked one opens too: it says who comes instead.

    Unknown and damaged: Refusal ground.link_invalid.
    """
    found = session.get(HandOver, link.id if link else "-")
    if found is None or link is None or link.generation != 1:
        raise Refusal("ground.link_invalid")
    return found


def on_behalf(actor: Actor, convening: Convening) -> bool:
    """Whether an organiser acts for a guest; raises Refusal ground.not_allowed for others."""
    if actor.link == "guest":
        return False
    demand(
        actor,
        "reply.on_behalf",
        Where(cohort_id=convening.cohort_id, convening_id=convening.id),
    )
    return True


def must_speak_for(actor: Actor, state: SeatState, step: Step | None = None) -> None:
    """A guest speaks for their own seat only: the office for all of it, a deputy for ``step``.

    Raises Refusal ground.not_allowed. Organisers have been asked for their right elsewhere.
    """
    if actor.link != "guest" or actor.id == f"invitation:{state.invitation_id}":
        return
    if step is not None and actor.id == f"seat:{step.id}":
        return
    raise Refusal("ground.not_allowed", reason="not_yours")


def must_be_open(
    convening: Convening, state: SeatState, by_link: bool, now: dt.datetime
) -> None:
    """Whether answers are taken at all.

    Raises Refusal convenings.cancelled, convenings.not_announced, convenings.invitation_withdrawn
    and, for a link, convenings.door_closed.
    """
    if convening.state == "cancelled":
        raise Refusal("convenings.cancelled")
    if convening.state == "draft":
        raise Refusal("convenings.not_announced", state=convening.state)
    if state.withdrawn_at is not None:
        raise Refusal("convenings.invitation_withdrawn")
    if by_link and (convening.state == "closed" or now > convening.door_closes_at):
        raise Refusal("convenings.door_closed")
