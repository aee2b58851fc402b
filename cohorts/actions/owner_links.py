"""The personal link by which an office sees and reports on its region's items.

A link's token names the row of ``owner_link`` (purpose "owner"); the row names the office and the
cohort, and its generation revokes what was sent before.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions.events import OwnerLinkRevoked
from cohorts.actions.tables import OwnerLink
from cohorts.directory.tables import Office, Organisation
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.base import new_id
from cohorts.ground.chronicle import record
from cohorts.ground.links import Link
from cohorts.ground.refusal import Refusal


@dataclass(frozen=True)
class Owner:
    """Who holds an owner's link: the office, its region (None for a ministry) and the cohort."""

    link_id: str
    cohort_id: str
    office: Office
    region_code: str | None

    @property
    def actor(self) -> Actor:
        """The actor for the rules."""
        regions = frozenset({self.region_code}) if self.region_code else frozenset()
        return Actor("link", self.link_id, link="owner", office_id=self.office.id, regions=regions)


def owner_link(session: Session, cohort_id: str, office_id: str, now: dt.datetime) -> OwnerLink:
    """The row behind the office's link in the cohort; made when missing."""
    found = session.scalar(
        sa.select(OwnerLink).where(
            OwnerLink.cohort_id == cohort_id, OwnerLink.office_id == office_id
        )
    )
    if found is None:
        found = OwnerLink(
            id=new_id(), cohort_id=cohort_id, office_id=office_id, generation=1, made_at=now
        )
        session.add(found)
        session.flush()
    return found


def owner_links(
    session: Session, cohort_id: str, office_ids: list[str], now: dt.datetime
) -> dict[str, OwnerLink]:
    """The rows behind the links of many offices, made where missing, in two statements."""
    query = sa.select(OwnerLink).where(OwnerLink.cohort_id == cohort_id)
    found = {row.office_id: row for row in session.scalars(query) if row.office_id in office_ids}
    for office_id in sorted(set(office_ids) - set(found)):
        found[office_id] = OwnerLink(
            id=new_id(), cohort_id=cohort_id, office_id=office_id, generation=1, made_at=now
        )
        session.add(found[office_id])
    session.flush()
    return found


def open_owner_link(session: Session, link: Link | None) -> Owner:
    """Who comes by this link (as read from its token with purpose "owner"). Raises Refusal
    ground.link_invalid for unknown and revoked ones alike."""
    row = session.get(OwnerLink, link.id) if link is not None else None
    if link is None or row is None or row.generation != link.generation:
        raise Refusal("ground.link_invalid")
    office = session.get_one(Office, row.office_id)
    organisation = session.get_one(Organisation, office.organisation_id)
    return Owner(row.id, row.cohort_id, office, organisation.region_code)


def revoke_owner_link(
    session: Session, cohort_id: str, office_id: str, *, actor: Actor, now: dt.datetime
) -> OwnerLink:
    """Make every link sent so far to this office stop working."""
    demand(actor, "item.manage", Where(cohort_id=cohort_id, convening_id="-", region_code="-"))
    row = owner_link(session, cohort_id, office_id, now)
    row.generation += 1
    session.flush()
    office = session.get_one(Office, office_id)
    record(
        session,
        OwnerLinkRevoked(
            subject=("owner_link", row.id), cohort_id=cohort_id, office=office.name
        ),
        actor,
        now,
    )
    return row
