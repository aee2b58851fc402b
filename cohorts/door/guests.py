"""What a station may know of the guests: name, office, region, and whether they are in."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import chain
from cohorts.convenings.tables import Convening
from cohorts.directory import spelling
from cohorts.directory.tables import Person
from cohorts.door.presence import Presence, presences
from cohorts.door.standing import Standing, may_stand_on, standings_in
from cohorts.door.tables import Act, Scan
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal

HITS = 30


@dataclass(frozen=True)
class Guest:
    """Somebody who may come in, and as what. ``presence`` is None before they came today."""

    person_id: str
    full_name: str
    sample: bool
    standings: tuple[Standing, ...]
    presence: Presence | None


@dataclass(frozen=True)
class Counts:
    """Admitted today, and not taken back: through one gate, through all."""

    gate: int
    all: int


@dataclass(frozen=True)
class Entry:
    """A line of the door's log."""

    act_id: str
    person_id: str
    full_name: str
    post: str
    place: str
    at: dt.datetime
    undone: bool


def guests(session: Session, convening_id: str, now: dt.datetime) -> list[Guest]:
    """Everybody who may come in now, sorted by name. The number of queries does not grow."""
    convening = session.get(Convening, convening_id)
    if convening is None:
        raise Refusal("ground.not_found")
    theirs: dict[str, list[chain.SeatState]] = defaultdict(list)
    for state in chain.seats(session, at=now, convening_id=convening_id):
        person_id = may_stand_on(state)
        if person_id is not None:
            theirs[person_id].append(state)
    part = day_in(now, convening.timezone).isoformat()
    here = {p.person_id: p for p in presences(session, convening_id, known_by=now, part=part)}
    people = session.scalars(sa.select(Person).where(Person.id.in_(theirs)))
    found = [
        Guest(p.id, p.full_name, p.sample, standings_in(theirs[p.id], p.id), here.get(p.id))
        for p in people
    ]
    return sorted(found, key=lambda g: (g.full_name.casefold(), g.person_id))


def find(everybody: Iterable[Guest], query: str) -> list[Guest]:
    """The guests whose name, office or region holds every word that was typed. Titles do not
    count, nor do spelling variants of a region."""
    wanted = spelling.words(query)
    named = spelling.person_words(query)
    if not wanted:
        return []

    def fits(key: str) -> bool:
        return all(word in key for word in wanted) or (
            bool(named) and all(word in key for word in named)
        )

    return [g for g in everybody if fits(_key(g))][:HITS]


def guest(session: Session, convening_id: str, person_id: str, now: dt.datetime) -> Guest:
    """One guest. Raises Refusal ground.not_found for whoever is not expected."""
    for one in guests(session, convening_id, now):
        if one.person_id == person_id:
            return one
    raise Refusal("ground.not_found")


def counts(session: Session, convening_id: str, part: str, station_id: str | None) -> Counts:
    """How many are in today; two index reads, however many scans there were."""
    undo = sa.orm.aliased(Act)
    admitted = (
        sa.select(sa.func.count(), sa.func.count().filter(Act.station_id == station_id))
        .select_from(Act)
        .outerjoin(undo, undo.undoes_id == Act.id)
        .where(
            Act.convening_id == convening_id, Act.part == part, Act.kind == "admit",
            undo.id.is_(None),
        )
    )
    everybody, gate = session.execute(admitted).one()
    return Counts(gate, everybody)


def log(
    session: Session, convening_id: str, *, station_id: str | None = None, limit: int = 20,
    part: str | None = None,
) -> list[Entry]:
    """The last admissions, newest first, those taken back included; of one station or of all.

    ``post`` is left empty here: a page that wants it has the guests at hand.
    """
    undo = sa.orm.aliased(Act)
    query = (
        sa.select(Act.id, Act.person_id, Person, Act.place, Act.at, undo.id)
        .join(Person, Person.id == Act.person_id)
        .outerjoin(undo, undo.undoes_id == Act.id)
        .where(Act.convening_id == convening_id, Act.kind == "admit")
        .order_by(Act.at.desc(), Act.id.desc())
        .limit(limit)
    )
    if station_id is not None:
        query = query.where(Act.station_id == station_id)
    if part is not None:
        query = query.where(Act.part == part)
    return [
        Entry(act_id, person_id, person.full_name, "", place, at, undone is not None)
        for act_id, person_id, person, place, at, undone in session.execute(query)
    ]


def for_the_desk(session: Session, convening_id: str, part: str) -> list[tuple[Scan, Person]]:
    """Scans of the day that a person has to look at: refused although their person is known, or
    with a clock that cannot be right; the newest of each person, unless they came in after all."""
    rows = session.execute(
        sa.select(Scan, Person)
        .join(Person, Person.id == Scan.person_id)
        .where(
            Scan.convening_id == convening_id, Scan.part == part,
            sa.or_(
                sa.and_(Scan.outcome == "refused", Scan.code.in_(("revoked", "replaced"))),
                Scan.outcome == "waiting",
            ),
        )
        .order_by(Scan.at.desc(), Scan.client_id)
    ).all()
    came = set(session.scalars(
        sa.select(Scan.person_id).where(
            Scan.convening_id == convening_id, Scan.part == part,
            Scan.outcome.in_(("admitted", "already")),
        )
    ))
    newest: dict[str, tuple[Scan, Person]] = {}
    for scan, person in rows:
        if person.id not in came:
            newest.setdefault(person.id, (scan, person))
    return list(newest.values())


def _key(guest: Guest) -> str:
    parts = [guest.full_name]
    for one in guest.standings:
        parts += [one.office, one.post, one.region]
    return " ".join(spelling.words(" ".join(parts)))
