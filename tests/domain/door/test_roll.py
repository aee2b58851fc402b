"""Who came, for which offices, and what a station may know of the guests."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import event
from sqlalchemy.orm import Session

from cohorts.convenings import mandates, seats
from cohorts.convenings.mandates import Deputy
from cohorts.directory import appointments
from cohorts.door import guests, movements
from cohorts.door.roll import attendance
from cohorts.door.standing import Standing
from cohorts.ground.access import COMMAND
from tests.build import directory
from tests.build.door import (
    MORNING,
    ORGANISER,
    a_door,
    a_guest,
    a_station,
    an_invitation,
    minutes,
    named,
    scan,
)


def offices(standings: tuple[Standing, ...]) -> set[tuple[str, str | None, bool]]:
    return {(s.office, s.region_code, s.deputy) for s in standings}


def test_the_roll_tells_the_office_invited_from_the_person_attending(session: Session) -> None:
    door = a_door(session)
    mayor = a_guest(session, door)
    held = directory.a_holder(session, "32.11", "bupati", name="Dony Contoh")
    _, seat_id = an_invitation(session, door, held.office)
    over = mandates.hand_over(
        session, seat_id, Deputy(role_key="sekda", name=named("Herman Contoh")), ORGANISER,
        minutes(-500))
    scan(session, door, mayor.code)
    scan(session, door, over.person_id, mode="name", now=minutes(1))
    came = attendance(session, door.id, minutes(2))
    assert [(a.person_id, a.first_at, offices(a.standings)) for a in came] == [
        (mayor.person_id, MORNING, {("Bupati Siak", "14.08", False)}),
        (over.person_id, minutes(1), {("Bupati Sumedang", "32.11", True)}),
    ]


def test_a_person_with_two_offices_is_one_row_that_satisfies_both(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door, "14.08", "kadiskominfo", name="Dewi Contoh")
    sekda = directory.an_office(session, "14.08", "sekda")
    _, seat_id = an_invitation(session, door, sekda)
    appointments.appoint(
        session, office_id=sekda.id, person_id=guest.person_id, standing="plt",
        from_on=dt.date(2022, 1, 3), actor=COMMAND, now=directory.NOW)
    seats.attend(session, seat_id, ORGANISER, minutes(-900))
    scan(session, door, guest.code)
    came = attendance(session, door.id, minutes(1))
    assert len(came) == 1
    assert {s.office_id for s in came[0].counts} == {guest.office.id, sekda.id}


def test_a_mandate_given_after_coming_in_counts_too(session: Session) -> None:
    """The head of the office is held up at the airport and passes on his seat to who is there."""
    door = a_door(session)
    guest = a_guest(session, door, "14.08", "sekda", name="Syafrizal Contoh")
    mayor = directory.a_holder(session, "14.08", "bupati", name="Rahmat Contoh")
    _, seat_id = an_invitation(session, door, mayor.office)
    scan(session, door, guest.code)
    mandates.hand_over(session, seat_id, Deputy(office_id=guest.office.id), ORGANISER, minutes(30))
    assert offices(attendance(session, door.id, minutes(29))[0].standings) == {
        (guest.office.name, "14.08", False)}
    assert offices(attendance(session, door.id, minutes(31))[0].standings) == {
        (guest.office.name, "14.08", False), ("Bupati Siak", "14.08", True)}


def test_who_came_with_a_mandate_that_ended_later_has_represented(session: Session) -> None:
    door = a_door(session)
    held = directory.a_holder(session, "14.08", "bupati", name="Rahmat Contoh")
    _, seat_id = an_invitation(session, door, held.office)
    over = mandates.hand_over(
        session, seat_id, Deputy(role_key="sekda", name=named("Syafrizal Contoh")), ORGANISER,
        minutes(-500))
    scan(session, door, over.person_id, mode="name")
    mandates.revoke(session, over.id, ORGANISER, minutes(60))
    came = attendance(session, door.id, minutes(90))
    assert offices(came[0].standings) == {("Bupati Siak", "14.08", True)}


def test_a_rehearsal_on_the_eve_is_no_attendance(session: Session) -> None:
    door = a_door(session)
    door.door_opens_at -= dt.timedelta(days=1)
    session.flush()
    guest = a_guest(session, door)
    assert scan(session, door, guest.code, now=minutes(-60 * 20)).outcome == "admitted"
    assert attendance(session, door.id, minutes(-60)) == []
    assert scan(session, door, guest.code).outcome == "admitted"
    assert len(attendance(session, door.id, minutes(1))) == 1


def test_an_admission_taken_back_is_no_attendance(session: Session) -> None:
    door = a_door(session)
    answer = scan(session, door, a_guest(session, door).code)
    assert answer.act_id
    movements.undo(session, act_id=answer.act_id, reason="Salah orang", client_id="undo-00001",
                   actor=ORGANISER, now=minutes(1))
    assert attendance(session, door.id, minutes(2)) == []
    assert len(attendance(session, door.id, minutes(0))) == 1, "as it was known then"


def test_a_station_finds_guests_by_name_office_or_region(session: Session) -> None:
    door = a_door(session)
    mayor = a_guest(session, door, "14.08", "bupati", name="Rahmat Contoh")
    a_guest(session, door, "32.11", "sekda", name="Herman Suryatman Contoh")
    everybody = guests.guests(session, door.id, MORNING)
    assert len(everybody) == 2

    def hits(query: str) -> list[str]:
        return [g.full_name for g in guests.find(everybody, query)]

    assert hits("siak") == hits("rahmat") == hits("Bupati") == ["Rahmat Contoh"]
    assert hits("Dr. H. RAHMAT") == ["Rahmat Contoh"]
    assert hits("kab. sumedang") == hits("sekretaris sumedang") == ["Herman Suryatman Contoh"]
    assert hits("contoh") == ["Herman Suryatman Contoh", "Rahmat Contoh"]
    assert hits("") == hits("   ") == hits("tidak ada") == []
    scan(session, door, mayor.code)
    one = guests.guest(session, door.id, mayor.person_id, minutes(1))
    assert one.presence is not None
    assert one.presence.first.at == MORNING


def test_the_guest_list_costs_the_same_number_of_queries_for_many(session: Session) -> None:
    door = a_door(session)
    asked: list[str] = []
    bind = session.connection().engine

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    def cost() -> int:
        asked.clear()
        session.expire_all()
        event.listen(bind, "before_cursor_execute", note)
        try:
            guests.guests(session, door.id, MORNING)
            attendance(session, door.id, minutes(5))
        finally:
            event.remove(bind, "before_cursor_execute", note)
        return len(asked)

    scan(session, door, a_guest(session, door).code)
    few = cost()
    for number, code in enumerate(("32.11", "51.03", "73.06", "12.71", "81.71")):
        scan(session, door, a_guest(session, door, code, "sekda", name=f"Tamu {number}").code,
             now=minutes(number / 10))
    assert cost() == few


def test_the_counter_counts_who_is_in_by_gate_and_in_all(session: Session) -> None:
    door = a_door(session)
    east, west = a_station(session, door, gate="Timur"), a_station(session, door, gate="Barat")
    one = a_guest(session, door)
    two = a_guest(session, door, "32.11", name="Dewi Contoh")
    first = scan(session, door, one.code, station=east)
    scan(session, door, two.code, station=west)
    scan(session, door, one.code, station=west, now=minutes(1))
    assert guests.counts(session, door.id, "2022-11-21", east.id) == guests.Counts(1, 2)
    assert first.act_id
    movements.undo(session, act_id=first.act_id, reason="Salah", client_id="undo-00001",
                   actor=ORGANISER, now=minutes(2))
    assert guests.counts(session, door.id, "2022-11-21", east.id) == guests.Counts(0, 1)
    entries = guests.log(session, door.id)
    assert [(e.full_name, e.undone) for e in entries if e.place == "Timur"] == [
        ("Rahmat Contoh", True)]


def test_the_desk_sees_who_was_refused_though_known_until_they_come_in(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    old = guest.code
    guest.card.generation = 2
    session.flush()
    scan(session, door, old)
    flagged = guests.for_the_desk(session, door.id, "2022-11-21")
    assert [(s.code, p.id) for s, p in flagged] == [("revoked", guest.person_id)]
    scan(session, door, guest.code, now=minutes(1))
    assert guests.for_the_desk(session, door.id, "2022-11-21") == []


def test_the_roll_of_a_convening_nobody_came_to_is_empty(session: Session) -> None:
    door = a_door(session)
    assert attendance(session, door.id, MORNING) == []
