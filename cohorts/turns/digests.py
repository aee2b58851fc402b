"""The message that follows a closing: one for each office that owes something, and for the Sekda
of a member that owes nothing.

``closing_digest``: subject ("closing", id); facts: office_id. The composer lists what the closing
found unresolved for the office's region and adds the owner's link when the mail leaves.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions.owner_links import owner_links
from cohorts.actions.standing import Standing
from cohorts.actions.tables import Closing
from cohorts.directory.contacts import mail_addresses
from cohorts.directory.tables import Office, Organisation
from cohorts.ground import outbox
from cohorts.ground.clock import day_in
from cohorts.programme.members import open_memberships
from cohorts.programme.tables import Cohort


def recipients(session: Session, cohort_id: str, items: list[Standing]) -> list[str]:
    """Ids of the offices that a closing over these items would write to."""
    owing = {found.owner_office_id for found in items if found.unresolved}
    served = {found.region_code for found in items if found.unresolved}
    free = sorted(set(open_memberships(session, cohort_id)) - served)
    sekdas = session.scalars(
        sa.select(Office.id)
        .join(Organisation, Organisation.id == Office.organisation_id)
        .where(
            Organisation.region_code.in_(free),
            Office.role_key.in_(("sekda", "sekda_prov")),
            Office.ended_on.is_(None),
        )
    )
    return sorted({office_id for office_id in owing if office_id} | set(sekdas))


def post(session: Session, closing: Closing, items: list[Standing], *, now: dt.datetime) -> int:
    """Post the digests of a closing; returns how many. Offices without an address are posted too:
    the organiser's mail page shows whom to call. A closing is announced once."""
    cohort = session.get_one(Cohort, closing.cohort_id)
    offices = recipients(session, cohort.id, items)
    addresses = mail_addresses(session, offices, day_in(now, cohort.timezone))
    owner_links(session, cohort.id, offices, now)
    posted = 0
    for office_id in offices:
        contact = addresses.get(office_id)
        posted += outbox.post(
            session,
            key=f"closing_digest:{closing.id}:{office_id}",
            kind="closing_digest",
            subject=("closing", closing.id),
            cohort_id=cohort.id,
            address=contact.value if contact else "",
            facts={"office_id": office_id},
            now=now,
        )
    return posted
