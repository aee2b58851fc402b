"""The same record twice, records late, records in any order (domain rules, section 6: offline)."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from cohorts.door import movements, stations
from cohorts.door.presence import Presence, presences
from cohorts.door.roll import attendance
from cohorts.door.tables import Act, Scan
from tests.build.door import MORNING, ORGANISER, a_door, a_guest, a_station, minutes, scan


def test_the_same_record_sent_again_gets_the_same_answer(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    station = a_station(session, door)
    first = scan(session, door, guest.code, station=station, client_id="phone-0001")
    second = scan(session, door, guest.code, station=station, client_id="phone-0002",
                  now=minutes(1))
    foreign = scan(session, door, "BUKAN KODE KAMI", station=station, client_id="phone-0003")
    for later in (2, 600):
        again = [
            scan(session, door, text, station=station, client_id=client, now=minutes(later))
            for text, client in (
                (guest.code, "phone-0001"), (guest.code, "phone-0002"),
                ("BUKAN KODE KAMI", "phone-0003"),
            )
        ]
        for old, new in zip((first, second, foreign), again, strict=True):
            assert (new.outcome, new.code, new.person_id, new.at, new.place) == (
                old.outcome, old.code, old.person_id,
                old.at if old.person_id else new.at, old.place if old.person_id else new.place,
            )
    assert session.scalar(sa.select(sa.func.count()).select_from(Scan)) == 3
    assert session.scalar(sa.select(sa.func.count()).select_from(Act)) == 1


def test_replaying_an_undone_admission_answers_undone_and_admits_nobody(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    answer = scan(session, door, guest.code, client_id="phone-0001")
    assert answer.act_id
    movements.undo(session, act_id=answer.act_id, reason="Salah orang", client_id="undo-00001",
                   actor=ORGANISER, now=minutes(1))
    replayed = scan(session, door, guest.code, client_id="phone-0001", now=minutes(2))
    assert replayed.outcome == "undone"
    assert presences(session, door.id, known_by=minutes(3)) == []
    fresh = scan(session, door, guest.code, client_id="phone-0002", now=minutes(4))
    assert (fresh.outcome, fresh.at) == ("admitted", minutes(4))
    rounds = session.scalars(sa.select(Act.round).where(Act.kind == "admit").order_by(Act.at))
    assert list(rounds) == [0, 1]


def test_a_refused_record_sent_again_admits_nobody_later(session: Session) -> None:
    """It was told "not open yet"; the door has opened since, but nobody was shown again."""
    door = a_door(session)
    guest = a_guest(session, door)
    early = door.door_opens_at - dt.timedelta(minutes=1)
    assert scan(session, door, guest.code, client_id="phone-0001", now=early).code == "not_open"
    assert scan(session, door, guest.code, client_id="phone-0001").code == "not_open"
    assert session.scalar(sa.select(sa.func.count()).select_from(Act)) == 0


def test_openness_is_judged_at_the_claimed_time(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    station = a_station(session, door)
    door.state, door.started_at, door.closed_at = "closed", MORNING, minutes(120)
    session.flush()
    late = scan(session, door, guest.code, station=station, now=minutes(200),
                claimed_at=minutes(121))
    assert (late.outcome, late.code) == ("refused", "closed")
    queued = scan(session, door, guest.code, station=station, now=minutes(200),
                  claimed_at=minutes(119))
    assert (queued.outcome, queued.at) == ("admitted", minutes(119))


def test_what_arrives_after_the_close_is_a_correction_that_the_closing_does_not_know(
    session: Session,
) -> None:
    door = a_door(session)
    early, late = a_guest(session, door), a_guest(session, door, "32.11", name="Dewi Contoh")
    station = a_station(session, door)
    scan(session, door, early.code, station=station)
    closed = minutes(120)
    door.state, door.started_at, door.closed_at = "closed", MORNING, closed
    session.flush()
    before = attendance(session, door.id, closed)
    scan(session, door, late.code, station=station, now=minutes(200), claimed_at=minutes(30))
    assert attendance(session, door.id, closed) == before
    assert [a.person_id for a in attendance(session, door.id, minutes(201))] == [
        early.person_id, late.person_id
    ]


def test_a_clock_is_corrected_by_the_offset_measured_at_the_last_contact(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    station = a_station(session, door)
    slow = dt.timedelta(minutes=47)
    answer = scan(session, door, guest.code, station=station, now=minutes(60),
                  claimed_at=minutes(20) - slow, offset=slow)
    assert (answer.outcome, answer.at) == ("admitted", minutes(20))
    kept = session.scalars(sa.select(Scan)).one()
    assert (kept.claimed_at, kept.at, kept.received_at) == (
        minutes(20) - slow, minutes(20), minutes(60)
    )


def test_a_time_before_enrolment_or_after_receipt_waits_for_the_desk(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    station = a_station(session, door, at=minutes(-30))
    for claimed in (minutes(-31), minutes(13)):
        answer = scan(session, door, guest.code, station=station, now=minutes(10),
                      claimed_at=claimed)
        assert answer.outcome == "waiting"
    assert session.scalar(sa.select(sa.func.count()).select_from(Act)) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(Scan)) == 2
    nearly = scan(session, door, guest.code, station=station, now=minutes(10),
                  claimed_at=minutes(11))
    assert (nearly.outcome, nearly.at) == ("admitted", minutes(10)), "a little ahead is the receipt"


def test_the_first_presence_is_the_least_time_whatever_arrived_first(session: Session) -> None:
    """Two gates without a network see the same guest; their records arrive in either order."""
    door = a_door(session)
    guest = a_guest(session, door)
    station = a_station(session, door)
    results = set()
    for order in itertools.permutations((("a", 7), ("b", 3), ("c", 3))):
        nested = session.begin_nested()
        outcomes = [
            scan(session, door, guest.code, station=station, now=minutes(60),
                 claimed_at=minutes(n), client_id=f"phone-{name}-000").outcome
            for name, n in order
        ]
        assert sorted(outcomes) == ["admitted", "already", "already"]
        one = presences(session, door.id, known_by=minutes(61))[0]
        results.add((one.first.at, one.first.client_id))
        nested.rollback()
    assert results == {(minutes(3), "phone-b-000")}


def test_any_order_of_merging_gives_the_same_presence(session: Session) -> None:
    door = a_door(session)
    guests = [
        a_guest(session, door, code, "sekda", name=f"Tamu {code}")
        for code in ("14.08", "32.11", "51.03")
    ]
    station = a_station(session, door)

    def merged(records: list[tuple[int, int]], order: Iterable[int]) -> list[Presence]:
        nested = session.begin_nested()
        for place in order:
            guest, minute = records[place]
            scan(session, door, guests[guest].code, station=station, now=minutes(90),
                 claimed_at=minutes(minute), client_id=f"phone-{place:04}")
        found = presences(session, door.id, known_by=minutes(91))
        nested.rollback()
        return found

    record = st.tuples(st.integers(0, 2), st.integers(0, 50))  # guest, minute

    @settings(max_examples=15)
    @given(records=st.lists(record, min_size=1, max_size=7, unique=True), data=st.data())
    def check(records: list[tuple[int, int]], data: st.DataObject) -> None:
        order = data.draw(st.permutations(range(len(records))))
        assert merged(records, range(len(records))) == merged(records, order)

    check()


def test_an_undo_that_arrives_before_an_older_scan_still_covers_it(session: Session) -> None:
    """The phone with the older scan was offline; order of arrival must not bring the guest back."""
    door = a_door(session)
    guest = a_guest(session, door)
    station = a_station(session, door)
    answer = scan(session, door, guest.code)
    assert answer.act_id
    movements.undo(session, act_id=answer.act_id, reason="Salah orang", client_id="undo-00001",
                   actor=ORGANISER, now=minutes(5))
    older = scan(session, door, guest.code, station=station, now=minutes(9),
                 claimed_at=minutes(2))
    assert older.outcome == "undone"
    assert presences(session, door.id, known_by=minutes(10)) == []


def test_a_scan_after_an_undo_that_arrived_first_counts(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    station = a_station(session, door)
    answer = scan(session, door, guest.code)
    assert answer.act_id
    second = scan(session, door, guest.code, station=station, now=minutes(8))
    assert second.outcome == "already"
    act = session.get(Act, answer.act_id)
    assert act is not None
    movements.undo(session, act_id=act.id, reason="Salah orang", client_id="undo-00001",
                   actor=ORGANISER, now=minutes(5))
    one = presences(session, door.id, known_by=minutes(9))[0]
    assert one.first.at == minutes(8), "the later scan still shows the guest at the door"
    assert scan(session, door, guest.code, now=minutes(10)).outcome == "already"


def test_two_days_are_two_admissions(session: Session) -> None:
    door = a_door(session)
    door.door_closes_at += dt.timedelta(days=1)
    session.flush()
    guest = a_guest(session, door)
    assert scan(session, door, guest.code).outcome == "admitted"
    assert scan(session, door, guest.code, now=minutes(60 * 24)).outcome == "admitted"
    came = attendance(session, door.id, minutes(60 * 25))
    assert [(a.person_id, a.first_at) for a in came] == [(guest.person_id, MORNING)]


def test_the_day_is_the_venues_and_not_utc(session: Session) -> None:
    """07.30 WITA is still yesterday in UTC."""
    door = a_door(session)
    guest = a_guest(session, door)
    scan(session, door, guest.code, now=MORNING - dt.timedelta(minutes=42))
    assert session.scalars(sa.select(Act.part)).one() == "2022-11-21"
    assert scan(session, door, guest.code, now=minutes(120)).outcome == "already"


def test_a_scan_notes_that_its_station_was_seen(session: Session) -> None:
    door = a_door(session)
    station = a_station(session, door)
    stations.seen(session, station_id=station.id, now=minutes(3), unsent=4)
    session.refresh(station)
    assert (station.last_seen_at, station.unsent) == (minutes(3), 4)
    assert stations.with_unsent(session, door.id) == [station]
