"""One person who is expected at two convenings, because they hold offices in two regions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory import offices
from cohorts.directory.tables import Appointment, Office, Organisation, Person

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class InBoth:
    """A person and the office that each of the two convenings expects."""

    person: Person
    here: Office
    there: Office


@dataclass(frozen=True)
class Expected:
    """Whom a convening expects: the ``offices`` invited, or, while none is (None), whoever holds
    an office in its ``regions``."""

    regions: frozenset[str]
    offices: frozenset[str] | None

    def expects(self, held: _Held) -> bool:
        if self.offices is None:
            return held.region_code in self.regions
        return held.office_id in self.offices


@dataclass(frozen=True)
class Meeting:
    """Two convenings of one day, seen from the first."""

    here: Expected
    there: Expected
    day: dt.date


@dataclass(frozen=True)
class _Held:
    person_id: str
    office_id: str
    region_code: str


@dataclass(frozen=True)
class _Term:
    held: _Held
    single: bool
    from_on: dt.date
    until_on: dt.date | None


def of(session: Session, meetings: Mapping[Key, Meeting]) -> dict[Key, tuple[InBoth, ...]]:
    """Who is expected at both, for each meeting, where no region is expected at both that would
    say so already. At most three queries."""
    if not meetings:
        return {}
    terms = _terms(session, list(meetings.values()))
    pairs = {key: _pairs(meeting, _acting(terms, meeting.day)) for key, meeting in meetings.items()}
    told = [pair for found in pairs.values() for pair in found]
    if not told:
        return dict.fromkeys(meetings, ())
    ids = {mine.person_id for mine, _theirs in told}
    people = {p.id: p for p in session.scalars(sa.select(Person).where(Person.id.in_(ids)))}
    posts = offices.offices(session, {held.office_id for pair in told for held in pair})
    return {
        key: tuple(
            InBoth(people[mine.person_id], posts[mine.office_id], posts[theirs.office_id])
            for mine, theirs in found
        )
        for key, found in pairs.items()
    }


def _terms(session: Session, meetings: Sequence[Meeting]) -> list[_Term]:
    """Who holds which office of the regions on any of the days, whoever began last at the end. A
    merged record is the person that stands for it."""
    codes = set().union(*(m.here.regions | m.there.regions for m in meetings))
    days = [m.day for m in meetings]
    rows = session.execute(
        sa.select(
            sa.func.coalesce(Person.kept_id, Person.id),
            Appointment.office_id,
            Organisation.region_code,
            Appointment.single,
            Appointment.from_on,
            Appointment.until_on,
        )
        .join(Person, Person.id == Appointment.person_id)
        .join(Office, Office.id == Appointment.office_id)
        .join(Organisation, Organisation.id == Office.organisation_id)
        .where(
            Organisation.region_code.in_(codes),
            Appointment.from_on <= max(days),
            sa.or_(Appointment.until_on.is_(None), Appointment.until_on > min(days)),
        )
        .order_by(Appointment.from_on, Appointment.standing != "definitive", Appointment.id)
    )
    return [
        _Term(_Held(person_id, office_id, str(code)), single, from_on, until_on)
        for person_id, office_id, code, single, from_on, until_on in rows
    ]


def _acting(terms: Sequence[_Term], day: dt.date) -> list[_Held]:
    """Who acts in which office on the day: of a single-holder office whoever began last."""
    found: dict[tuple[str, str], _Held] = {}
    for term in terms:
        if term.from_on <= day and (term.until_on is None or term.until_on > day):
            found[term.held.office_id, "" if term.single else term.held.person_id] = term.held
    return list(found.values())


def _pairs(meeting: Meeting, acting: Sequence[_Held]) -> list[tuple[_Held, _Held]]:
    """Each person once, by office."""
    shared = meeting.here.regions & meeting.there.regions
    apart = [held for held in acting if held.region_code not in shared]
    mine: dict[str, _Held] = {}
    for held in apart:
        if meeting.here.expects(held):
            mine.setdefault(held.person_id, held)
    theirs: dict[str, _Held] = {}
    for held in apart:
        if held.person_id in mine and meeting.there.expects(held):
            theirs.setdefault(held.person_id, held)
    both = [(mine[person_id], held) for person_id, held in theirs.items()]
    return sorted(both, key=lambda pair: (pair[0].office_id, pair[0].person_id))
