"""A region leaves its cohort; nothing leaves a denominator."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cohorts.actions._append import lock_cohort
from cohorts.actions._leaving import drop_left
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal
from cohorts.programme._membership import end_membership
from cohorts.programme.tables import MembershipEnd
from cohorts.turns.events import ItemsLeft


@dataclass(frozen=True)
class Left:
    """``dropped`` items ended as left_cohort, ``claimed`` ones may still be verified."""

    end: MembershipEnd
    dropped: int
    claimed: int


def leave(
    session: Session,
    cohort_id: str,
    region_code: str,
    *,
    left_on: dt.date,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> Left:
    """A region leaves: open, running and blocked items are dropped as left_cohort, claims may
    still be verified, and all of them stay in every denominator. ``left_on`` is the first day
    without it, today or earlier.

    Raises Refusal ground.not_allowed, programme.not_member, programme.left_already,
    programme.left_before_joining, programme.day_to_come, ground.needed.
    """
    demand(actor, "cohort.edit", Where(cohort_id=cohort_id))
    cohort = lock_cohort(session, cohort_id)
    if left_on > day_in(now, cohort.timezone):
        raise Refusal("programme.day_to_come", field="left_on", day=left_on)
    end = end_membership(
        session, cohort_id, region_code, left_on=left_on, reason=reason, actor=actor, now=now
    )
    dropped, claimed = drop_left(session, cohort_id, region_code, actor, now)
    record(
        session,
        ItemsLeft(
            subject=("cohort", cohort_id),
            cohort_id=cohort_id,
            region_code=region_code,
            dropped=dropped,
            claimed=claimed,
        ),
        actor,
        now,
    )
    session.flush()
    return Left(end, dropped, claimed)
