"""Joining and leaving, as far as it concerns the membership alone.

Both are moments in which several rooms change together: only cohorts/turns calls what is here.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.directory.regions import region
from cohorts.ground import bounds, chronicle
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.refusal import Refusal
from cohorts.programme.cohort import cohort
from cohorts.programme.events import RegionJoined, RegionLeft
from cohorts.programme.tables import ENTRY_PATHS, Cohort, Membership, MembershipEnd


def add_membership(
    session: Session,
    cohort_id: str,
    region_code: str,
    *,
    entry_path: str,
    joined_on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> Membership:
    """A region becomes a member from a day on; rejoining is a new interval.

    Raises Refusal programme.member_already, programme.member_overlap,
    programme.entry_path_unknown, directory.region_unknown. Two that add the same region at once
    are told apart by the locked cohort row.
    """
    demand(actor, "cohort.edit", Where(cohort_id=cohort_id))
    _locked(session, cohort_id)
    place = region(session, region_code)
    if entry_path not in ENTRY_PATHS:
        raise Refusal("programme.entry_path_unknown", field="entry_path")
    for earlier in _intervals(session, cohort_id, region_code):
        if earlier.end is None:
            raise Refusal(
                "programme.member_already",
                field="region_code",
                region=place.full_name,
                since=earlier.joined_on,
            )
        if joined_on < earlier.end.left_on:
            raise Refusal("programme.member_overlap", field="joined_on", region=place.full_name)
    made = Membership(
        cohort_id=cohort_id,
        region=place,
        entry_path=entry_path,
        joined_on=joined_on,
        recorded_at=now,
        recorded_by=actor.id,
    )
    session.add(made)
    session.flush()
    chronicle.record(
        session,
        RegionJoined(
            subject=("membership", made.id),
            cohort_id=cohort_id,
            region=place.full_name,
            entry_path=entry_path,
            joined_on=joined_on,
        ),
        actor,
        now,
    )
    return made


def end_membership(
    session: Session,
    cohort_id: str,
    region_code: str,
    *,
    left_on: dt.date,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> MembershipEnd:
    """A region ceases to be a member: ``left_on`` is the first day without it.

    Raises Refusal programme.not_member, programme.left_already, programme.left_before_joining,
    ground.needed (the reason).
    """
    demand(actor, "cohort.edit", Where(cohort_id=cohort_id))
    _locked(session, cohort_id)
    intervals = _intervals(session, cohort_id, region_code)
    if not intervals:
        raise Refusal("programme.not_member", field="region_code")
    latest = intervals[-1]
    if latest.end is not None:
        raise Refusal("programme.left_already", left_on=latest.end.left_on)
    if left_on < latest.joined_on:
        raise Refusal("programme.left_before_joining", field="left_on", since=latest.joined_on)
    ending = MembershipEnd(
        membership=latest,
        left_on=left_on,
        reason=bounds.needed(reason, most=300, field="reason"),
        recorded_at=now,
        recorded_by=actor.id,
    )
    session.add(ending)
    session.flush()
    chronicle.record(
        session,
        RegionLeft(
            subject=("membership", latest.id),
            cohort_id=cohort_id,
            region=latest.region.full_name,
            left_on=left_on,
            reason=ending.reason,
        ),
        actor,
        now,
    )
    return ending


def _locked(session: Session, cohort_id: str) -> Cohort:
    session.execute(sa.select(Cohort.id).where(Cohort.id == cohort_id).with_for_update())
    return cohort(session, cohort_id)


def _intervals(session: Session, cohort_id: str, region_code: str) -> list[Membership]:
    query = (
        sa.select(Membership)
        .where(Membership.cohort_id == cohort_id, Membership.region_code == region_code)
        .options(joinedload(Membership.end), joinedload(Membership.region))
        .order_by(Membership.joined_on, Membership.id)
    )
    return list(session.scalars(query))
