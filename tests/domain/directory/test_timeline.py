"""The time line of an office and of a person: every day told once, and nothing left out."""

from __future__ import annotations

import datetime as dt
import random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory import appointments, contacts, merging, timeline
from cohorts.directory.tables import Appointment, Person
from tests.build.directory import NOW, ORGANISER, TODAY, a_person, an_office

BY = {"actor": ORGANISER, "now": NOW}
BEGIN = dt.date(2022, 1, 1)
JAKARTA = "Asia/Jakarta"


def day(n: int) -> dt.date:
    return BEGIN + dt.timedelta(days=n)


def hold(
    session: Session,
    office_id: str,
    who: Person,
    first: int,
    end: int | None = None,
    standing: str = "definitive",
    *,
    succeed: bool = False,
) -> Appointment:
    return appointments.appoint(
        session,
        office_id=office_id,
        person_id=who.id,
        from_on=day(first),
        standing=standing,
        until_on=None if end is None else day(end),
        succeed=succeed,
        **BY,
    )


def told(rows: list[timeline.Row]) -> list[tuple[str, int]]:
    return [(row.kind, (row.on - BEGIN).days) for row in rows]


def test_each_day_belongs_to_whom_letters_would_name_or_to_a_vacancy(session: Session) -> None:
    dice = random.Random(7)
    people = [a_person(session, f"Orang {n} Contoh") for n in range(3)]
    for role in ("sekda", "kadiskominfo", "wabup", "sekdis", "kabid", "bupati"):
        office = an_office(session, role=role)
        for _ in range(5):
            first = dice.randrange(20)
            session.add(
                Appointment(
                    office=office,
                    person=dice.choice(people),
                    single=True,
                    standing=dice.choice(("plt", "plh", "pj")),
                    from_on=day(first),
                    until_on=day(first + dice.randrange(8)),
                )
            )
        session.flush()
        held = appointments.history(session, office.id)
        spans, gaps = timeline.acting(held), timeline.vacancies(held)
        for n in range(min(a.from_on for a in held).toordinal() - BEGIN.toordinal(), 30):
            holder = appointments.holder(session, office.id, day(n))
            there = [
                s for s in spans if s.from_on <= day(n) and (not s.until_on or day(n) < s.until_on)
            ]
            assert [s.person_id for s in there] == ([holder.person_id] if holder else [])
            assert timeline.acting_on(held, day(n)) == (there[0] if there else None)
            vacant = [v for v in gaps if v.from_on <= day(n) and (v.until_on or day(99)) > day(n)]
            assert len(vacant) == (not there and any(s.from_on <= day(n) for s in spans))


def test_a_vacancy_and_a_hand_over_are_rows_of_their_own(session: Session) -> None:
    office = an_office(session)
    one, two, three = (a_person(session, f"{name} Contoh") for name in ("Satu", "Dua", "Tiga"))
    hold(session, office.id, one, 0)
    hold(session, office.id, two, 10, succeed=True)
    hold(session, office.id, three, 12, 14, "plh")
    appointments.end_appointment(
        session, appointments.holder(session, office.id, day(11)).id, until_on=day(20), **BY
    )
    hold(session, office.id, three, 30, standing="plt")
    rows = timeline.of_office(session, office.id, today=TODAY, zone=JAKARTA)
    assert told(rows) == [
        ("held", 30),
        ("vacant", 20),
        ("hand_over", 14),
        ("held", 12),
        ("hand_over", 12),
        ("held", 10),
        ("hand_over", 10),
        ("held", 0),
    ]
    ways = [(r.before.person.name, r.appointment.person.name) for r in rows if r.before]
    assert ways == [
        ("Tiga Contoh", "Dua Contoh"),
        ("Dua Contoh", "Tiga Contoh"),
        ("Satu Contoh", "Dua Contoh"),
    ]
    assert next(r for r in rows if r.kind == "vacant").until_on == day(30)


def test_whoever_goes_on_as_something_else_hands_over_to_nobody(session: Session) -> None:
    office = an_office(session)
    one, same = a_person(session, "Satu Contoh"), a_person(session, "Satu Contoh")
    hold(session, office.id, one, 0, standing="plt")
    hold(session, office.id, same, 9, succeed=True)
    assert "hand_over" in dict(
        told(timeline.of_office(session, office.id, today=TODAY, zone=JAKARTA))
    )
    merging.merge(session, kept_id=one.id, merged_id=same.id, **BY)
    session.expire_all()
    rows = timeline.of_office(session, office.id, today=TODAY, zone=JAKARTA)
    assert told(rows) == [("held", 9), ("held", 0)]
    (span,) = timeline.acting(appointments.history(session, office.id))
    assert (span.from_on, span.until_on) == (day(0), None)


def test_addresses_come_are_confirmed_and_retire_with_the_appointment(session: Session) -> None:
    office = an_office(session)
    held = hold(session, office.id, a_person(session), 0)
    own = contacts.add_contact(
        session,
        appointment_id=held.id,
        channel="email",
        value="diri@contoh.example",
        label="personal",
        source="telepon",
        from_on=day(3),
        **BY,
    )
    contacts.confirm_contact(session, own.id, **BY)
    appointments.end_appointment(session, held.id, until_on=day(40), **BY)
    session.expire_all()
    rows = timeline.of_office(session, office.id, today=TODAY, zone=JAKARTA)
    assert [r.kind for r in rows if r.contact] == [
        "contact_confirmed",
        "contact_ended",
        "contact_added",
    ]
    assert [r.kind for r in rows if not r.contact] == ["vacant", "held"]
    assert {r.contact.value for r in rows if r.contact} == {"diri@contoh.example"}
    person = timeline.of_person(session, held.person_id, today=day(20), zone=JAKARTA)
    assert told(person) == [("contact_added", 3), ("held", 0)]  # what is to come is not told yet


def test_nobody_yet_is_an_empty_line_and_a_pool_hands_nothing_over(session: Session) -> None:
    office, pool = an_office(session), an_office(session, role="operator")
    assert timeline.of_office(session, office.id, today=TODAY, zone=JAKARTA) == []
    hold(session, pool.id, a_person(session, "Satu Contoh"), 0, 5)
    hold(session, pool.id, a_person(session, "Dua Contoh"), 5)
    rows = timeline.of_office(session, pool.id, today=TODAY, zone=JAKARTA)
    assert told(rows) == [("held", 5), ("held", 0)]


def test_a_person_s_line_has_every_office_and_every_merge(session: Session) -> None:
    one, other = a_person(session, "Satu Contoh"), a_person(session, "Satu Contoh")
    first, second = an_office(session), an_office(session, role="kadiskominfo")
    hold(session, first.id, one, 0, 30)
    hold(session, second.id, other, 20)
    merging.merge(session, kept_id=one.id, merged_id=other.id, **BY)
    merging.part(session, other.id, **BY)
    merging.merge(session, kept_id=one.id, merged_id=other.id, **BY)
    session.expire_all()
    rows = timeline.of_person(session, one.id, today=TODAY, zone=JAKARTA)
    assert [r.kind for r in rows] == ["parted", "merged", "merged", "held", "held"]
    assert {r.person.id for r in rows if r.person} == {other.id}
    assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 2
