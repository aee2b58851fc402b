"""Who is, and who ever was, a member: at any instant, as it was recorded by then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.directory.tables import Region
from cohorts.ground.clock import day_in
from cohorts.programme.cohort import cohort
from cohorts.programme.tables import Cohort, Membership, MembershipEnd


@dataclass(frozen=True)
class Member:
    """One interval of membership as it stood at an instant. ``left_on`` is the first day without
    the region, None while it is a member."""

    membership_id: str
    region: Region
    entry_path: str
    joined_on: dt.date
    left_on: dt.date | None
    reason: str | None


def intervals(session: Session, cohort_id: str, as_of: dt.datetime) -> list[Member]:
    """Every interval that had begun by the instant, by region and day.

    An interval, or its end, counts from the day it names, once it has been recorded.
    """
    day = day_in(as_of, cohort(session, cohort_id).timezone)
    query = (
        sa.select(Membership)
        .where(
            Membership.cohort_id == cohort_id,
            Membership.recorded_at <= as_of,
            Membership.joined_on <= day,
        )
        .options(joinedload(Membership.region), joinedload(Membership.end))
        .order_by(Membership.region_code, Membership.joined_on, Membership.id)
    )
    return [_as_of(row, day, as_of) for row in session.scalars(query)]


def members(session: Session, cohort_id: str, as_of: dt.datetime) -> list[Member]:
    """The members at an instant, by region code."""
    return [m for m in intervals(session, cohort_id, as_of) if m.left_on is None]


def sizes(session: Session, found: Iterable[Cohort], as_of: dt.datetime) -> dict[str, int]:
    """How many members each cohort has at an instant, in one query."""
    zones = {each.id: each.timezone for each in found}
    query = (
        sa.select(Membership)
        .where(Membership.cohort_id.in_(zones), Membership.recorded_at <= as_of)
        .options(joinedload(Membership.end), joinedload(Membership.region))
    )
    counted = dict.fromkeys(zones, 0)
    for row in session.scalars(query):
        day = day_in(as_of, zones[row.cohort_id])
        inside = row.joined_on <= day and _as_of(row, day, as_of).left_on is None
        counted[row.cohort_id] += int(inside)
    return counted


def open_memberships(session: Session, cohort_id: str) -> dict[str, Membership]:
    """Region code -> membership, of every membership without an end, one that begins later too:
    what is promised may be promised for it already."""
    rows = session.scalars(
        sa.select(Membership)
        .outerjoin(MembershipEnd, MembershipEnd.membership_id == Membership.id)
        .where(Membership.cohort_id == cohort_id, MembershipEnd.membership_id.is_(None))
        .order_by(Membership.joined_on, Membership.id)
    )
    return {row.region_code: row for row in rows}


def is_member(session: Session, cohort_id: str, region_code: str) -> bool:
    """Whether the region's membership has no end."""
    return region_code in open_memberships(session, cohort_id)


def ever_joined(session: Session, cohort_id: str, as_of: dt.datetime) -> dict[str, Member]:
    """J of the figures: every region that had joined by the instant, with its first interval."""
    found: dict[str, Member] = {}
    for member in intervals(session, cohort_id, as_of):
        found.setdefault(member.region.code, member)
    return found


def _as_of(row: Membership, day: dt.date, as_of: dt.datetime) -> Member:
    end = row.end
    known = end is not None and end.recorded_at <= as_of and end.left_on <= day
    return Member(
        membership_id=row.id,
        region=row.region,
        entry_path=row.entry_path,
        joined_on=row.joined_on,
        left_on=end.left_on if end is not None and known else None,
        reason=end.reason if end is not None and known else None,
    )
