"""A region moves to another cohort and takes its unfinished items along."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cohorts.actions._append import lock_cohort
from cohorts.actions._leaving import move_items
from cohorts.actions.standing import Standing
from cohorts.actions.templates import apply_all
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal
from cohorts.programme._membership import add_membership, end_membership
from cohorts.programme.members import is_member
from cohorts.programme.tables import Membership
from cohorts.turns.events import RegionTransferred


@dataclass(frozen=True)
class Moved:
    """The new membership; the old items (as they stood) that have a new one over there; what the
    templates of the new cohort raised beside them."""

    membership: Membership
    moved: list[Standing]
    raised: list[Standing]


def transfer(
    session: Session,
    from_cohort_id: str,
    to_cohort_id: str,
    region_code: str,
    *,
    moved_on: dt.date,
    reason: str,
    entry_path: str = "later",
    actor: Actor,
    now: dt.datetime,
) -> Moved:
    """A region leaves one cohort and joins another on the same day. Its open, running and blocked
    items are raised anew there (first raised, original due date and state kept) and answer for the
    old ones, which are dropped as transferred; claims are judged where they were made.

    Raises Refusal ground.not_allowed, turns.same_cohort, turns.already_there,
    programme.not_member, programme.left_already, programme.left_before_joining,
    programme.day_to_come, programme.member_overlap, ground.needed.
    """
    if from_cohort_id == to_cohort_id:
        raise Refusal("turns.same_cohort")
    for cohort_id in sorted((from_cohort_id, to_cohort_id)):  # one order for all: no deadlock
        demand(actor, "cohort.edit", Where(cohort_id=cohort_id))
        cohort = lock_cohort(session, cohort_id)
        if moved_on > day_in(now, cohort.timezone):
            raise Refusal("programme.day_to_come", field="moved_on", day=moved_on)
    if is_member(session, to_cohort_id, region_code):
        raise Refusal("turns.already_there", field="to_cohort")
    end_membership(
        session, from_cohort_id, region_code, left_on=moved_on, reason=reason, actor=actor, now=now
    )
    membership = add_membership(
        session,
        to_cohort_id,
        region_code,
        entry_path=entry_path,
        joined_on=moved_on,
        actor=actor,
        now=now,
    )
    moved = move_items(session, from_cohort_id, to_cohort_id, region_code, actor, now)
    raised = apply_all(session, to_cohort_id, membership, actor, now)
    record(
        session,
        RegionTransferred(
            subject=("cohort", from_cohort_id),
            cohort_id=from_cohort_id,
            region_code=region_code,
            to_cohort_id=to_cohort_id,
            items=len(moved),
        ),
        actor,
        now,
    )
    session.flush()
    return Moved(membership, moved, raised)
