"""Who was invited, what was answered, and who comes: read from the rows, for any moment.

Everything that shows or checks a guest reads this one picture: the invitation's page, the guest
list, the pass, the door, the signing page and the figures. Given ``at``, it is replayed from the
rows that existed by then. The number of queries does not grow with the number of seats.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings.seat_state import (
    COMING,
    PREFIXES,
    STATES,
    Answer,
    Comer,
    Holder,
    Named,
    SeatState,
    Step,
    named,
)
from cohorts.convenings.seat_tables import Place, SeatPost
from cohorts.convenings.tables import Convening, HandOver, Invitation, Reply, Seat, SignMandate
from cohorts.directory.appointments import holders
from cohorts.directory.offices import office_name, offices
from cohorts.directory.offices import region_name as region_spelling
from cohorts.directory.tables import Appointment, Office, Person, Role
from cohorts.ground.clock import day_in

__all__ = [
    "COMING",
    "PREFIXES",
    "STATES",
    "Answer",
    "Comer",
    "Holder",
    "Named",
    "SeatState",
    "Step",
    "named",
    "seat",
    "seats",
    "tally",
    "who_comes",
]


def seats(
    session: Session,
    *,
    at: dt.datetime,
    convening_id: str | None = None,
    invitation_id: str | None = None,
    seat_ids: Sequence[str] | None = None,
    withdrawn: bool = False,
) -> list[SeatState]:
    """The seats of a convening or an invitation, or those named, as they stood at ``at``.

    Withdrawn invitations are left out unless asked for. Sorted by region, protocol and office.
    """
    query = (
        sa.select(
            Seat.id,
            Seat.kind,
            Seat.position,
            Invitation.id.label("invitation_id"),
            Invitation.generation,
            Invitation.withdrawn_at,
            Invitation.office_id,
            Convening.id.label("convening_id"),
            Convening.schedule,
            Convening.timezone.label("venue_zone"),
            SeatPost.post_key,
            Role.title_id.label("post_id"),
            Role.title_en.label("post_en"),
            _given(at).label("given"),
        )
        .join(Invitation, Invitation.id == Seat.invitation_id)
        .join(Convening, Convening.id == Invitation.convening_id)
        .outerjoin(SeatPost, SeatPost.seat_id == Seat.id)
        .outerjoin(Role, Role.key == SeatPost.post_key)
        .where(Invitation.invited_at <= at)
    )
    if convening_id is not None:
        query = query.where(Convening.id == convening_id)
    if invitation_id is not None:
        query = query.where(Invitation.id == invitation_id)
    if seat_ids is not None:
        query = query.where(Seat.id.in_(seat_ids))
    if not withdrawn:
        query = query.where(
            sa.or_(Invitation.withdrawn_at.is_(None), Invitation.withdrawn_at > at)
        )
    rows = session.execute(query).all()
    if not rows:
        return []
    ids = [row.id for row in rows]
    office_ids = {row.office_id for row in rows}
    answers = _answers(session, ids, at)
    steps = _steps(session, ids, at)
    posts = offices(session, office_ids)
    day = day_in(at, rows[0].venue_zone)
    held = holders(session, office_ids, day)
    found = [
        _state(
            row,
            posts[row.office_id],
            held.get(row.office_id),
            answers.get(row.id),
            steps.get(row.id, []),
        )
        for row in rows
    ]
    return sorted(
        found,
        key=lambda s: (
            s.region_name,
            s.region or "",
            s.role_order,
            s.office,
            s.invitation_id,
            s.kind == "companion",
            s.position,
        ),
    )


def seat(session: Session, seat_id: str, at: dt.datetime) -> SeatState | None:
    """One seat, withdrawn or not; None when there is none."""
    found = seats(session, at=at, seat_ids=[seat_id], withdrawn=True)
    return found[0] if found else None


def who_comes(session: Session, invitation_id: str, at: dt.datetime) -> SeatState | None:
    """The first seat of an invitation, with its whole chain; None when there is none."""
    found = [
        s
        for s in seats(session, at=at, invitation_id=invitation_id, withdrawn=True)
        if s.kind == "office"
    ]
    return min(found, key=lambda s: s.position) if found else None


def tally(states: Iterable[SeatState]) -> dict[str, int]:
    """How many offices stand in each state, by their first seat; companions never count."""
    counts = dict.fromkeys(STATES, 0)
    for state in states:
        if state.kind == "office" and state.position == 1:
            counts[state.state] += 1
    return counts


def _state(
    row: Any,
    office: Office,
    held: Appointment | None,
    answer: Answer | None,
    steps: list[Step],
) -> SeatState:
    organisation = office.organisation
    region = organisation.region
    name_en = office_name(office, "en")
    seat, seat_en = office.name, name_en
    if row.kind == "companion":
        seat, seat_en = f"Pendamping {office.name}", f"Companion of {name_en}"
    elif row.post_key is not None:
        there = region.full_name if region else organisation.name
        there_en = region_spelling(region, "en") if region else organisation.name
        seat, seat_en = f"{row.post_id} {there}", f"{row.post_en}, {there_en}"
    own = row.kind == "office" and row.post_key is None
    return SeatState(
        seat_id=row.id,
        kind=row.kind,
        position=row.position,
        post_key=row.post_key,
        seat=seat,
        seat_en=seat_en,
        queued=row.given is False,
        invitation_id=row.invitation_id,
        generation=row.generation,
        withdrawn_at=row.withdrawn_at,
        convening_id=row.convening_id,
        convening_schedule=row.schedule,
        office_id=office.id,
        office=office.name,
        office_en=name_en,
        role_key=office.role_key,
        role_order=office.role.protocol_order,
        pool=office.pool,
        organisation_id=organisation.id,
        organisation=organisation.name,
        region_code=region.code if region else None,
        region=region.full_name if region else None,
        region_en=region_spelling(region, "en") if region else None,
        region_name=region.name if region else organisation.name,
        timezone=region.timezone if region else None,
        holder=Holder(named(held.person), held.standing) if held and own else None,
        answer=answer,
        steps=tuple(steps),
    )


def _given(at: dt.datetime) -> sa.ScalarSelect[bool]:
    """The last word of the waiting list about a seat; NULL where it never had to wait."""
    return (
        sa.select(Place.given)
        .where(Place.seat_id == Seat.id, Place.at <= at)
        .order_by(Place.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _answers(session: Session, seat_ids: list[str], at: dt.datetime) -> dict[str, Answer]:
    rows = session.execute(
        sa.select(Reply, Person)
        .outerjoin(Person, Person.id == Reply.person_id)
        .where(Reply.seat_id.in_(seat_ids), Reply.at <= at)
        .order_by(Reply.n)
    )
    return {
        reply.seat_id: Answer(
            id=reply.id,
            n=reply.n,
            answer=reply.answer,
            person=named(person) if person is not None else None,
            reason=reply.reason,
            note_id=reply.note_id,
            schedule=reply.schedule,
            late=reply.late,
            on_behalf=reply.on_behalf,
            at=reply.at,
        )
        for reply, person in rows
    }


def _steps(session: Session, seat_ids: list[str], at: dt.datetime) -> dict[str, list[Step]]:
    found: dict[str, list[Step]] = defaultdict(list)
    rows = session.execute(
        sa.select(HandOver, Person, SignMandate, Convening.deputy_may_sign)
        .join(Person, Person.id == HandOver.person_id)
        .join(Seat, Seat.id == HandOver.seat_id)
        .join(Invitation, Invitation.id == Seat.invitation_id)
        .join(Convening, Convening.id == Invitation.convening_id)
        .outerjoin(
            SignMandate,
            sa.and_(SignMandate.hand_over_id == HandOver.id, SignMandate.at <= at),
        )
        .where(HandOver.seat_id.in_(seat_ids), HandOver.at <= at)
        .order_by(HandOver.at, HandOver.step, HandOver.id)
    )
    taken = rows.all()
    posts = offices(session, {over.office_id for over, *_ in taken if over.office_id})
    for over, person, mandate, allowed in taken:
        post = posts.get(over.office_id or "")
        revoked = over.revoked_at is not None and over.revoked_at <= at
        found[over.seat_id].append(
            Step(
                id=over.id,
                step=over.step,
                parent_id=over.parent_id,
                person=named(person),
                office_id=over.office_id,
                role_key=over.role_key,
                post=over.post,
                post_en=office_name(post, "en") if post is not None else over.post,
                whatsapp=over.whatsapp,
                may_speak=over.may_speak,
                may_sign=over.may_sign,
                signs=bool(over.may_sign and allowed and mandate is not None and not revoked),
                accepted_by=mandate.by if mandate is not None else None,
                letter_sha256=over.letter_sha256,
                late=over.late,
                on_behalf=over.on_behalf,
                at=over.at,
                revoked_at=over.revoked_at if revoked else None,
                revoked_by=over.revoked_by if revoked else None,
            )
        )
    for steps in found.values():
        # The live chain in the order of its steps: a first deputy named anew stands before.
        steps.sort(key=lambda s: (s.revoked_at is None, s.step if s.revoked_at is None else 0))
    return found
