"""A cohort, its editors, its threshold and its members, at any time."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from cohorts.ground.access import Actor, Held
from cohorts.ground.refusal import Refusal
from cohorts.programme import _membership, cohort, members
from tests.build.directory import AUDITOR, NOW, ORGANISER, a_region
from tests.build.programme import BEGINS, a_cohort, a_member

DAY = dt.timedelta(days=1)


def refused(act: object, *given: object, **more: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(*given, **more)  # type: ignore[operator]
    return caught.value


def test_a_cohort_without_english_name_uses_the_indonesian_one(session: Session) -> None:
    assert a_cohort(session, name_id="Kohort Satu", name_en="").name_en == "Kohort Satu"


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"name_id": " "}, "ground.needed", "name_id"),
        ({"name_id": "N" * 500}, "ground.too_long", "name_id"),
        ({"ends_on": dt.date(2020, 1, 1)}, "programme.ends_before_it_begins", "ends_on"),
        ({"timezone": "Europe/Berlin"}, "programme.zone_unknown", "timezone"),
        ({"reference_region_code": "00.00"}, "directory.region_unknown", "region_code"),
    ],
)
def test_what_no_cohort_can_be_is_refused_by_field(
    session: Session, more: dict[str, object], code: str, field: str
) -> None:
    refusal = refused(a_cohort, session, **more)
    assert (refusal.code, refusal.field) == (code, field)


def test_a_public_address_is_taken_once_and_has_plain_letters(session: Session) -> None:
    a_cohort(session, "satu")
    assert refused(a_cohort, session, "SATU").code == "programme.slug_known"
    assert refused(a_cohort, session, "satu dua").code == "programme.slug_form"
    assert refused(a_cohort, session, "../satu").code == "programme.slug_form"


def edit(session: Session, found: object, version: int, **changes: object) -> object:
    wanted = dataclasses.replace(cohort.described(found), **changes)  # type: ignore[arg-type]
    return cohort.edit(
        session, found.id, wanted, version=version, actor=ORGANISER, now=NOW  # type: ignore[attr-defined]
    )


def test_the_second_of_two_editors_is_told_what_the_first_changed(session: Session) -> None:
    found = a_cohort(session)
    seen = found.version
    edit(session, found, seen, purpose_id="Satu tujuan")
    refusal = refused(edit, session, found, seen, name_id="Nama baru")
    assert refusal.code == "ground.stale"
    assert refusal.facts == {"changed": {"purpose_id": "Satu tujuan"}, "version": seen + 1}
    edit(session, found, refusal.facts["version"], name_id="Nama baru")
    assert (found.name_id, found.purpose_id) == ("Nama baru", "Satu tujuan")


def test_saving_the_same_twice_changes_nothing(session: Session) -> None:
    found = a_cohort(session)
    edit(session, found, 1, name_id="Nama baru")
    edit(session, found, 1, name_id="Nama baru")
    assert found.version == 2


def test_who_may_only_look_cannot_edit(session: Session) -> None:
    found = a_cohort(session)
    wanted = cohort.described(found)
    elsewhere = Actor("user", "X", held=(Held("organizer", "cohort", "OTHER"),))
    for actor in (AUDITOR, elsewhere):
        refusal = refused(
            cohort.edit, session, found.id, wanted, version=1, actor=actor, now=NOW
        )
        assert refusal.code == "ground.not_allowed"
    assert cohort.cohorts_for(session, elsewhere) == []
    assert cohort.cohorts_for(session, AUDITOR) == [found]


def threshold(session: Session, found: object, value: str, on: dt.date, now: dt.datetime) -> object:
    return cohort.set_threshold(
        session,
        found.id,  # type: ignore[attr-defined]
        value=Decimal(value),
        source="contoh",
        effective_on=on,
        actor=ORGANISER,
        now=now,
    )


def test_a_past_figure_keeps_the_threshold_it_was_read_by(session: Session) -> None:
    found = a_cohort(session)
    assert cohort.threshold(session, found.id, NOW) is None
    first = threshold(session, found, "3.52", BEGINS, NOW)
    second = threshold(session, found, "3.84", dt.date(2023, 1, 1), NOW + 100 * DAY)
    assert cohort.threshold(session, found.id, NOW + DAY) is first
    assert cohort.threshold(session, found.id, NOW + 101 * DAY) is second
    mended = threshold(session, found, "3.83", dt.date(2023, 1, 1), NOW + 200 * DAY)
    assert cohort.threshold(session, found.id, NOW + 101 * DAY) is second
    assert cohort.threshold(session, found.id, NOW + 201 * DAY) is mended
    assert threshold(session, found, "3.83", dt.date(2023, 1, 1), NOW + 300 * DAY) is mended


@pytest.mark.parametrize("value", ["0.99", "5.01", "3.525", "NaN", "1E+40"])
def test_a_threshold_lies_on_the_scale(session: Session, value: str) -> None:
    found = a_cohort(session)
    assert (
        refused(threshold, session, found, value, BEGINS, NOW).code == "programme.value_off_scale"
    )


def codes(session: Session, found: object, as_of: dt.datetime) -> list[str]:
    return [m.region.code for m in members.members(session, found.id, as_of)]  # type: ignore[attr-defined]


def leave(session: Session, found: object, on: dt.date, now: dt.datetime) -> None:
    _membership.end_membership(
        session,
        found.id,  # type: ignore[attr-defined]
        "14.08",
        left_on=on,
        reason="contoh",
        actor=ORGANISER,
        now=now,
    )


def test_membership_counts_from_its_day_and_from_its_record(session: Session) -> None:
    found = a_cohort(session)
    a_member(session, found, joined_on=dt.date(2022, 10, 10), now=NOW)
    a_member(session, found, "14.07", now=NOW + 30 * DAY)
    assert codes(session, found, NOW) == []
    assert codes(session, found, NOW + 8 * DAY) == ["14.08"]
    assert codes(session, found, NOW + 31 * DAY) == ["14.07", "14.08"]


def test_a_region_leaves_and_rejoins_and_the_past_stays(session: Session) -> None:
    found = a_cohort(session)
    a_member(session, found)
    leave(session, found, dt.date(2022, 12, 1), NOW + 70 * DAY)
    a_member(
        session, found, entry_path="later", joined_on=dt.date(2023, 2, 1), now=NOW + 130 * DAY
    )
    assert codes(session, found, NOW + 65 * DAY) == ["14.08"]  # it had left, not yet on record
    assert codes(session, found, NOW + 71 * DAY) == []
    assert codes(session, found, NOW + 131 * DAY) == ["14.08"]
    joined = members.ever_joined(session, found.id, NOW + 131 * DAY)
    assert joined["14.08"].entry_path == "visited"
    assert len(members.intervals(session, found.id, NOW + 131 * DAY)) == 2


def test_a_member_does_not_join_twice_nor_before_it_left(session: Session) -> None:
    found = a_cohort(session)
    a_member(session, found)
    assert refused(a_member, session, found).code == "programme.member_already"
    leave(session, found, dt.date(2022, 12, 1), NOW)
    earlier = refused(a_member, session, found, joined_on=dt.date(2022, 11, 30))
    assert earlier.code == "programme.member_overlap"
    a_member(session, found, joined_on=dt.date(2022, 12, 1))


def test_leaving_needs_a_member_and_a_day_after_joining(session: Session) -> None:
    found = a_cohort(session)
    a_region(session)
    first = refused(leave, session, found, BEGINS, NOW)
    a_member(session, found)
    second = refused(leave, session, found, BEGINS - DAY, NOW)
    leave(session, found, BEGINS, NOW)
    third = refused(leave, session, found, BEGINS, NOW)
    assert [r.code for r in (first, second, third)] == [
        "programme.not_member",
        "programme.left_before_joining",
        "programme.left_already",
    ]
