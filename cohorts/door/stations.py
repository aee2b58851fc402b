"""Stations: phones and laptops at a gate, enrolled by a one-use code and revocable at any time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings.tables import Convening
from cohorts.door.events import StationEnrolled, StationPrepared, StationRevoked
from cohorts.door.tables import Station, StationConvening
from cohorts.ground import bounds, chronicle
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.links import Link, Links
from cohorts.ground.refusal import Refusal

PURPOSE = "station"
LIFETIME = dt.timedelta(minutes=10)
"""How long the code on the organiser's screen may be used."""
SEEN = dt.timedelta(seconds=15)
"""Not more often is it noted that a station was seen."""


@dataclass(frozen=True)
class Bound:
    """A station with the convenings it is bound to, the earliest first."""

    station: Station
    convenings: tuple[Convening, ...]


def prepare(
    session: Session, *, convening_ids: Iterable[str], gate: str, actor: Actor, now: dt.datetime,
    may_search: bool = True, may_undo: bool = True,
) -> Station:
    """Make a station that waits for its phone; it may serve several convenings (a joint event).

    Raises Refusal ground.not_allowed, ground.not_found, ground.needed (field gate),
    door.no_convening.
    """
    ids = list(dict.fromkeys(convening_ids))
    convenings = [_convening(session, one) for one in ids]
    for convening in convenings:
        demand(actor, "door.enrol", Where(convening.cohort_id, convening.id))
        if convening.state in ("closed", "cancelled"):
            raise Refusal("door.no_convening")
    if not convenings:
        raise Refusal("door.no_convening")
    station = Station(
        gate=bounds.needed(gate, most=80, field="gate"), name="", may_search=may_search,
        may_undo=may_undo, generation=1, enrol_until=now + LIFETIME, unsent=0, created_at=now,
        created_by=actor.id,
    )
    session.add(station)
    session.flush()
    session.add_all(
        StationConvening(station_id=station.id, convening_id=one.id) for one in convenings
    )
    session.flush()
    chronicle.record(
        session,
        StationPrepared(subject=("station", station.id), cohort_id=convenings[0].cohort_id,
                        gate=station.gate, again=False),
        actor, now,
    )
    return station


def prepare_again(session: Session, *, station_id: str, actor: Actor, now: dt.datetime) -> Station:
    """A new one-use code for the same gate: another phone, or the code ran out. Whatever phone was
    enrolled before stops working."""
    station, convenings = _mine(session, station_id, actor)
    if station.revoked_at is not None:
        raise Refusal("door.station_revoked")
    station.generation += 1
    station.enrol_until = now + LIFETIME
    again, station.enrolled_at = station.enrolled_at is not None, None
    session.flush()
    chronicle.record(
        session,
        StationPrepared(subject=("station", station.id), cohort_id=convenings[0].cohort_id,
                        gate=station.gate, again=again),
        actor, now,
    )
    return station


def enrolment_token(links: Links, station: Station) -> str:
    """What the one-use code carries while it may be used."""
    return links.make(PURPOSE, station.id, station.generation)


def waiting(session: Session, link: Link | None, now: dt.datetime) -> Bound:
    """The station that a one-use code would enrol. Raises Refusal ground.link_invalid (unknown),
    or door.enrolment_over (used, replaced or older than ten minutes: one answer)."""
    station = session.get(Station, link.id) if link is not None else None
    if station is None or link is None:
        raise Refusal("ground.link_invalid")
    if (
        station.generation != link.generation
        or station.enrolled_at is not None
        or station.revoked_at is not None
        or now >= station.enrol_until
    ):
        raise Refusal("door.enrolment_over")
    return Bound(station, _bound_to(session, station.id))


def enrol(session: Session, *, link: Link | None, name: str, now: dt.datetime) -> Station:
    """Make the device that holds the code the station. The generation grows: the code is used up,
    and the device is known by the new token from now on.

    ``name``: who stands there, may be empty. Raises what ``waiting`` raises.
    """
    station = waiting(session, link, now).station
    # The database decides when two phones hold the same code.
    taken = session.execute(
        sa.update(Station)
        .where(Station.id == station.id, Station.generation == station.generation)
        .values(
            generation=station.generation + 1, enrolled_at=now, last_seen_at=now, unsent=0,
            name=bounds.line(name, most=80, field="name"),
        )
        .execution_options(synchronize_session=False)
    )
    if not getattr(taken, "rowcount", 0):
        raise Refusal("door.enrolment_over")
    session.refresh(station)
    first = _bound_to(session, station.id)[0]
    chronicle.record(
        session,
        StationEnrolled(subject=("station", station.id), cohort_id=first.cohort_id,
                        gate=station.gate),
        actor_of(station), now,
    )
    return station


