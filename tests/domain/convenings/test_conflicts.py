"""What speaks against a date."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy.orm import Session

from cohorts.convenings import calendar, conflicts, invitation
from cohorts.convenings.conflicts import Conflicts, city
from cohorts.convenings.tables import Convening
from cohorts.turns.cancel import cancel
from tests.build import convenings as build
from tests.build.convenings import DUMAI, HOUR, NOW, ORGANISER, SIAK

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
