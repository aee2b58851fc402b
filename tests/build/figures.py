"""What tests of figures need: visits, scores, a threshold and items, made through their rules."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy.orm import Session

from cohorts.actions import items, moves
from cohorts.actions.proof import Proof
from cohorts.actions.standing import Standing
from cohorts.ground.access import COMMAND, Actor, Held
from cohorts.ground.base import new_id
from cohorts.programme import cohort as cohorts
from cohorts.programme import scores, visits
from cohorts.programme.tables import Cohort, Membership, Score, Visit
from tests.build import directory

NOW = directory.NOW
MENTOR = Actor("user", "USERMENTOR000001", held=(Held("organizer"),))
DUE = dt.date(2022, 12, 31)


def at(year: int, month: int, day: int) -> dt.datetime:
    """Noon of a day in Jakarta."""
    return dt.datetime(year, month, day, 5, tzinfo=dt.UTC)


def visited(
    session: Session, cohort: Cohort, code: str, on: dt.date | None = dt.date(2022, 3, 1),
    now: dt.datetime = NOW,
) -> Visit:
    """A region came to the reference region."""
    return visits.add_visit(
        session, cohort.id, region_code=code, visited_on=on, source="Buku tamu", actor=COMMAND,
        now=now)


def joined(
    session: Session, cohort: Cohort, code: str, path: str = "visited",
    on: dt.date = dt.date(2022, 10, 3), now: dt.datetime = NOW,
) -> Membership:
    """A region becomes a member."""
    made = Membership(
        id=new_id(), cohort_id=cohort.id, region_code=code, entry_path=path, joined_on=on,
        recorded_at=now, recorded_by="test")
    session.add(made)
    session.flush()
    return made


def scored(
    session: Session, code: str, year: int, value: str, *, published: dt.date | None = None,
    kind: str = "official", instrument: str = "SPBE-2020", now: dt.datetime | None = None,
) -> Score:
    """A region's value of a year."""
    return scores.add_score(
        session, region_code=code, instrument=instrument, year=year, value=Decimal(value),
        kind=kind, source="KepmenPANRB", published_on=published, actor=COMMAND,
        now=now or at(year + 1, 8, 1))


def the_threshold(
    session: Session, cohort: Cohort, value: str = "3.52",
    on: dt.date = dt.date(2022, 10, 1), now: dt.datetime = NOW,
) -> None:
    """The index of the reference region."""
    cohorts.set_threshold(
        session, cohort.id, value=Decimal(value), source="Indeks Sumedang 2021",
        effective_on=on, actor=COMMAND, now=now)


def an_item(
    session: Session, cohort: Cohort, code: str, *, due: dt.date = DUE,
    now: dt.datetime = NOW, title: str = "Menyusun rencana aksi",
) -> Standing:
    """An item of the region's sekda, raised between meetings."""
    office = directory.an_office(session, code, "sekda")
    return items.raise_item(
        session, cohort.id, title=title, criterion="Ditetapkan", office_id=office.id, due_on=due,
        actor=COMMAND, now=now)


def claimed(session: Session, item: Standing, now: dt.datetime) -> Standing:
    """Claimed done, with a decree."""
    return moves.claim(
        session, item.id, proofs=[Proof("decree", "800/12 (2022-12-01)")], actor=COMMAND, now=now)


def verified(session: Session, item: Standing, now: dt.datetime) -> Standing:
    """Claimed and then verified by another."""
    claimed(session, item, now)
    return moves.verify(session, item.id, actor=MENTOR, now=now + dt.timedelta(minutes=1))
