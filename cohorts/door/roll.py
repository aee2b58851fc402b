"""The roll: who came, for which offices, and since when. Read only."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cohorts.convenings import chain
from cohorts.convenings.tables import Convening
from cohorts.door.presence import presences
from cohorts.door.standing import Standing, may_stand_on, standing, standings_in
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal


@dataclass(frozen=True)
class Attended:
    """One person who came. ``standings`` are the offices the one presence satisfies: in person,
    or represented where ``deputy``. Companions have only standings that do not count."""

    person_id: str
    first_at: dt.datetime
    place: str
    standings: tuple[Standing, ...]

    @property
    def counts(self) -> tuple[Standing, ...]:
        """The standings that count in figures."""
        return tuple(s for s in self.standings if not s.companion)


def offices_present(came: Iterable[Attended]) -> tuple[int, int]:
    """How many offices came in person, and how many only by a deputy. Companions do not count."""
    standings = [standing for one in came for standing in one.counts]
    direct = {standing.office_id for standing in standings if not standing.deputy}
    return len(direct), len({standing.office_id for standing in standings} - direct)


def attendance(session: Session, convening_id: str, as_of: dt.datetime) -> list[Attended]:
    """Who came to the convening, as far as it was known at ``as_of``; sorted by first presence.

    Scans before the convening's first day are rehearsals of the door and do not count. Scans
    received later than ``as_of`` (a phone that was offline) are not in it: a closing keeps its
    bytes, and the same call with a later instant has the correction. What a person represents is
    read as of the end of the door's hours (or ``as_of``, if earlier), and for who had lost the
    mandate by then, as of the moment of coming in. Raises Refusal ground.not_found.
    """
    convening = session.get(Convening, convening_id)
    if convening is None:
        raise Refusal("ground.not_found")
    begins = day_in(convening.starts_at, convening.timezone).isoformat()
    came: dict[str, tuple[dt.datetime, str, str]] = {}
    for one in presences(session, convening_id, known_by=as_of):
        if one.part >= begins:
            seen = (one.first.at, one.first.client_id, one.first.place)
            came[one.person_id] = min(came.get(one.person_id, seen), seen)
    if not came:
        return []
    judged = min(as_of, max(convening.door_closes_at, convening.ends_at))
    theirs: dict[str, list[chain.SeatState]] = defaultdict(list)
    for state in chain.seats(session, at=judged, convening_id=convening_id):
        person = may_stand_on(state)
        if person is not None:
            theirs[person].append(state)
    found = []
    for person_id, (at, _client, place) in came.items():
        standings = standings_in(theirs[person_id], person_id)
        if not standings:
            then = standing(session, convening_id=convening_id, person_id=person_id, at=at)
            standings = then if isinstance(then, tuple) else ()
        found.append(Attended(person_id, at, place, standings))
    return sorted(found, key=lambda a: (a.first_at, a.person_id))
