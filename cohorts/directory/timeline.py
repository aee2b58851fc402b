"""The time line of an office and of a person, read from the rows: who held what and as what, the
days without anybody, hand-overs, addresses coming, being confirmed and retired, records merged.

Nothing of it is stored. A day belongs to whoever began last (``appointments.holders``), so that a
Plh. beside the definitive holder is a hand-over there and back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory.appointments import career, history
from cohorts.directory.people import records_of
from cohorts.directory.tables import (
    Appointment,
    ContactPoint,
    Person,
    PersonMerge,
    PersonMergeUndo,
    User,
)
from cohorts.ground.clock import day_in

ORDER = (
    "parted",
    "merged",
    "contact_confirmed",
    "contact_added",
    "held",
    "hand_over",
    "vacant",
    "contact_ended",
)
"""What stands above what where the day is the same: the latest first."""


@dataclass(frozen=True)
class Acting:
    """One person acts in an office from a day until the first day without them (None: no end is
    known), through one appointment or several in a row: ``first`` and ``last`` of them."""

    first: Appointment
    last: Appointment
    from_on: dt.date
    until_on: dt.date | None

    @property
    def person_id(self) -> str:
        """The record that stands for the person."""
        return self.first.person.shown.id


@dataclass(frozen=True)
class Vacancy:
    """Days without a holder: the first, and the first after; None while it lasts."""

    from_on: dt.date
    until_on: dt.date | None


@dataclass(frozen=True)
class Row:
    """A line of a time line. ``kind`` is one of ORDER, and says what else is there: ``held`` an
    appointment, ``vacant`` an end, ``hand_over`` the appointment that ends and the one that
    follows, the addresses a ``contact`` and ``by`` whom, the merges the other record."""

    kind: str
    on: dt.date
    until_on: dt.date | None = None
    appointment: Appointment | None = None
    before: Appointment | None = None
    contact: ContactPoint | None = None
    person: Person | None = None
    by: str = ""


def acting(held: Sequence[Appointment]) -> list[Acting]:
    """Who acts in an office with one holder, through time, the oldest first."""
    single = sorted(
        (a for a in held if a.single),
        key=lambda a: (a.from_on, a.standing != "definitive", a.id),
    )
    days = sorted({a.from_on for a in single} | {a.until_on for a in single if a.until_on})
    found: list[Acting] = []
    for n, day in enumerate(days):
        following = days[n + 1] if n + 1 < len(days) else None
        there = [a for a in single if a.from_on <= day and (a.until_on is None or a.until_on > day)]
        if not there:
            continue
        now = there[-1]
        last = found[-1] if found else None
        if last is not None and last.until_on == day and last.person_id == now.person.shown.id:
            found[-1] = Acting(last.first, now, last.from_on, following)
        else:
            found.append(Acting(now, now, day, following))
    return found


def acting_on(held: Sequence[Appointment], day: dt.date) -> Acting | None:
    """Who acts on a day, since when and until when; None when the office is vacant or a pool."""
    return next(
        (
            one
            for one in acting(held)
            if one.from_on <= day and (one.until_on is None or one.until_on > day)
        ),
        None,
    )


def vacancies(held: Sequence[Appointment]) -> list[Vacancy]:
    """The days without a holder after the first known one, the oldest first."""
    spans = acting(held)
    found = []
    for n, one in enumerate(spans):
        begin = spans[n + 1].from_on if n + 1 < len(spans) else None
        if one.until_on is not None and one.until_on != begin:
            found.append(Vacancy(one.until_on, begin))
    return found


def of_office(session: Session, office_id: str, *, today: dt.date, zone: str) -> list[Row]:
    """The time line of an office, the latest first; a pool has neither vacancies nor hand-overs.
    What is still to come shows where it is a holder or a vacancy."""
    held = history(session, office_id)
    spans = acting(held)
    rows = [Row("held", a.from_on, a.until_on, appointment=a) for a in held]
    rows += [Row("vacant", v.from_on, v.until_on) for v in vacancies(held)]
    rows += [
        Row("hand_over", after.from_on, appointment=after.first, before=before.last)
        for before, after in pairwise(spans)
        if before.until_on == after.from_on
    ]
    points = session.scalars(
        sa.select(ContactPoint).where(
            sa.or_(
                ContactPoint.office_id == office_id,
                ContactPoint.appointment_id.in_([a.id for a in held]),
            )
        )
    )
    return _latest_first([*rows, *_addresses(session, points, today, zone)])


def of_person(session: Session, person_id: str, *, today: dt.date, zone: str) -> list[Row]:
    """The time line of a person, merged records included, the latest first: every office held,
    own addresses, and the records merged into this one and parted again."""
    held = career(session, person_id)
    rows = [Row("held", a.from_on, a.until_on, appointment=a) for a in held]
    points = session.scalars(
        sa.select(ContactPoint).where(ContactPoint.appointment_id.in_([a.id for a in held]))
    )
    rows += _addresses(session, points, today, zone)
    merges = session.execute(
        sa.select(PersonMerge.at, PersonMergeUndo.at, Person)
        .join(Person, Person.id == PersonMerge.merged_id)
        .outerjoin(PersonMergeUndo, PersonMergeUndo.merge_id == PersonMerge.id)
        .where(PersonMerge.kept_id.in_(records_of(session, person_id)))
    )
    for merged_at, parted_at, other in merges:
        rows.append(Row("merged", day_in(merged_at, zone), person=other))
        if parted_at is not None:
            rows.append(Row("parted", day_in(parted_at, zone), person=other))
    return _latest_first(rows)


def _addresses(
    session: Session, points: Iterable[ContactPoint], today: dt.date, zone: str
) -> list[Row]:
    """Addresses coming, being confirmed and retired, up to today."""
    known = list(points)
    sure = {p.confirmed_by for p in known if p.confirmed_by}
    users = session.execute(sa.select(User.id, User.name).where(User.id.in_(sure)))
    names = {row.id: row.name for row in users}
    rows = []
    for point in known:
        rows.append(Row("contact_added", point.from_on, contact=point))
        if point.confirmed_at is not None:
            day = day_in(point.confirmed_at, zone)
            by = names.get(point.confirmed_by or "", "")
            rows.append(Row("contact_confirmed", day, contact=point, by=by))
        if point.until_on is not None:
            rows.append(Row("contact_ended", point.until_on, contact=point))
    return [row for row in rows if row.on <= today]


def _latest_first(rows: list[Row]) -> list[Row]:
    def place(row: Row) -> tuple[int, int, str]:
        own = row.appointment or row.contact or row.person
        return -row.on.toordinal(), ORDER.index(row.kind), own.id if own is not None else ""

    return sorted(rows, key=place)