def revoke(session: Session, *, station_id: str, actor: Actor, now: dt.datetime) -> Station:
    """End a station at once; ending it twice changes nothing."""
    station, convenings = _mine(session, station_id, actor)
    if station.revoked_at is None:
        station.revoked_at = now
        station.generation += 1
        session.flush()
        chronicle.record(
            session,
            StationRevoked(subject=("station", station.id), cohort_id=convenings[0].cohort_id,
                           gate=station.gate, unsent=station.unsent),
            actor, now,
        )
    return station


def recognise(session: Session, link: Link | None) -> Bound:
    """The station behind a device's token. Raises Refusal door.no_station, or
    door.station_revoked when the device was a station and is none any more."""
    station = session.get(Station, link.id) if link is not None else None
    if station is None or link is None:
        raise Refusal("door.no_station")
    if station.revoked_at is not None or station.generation != link.generation:
        raise Refusal("door.station_revoked")
    if station.enrolled_at is None:
        raise Refusal("door.no_station")
    return Bound(station, _bound_to(session, station.id))


def actor_of(station: Station) -> Actor:
    """Who acts when a station does."""
    return Actor("station", station.id, link=PURPOSE)


def at_work(convenings: Sequence[Convening], now: dt.datetime) -> Convening:
    """Which of a station's convenings a typed code or a name is meant for: the one whose door is
    open; else the next to open; else the last one."""

    def rank(convening: Convening) -> tuple[int, float]:
        if convening.state in ("closed", "cancelled") or now >= convening.door_closes_at:
            return 2, -convening.door_closes_at.timestamp()
        return int(now < convening.door_opens_at), convening.door_opens_at.timestamp()

    return min(convenings, key=rank)


def seen(
    session: Session, *, station_id: str, now: dt.datetime, unsent: int | None = None
) -> None:
    """Note that the station is at work, and how many records it still holds (None: unchanged)."""
    values: dict[str, object] = {"last_seen_at": now}
    due = sa.or_(Station.last_seen_at.is_(None), Station.last_seen_at < now - SEEN)
    if unsent is not None:
        values["unsent"] = max(0, min(unsent, 1_000_000))
        due = sa.or_(due, Station.unsent != values["unsent"])
    session.execute(
        sa.update(Station).where(Station.id == station_id, due).values(**values)
        .execution_options(synchronize_session=False)
    )


def stations_of(session: Session, convening_id: str) -> list[Station]:
    """The convening's stations: those at work first, then by gate."""
    query = (
        sa.select(Station)
        .join(StationConvening, StationConvening.station_id == Station.id)
        .where(StationConvening.convening_id == convening_id)
        .order_by(Station.revoked_at.is_not(None), Station.gate, Station.created_at, Station.id)
    )
    return list(session.scalars(query))


def with_unsent(session: Session, convening_id: str) -> list[Station]:
    """Stations that said they hold records the server has not seen; closing asks about them."""
    return [s for s in stations_of(session, convening_id) if s.unsent > 0]


def _convening(session: Session, convening_id: str) -> Convening:
    found = session.get(Convening, convening_id)
    if found is None:
        raise Refusal("ground.not_found")
    return found


def _bound_to(session: Session, station_id: str) -> tuple[Convening, ...]:
    query = (
        sa.select(Convening)
        .join(StationConvening, StationConvening.convening_id == Convening.id)
        .where(StationConvening.station_id == station_id)
        .order_by(Convening.starts_at, Convening.id)
    )
    return tuple(session.scalars(query))


def _mine(
    session: Session, station_id: str, actor: Actor
) -> tuple[Station, tuple[Convening, ...]]:
    """A station that the actor may manage: the right is needed at each of its convenings."""
    station = session.get(Station, station_id)
    if station is None:
        raise Refusal("ground.not_found")
    convenings = _bound_to(session, station_id)
    for convening in convenings:
        demand(actor, "door.enrol", Where(convening.cohort_id, convening.id))
    return station, convenings
