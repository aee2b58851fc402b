"""The doorway: whether it is open at a moment, and who may stand at it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cohorts.convenings.tables import Convening
from cohorts.door.tables import Station, StationConvening
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.refusal import Refusal

DESK = "Meja registrasi"  # the place of an act without a station; a name, like a gate's


@dataclass(frozen=True)
class Doorway:
    """The convening's door and who stands at it."""

    convening_id: str
    cohort_id: str
    state: str
    timezone: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    closed_at: dt.datetime | None
    station_id: str | None
    place: str
    since: dt.datetime | None  # enrolment of the station
    may_search: bool
    may_undo: bool


def doorway(session: Session, convening_id: str, station_id: str | None, actor: Actor) -> Doorway:
    """The door, if the actor may stand at it: a station only at the convenings it is bound to."""
    row = session.execute(
        sa.select(
            Convening.id, Convening.cohort_id, Convening.state, Convening.timezone,
            Convening.door_opens_at, Convening.door_closes_at, Convening.closed_at,
        ).where(Convening.id == convening_id)
    ).one_or_none()
    if row is None:
        raise Refusal("ground.not_found")
    demand(actor, "door.admit", Where(cohort_id=row.cohort_id, convening_id=row.id))
    if station_id is None and actor.link == "station":
        raise Refusal("ground.not_allowed", reason="out_of_scope")
    place, since, may_search, may_undo = DESK, None, True, True
    if station_id is not None:
        device = session.execute(
            sa.select(Station.gate, Station.enrolled_at, Station.may_search, Station.may_undo)
            .join(StationConvening, StationConvening.station_id == Station.id)
            .where(
                Station.id == station_id,
                Station.revoked_at.is_(None),
                Station.enrolled_at.is_not(None),
                StationConvening.convening_id == convening_id,
            )
        ).one_or_none()
        if device is None:
            raise Refusal("ground.not_allowed", reason="out_of_scope")
        place, since, may_search, may_undo = device
    return Doorway(
        row.id, row.cohort_id, row.state, row.timezone, row.door_opens_at, row.door_closes_at,
        row.closed_at, station_id, place, since, may_search, may_undo,
    )


def shut(door: Doorway, at: dt.datetime) -> tuple[str, dt.datetime] | None:
    """(not_open, opens at) or (closed, closed at) when the door is shut at the instant, else None.

    Admission needs an announced or running convening, within the door's own hours, and before the
    moment it was closed: what a phone had queued until then is still judged by its own time.
    """
    if door.state == "draft" or at < door.opens_at:
        return "not_open", door.opens_at
    ended = min(door.closed_at, door.closes_at) if door.closed_at else door.closes_at
    if door.state == "cancelled" or at >= ended or (door.state == "closed" and not door.closed_at):
        return "closed", ended
    return None


def check_client_id(client_id: str) -> None:
    """Raise Refusal door.client_id unless it is 8 to 40 printable ASCII characters."""
    if not client_id.isascii() or not client_id.isprintable() or not 8 <= len(client_id) <= 40:
        raise Refusal("door.client_id")


def once(session: Session, table: sa.Table, values: dict[str, Any]) -> bool:
    """Insert a row unless the database holds one that excludes it; whether the row is ours.

    RETURNING says it: the row count of such an INSERT is not to be had from every driver.
    """
    dialect = session.get_bind().dialect.name
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    key = next(iter(table.primary_key.columns))
    wanted = make(table).values(**values).on_conflict_do_nothing().returning(key)
    return session.execute(wanted).scalar_one_or_none() is not None
