"""What tests of upper floors need of the directory, made through its rules."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from cohorts.directory import appointments, contacts, offices, people, regions
from cohorts.directory.intake import seed
from cohorts.directory.tables import Appointment, ContactPoint, Office, Person, Region
from cohorts.ground.access import COMMAND, Actor, Held

NOW = dt.datetime(2022, 10, 3, 2, 0, tzinfo=dt.UTC)  # Monday, 09.00 WIB
TODAY = NOW.date()
ORGANISER = Actor("user", "USERORGANISER001", held=(Held("organizer"),))
AUDITOR = Actor("user", "USERAUDITOR00001", held=(Held("auditor"),))


def the_directory(session: Session) -> None:
    """Regions and roles, as every installation has them."""
    if session.get(Region, "32.11") is None:
        seed(session)


def a_region(session: Session, code: str = "32.11") -> Region:
    """A region of the shipped list; the list is loaded when it is not there yet."""
    if session.get(Region, code) is None:
        seed(session)
    return regions.region(session, code)


def an_office(
    session: Session, code: str = "32.11", role: str = "sekda", title: str | None = None
) -> Office:
    """The office of a role in a region, vacant and without address."""
    a_region(session, code)
    return offices.ensure_office(
        session, region_code=code, role_key=role, title=title, actor=COMMAND, now=NOW
    )


def a_person(session: Session, name: str = "Siti Contoh", **more: str) -> Person:
    """A sample person."""
    return people.add_person(session, name=name, sample=True, actor=COMMAND, now=NOW, **more)


def a_holder(
    session: Session,
    code: str = "32.11",
    role: str = "sekda",
    *,
    name: str | None = None,
    standing: str = "definitive",
    from_on: dt.date = dt.date(2021, 1, 4),
    email: str | None = "",
) -> Appointment:
    """Somebody who holds an office, with a confirmed address of the office unless ``email`` is
    None; an empty one is made up from the office."""
    office = an_office(session, code, role)
    person = a_person(session, name or f"{role.title()} {code} Contoh")
    held = appointments.appoint(
        session,
        office_id=office.id,
        person_id=person.id,
        standing=standing,
        from_on=from_on,
        actor=COMMAND,
        now=NOW,
    )
    if email is not None:
        an_address(session, office, email)
    return held


def an_address(
    session: Session, office: Office, email: str = "", *, confirmed: bool = True
) -> ContactPoint:
    """An address of mail of an office."""
    region = office.organisation.region_code or office.organisation_id
    return contacts.add_contact(
        session,
        office_id=office.id,
        channel="email",
        value=email or f"{office.role_key}.{region}@contoh.example".replace("_", "-"),
        source="contoh",
        from_on=dt.date(2021, 1, 4),
        confirmed=confirmed,
        actor=COMMAND,
        now=NOW,
    )
