"""FollowUp(T): the classes sum to due(T), and no shortcut makes the rate look better."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from cohorts.actions import dates, drops, moves, splits
from cohorts.actions.standing import Standing
from cohorts.figures.follow_through import by_region, due_at, follow_up
from cohorts.turns.transfer import transfer
from tests.build import actions as build
from tests.build import directory

NOW, DAY, DUE = build.NOW, build.DAY, build.DUE
LATE = NOW + 90 * DAY
WHO = {"actor": build.ORGANISER, "now": NOW}


def classes(session: Session, cohort_id: str, at: dt.datetime = LATE) -> dict[str, int]:
    found = follow_up(session, cohort_id, at)
    counted = {
        "verified": found.verified, "claimed": found.claimed, "in_progress": found.in_progress,
        "blocked": found.blocked, "open": found.open, "dropped": found.dropped_in_all,
    }  # fmt: skip
    assert sum(counted.values()) == found.due
    return {name: n for name, n in counted.items() if n}


def test_every_due_item_is_in_exactly_one_class(session: Session) -> None:
    cohort = build.a_cohort(session)
    for status in ("open", "in_progress", "blocked", "claimed", "verified", "dropped"):
        build.an_item(session, cohort, status=status)
    assert classes(session, cohort.id) == dict.fromkeys(
        ("verified", "claimed", "in_progress", "blocked", "open", "dropped"), 1
    )


def test_an_item_is_due_from_its_day_in_the_cohort_s_zone(session: Session) -> None:
    cohort = build.a_cohort(session)
    build.an_item(session, cohort)
    midnight = dt.datetime(2023, 1, 19, 17, 0, tzinfo=dt.UTC)  # 20 January begins in Jakarta
    assert classes(session, cohort.id, midnight - dt.timedelta(seconds=1)) == {}
    assert classes(session, cohort.id, midnight) == {"open": 1}


def test_a_later_date_does_not_make_it_less_due(session: Session) -> None:
    cohort = build.a_cohort(session)
    found = build.an_item(session, cohort)
    dates.grant_due(session, found.id, DUE + 300 * DAY, reason="x", **WHO)
    assert classes(session, cohort.id) == {"open": 1}


def test_dropping_keeps_it_due(session: Session) -> None:
    cohort = build.a_cohort(session)
    for reason in ("not_feasible", "regulation_changed", "force_majeure", "no_longer_relevant"):
        drops.drop(session, build.an_item(session, cohort).id, reason, **WHO)
    assert classes(session, cohort.id) == {"dropped": 4}
    assert sorted(follow_up(session, cohort.id, LATE).dropped) == [
        "force_majeure", "no_longer_relevant", "not_feasible", "regulation_changed"
    ]  # fmt: skip


def parts(session: Session, whole: Standing, *statuses: str) -> list[Standing]:
    cohort = session.get_one(build.Cohort, whole.cohort_id)
    made = splits.split(session, whole.id, [splits.Part(f"p{n}") for n in range(len(statuses))],
                        **WHO)  # fmt: skip
    owner = build.an_owner(session, cohort, directory.an_office(session, build.SIAK, "sekda"))
    return [build.brought_to(session, p, s, owner) for p, s in zip(made, statuses, strict=True)]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (("verified", "open", "claimed"), "open"),
        (("verified", "blocked", "in_progress"), "blocked"),
        (("verified", "in_progress", "claimed"), "in_progress"),
        (("verified", "claimed", "dropped"), "claimed"),
        (("verified", "verified", "dropped"), "dropped"),
        (("verified", "verified", "verified"), "verified"),
    ],
)
def test_a_split_promise_takes_the_class_of_its_least_finished_part(
    session: Session, statuses: tuple[str, ...], expected: str
) -> None:
    cohort = build.a_cohort(session)
    parts(session, build.an_item(session, cohort), *statuses)
    assert classes(session, cohort.id) == {expected: 1}


def test_a_part_split_again_is_still_the_same_promise(session: Session) -> None:
    cohort = build.a_cohort(session)
    first, _ = parts(session, build.an_item(session, cohort), "open", "verified")
    parts(session, first, "verified", "claimed")
    assert classes(session, cohort.id) == {"claimed": 1}


def test_merged_promises_are_as_many_as_before_and_stand_as_the_merged_one(
    session: Session,
) -> None:
    cohort = build.a_cohort(session)
    one, two = build.an_item(session, cohort), build.an_item(session, cohort)
    merged = splits.merge(session, [one.id, two.id], title="Satu", criterion="Bukti", **WHO)
    assert classes(session, cohort.id) == {"open": 2}
    moves.claim(session, merged.id, proofs=[build.SCAN], **WHO)
    moves.verify(session, merged.id, actor=build.MENTOR, now=NOW)
    assert classes(session, cohort.id) == {"verified": 2}


def test_a_duplicate_is_answered_by_the_other_and_counts_no_more(session: Session) -> None:
    cohort = build.a_cohort(session)
    one, two = build.an_item(session, cohort), build.an_item(session, cohort)
    drops.drop(session, two.id, "duplicate", answered_by_id=one.id, **WHO)
    assert classes(session, cohort.id) == {"open": 1}


def test_a_part_that_is_a_duplicate_stands_as_whatever_answers_for_it(session: Session) -> None:
    cohort = build.a_cohort(session)
    other = build.an_item(session, cohort, status="blocked")
    part, _ = parts(session, build.an_item(session, cohort), "open", "verified")
    drops.drop(session, part.id, "duplicate", answered_by_id=other.id, **WHO)
    assert classes(session, cohort.id) == {"blocked": 2}


def test_a_part_that_moved_to_another_cohort_is_not_forgotten(session: Session) -> None:
    cohort, other = build.a_cohort(session), build.a_cohort(session, build.SUMEDANG)
    parts(session, build.an_item(session, cohort), "in_progress", "verified")
    transfer(session, cohort.id, other.id, build.SIAK, moved_on=NOW.date(), reason="x", **WHO)
    assert classes(session, cohort.id) == {"in_progress": 1}, "not verified by moving the rest away"
    assert classes(session, other.id) == {"in_progress": 1}


def test_as_of_an_earlier_day_it_is_what_was_recorded_by_then(session: Session) -> None:
    cohort = build.a_cohort(session)
    found = build.an_item(session, cohort, due_on=NOW.date())
    moves.claim(session, found.id, proofs=[build.SCAN], actor=build.ORGANISER, now=NOW + DAY)
    moves.verify(session, found.id, actor=build.MENTOR, now=NOW + 2 * DAY)
    seen = [classes(session, cohort.id, NOW + n * DAY) for n in (0, 1, 2)]
    assert seen == [{"open": 1}, {"claimed": 1}, {"verified": 1}]


def test_the_rows_behind_the_figure_are_there_by_region(session: Session) -> None:
    cohort = build.a_cohort(session)
    build.an_item(session, cohort)
    build.an_item(session, cohort, directory.an_office(session, build.DUMAI, "sekda"))
    rows = by_region(due_at(session, cohort.id, LATE))
    assert {code: len(dues) for code, dues in rows.items()} == {build.SIAK: 1, build.DUMAI: 1}
