"""What the desk sees of the door while people come in. Read only."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import chain
from cohorts.convenings.tables import Convening
from cohorts.directory.tables import Person
from cohorts.door import stations
from cohorts.door.guests import for_the_desk
from cohorts.door.presence import presences
from cohorts.door.standing import Standing, may_stand_on, standings_in
from cohorts.door.tables import Act, Scan, Station
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal

HEADS = ("gubernur", "bupati", "walikota")
STEP = dt.timedelta(minutes=5)
LATEST = 12


@dataclass(frozen=True)
class Came:
    """Somebody who came today; ``standings`` is empty when nothing stands behind them any more."""

    person: Person
    at: dt.datetime
    place: str
    standings: tuple[Standing, ...]


@dataclass(frozen=True)
class Gate:
    """A station and how many it admitted today."""

    station: Station
    admitted: int


@dataclass(frozen=True)
class Board:
    """Persons and offices of one day. ``expected`` and ``came`` count persons; heads of region are
    counted by office: invited, there in person, represented, and those not there at all.

    ``steps``: (begin, persons) for each five minutes up to now, at most ten of them.
    """

    part: str
    expected: int
    came: int
    heads: int
    heads_in_person: int
    heads_represented: int
    heads_away: tuple[chain.SeatState, ...]
    regions: int
    regions_there: int
    waiting: int
    steps: tuple[tuple[dt.datetime, int], ...]
    latest: tuple[Came, ...]
    flagged: tuple[tuple[Scan, Person], ...]
    gates: tuple[Gate, ...]


def board(session: Session, convening_id: str, now: dt.datetime) -> Board:
    """The door of a convening today. The number of queries does not grow with the guests."""
    convening = session.get(Convening, convening_id)
    if convening is None:
        raise Refusal("ground.not_found")
    part = day_in(now, convening.timezone).isoformat()
    states = chain.seats(session, at=now, convening_id=convening_id)
    theirs: dict[str, list[chain.SeatState]] = defaultdict(list)
    for state in states:
        person_id = may_stand_on(state)
        if person_id is not None:
            theirs[person_id].append(state)
    here = presences(session, convening_id, known_by=now, part=part)
    people = {
        p.id: p
        for p in session.scalars(
            sa.select(Person).where(Person.id.in_([h.person_id for h in here]))
        )
    }
    came = sorted(
        (
            Came(people[h.person_id], h.first.at, h.first.place,
                 standings_in(theirs[h.person_id], h.person_id))
            for h in here
        ),
        key=lambda c: (c.at, c.person.id), reverse=True,
    )
    counted = [s for c in came for s in c.standings if not s.companion]
    direct = {s.office_id for s in counted if not s.deputy}
    deputised = {s.office_id for s in counted if s.deputy} - direct
    office_seats = {s.office_id: s for s in states if s.kind == "office"}
    heads = {id_: s for id_, s in office_seats.items() if s.role_key in HEADS}
    regions = {s.region_code for s in office_seats.values() if s.region_code}
    flagged = for_the_desk(session, convening_id, part)
    return Board(
        part=part,
        expected=len({*theirs, *people}),
        came=len(came),
        heads=len(heads),
        heads_in_person=len(direct & heads.keys()),
        heads_represented=len(deputised & heads.keys()),
        heads_away=tuple(
            s for id_, s in heads.items() if id_ not in direct and id_ not in deputised
        ),
        regions=len(regions),
        regions_there=len({s.region_code for s in counted if s.region_code} & regions),
        waiting=sum(1 for scan, _person in flagged if scan.outcome == "waiting"),
        steps=_steps([c.at for c in came], now),
        latest=tuple(came[:LATEST]),
        flagged=tuple(flagged),
        gates=_gates(session, convening_id, part),
    )


def _steps(times: list[dt.datetime], now: dt.datetime) -> tuple[tuple[dt.datetime, int], ...]:
    length = int(STEP.total_seconds())

    def begin(at: dt.datetime) -> dt.datetime:
        return dt.datetime.fromtimestamp(int(at.timestamp()) // length * length, dt.UTC)

    if not times:
        return ()
    last = begin(now)
    first = max(begin(min(times)), last - 9 * STEP)
    counts = {first + n * STEP: 0 for n in range((last - first) // STEP + 1)}
    for at in times:
        if begin(at) in counts:
            counts[begin(at)] += 1
    return tuple(counts.items())


def _gates(session: Session, convening_id: str, part: str) -> tuple[Gate, ...]:
    undo = sa.orm.aliased(Act)
    rows = session.execute(
        sa.select(Act.station_id, sa.func.count())
        .outerjoin(undo, undo.undoes_id == Act.id)
        .where(
            Act.convening_id == convening_id, Act.part == part, Act.kind == "admit",
            undo.id.is_(None),
        )
        .group_by(Act.station_id)
    )
    counts: dict[str | None, int] = dict(rows.all())
    return tuple(
        Gate(station, counts.get(station.id, 0))
        for station in stations.stations_of(session, convening_id)
        if station.revoked_at is None or station.id in counts
    )
