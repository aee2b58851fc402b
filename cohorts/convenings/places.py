"""How many may sit, and who waits for a seat (domain rules, section 4).

A convening may set how many seats are taken at most, in all and by one region. Who answers that
somebody comes after the last seat has gone stands on the waiting list, in the order of the
answers; whoever gives a seat back lets the first who fits move up, in the same transaction. Every
change of the answers holds the convening's row first, so that no two of them see the same last
seat. Companions sit too: their seats count.

Mail: ``reply_receipt`` with the answer ``placed`` tells whoever moved up.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from cohorts.convenings import calendar, chain
from cohorts.convenings.convening import where
from cohorts.convenings.events import CapacitySet, PlaceGiven
from cohorts.convenings.pass_ids import ensure_pass
from cohorts.convenings.seat_state import COMING
from cohorts.convenings.seat_tables import Capacity, Place
from cohorts.convenings.tables import Convening, Invitation, Reply, Seat
from cohorts.directory.tables import Office, Organisation
from cohorts.ground.access import Actor, demand
from cohorts.ground.chronicle import record
from cohorts.ground.refusal import Refusal

MOST = 100_000


@dataclass(frozen=True)
class Limits:
    """How many seats may be taken, in all and by one region; None is no limit."""

    seats: int | None = None
    per_region: int | None = None

    @property
    def set(self) -> bool:
        return self.seats is not None or self.per_region is not None


@dataclass(frozen=True)
class Wanted:
    """A seat on which somebody is to sit. ``place`` orders the waiting list; None never waited."""

    seat_id: str
    region_code: str | None
    place: int | None
    waits: bool


@dataclass(frozen=True)
class Outlook:
    """The seats of a convening as they stand: taken, and waiting in their order."""

    limits: Limits
    taken: int
    waiting: tuple[Wanted, ...]

    @property
    def free(self) -> int | None:
        """Seats left; None without a limit."""
        return None if self.limits.seats is None else max(0, self.limits.seats - self.taken)


def hold(session: Session, convening_id: str) -> Convening:
    """The convening, held against another change of its answers until the unit ends."""
    found = session.get(
        Convening, convening_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if found is None:
        raise Refusal("ground.not_found")
    return found


def limits(session: Session, convening_id: str) -> Limits:
    """The limits that hold now."""
    row = _capacity(session, convening_id)
    return Limits(row.seats, row.per_region) if row else Limits()


def outlook(session: Session, convening_id: str) -> Outlook:
    """How many seats are taken and who waits."""
    every = _wanted(session, convening_id)
    waiting = tuple(one for one in every if one.waits)
    return Outlook(limits(session, convening_id), len(every) - len(waiting), waiting)


def waits(session: Session, seat_id: str) -> bool:
    """Whether the seat stands on the waiting list."""
    given = sa.select(Place.given).where(Place.seat_id == seat_id).order_by(Place.id.desc())
    return session.scalar(given.limit(1)) is False


def set_limits(
    session: Session, convening_id: str, wanted: Limits, actor: Actor, now: dt.datetime
) -> int:
    """Set, change or lift the limits; returns how many moved up. Who has a seat keeps it, also
    where the new limit is below what is taken. Setting the same twice is setting it once.

    Raises Refusal convenings.capacity (a limit is no number from 1 to MOST), cancelled,
    already_started (once the convening is over).
    """
    convening = hold(session, convening_id)
    demand(actor, "convening.invite", where(convening))
    for name, number in (("seats", wanted.seats), ("per_region", wanted.per_region)):
        if number is not None and not 1 <= number <= MOST:
            raise Refusal("convenings.capacity", field=name, most=MOST)
    if convening.state == "cancelled":
        raise Refusal("convenings.cancelled")
    if convening.state == "closed":
        raise Refusal("convenings.already_started")
    last = _capacity(session, convening_id)
    if wanted == (Limits(last.seats, last.per_region) if last else Limits()):
        return 0
    session.add(
        Capacity(
            convening_id=convening_id,
            n=last.n + 1 if last else 1,
            seats=wanted.seats,
            per_region=wanted.per_region,
            at=now,
            actor=actor.id,
        )
    )
    session.flush()
    record(
        session,
        CapacitySet(
            subject=("convening", convening_id),
            cohort_id=convening.cohort_id,
            seats=wanted.seats,
            per_region=wanted.per_region,
        ),
        actor,
        now,
    )
    return promote(session, convening, actor, now)


def enter(
    session: Session, convening: Convening, seat_id: str, actor: Actor, now: dt.datetime
) -> bool:
    """Somebody is to sit here from now on: whether there is a seat. If not, it waits.

    Called after the answer was written, with the convening held.
    """
    limit = limits(session, convening.id)
    if not limit.set and not _ever_waited(session, convening.id):
        return True
    every = _wanted(session, convening.id)
    mine = next(one for one in every if one.seat_id == seat_id)
    others = [one for one in every if not one.waits and one.seat_id != seat_id]
    free = _fits(limit, mine, len(others), Counter(one.region_code for one in others))
    if free != (not mine.waits) or (not free and mine.place is not None):
        session.add(Place(seat_id=seat_id, given=free, at=now, actor=actor.id))
        session.flush()
    return free


def enter_again(
    session: Session,
    convening: Convening,
    invitation_ids: Iterable[str],
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Seats of invitations that were taken off and are back with the answer they had."""
    ids = set(invitation_ids)
    wanted = {one.seat_id for one in _wanted(session, convening.id)}
    back = session.scalars(
        sa.select(Seat.id)
        .where(Seat.invitation_id.in_(ids), Seat.id.in_(wanted))
        .order_by(Seat.invitation_id, Seat.kind.desc(), Seat.position)
    ).all()
    for seat_id in back:
        enter(session, convening, seat_id, actor, now)


