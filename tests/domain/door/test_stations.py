"""A phone becomes a station by a one-use code, and stops being one at a word."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from cohorts.door import stations
from cohorts.ground.access import Actor, Held
from cohorts.ground.links import Link, Links
from cohorts.ground.refusal import Refusal
from tests.build.door import MORNING, ORGANISER, a_door, a_station, minutes

LINKS = Links(b"l" * 32)


def test_the_code_enrols_one_phone_once(session: Session) -> None:
    door = a_door(session)
    made = stations.prepare(session, convening_ids=[door.id], gate=" Pintu  utama ",
                            actor=ORGANISER, now=MORNING)
    code = LINKS.read("station", stations.enrolment_token(LINKS, made))
    assert stations.waiting(session, code, minutes(9)).convenings == (door,)
    phone = stations.enrol(session, link=code, name="Wayan Contoh", now=minutes(9))
    assert (phone.gate, phone.name, phone.enrolled_at) == (
        "Pintu utama", "Wayan Contoh", minutes(9)
    )
    with pytest.raises(Refusal, match=r"door\.enrolment_over"):
        stations.enrol(session, link=code, name="Orang lain", now=minutes(9))
    device = LINKS.read("station", LINKS.make("station", phone.id, phone.generation))
    assert stations.recognise(session, device).station is phone


def test_the_used_code_does_not_open_the_station(session: Session) -> None:
    door = a_door(session)
    station = a_station(session, door)
    with pytest.raises(Refusal, match=r"door\.station_revoked"):
        stations.recognise(session, Link(station.id, 1))


def test_the_token_of_a_station_is_not_a_code_that_enrols_another_phone(session: Session) -> None:
    door = a_door(session)
    station = a_station(session, door, at=MORNING)
    with pytest.raises(Refusal, match=r"door\.enrolment_over"):
        stations.enrol(session, link=Link(station.id, station.generation), name="", now=minutes(1))


def test_a_code_lasts_ten_minutes(session: Session) -> None:
    door = a_door(session)
    made = stations.prepare(session, convening_ids=[door.id], gate="Pintu", actor=ORGANISER,
                            now=MORNING)
    with pytest.raises(Refusal, match=r"door\.enrolment_over"):
        stations.enrol(session, link=Link(made.id, 1), name="", now=minutes(10))


def test_unknown_codes_are_one_answer(session: Session) -> None:
    for link in (None, Link("NOSUCHSTATION001", 1)):
        with pytest.raises(Refusal, match=r"ground\.link_invalid"):
            stations.waiting(session, link, MORNING)
        with pytest.raises(Refusal, match=r"door\.no_station"):
            stations.recognise(session, link)


def test_a_station_that_waits_for_its_phone_is_no_station_yet(session: Session) -> None:
    door = a_door(session)
    made = stations.prepare(session, convening_ids=[door.id], gate="Pintu", actor=ORGANISER,
                            now=MORNING)
    with pytest.raises(Refusal, match=r"door\.no_station"):
        stations.recognise(session, Link(made.id, 1))


def test_another_code_for_the_gate_ends_the_earlier_phone(session: Session) -> None:
    door = a_door(session)
    old = a_station(session, door)
    device = Link(old.id, old.generation)
    stations.prepare_again(session, station_id=old.id, actor=ORGANISER, now=MORNING)
    with pytest.raises(Refusal, match=r"door\.station_revoked"):
        stations.recognise(session, device)
    new = stations.enrol(session, link=Link(old.id, old.generation), name="", now=minutes(1))
    assert stations.recognise(session, Link(new.id, new.generation)).station is new


def test_revoking_is_at_once_and_twice_is_once(session: Session) -> None:
    door = a_door(session)
    station = a_station(session, door)
    device = Link(station.id, station.generation)
    for later in (1, 2):
        stations.revoke(session, station_id=station.id, actor=ORGANISER, now=minutes(later))
    assert station.revoked_at == minutes(1)
    with pytest.raises(Refusal, match=r"door\.station_revoked"):
        stations.recognise(session, device)
    with pytest.raises(Refusal, match=r"door\.station_revoked"):
        stations.prepare_again(session, station_id=station.id, actor=ORGANISER, now=minutes(3))


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_no_station_for_a_convening_that_is_over(session: Session, state: str) -> None:
    door = a_door(session)
    door.state, door.started_at = state, MORNING
    door.cancelled_at = MORNING if state == "cancelled" else None
    session.flush()
    with pytest.raises(Refusal, match=r"door\.no_convening"):
        stations.prepare(session, convening_ids=[door.id], gate="Pintu", actor=ORGANISER,
                         now=MORNING)


@pytest.mark.parametrize("role", ["auditor", "door_officer", "mentor"])
def test_only_an_organiser_enrols_and_revokes(session: Session, role: str) -> None:
    door = a_door(session)
    other = Actor("user", "USERSOMEBODY0001", held=(Held(role),))
    station = a_station(session, door)
    with pytest.raises(Refusal, match=r"ground\.not_allowed"):
        stations.prepare(session, convening_ids=[door.id], gate="Pintu", actor=other, now=MORNING)
    with pytest.raises(Refusal, match=r"ground\.not_allowed"):
        stations.revoke(session, station_id=station.id, actor=other, now=MORNING)
    with pytest.raises(Refusal, match=r"ground\.not_allowed"):
        stations.prepare_again(session, station_id=station.id, actor=other, now=MORNING)


def test_a_shared_venue_takes_the_convening_whose_door_is_open(session: Session) -> None:
    one, two = a_door(session), a_door(session)
    two.door_opens_at = one.door_closes_at
    two.door_closes_at = one.door_closes_at + dt.timedelta(hours=5)
    session.flush()
    both = (one, two)
    assert stations.at_work(both, one.door_opens_at - dt.timedelta(days=1)) is one
    assert stations.at_work(both, MORNING) is one
    assert stations.at_work(both, one.door_closes_at) is two
    assert stations.at_work(both, two.door_closes_at) is two
    one.state, one.started_at = "closed", MORNING
    assert stations.at_work(both, MORNING) is two


def test_a_long_or_missing_gate_is_refused(session: Session) -> None:
    door = a_door(session)
    for gate, code in (("", r"ground\.needed"), ("x" * 81, r"ground\.too_long")):
        with pytest.raises(Refusal, match=code):
            stations.prepare(session, convening_ids=[door.id], gate=gate, actor=ORGANISER,
                             now=MORNING)
