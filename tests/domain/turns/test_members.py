"""Joining, leaving and moving to another cohort: no denominator shrinks."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from cohorts.actions import drops, moves, templates
from cohorts.actions.dates import grant_due
from cohorts.actions.standing import item, items_at
from cohorts.figures.follow_through import follow_up
from cohorts.ground.refusal import Refusal
from cohorts.turns.join import join
from cohorts.turns.leave import leave
from cohorts.turns.transfer import transfer
from tests.build import actions as build

NOW, DAY, DUE = build.NOW, build.DAY, build.DUE
LATE = NOW + 90 * DAY
WHO = {"actor": build.ORGANISER}


def gone(session: Session, cohort_id: str) -> None:
    leave(session, cohort_id, build.SIAK, left_on=NOW.date(), reason="Ditarik.", now=NOW, **WHO)


def test_who_leaves_leaves_no_denominator(session: Session) -> None:
    cohort = build.a_cohort(session)
    kept = {s: build.an_item(session, cohort, status=s).id for s in
            ("open", "in_progress", "blocked", "claimed", "verified", "dropped")}  # fmt: skip
    before = follow_up(session, cohort.id, LATE)
    left = leave(session, cohort.id, build.SIAK, left_on=NOW.date(), reason="Ditarik.",
                 now=NOW, **WHO)  # fmt: skip
    assert (left.dropped, left.claimed) == (3, 1)
    after = follow_up(session, cohort.id, LATE)
    assert after.due == before.due == 6
    assert dict(after.dropped) == {"left_cohort": 3, "not_feasible": 1}
    moves.verify(session, kept["claimed"], actor=build.MENTOR, now=NOW)
    assert follow_up(session, cohort.id, LATE).verified == 2
    with pytest.raises(Refusal) as refused:
        drops.restore(session, kept["open"], to="open", now=NOW, **WHO)
    assert refused.value.code == "actions.not_member"


def test_a_claim_that_comes_back_after_leaving_can_be_dropped_as_left(session: Session) -> None:
    cohort = build.a_cohort(session)
    found = build.an_item(session, cohort, status="claimed")
    gone(session, cohort.id)
    moves.give_back(session, found.id, note="Belum cukup.", actor=build.MENTOR, now=NOW)
    drops.drop(session, found.id, "left_cohort", now=NOW, **WHO)
    assert dict(follow_up(session, cohort.id, LATE).dropped) == {"left_cohort": 1}


def test_who_comes_back_finds_the_old_drops_as_they_were(session: Session) -> None:
    cohort = build.a_cohort(session)
    template, _ = templates.make_template(
        session, cohort.id, title="SK tim", criterion="SK", role_key="sekda", due_on=DUE,
        lead_days=10, now=NOW, **WHO,
    )  # fmt: skip
    gone(session, cohort.id)
    back = join(session, cohort.id, build.SIAK, entry_path="later", joined_on=(NOW + DAY).date(),
                now=NOW + DAY, **WHO)  # fmt: skip
    assert back.items == [], "an item per (template, region), whatever became of it"
    reasons = {one.drop_reason for one in items_at(session, cohort.id, region_code=build.SIAK)}
    assert reasons == {"left_cohort"}
    old = items_at(session, cohort.id, region_code=build.SIAK)[0]
    assert drops.restore(session, old.id, to="open", now=NOW + DAY, **WHO).unresolved
    assert template.cohort_id == cohort.id


def test_a_region_does_not_leave_tomorrow_or_twice(session: Session) -> None:
    cohort = build.a_cohort(session)
    tomorrow = (NOW + DAY).date()
    with pytest.raises(Refusal) as refused:
        leave(session, cohort.id, build.SIAK, left_on=tomorrow, reason="x", now=NOW, **WHO)
    assert refused.value.code == "programme.day_to_come"
    gone(session, cohort.id)
    with pytest.raises(Refusal) as refused:
        gone(session, cohort.id)
    assert refused.value.code == "programme.left_already"


def test_who_moves_takes_the_unfinished_along_at_its_age(session: Session) -> None:
    cohort, other = build.a_cohort(session), build.a_cohort(session, build.SUMEDANG)
    kept = {s: build.an_item(session, cohort, status=s) for s in
            ("open", "in_progress", "blocked", "claimed", "verified", "dropped")}  # fmt: skip
    moved = transfer(session, cohort.id, other.id, build.SIAK, moved_on=NOW.date(),
                     reason="Putaran berikut.", now=NOW + DAY, **WHO)  # fmt: skip
    assert {one.id for one in moved.moved} == {
        kept[s].id for s in ("open", "in_progress", "blocked")
    }  # fmt: skip
    for status in ("open", "in_progress", "blocked"):
        old = item(session, kept[status].id)
        new = item(session, str(old.answered_by_id))
        assert (old.status, old.drop_reason) == ("dropped", "transferred")
        assert (new.cohort_id, new.status) == (other.id, status)
        assert (new.first_raised, new.original_due) == (old.first_raised, old.original_due)
        with pytest.raises(Refusal) as refused:
            drops.restore(session, old.id, to="open", now=NOW + DAY, **WHO)
        assert refused.value.code == "actions.replaced"
    assert item(session, kept["claimed"].id).status == "claimed"
    here, there = (follow_up(session, c.id, LATE) for c in (cohort, other))
    assert (here.due, there.due) == (3, 3), "six promises, each in one cohort"


def test_an_extension_moves_along_and_the_original_date_with_it(session: Session) -> None:
    cohort, other = build.a_cohort(session), build.a_cohort(session, build.SUMEDANG)
    found = build.an_item(session, cohort)
    grant_due(session, found.id, DUE + 30 * DAY, reason="Anggaran bergeser.", now=NOW, **WHO)
    transfer(session, cohort.id, other.id, build.SIAK, moved_on=NOW.date(), reason="x",
             now=NOW + DAY, **WHO)  # fmt: skip
    new = item(session, str(item(session, found.id).answered_by_id))
    assert (new.original_due, new.due_on) == (DUE, DUE + 30 * DAY)
    assert follow_up(session, other.id, LATE).due == 1


def test_a_region_is_not_transferred_onto_itself(session: Session) -> None:
    cohort, other = build.a_cohort(session), build.a_cohort(session)
    common = {"moved_on": NOW.date(), "reason": "x", "now": NOW, **WHO}
    for target, code in ((cohort, "turns.same_cohort"), (other, "turns.already_there")):
        with pytest.raises(Refusal) as refused:
            transfer(session, cohort.id, target.id, build.SIAK, **common)
        assert refused.value.code == code
