"""Inviting by office: rules over the members, a preview, one transaction (domain rules, section 4).

One invitation per office and convening. Inviting twice adds nothing, whatever the number of clicks
or organisers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.convenings import calendar, chairs, places
from cohorts.convenings.chairs import OWN, Chairs
from cohorts.convenings.convening import where
from cohorts.convenings.events import InvitationWithdrawn, OfficesInvited
from cohorts.convenings.guest_lines import Line, Preview, preview, rules, single_offices
from cohorts.convenings.seat_tables import GuestOffice
from cohorts.convenings.tables import Convening, GuestRule, HandOver, Invitation, Seat
from cohorts.directory.contacts import mail_addresses
from cohorts.directory.offices import ensure_office
from cohorts.directory.tables import Office
from cohorts.ground import outbox
from cohorts.ground.access import Actor, demand
from cohorts.ground.base import new_id
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal

__all__ = ["Line", "Preview", "invite", "locked", "preview", "rules", "single_offices", "withdraw"]

OPEN = ("announced", "in_progress")


@dataclass(frozen=True)
class Invited:
    """What one act of inviting did."""

    new: int
    mailed: int
    already: int
    widened: int = 0


def invite(
    session: Session,
    convening_id: str,
    roles: Sequence[str],
    actor: Actor,
    now: dt.datetime,
    *,
    seen: int | None = None,
    offices: Sequence[str] = (),
    seats: Mapping[str, Chairs] | None = None,
) -> Invited:
    """Invite these posts of every member and these single offices, in this one transaction; a
    message each where an address is known, the others stand on the call list.

    ``roles`` are role keys; ``kepala_daerah`` resolves by the region's type. ``seats`` says, by
    role key or office id, which seats an invitation holds when they are not the office's own
    alone; who is invited already gets those it lacks. What was asked for is kept as the guest
    rules. ``seen`` is how many new ones the organiser saw in the preview: another number raises
    Refusal convenings.changed_since_preview, unless everything asked for has been done already (a
    double click). Raises Refusal convenings.not_announced, no_roles, and those of ``preview``.
    """
    convening = session.get(Convening, convening_id, with_for_update=True, populate_existing=True)
    if convening is None:
        raise Refusal("ground.not_found")
    demand(actor, "convening.invite", where(convening))
    if convening.state not in OPEN:
        raise Refusal("convenings.not_announced", state=convening.state)
    if not roles and not offices:
        raise Refusal("convenings.no_roles", field="roles")
    plan = preview(session, convening_id, roles, now, offices=offices, seats=seats)
    if seen is not None and plan.new not in (seen, 0):
        raise Refusal("convenings.changed_since_preview", seen=seen, now=plan.new)
    _keep_rules(session, convening_id, roles, offices, seats or {}, now)
    first, again = _invite_offices(session, convening, plan, actor, now)
    _seat(session, convening_id, plan, first)
    places.enter_again(session, convening, [i.id for i in again], actor, now)
    made = [*first, *again]
    day = day_in(now, convening.timezone)
    points = mail_addresses(session, [i.office_id for i in made], day)
    names = {line.office_id: line.office for line in plan.lines}
    mailed = calendar.post_first(
        session,
        [(i, points[i.office_id], names[i.office_id]) for i in first if i.office_id in points],
        now,
    )
    mailed += sum(
        calendar.post_request(session, invitation, points[invitation.office_id], now)
        for invitation in again
        if invitation.office_id in points
    )
    if made:
        record(
            session,
            OfficesInvited(
                subject=("convening", convening_id),
                cohort_id=convening.cohort_id,
                roles=tuple(roles),
                invited=len(made),
                mailed=mailed,
            ),
            actor,
            now,
        )
    return Invited(len(made), mailed, plan.invited, plan.widened)


def withdraw(
    session: Session, invitation_id: str, actor: Actor, now: dt.datetime
) -> Invitation:
    """Take an office off the list: its links and passes end, its calendar is told if it knew, and
    whoever waits for its seats moves up.

    Withdrawing twice is withdrawing once. Who is invited again later gets links of their own.
    """
    convening_id = session.scalar(
        sa.select(Invitation.convening_id).where(Invitation.id == invitation_id)
    )
    convening = places.hold(session, convening_id or "-")
    invitation = locked(session, invitation_id)
    demand(actor, "convening.invite", where(convening))
    if invitation.withdrawn_at is not None:
        return invitation
    if convening.state not in OPEN:
        raise Refusal("convenings.not_announced", state=convening.state)
    invitation.withdrawn_at = now
    invitation.generation += 1
    invitation.calendar_lead += 1
    session.flush()
    deputies = session.scalars(
        sa.select(HandOver)
        .join(Seat, Seat.id == HandOver.seat_id)
        .where(Seat.invitation_id == invitation_id, HandOver.revoked_at.is_(None))
    )
    for hand_over in deputies:
        hand_over.revoked_at = now
        hand_over.revoked_by = actor.id
        outbox.supersede(session, thread=f"deputy:{hand_over.id}", kinds=("deputy_link",))
    calendar.post_cancel(session, invitation, "withdrawn", now)
    record(
        session,
        InvitationWithdrawn(
            subject=("invitation", invitation_id),
            cohort_id=convening.cohort_id,
            office=invitation.office.name,
        ),
        actor,
        now,
    )
    session.flush()
    places.promote(session, convening, actor, now)
    return invitation


def _invite_offices(
    session: Session, convening: Convening, plan: Preview, actor: Actor, now: dt.datetime
) -> tuple[list[Invitation], list[Invitation]]:
    """Make the invitations of the new lines; who was withdrawn before is invited anew, with links
    of their own. Returns both kinds."""
    wanted = {
        line.office_id
        or ensure_office(
            session, role_key=line.role_key, region_code=line.region_code, actor=actor, now=now
        ).id
        for line in plan.lines
        if line.state == "new"
    }
    again = list(
        session.scalars(
            sa.select(Invitation)
            .where(Invitation.convening_id == convening.id, Invitation.office_id.in_(wanted))
            .order_by(Invitation.id)
        )
    )
    for known in again:
        known.withdrawn_at = None
        known.invited_at = now
        known.invited_by = actor.id
        known.calendar_lead += 1
    first = [
        Invitation(
            id=new_id(),
            convening=convening,
            office_id=office_id,
            generation=1,
            calendar_lead=0,
            invited_at=now,
            invited_by=actor.id,
        )
        for office_id in sorted(wanted - {known.office_id for known in again})
    ]
    session.add_all(first)
    session.flush()
    return first, again


def _seat(
    session: Session, convening_id: str, plan: Preview, first: Sequence[Invitation]
) -> None:
    """Give every invitation of the plan the seats it is to hold."""
    named = {line.office_id: line for line in plan.lines if line.office_id}
    made = {(x.role_key, x.region_code): x for x in plan.lines if not x.office_id}
    wanted = {one.id: OWN for one in first}
    invited = session.scalars(
        sa.select(Invitation)
        .where(Invitation.convening_id == convening_id, Invitation.withdrawn_at.is_(None))
        .options(joinedload(Invitation.office).joinedload(Office.organisation))
    )
    for one in invited:
        place = (one.office.role_key, one.office.organisation.region_code or "")
        line = named.get(one.office_id) or made.get(place)
        if line is not None:
            wanted[one.id] = line.chairs
    chairs.add(session, wanted)


def _keep_rules(
    session: Session,
    convening_id: str,
    roles: Sequence[str],
    offices: Sequence[str],
    seats: Mapping[str, Chairs],
    now: dt.datetime,
) -> None:
    """Keep what was asked for with the convening; the seats of a rule are those last asked for."""
    known = set(rules(session, convening_id))
    session.add_all(
        GuestRule(convening_id=convening_id, role_key=role, added_at=now)
        for role in dict.fromkeys(roles)
        if role not in known
    )
    there = set(single_offices(session, convening_id))
    session.add_all(
        GuestOffice(convening_id=convening_id, office_id=office_id, added_at=now)
        for office_id in dict.fromkeys(offices)
        if office_id not in there
    )
    session.flush()
    for role in dict.fromkeys(roles):
        if role in seats:
            chairs.keep(session, convening_id, role, chairs.checked(session, seats[role]))


def locked(session: Session, invitation_id: str) -> Invitation:
    invitation = session.get(
        Invitation, invitation_id, with_for_update=True, populate_existing=True
    )
    if invitation is None:
        raise Refusal("ground.not_found")
    return invitation
