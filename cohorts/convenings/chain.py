"""Who was invited, what was answered, and who comes: read from the rows, for any moment.

Everything that shows or checks a guest reads this one picture: the invitation's page, the guest
list, the pass, the door, the signing page and the figures. Given ``at``, it is replayed from the
rows that existed by then. The number of queries does not grow with the number of seats.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings.tables import Convening, HandOver, Invitation, Reply, Seat, SignMandate
from cohorts.directory.appointments import holders
from cohorts.directory.offices import office_name, offices
from cohorts.directory.offices import region_name as region_spelling
from cohorts.directory.tables import Appointment, Office, Person
from cohorts.ground.clock import day_in

STATES = ("unanswered", "attending", "delegated", "declined")
PREFIXES = {"definitive": "", "pj": "Pj. ", "plt": "Plt. ", "plh": "Plh. "}


@dataclass(frozen=True)
class Named:
    """A person's name in its three parts."""

    person_id: str
    front_title: str
    name: str
    back_title: str

    @property
    def full_name(self) -> str:
        front = f"{self.front_title} " if self.front_title else ""
        back = f", {self.back_title}" if self.back_title else ""
        return f"{front}{self.name}{back}"


@dataclass(frozen=True)
class Holder:
    """Who holds an office on a day; ``standing`` is definitive, pj, plt or plh."""

    person: Named
    standing: str


@dataclass(frozen=True)
class Answer:
    """The reply that holds for a seat."""

    id: str
    n: int
    answer: str
    person: Named | None
    reason: str | None
    note_id: str | None
    schedule: int
    late: bool
    on_behalf: bool
    at: dt.datetime


@dataclass(frozen=True)
class Step:
    """One hand-over. ``signs`` says whether the right to sign has taken effect, ``accepted_by``
    how (code, organizer)."""

    id: str
    step: int
    parent_id: str | None
    person: Named
    office_id: str | None
    role_key: str | None
    post: str
    post_en: str
    whatsapp: str
    may_speak: bool
    may_sign: bool
    signs: bool
    accepted_by: str | None
    letter_sha256: str | None
    late: bool
    on_behalf: bool
    at: dt.datetime
    revoked_at: dt.datetime | None
    revoked_by: str | None


@dataclass(frozen=True)
class Comer:
    """Who comes for a seat: a deputy, or for the office itself. ``may_sign`` is in effect."""

    person: Named
    post: str
    post_en: str
    hand_over_id: str | None
    may_speak: bool
    may_sign: bool


@dataclass(frozen=True)
class SeatState:
    """A seat with everything behind it, at one moment."""

    seat_id: str
    kind: str
    position: int
    invitation_id: str
    generation: int
    withdrawn_at: dt.datetime | None
    convening_id: str
    convening_schedule: int
    office_id: str
    office: str
    office_en: str
    role_key: str
    role_order: int
    pool: bool
    organisation_id: str
    organisation: str
    region_code: str | None
    region: str | None
    region_en: str | None
    region_name: str
    timezone: str | None
    holder: Holder | None
    answer: Answer | None
    steps: tuple[Step, ...]

    @property
    def titled(self) -> str:
        """The office with its holder's standing: "Pj. Wali Kota Ambon"."""
        return PREFIXES[self.holder.standing if self.holder else "definitive"] + self.office

    @property
    def live(self) -> tuple[Step, ...]:
        """The hand-overs in force, first to last."""
        return tuple(step for step in self.steps if step.revoked_at is None)

    @property
    def of_old_schedule(self) -> bool:
        """Answered, but for a time or place that no longer holds."""
        return self.answer is not None and self.answer.schedule != self.convening_schedule

    @property
    def says(self) -> str:
        """What was last answered, whatever the schedule: one of STATES.

        A hand-over that was revoked leaves the seat unanswered; so does a calendar's TENTATIVE.
        """
        if self.answer is None or self.answer.answer == "tentative":
            return "unanswered"
        if self.answer.answer == "delegated" and not self.live:
            return "unanswered"
        return self.answer.answer

    @property
    def state(self) -> str:
        """What counts: an answer for an old schedule counts as unanswered."""
        return "unanswered" if self.of_old_schedule else self.says

    @property
    def comes(self) -> Comer | None:
        """Who is to come; an answer for an old schedule keeps its person and pass."""
        if self.withdrawn_at is not None:
            return None
        if self.live:
            last = self.live[-1]
            return Comer(
                last.person, last.post, last.post_en, last.id, last.may_speak, last.signs
            )
        if self.says == "attending" and self.answer is not None and self.answer.person is not None:
            return Comer(self.answer.person, self.titled, self.office_en, None, True, True)
        return None


def named(person: Person) -> Named:
    """The name of a person."""
    shown = person.shown
    return Named(person.id, shown.front_title, shown.name, shown.back_title)


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
        )
        .join(Invitation, Invitation.id == Seat.invitation_id)
        .join(Convening, Convening.id == Invitation.convening_id)
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
        found, key=lambda s: (s.region_name, s.region or "", s.role_order, s.office, s.position)
    )


def seat(session: Session, seat_id: str, at: dt.datetime) -> SeatState | None:
    """One seat, withdrawn or not; None when there is none."""
    found = seats(session, at=at, seat_ids=[seat_id], withdrawn=True)
    return found[0] if found else None


def who_comes(session: Session, invitation_id: str, at: dt.datetime) -> SeatState | None:
    """The office's own seat of an invitation, with its whole chain; None when there is none."""
    found = [
        s
        for s in seats(session, at=at, invitation_id=invitation_id, withdrawn=True)
        if s.kind == "office"
    ]
    return min(found, key=lambda s: s.position) if found else None


def tally(states: Iterable[SeatState]) -> dict[str, int]:
    """How many office seats stand in each state; companions never count."""
    counts = dict.fromkeys(STATES, 0)
    for state in states:
        if state.kind == "office":
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
    return SeatState(
        seat_id=row.id,
        kind=row.kind,
        position=row.position,
        invitation_id=row.invitation_id,
        generation=row.generation,
        withdrawn_at=row.withdrawn_at,
        convening_id=row.convening_id,
        convening_schedule=row.schedule,
        office_id=office.id,
        office=office.name,
        office_en=office_name(office, "en"),
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
        holder=Holder(named(held.person), held.standing) if held else None,
        answer=answer,
        steps=tuple(steps),
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
