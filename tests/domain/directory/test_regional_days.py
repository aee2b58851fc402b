"""Days that regions keep besides the national holidays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cohorts.directory import regional_days
from cohorts.directory.day_tables import RegionalDay
from cohorts.directory.regional_days import Wanted
from cohorts.ground.access import COMMAND
from cohorts.ground.refusal import Refusal
from tests.build import directory as build
from tests.build.directory import AUDITOR, NOW, ORGANISER

SIAK, DUMAI, RIAU = "14.08", "14.72", "14"


def a_day(session: Session, **more: Any) -> RegionalDay:
    build.the_directory(session)
    said: dict[str, Any] = {
        "region_code": SIAK, "day": dt.date(1999, 10, 12), "yearly": True,
        "name_id": "Hari Jadi Kabupaten Siak", **more,
    }  # fmt: skip
    return regional_days.add(session, Wanted(**said), ORGANISER, NOW)


def falls(session: Session, code: str, first: dt.date, last: dt.date) -> list[dt.date]:
    return [f.day for f in regional_days.falling(session, [code], first, last)]


def test_a_yearly_day_falls_in_every_year_from_its_own_on(session: Session) -> None:
    a_day(session)
    year = dt.date(2022, 1, 1), dt.date(2022, 12, 31)
    assert falls(session, SIAK, *year) == [dt.date(2022, 10, 12)]
    assert falls(session, SIAK, dt.date(2026, 10, 12), dt.date(2026, 10, 12))
    assert falls(session, SIAK, dt.date(1998, 1, 1), dt.date(1998, 12, 31)) == []
    assert falls(session, DUMAI, *year) == []
    over = dt.date(2022, 10, 13), dt.date(2023, 10, 12)
    assert falls(session, SIAK, *over) == [dt.date(2023, 10, 12)]


def test_a_day_of_a_year_falls_once_and_the_29th_of_february_in_leap_years(
    session: Session,
) -> None:
    a_day(session, day=dt.date(2022, 11, 21), yearly=False, name_id="Pilkada")
    a_day(session, day=dt.date(2020, 2, 29), name_id="Hari kabisat")
    for year, days in (
        (2022, [dt.date(2022, 11, 21)]), (2023, []), (2024, [dt.date(2024, 2, 29)])
    ):  # fmt: skip
        assert falls(session, SIAK, dt.date(year, 1, 1), dt.date(year, 12, 31)) == days


def test_a_province_s_day_holds_for_its_regions_alone(session: Session) -> None:
    a_day(session, region_code=RIAU, name_id="Hari Jadi Riau")
    day = dt.date(2022, 10, 12)
    assert [falls(session, code, day, day) for code in (SIAK, DUMAI, RIAU, "32.11")] == [
        [day], [day], [day], []
    ]  # fmt: skip


def test_the_same_twice_is_once_and_another_of_that_name_is_refused(session: Session) -> None:
    first = a_day(session)
    assert a_day(session).id == first.id
    assert first.name_en == "Hari Jadi Kabupaten Siak"
    with pytest.raises(Refusal) as refused:
        a_day(session, day_off=True)
    assert (refused.value.code, refused.value.field) == ("directory.day_known", "name_id")
    session.add(
        RegionalDay(
            region_code=SIAK, day=first.day, yearly=False, name_id=first.name_id, name_en="x",
            day_off=True, recorded_at=NOW, recorded_by="x", version=1,
        )
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_editor_who_saw_an_older_version_is_told_and_one_who_repeats_is_not(
    session: Session,
) -> None:
    made = a_day(session)
    wanted = Wanted(region_code=SIAK, day=made.day, yearly=True, name_id="Hari Jadi", day_off=True)
    regional_days.edit(session, made.id, wanted, 1, ORGANISER, NOW)
    regional_days.edit(session, made.id, wanted, 1, ORGANISER, NOW)  # a double click
    assert (made.version, made.day_off) == (2, True)
    other = Wanted(region_code=SIAK, day=made.day, yearly=True, name_id="Hari Lahir")
    with pytest.raises(Refusal, match=r"ground\.stale"):
        regional_days.edit(session, made.id, other, 1, ORGANISER, NOW)
    a_day(session, name_id="Hari Lahir")
    with pytest.raises(Refusal, match=r"directory\.day_known"):
        regional_days.edit(session, made.id, other, 2, ORGANISER, NOW)


def test_what_was_ended_is_not_kept_and_may_be_recorded_anew(session: Session) -> None:
    made = a_day(session)
    for _twice in range(2):
        regional_days.end(session, made.id, ORGANISER, NOW)
    assert regional_days.listed(session) == []
    assert falls(session, SIAK, dt.date(2022, 10, 1), dt.date(2022, 10, 31)) == []
    with pytest.raises(Refusal, match=r"directory\.day_ended"):
        regional_days.edit(
            session, made.id, Wanted(region_code=SIAK, day=made.day, name_id="X"), 1, COMMAND, NOW
        )
    assert a_day(session).id != made.id


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"region_code": "99.99"}, "directory.region_unknown"),
        ({"name_id": " "}, "ground.needed"),
        ({"name_id": "x" * 121}, "ground.too_long"),
        ({"day": dt.date(1899, 12, 31)}, "directory.day_year"),
    ],
)
def test_what_is_no_regional_day_is_refused(
    session: Session, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        a_day(session, **more)
    assert refused.value.code == code


def test_only_who_edits_the_directory_keeps_days(session: Session) -> None:
    made = a_day(session)
    for act in (
        lambda: regional_days.add(
            session, Wanted(region_code=SIAK, day=made.day, name_id="X"), AUDITOR, NOW
        ),
        lambda: regional_days.end(session, made.id, AUDITOR, NOW),
    ):
        with pytest.raises(Refusal, match=r"ground\.not_allowed"):
            act()
