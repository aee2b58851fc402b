"""What whoever comes eats, or needs to get in: told by the guest, read by the organiser.

Not by the door, and not for long: a text goes with the person (another comes, or nobody: it is
deleted) and is deleted the day after the convening, or when it is closed or called off. It stands
in no history.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import chain, guests, seats
from cohorts.convenings.chain import SeatState
from cohorts.convenings.convening import get, where
from cohorts.convenings.seat_tables import Need
from cohorts.convenings.tables import Convening, Invitation, Seat
from cohorts.ground import bounds
from cohorts.ground.access import Actor, demand
from cohorts.ground.refusal import Refusal

LIMIT = 200
KEPT = dt.timedelta(days=1)
"""How long after the door has closed a text is kept."""


@dataclass(frozen=True)
class Told:
    """One guest's needs, with the seat they sit on."""

    state: SeatState
    diet: str
    access: str


def tell(
    session: Session, seat_id: str, diet: str, access: str, actor: Actor, now: dt.datetime
) -> Need | None:
    """Write what whoever comes for the seat needs over what was told before; empty deletes it.

    By the link of whoever comes, or by an organiser. Raises Refusal convenings.nobody_comes,
    ground.too_long and those of ``guests.must_be_open``.
    """
    kept = {
        "diet": bounds.line(diet, most=LIMIT, field="diet"),
        "access": bounds.line(access, most=LIMIT, field="access"),
    }
    convening, state = seats.locked(session, seat_id, now)
    by_proxy = guests.on_behalf(actor, convening)
    guests.must_speak_for(actor, state, state.live[-1] if state.live else None)
    guests.must_be_open(convening, state, not by_proxy, now)
    if not state.wanted or (state.live and actor.id == f"invitation:{state.invitation_id}"):
        raise Refusal("convenings.nobody_comes")
    seats.clear_needs(session, seat_id)
    if not any(kept.values()):
        return None
    made = Need(seat_id=seat_id, at=now, **kept)
    session.add(made)
    session.flush()
    return made


def of_seat(session: Session, seat_id: str) -> Need | None:
    """What was told for a seat."""
    return session.get(Need, seat_id)


def of_convening(
    session: Session, convening_id: str, actor: Actor, now: dt.datetime
) -> list[Told]:
    """The needs of everybody who comes, in the order of the guest list. Organisers alone read
    them: raises Refusal ground.not_allowed."""
    demand(actor, "convening.invite", where(get(session, convening_id)))
    rows = session.scalars(
        sa.select(Need)
        .join(Seat, Seat.id == Need.seat_id)
        .join(Invitation, Invitation.id == Seat.invitation_id)
        .where(Invitation.convening_id == convening_id)
    )
    told = {row.seat_id: row for row in rows}
    if not told:
        return []
    states = chain.seats(session, at=now, convening_id=convening_id)
    return [
        Told(state, told[state.seat_id].diet, told[state.seat_id].access)
        for state in states
        if state.seat_id in told and state.wanted
    ]


def counts(texts: Iterable[str]) -> list[tuple[str, int]]:
    """How often each wish was told, the most frequent first; case and spaces do not count."""
    spelled: dict[str, str] = {}
    found: Counter[str] = Counter()
    for text in filter(None, texts):
        key = " ".join(text.casefold().split())
        spelled.setdefault(key, text)
        found[key] += 1
    return [(spelled[key], n) for key, n in sorted(found.items(), key=lambda x: (-x[1], x[0]))]


def forget(session: Session, now: dt.datetime) -> int:
    """Delete what is needed no longer: of convenings that were closed, called off, or whose door
    closed more than a day ago. Returns how many texts."""
    over = (
        sa.select(Seat.id)
        .join(Invitation, Invitation.id == Seat.invitation_id)
        .join(Convening, Convening.id == Invitation.convening_id)
        .where(
            sa.or_(
                Convening.state.in_(("closed", "cancelled")),
                Convening.door_closes_at < now - KEPT,
                Invitation.withdrawn_at.is_not(None),
            )
        )
    )
    gone = session.execute(sa.delete(Need).where(Need.seat_id.in_(over)))
    return int(getattr(gone, "rowcount", 0))
