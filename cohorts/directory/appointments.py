"""Appointments: who holds an office, from when until when, and as what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.directory.events import Appointed, AppointmentEnded
from cohorts.directory.offices import office
from cohorts.directory.people import person, records_of
from cohorts.directory.tables import (
    STANDINGS,
    Appointment,
    ContactPoint,
    Office,
    Organisation,
    Person,
)
from cohorts.ground import chronicle
from cohorts.ground.access import Actor, demand
from cohorts.ground.refusal import Refusal

FAR = dt.date.max


def appoint(
    session: Session,
    *,
    office_id: str,
    person_id: str,
    from_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    standing: str = "definitive",
    until_on: dt.date | None = None,
    succeed: bool = False,
) -> Appointment:
    """A person begins to hold an office. ``until_on`` is the first day without it.

    An office with one holder has one definitive holder at a time; beside it there may be a Plt. or
    Plh. ``succeed`` ends, from that day, whoever holds it then. Raises Refusal
    directory.office_ended, office_held, appointed_already, ends_before_it_begins.
    """
    demand(actor, "directory.edit")
    if standing not in STANDINGS:
        raise ValueError(standing)
    post = office(session, office_id)
    if post.ended_on is not None and from_on >= post.ended_on:
        raise Refusal("directory.office_ended", office=post.name)
    holder_to_be = person(session, person_id).shown
    person_id = holder_to_be.id
    own = records_of(session, person_id)
    if until_on is not None and until_on < from_on:
        raise Refusal("directory.ends_before_it_begins", field="until_on", since=from_on)
    for other in history(session, office_id):
        if not _overlap(other, from_on, until_on):
            continue
        if other.person_id in own and other.standing == standing:
            raise Refusal("directory.appointed_already", field="person_id", since=other.from_on)
        if succeed and other.until_on is None and not post.pool and other.from_on <= from_on:
            _end(session, other, from_on, actor, now)
        elif other.person_id in own and other.until_on is None and until_on is None:
            raise Refusal("directory.appointed_already", field="person_id", since=other.from_on)
        elif not post.pool and other.standing == standing == "definitive":
            raise Refusal(
                "directory.office_held",
                field="from_on",
                since=other.from_on,
                until=other.until_on,
            )
    made = Appointment(
        office=post,
        person=holder_to_be,
        standing=standing,
        single=not post.pool,
        from_on=from_on,
        until_on=until_on,
    )
    session.add(made)
    session.flush()
    chronicle.record(
        session,
        Appointed(
            subject=("appointment", made.id),
            office=post.name,
            person_id=person_id,
            standing=standing,
            from_on=from_on,
        ),
        actor,
        now,
    )
    return made


def end_appointment(
    session: Session, appointment_id: str, *, until_on: dt.date, actor: Actor, now: dt.datetime
) -> Appointment:
    """A person ceases to hold an office: ``until_on`` is the first day without it. The addresses
    of the appointment retire with it. Raises Refusal directory.appointment_over,
    ends_before_it_begins."""
    demand(actor, "directory.edit")
    held = session.get(Appointment, appointment_id)
    if held is None:
        raise Refusal("ground.not_found")
    if held.until_on is not None:
        raise Refusal("directory.appointment_over", until=held.until_on)
    _end(session, held, until_on, actor, now)
    return held


def _end(
    session: Session, held: Appointment, until_on: dt.date, actor: Actor, now: dt.datetime
) -> None:
    if until_on < held.from_on:
        raise Refusal("directory.ends_before_it_begins", field="until_on", since=held.from_on)
    held.until_on = until_on
    retired = session.execute(
        sa.update(ContactPoint)
        .where(
            ContactPoint.appointment_id == held.id,
            sa.or_(ContactPoint.until_on.is_(None), ContactPoint.until_on > until_on),
        )
        .values(until_on=until_on)
    )
    session.flush()
    chronicle.record(
        session,
        AppointmentEnded(
            subject=("appointment", held.id),
            office=held.office.name,
            person_id=held.person_id,
            until_on=until_on,
            addresses_retired=int(getattr(retired, "rowcount", 0)),
        ),
        actor,
        now,
    )


def _overlap(other: Appointment, from_on: dt.date, until_on: dt.date | None) -> bool:
    return other.from_on < (until_on or FAR) and from_on < (other.until_on or FAR)


def history(session: Session, office_id: str) -> list[Appointment]:
    """Everybody who held an office, the latest first, with the person loaded."""
    return histories(session, [office_id]).get(office_id, [])


def histories(session: Session, office_ids: Iterable[str]) -> dict[str, list[Appointment]]:
    """Everybody who held each office, the latest first, in one query; those without are missing."""
    query = (
        sa.select(Appointment)
        .where(Appointment.office_id.in_(list(office_ids)))
        .options(joinedload(Appointment.person))
        .order_by(Appointment.from_on.desc(), Appointment.id)
    )
    found: dict[str, list[Appointment]] = {}
    for held in session.scalars(query):
        found.setdefault(held.office_id, []).append(held)
    return found


def appointment(session: Session, appointment_id: str) -> Appointment:
    """An appointment with its person and office. Raises Refusal ground.not_found."""
    query = (
        sa.select(Appointment)
        .where(Appointment.id == appointment_id)
        .options(joinedload(Appointment.person), joinedload(Appointment.office))
    )
    found = session.scalar(query)
    if found is None:
        raise Refusal("ground.not_found")
    return found


def holders(session: Session, office_ids: Iterable[str], day: dt.date) -> dict[str, Appointment]:
    """Who acts in each office on a day, in one query; vacant offices are missing.

    Where a Plt. or Plh. stands beside the definitive holder, whoever began last acts. A pool has
    no one holder and is missing: see ``members_of_pool``.
    """
    query = (
        sa.select(Appointment)
        .where(
            Appointment.office_id.in_(list(office_ids)),
            Appointment.single,
            Appointment.from_on <= day,
            sa.or_(Appointment.until_on.is_(None), Appointment.until_on > day),
        )
        .options(joinedload(Appointment.person))
        .order_by(Appointment.from_on, Appointment.standing != "definitive", Appointment.id)
    )
    return {held.office_id: held for held in session.scalars(query)}


def holder(session: Session, office_id: str, day: dt.date) -> Appointment | None:
    """Who acts in an office on a day, with the person loaded; None when it is vacant."""
    return holders(session, [office_id], day).get(office_id)


def members_of_pool(session: Session, office_id: str, day: dt.date) -> list[Appointment]:
    """Everybody who holds an office on a day, by name: for pools such as operators."""
    query = (
        sa.select(Appointment)
        .where(
            Appointment.office_id == office_id,
            Appointment.from_on <= day,
            sa.or_(Appointment.until_on.is_(None), Appointment.until_on > day),
        )
        .options(joinedload(Appointment.person))
    )
    once: dict[str, Appointment] = {}
    for held in sorted(session.scalars(query), key=lambda h: (h.person.kept_id is not None, h.id)):
        once.setdefault(held.person.shown.id, held)
    return sorted(once.values(), key=lambda held: (held.person.shown.search_key, held.id))


def pool_sizes(session: Session, office_ids: Iterable[str], day: dt.date) -> dict[str, int]:
    """How many people hold each pool on a day, in one query; empty pools are missing."""
    query = (
        sa.select(
            Appointment.office_id,
            sa.func.count(sa.func.coalesce(Person.kept_id, Person.id).distinct()).label("n"),
        )
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.office_id.in_(list(office_ids)),
            Appointment.single.is_(False),
            Appointment.from_on <= day,
            sa.or_(Appointment.until_on.is_(None), Appointment.until_on > day),
        )
        .group_by(Appointment.office_id)
    )
    return {row.office_id: row.n for row in session.execute(query)}


def offices_held(session: Session, person_id: str, day: dt.date) -> list[Office]:
    """The offices a person holds on a day: two for a Kadiskominfo who is Plt. Sekda."""
    return offices_held_by(session, [person_id], day).get(person_id, [])


def offices_held_by(
    session: Session, person_ids: Iterable[str], day: dt.date
) -> dict[str, list[Office]]:
    """The offices each person holds on a day, in the order of protocol; in one query. What a
    merged record holds is held by the one that stands for it."""
    stands = sa.func.coalesce(Person.kept_id, Person.id)
    query = (
        sa.select(Appointment, stands)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            stands.in_(list(person_ids)),
            Appointment.from_on <= day,
            sa.or_(Appointment.until_on.is_(None), Appointment.until_on > day),
        )
        .options(
            joinedload(Appointment.office).options(
                joinedload(Office.role),
                joinedload(Office.organisation).joinedload(Organisation.region),
            )
        )
    )
    found: dict[str, dict[str, Office]] = {}
    for held, by in session.execute(query):
        found.setdefault(by, {})[held.office_id] = held.office
    return {
        person_id: sorted(posts.values(), key=lambda o: (o.role.protocol_order, o.name))
        for person_id, posts in found.items()
    }


def career(session: Session, person_id: str) -> list[Appointment]:
    """Every appointment of a person, of merged records too, the latest first, with the office
    loaded."""
    query = (
        sa.select(Appointment)
        .where(Appointment.person_id.in_(records_of(session, person_id)))
        .options(
            joinedload(Appointment.office).options(
                joinedload(Office.role),
                joinedload(Office.organisation).joinedload(Organisation.region),
            )
        )
        .order_by(Appointment.from_on.desc(), Appointment.id)
    )
    return list(session.scalars(query))
