"""What speaks against a date."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from cohorts.convenings import calendar, conflicts, invitation
from cohorts.convenings.conflicts import Conflicts, city
from cohorts.convenings.tables import Convening
from cohorts.directory import appointments, regional_days
from cohorts.directory.regional_days import Wanted
from cohorts.directory.tables import Person
from cohorts.ground.access import COMMAND
from cohorts.turns.cancel import cancel
from tests.build import convenings as build
from tests.build import directory
from tests.build.convenings import DUMAI, HOUR, NOW, ORGANISER, SIAK

DAY = dt.timedelta(days=1)
BANDUNG: dict[str, Any] = {"venue": "Gedung Sate", "address": "Jl. Diponegoro 22, Kota Bandung"}


def against(session: Session, made: Convening) -> Conflicts:
    return conflicts.of(session, made.cohort_id, made, "id", but=made.id)


def kinds(found: Conflicts) -> list[tuple[str, bool, tuple[str, ...]]]:
    return [(c.kind, c.same_cohort, c.regions) for c in found.clashes]


@pytest.mark.parametrize(
    ("days", "expected"), [(0, "same_time"), (1, "other_city"), (-1, "other_city"), (2, None)]
)
def test_the_cohort_elsewhere_within_one_day_is_a_conflict(
    session: Session, days: int, expected: str | None
) -> None:
    cohort = build.a_cohort(session, SIAK)
    build.a_convening(session, cohort)
    moved = build.a_draft(session, cohort, days=days, **BANDUNG)
    wanted = [(expected, True, (SIAK,))] if expected else []
    assert kinds(against(session, moved)) == wanted


def test_the_next_day_in_the_same_city_is_none_but_the_same_hour_is(session: Session) -> None:
    cohort = build.a_cohort(session, SIAK)
    build.a_convening(session, cohort)
    same_city = {"venue": "Hotel lain", "address": "Renon, Denpasar"}
    assert kinds(against(session, build.a_draft(session, cohort, days=1, **same_city))) == []
    at_once = build.a_draft(session, cohort, **same_city)
    assert [c.kind for c in against(session, at_once).clashes] == ["same_time"]


def test_another_cohort_conflicts_by_the_regions_that_both_expect(session: Session) -> None:
    mine, other = build.a_cohort(session, SIAK, DUMAI), build.a_cohort(session, DUMAI)
    stranger = build.a_cohort(session)
    build.a_convening(session, other)
    build.a_convening(session, stranger)
    moved = build.a_draft(session, mine, **BANDUNG)
    assert kinds(against(session, moved)) == [("same_time", False, (DUMAI,))]


def test_once_offices_are_invited_their_regions_count(session: Session) -> None:
    invited = build.an_invited_head(session)  # Siak and Dumai
    other = build.a_cohort(session, DUMAI)
    draft = build.a_draft(session, other, **BANDUNG)
    assert kinds(against(session, draft)) == [("same_time", False, (DUMAI,))]
    dumai = next(
        i
        for i in calendar.live_invitations(session, invited.convening.id)
        if i.office.organisation.region_code == DUMAI
    )
    invitation.withdraw(session, dumai.id, ORGANISER, NOW + HOUR)
    assert not against(session, draft).clashes


def test_what_was_called_off_and_itself_are_no_conflict(session: Session) -> None:
    cohort = build.a_cohort(session, SIAK)
    first = build.a_convening(session, cohort)
    second = build.a_convening(session, cohort, **BANDUNG)
    assert against(session, second).clashes
    cancel(session, first.id, reason="Banjir", actor=ORGANISER, now=NOW + HOUR)
    assert not against(session, second).clashes


def test_days_are_those_of_the_venue_and_a_day_off_is_named(session: Session) -> None:
    cohort = build.a_cohort(session)
    eve = build.a_draft(  # 24 December, 23.30 in Jakarta, 01.30 of the 25th in Jayapura
        session,
        cohort,
        timezone="Asia/Jayapura",
        starts_at=dt.datetime(2026, 12, 24, 16, 30, tzinfo=dt.UTC),
        ends_at=dt.datetime(2026, 12, 24, 20, tzinfo=dt.UTC),
        reply_by=dt.datetime(2026, 12, 20, tzinfo=dt.UTC),
        door_opens_at=dt.datetime(2026, 12, 24, 16, tzinfo=dt.UTC),
        door_closes_at=dt.datetime(2026, 12, 24, 20, tzinfo=dt.UTC),
    )
    (red,) = against(session, eve).red
    assert (red.day, red.kind) == (dt.date(2026, 12, 25), "national")
    assert against(session, eve)


def test_nothing_speaks_against_an_ordinary_day(session: Session) -> None:
    found = against(session, build.a_convening(session, build.a_cohort(session, SIAK)))
    assert not found
    assert found.fingerprint == ""


@pytest.mark.parametrize(
    ("venue", "address", "expected"),
    [
        ("Kampus UID, Bali", "", "bali"),
        ("X", "Serangan, Kota Denpasar", "denpasar"),
        ("Gedung Negara", "Jl. Geusan Ulun, Kab. Sumedang", "sumedang"),
        ("Sumedang", "", "sumedang"),
    ],
)
def test_the_city_is_the_last_part_of_the_place(venue: str, address: str, expected: str) -> None:
    assert city(venue, address) == expected


def two_posts(session: Session) -> Person:
    """Somebody who acts as Sekda of Siak and heads a service of Bandung."""
    held = directory.a_holder(session, SIAK, "sekda", name="Rangkap Contoh", standing="plt")
    office = directory.an_office(session, "32.73", "kadiskominfo")
    appointments.appoint(
        session, office_id=office.id, person_id=held.person_id, standing="definitive",
        from_on=dt.date(2021, 1, 4), actor=COMMAND, now=directory.NOW,
    )  # fmt: skip
    return held.person


def test_a_person_with_offices_in_two_regions_is_expected_at_both(session: Session) -> None:
    person = two_posts(session)
    mine, other = build.a_cohort(session, SIAK), build.a_cohort(session, "32.73")
    build.a_convening(session, other)
    moved = build.a_draft(session, mine, **BANDUNG)
    (clash,) = against(session, moved).clashes
    (both,) = clash.people
    assert clash.regions == ()
    assert (both.person.id, both.here.role_key, both.there.role_key) == (
        person.id, "sekda", "kadiskominfo",
    )  # fmt: skip
    assert person.id in against(session, moved).fingerprint
    ended = appointments.holder(session, both.here.id, dt.date(2022, 11, 1))
    assert ended is not None
    appointments.end_appointment(
        session, ended.id, until_on=dt.date(2022, 11, 21), actor=COMMAND, now=NOW)  # fmt: skip
    assert not against(session, moved).clashes


def test_a_person_counts_through_the_offices_invited_and_not_twice(session: Session) -> None:
    two_posts(session)
    mine, other = build.a_cohort(session, SIAK), build.a_cohort(session, "32.73", SIAK)
    first = build.a_convening(session, other)
    moved = build.a_draft(session, mine, **BANDUNG)
    (clash,) = against(session, moved).clashes
    assert (clash.regions, clash.people) == ((SIAK,), ()), "the region says it already"
    invitation.invite(session, first.id, ["kepala_daerah"], ORGANISER, NOW)
    siak = next(
        i
        for i in calendar.live_invitations(session, first.id)
        if i.office.organisation.region_code == SIAK
    )
    invitation.withdraw(session, siak.id, ORGANISER, NOW)
    assert not against(session, moved).clashes, "only the mayor of Bandung is invited there"


def test_days_of_the_regions_expected_are_named(session: Session) -> None:
    day = Wanted(region_code="14", day=dt.date(1957, 11, 21), yearly=True, name_id="Hari Jadi Riau")
    cohort = build.a_cohort(session, SIAK)
    kept = regional_days.add(session, day, COMMAND, NOW)
    draft = build.a_draft(session, cohort)
    assert [(f.day, f.kept.id) for f in against(session, draft).kept] == [
        (dt.date(2022, 11, 21), kept.id)]  # fmt: skip
    assert kept.id in against(session, draft).fingerprint
    elsewhere = build.a_draft(session, build.a_cohort(session, "32.73"))
    assert not against(session, elsewhere).kept


def test_several_dates_are_judged_each_for_itself_in_as_many_queries_as_one(
    session: Session,
) -> None:
    two_posts(session)
    mine, other = build.a_cohort(session, SIAK), build.a_cohort(session, "32.73", SIAK)
    build.a_convening(session, other)
    begins = build.START
    slots = [
        conflicts.Slot(begins + n * DAY, begins + n * DAY + HOUR, "Asia/Jakarta", "Bandung")
        for n in (0, 1, 2, 30)
    ]
    asked: list[str] = []

    def count(_c: object, _k: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", count)
    one = conflicts.of_each(session, mine.id, slots[:1], "id")
    few = len(asked)
    four = conflicts.of_each(session, mine.id, slots, "id")
    event.remove(engine, "before_cursor_execute", count)
    assert len(asked) - few == few
    assert four[0] == one[0]
    assert [[c.kind for c in found.clashes] for found in four] == [
        ["same_time"], ["other_city"], [], []
    ]  # fmt: skip
    only = conflicts.of_each(session, mine.id, slots[:1], "id", regions={DUMAI})
    assert not only[0].clashes
