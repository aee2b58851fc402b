"""Passes: one per person and convening, valid as long as a seat stands behind it.

Nothing about validity is stored. The QR and its signature belong to the door, one floor up.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import chain
from cohorts.convenings.chain import Named, SeatState
from cohorts.convenings.events import PassIssued
from cohorts.convenings.seat_tables import SeatPost
from cohorts.convenings.tables import Convening, HandOver, Invitation, Pass, Reply, Seat
from cohorts.directory.tables import Appointment
from cohorts.ground.access import Actor
from cohorts.ground.base import new_id
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.links import Link
from cohorts.ground.refusal import Refusal

SHORT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's without I, L, O, U and without 0 and 1: read from a phone and typed at a desk."""

SHORT_LENGTH = 8
FAR = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Behind:
    """A seat behind a pass: for which office, and by which hand-over (None: the office itself)."""

    seat_id: str
    invitation_id: str
    office_id: str
    office: str
    region_code: str | None
    post: str
    hand_over_id: str | None
    kind: str


@dataclass(frozen=True)
class PassStanding:
    """Whether a pass is valid; if not, ``reason`` is revoked or replaced.

    ``revoked_at`` is when the mandate behind it ended, where one did.
    """

    pass_id: str
    convening_id: str
    person: Named
    short_code: str
    behind: tuple[Behind, ...]
    reason: str | None
    revoked_at: dt.datetime | None = None

    @property
    def valid(self) -> bool:
        return self.reason is None


@dataclass(frozen=True)
class Expected:
    """A person who may be let in: with a pass or, not having answered, as the office's holder.

    ``answered`` is False for the latter. ``deputy`` says somebody sent them.
    """

    person: Named
    post: str
    post_en: str
    offices: tuple[str, ...]
    regions: tuple[str, ...]
    region_codes: tuple[str, ...]
    invitation_ids: tuple[str, ...]
    deputy: bool
    companion: bool
    answered: bool
    protocol_order: int
    pass_id: str | None
    short_code: str | None


def normal_code(typed: str) -> str:
    """A short code as it is stored: capitals, without spaces and hyphens."""
    return "".join(c for c in typed.upper() if c.isalnum())


def ensure_pass(
    session: Session, convening_id: str, person_id: str, actor: Actor, now: dt.datetime
) -> Pass:
    """The pass of a person at a convening, made if there is none yet."""
    found = session.scalar(
        sa.select(Pass).where(Pass.convening_id == convening_id, Pass.person_id == person_id)
    )
    if found is not None:
        return found
    convening = session.get(Convening, convening_id)
    if convening is None:
        raise Refusal("ground.not_found")
    made = Pass(
        id=new_id(),
        convening_id=convening_id,
        person_id=person_id,
        short_code=_short_code(session, convening_id),
        generation=1,
        issued_at=now,
    )
    session.add(made)
    session.flush()
    record(
        session,
        PassIssued(
            subject=("pass", made.id), cohort_id=convening.cohort_id, person_id=person_id
        ),
        actor,
        now,
    )
    return made


def by_short_code(session: Session, convening_id: str, typed: str) -> Pass | None:
    """The pass of a typed short code; small letters and spaces will do."""
    return session.scalar(
        sa.select(Pass).where(
            Pass.convening_id == convening_id, Pass.short_code == normal_code(typed)
        )
    )


def by_link(session: Session, link: Link | None) -> Pass:
    """The pass that a link points to. Unknown, damaged and revoked: Refusal ground.link_invalid."""
    found = session.get(Pass, link.id if link else "-")
    if found is None or link is None or found.generation != link.generation:
        raise Refusal("ground.link_invalid")
    return found


def valid_pass(
    session: Session, pass_id: str, now: dt.datetime | None = None
) -> PassStanding | None:
    """How a pass stands now, derived from the seats behind it; None when there is no such pass.

    Given ``now``, the holder of an office that has not answered has its seat behind them as well:
    a regent who comes without having answered is no stranger.
    """
    row = session.get(Pass, pass_id)
    if row is None:
        return None
    at = now or FAR
    mine = seats_touching(session, row.convening_id, row.person_id, at)
    behind = tuple(seat_behind(state, now is not None, row.person_id) for state in mine)
    holding = tuple(b for b in behind if b is not None)
    reason, ended = (None, None) if holding else _why(mine, row.person_id)
    return PassStanding(
        pass_id=row.id,
        convening_id=row.convening_id,
        person=chain.named(row.person),
        short_code=row.short_code,
        behind=holding,
        reason=reason,
        revoked_at=ended,
    )


