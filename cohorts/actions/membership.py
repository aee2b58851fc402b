"""Which regions a cohort's items may belong to."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.programme.tables import Membership, MembershipEnd


def members(session: Session, cohort_id: str) -> dict[str, Membership]:
    """Regions that are in the cohort now (no end recorded) with their latest membership."""
    rows = session.scalars(
        sa.select(Membership)
        .outerjoin(MembershipEnd, MembershipEnd.membership_id == Membership.id)
        .where(Membership.cohort_id == cohort_id, MembershipEnd.membership_id.is_(None))
        .order_by(Membership.joined_on, Membership.id)
    )
    return {row.region_code: row for row in rows}


def is_member(session: Session, cohort_id: str, region_code: str) -> bool:
    """Whether the region is in the cohort now."""
    return region_code in members(session, cohort_id)