def promote(session: Session, convening: Convening, actor: Actor, now: dt.datetime) -> int:
    """Let those who wait move up, in their order, as far as there are seats; returns how many.

    A region at its own limit is passed over, not waited for. Called with the convening held.
    """
    if not _ever_waited(session, convening.id):
        return 0
    every = _wanted(session, convening.id)
    waiting = [one for one in every if one.waits]
    limit = limits(session, convening.id)
    taken = len(every) - len(waiting)
    by_region = Counter(one.region_code for one in every if not one.waits)
    moved = 0
    for one in waiting:
        if not _fits(limit, one, taken, by_region):
            continue
        taken += 1
        by_region[one.region_code] += 1
        moved += 1
        session.add(Place(seat_id=one.seat_id, given=True, at=now, actor=actor.id))
        session.flush()
        _tell(session, convening, one.seat_id, actor, now)
    return moved


def _tell(
    session: Session, convening: Convening, seat_id: str, actor: Actor, now: dt.datetime
) -> None:
    """Whoever moved up gets a pass, and the office a message."""
    state = chain.seat(session, seat_id, now)
    if state is None or state.answer is None:
        return
    if state.comes is not None:
        ensure_pass(session, convening.id, state.comes.person.person_id, actor, now)
    record(
        session,
        PlaceGiven(
            subject=("invitation", state.invitation_id),
            cohort_id=convening.cohort_id,
            office=state.office,
            kind=state.kind,
        ),
        actor,
        now,
    )
    invitation = session.get_one(Invitation, state.invitation_id)
    calendar.post_receipt(
        session, invitation, state.answer.id, state.answer.answer, now, stands="placed"
    )


def _fits(limit: Limits, one: Wanted, taken: int, by_region: Counter[str | None]) -> bool:
    if limit.seats is not None and taken >= limit.seats:
        return False
    if limit.per_region is None or one.region_code is None:
        return True
    return by_region[one.region_code] < limit.per_region


def _capacity(session: Session, convening_id: str) -> Capacity | None:
    return session.scalar(
        sa.select(Capacity)
        .where(Capacity.convening_id == convening_id)
        .order_by(Capacity.n.desc())
        .limit(1)
    )


def _ever_waited(session: Session, convening_id: str) -> bool:
    """Whether the waiting list was ever used: most convenings have none."""
    used = (
        sa.select(Place.id)
        .join(Seat, Seat.id == Place.seat_id)
        .join(Invitation, Invitation.id == Seat.invitation_id)
        .where(Invitation.convening_id == convening_id)
        .limit(1)
    )
    return session.scalar(used) is not None


def _wanted(session: Session, convening_id: str) -> list[Wanted]:
    """Every seat on which somebody is to sit, those that wait in the order of the list."""
    answer = (
        sa.select(Reply.answer)
        .where(Reply.seat_id == Seat.id)
        .order_by(Reply.n.desc())
        .limit(1)
        .scalar_subquery()
    )
    earlier = aliased(Place)
    last = (
        sa.select(sa.func.max(earlier.id))
        .where(earlier.seat_id == Seat.id)
        .correlate(Seat)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Seat.id, Organisation.region_code, Place.id, Place.given)
        .join(Invitation, Invitation.id == Seat.invitation_id)
        .join(Office, Office.id == Invitation.office_id)
        .join(Organisation, Organisation.id == Office.organisation_id)
        .outerjoin(Place, Place.id == last)
        .where(
            Invitation.convening_id == convening_id,
            Invitation.withdrawn_at.is_(None),
            answer.in_(COMING),
        )
        .order_by(Place.id, Seat.id)
    )
    return [Wanted(id_, code, place, given is False) for id_, code, place, given in rows]