def expectations(session: Session, convening_id: str, now: dt.datetime) -> list[Expected]:
    """Everybody who may be let in, once per person, in the order of protocol.

    A person with two offices stands here once and satisfies both.
    """
    states = chain.seats(session, at=now, convening_id=convening_id)
    passes = {
        p.person_id: p
        for p in session.scalars(sa.select(Pass).where(Pass.convening_id == convening_id))
    }
    people: dict[str, Named] = {}
    theirs: dict[str, list[tuple[SeatState, bool]]] = defaultdict(list)
    for state in states:
        comer = state.comes
        if comer is not None:
            people[comer.person.person_id] = comer.person
            theirs[comer.person.person_id].append((state, True))
        elif state.says == "unanswered" and state.holder is not None:
            people[state.holder.person.person_id] = state.holder.person
            theirs[state.holder.person.person_id].append((state, False))
    found = [_expected(people[id_], seats, passes.get(id_)) for id_, seats in theirs.items()]
    return sorted(found, key=lambda e: (e.protocol_order, e.regions, e.person.name))


def _expected(
    person: Named, seats: list[tuple[SeatState, bool]], row: Pass | None
) -> Expected:
    states = [state for state, _ in seats]
    first, answered = seats[0]
    comer = first.comes if answered else None
    return Expected(
        person=person,
        post=comer.post if comer else first.titled,
        post_en=comer.post_en if comer else first.office_en,
        offices=tuple(s.office for s in states),
        regions=tuple(dict.fromkeys(s.region or s.organisation for s in states)),
        region_codes=tuple(dict.fromkeys(s.region_code for s in states if s.region_code)),
        invitation_ids=tuple(s.invitation_id for s in states),
        deputy=any(s.comes is not None and s.comes.hand_over_id is not None for s in states),
        companion=all(s.kind == "companion" for s in states),
        answered=any(a for _, a in seats),
        protocol_order=min(s.role_order for s in states),
        pass_id=row.id if row else None,
        short_code=row.short_code if row else None,
    )


def seats_touching(
    session: Session, convening_id: str, person_id: str, at: dt.datetime
) -> list[SeatState]:
    """The seats that the person holds, held, or would hold as the office's holder: its own seat,
    not those of people whom it sends or who come along."""
    here = sa.select(Seat.id).join(Invitation).where(Invitation.convening_id == convening_id)
    zone = session.scalar(sa.select(Convening.timezone).where(Convening.id == convening_id))
    day = day_in(at, zone) if zone and at != FAR else None
    office = (
        here.join(Appointment, Appointment.office_id == Invitation.office_id)
        .outerjoin(SeatPost, SeatPost.seat_id == Seat.id)
        .where(
            Appointment.person_id == person_id, Seat.kind == "office", SeatPost.seat_id.is_(None)
        )
    )
    if day is not None:
        office = office.where(
            Appointment.from_on <= day,
            sa.or_(Appointment.until_on.is_(None), Appointment.until_on > day),
        )
    ids = set(
        session.scalars(
            sa.union(
                here.join(Reply, Reply.seat_id == Seat.id).where(Reply.person_id == person_id),
                here.join(HandOver, HandOver.seat_id == Seat.id).where(
                    HandOver.person_id == person_id
                ),
                office,
            )
        )
    )
    if not ids:
        return []
    return chain.seats(session, at=at, seat_ids=sorted(ids), withdrawn=True)


def seat_behind(state: SeatState, holders_too: bool, person_id: str) -> Behind | None:
    comer = state.comes
    if comer is not None and comer.person.person_id == person_id:
        post, over = comer.post, comer.hand_over_id
    elif (
        holders_too
        and comer is None
        and state.withdrawn_at is None
        and state.says == "unanswered"
        and state.holder is not None
        and state.holder.person.person_id == person_id
    ):
        post, over = state.titled, None
    else:
        return None
    return Behind(
        seat_id=state.seat_id,
        invitation_id=state.invitation_id,
        office_id=state.office_id,
        office=state.office,
        region_code=state.region_code,
        post=post,
        hand_over_id=over,
        kind=state.kind,
    )


def _why(states: list[SeatState], person_id: str) -> tuple[str, dt.datetime | None]:
    """Replaced when somebody else comes for a seat that was theirs, otherwise revoked."""
    ended = [
        step.revoked_at
        for state in states
        for step in state.steps
        if step.person.person_id == person_id and step.revoked_at is not None
    ]
    gone = [state.withdrawn_at for state in states if state.withdrawn_at is not None]
    when = max([*ended, *gone], default=None)
    if any(s.comes is not None and s.comes.person.person_id != person_id for s in states):
        return "replaced", when
    return "revoked", when


def _short_code(session: Session, convening_id: str) -> str:
    while True:
        code = "".join(secrets.choice(SHORT_ALPHABET) for _ in range(SHORT_LENGTH))
        taken = session.scalar(
            sa.select(Pass.id).where(Pass.convening_id == convening_id, Pass.short_code == code)
        )
        if taken is None:
            return code
