"""What owners are told about single items.

``item_returned``: subject ("item", id); facts: office_id, seq (the number of the event that
returned it). The composer renders the note, and the owner's link when the mail leaves.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from cohorts.actions.owner_links import owner_link
from cohorts.actions.standing import Standing
from cohorts.directory.contacts import mail_address
from cohorts.ground import outbox
from cohorts.ground.clock import day_in
from cohorts.programme.tables import Cohort


def returned(session: Session, found: Standing, now: dt.datetime) -> None:
    """Tell the owner's office that its claim came back. Posted also without an address: the
    organiser's mail page then shows whom to call."""
    if found.owner_office_id is None:
        return
    cohort = session.get_one(Cohort, found.cohort_id)
    contact = mail_address(session, found.owner_office_id, day_in(now, cohort.timezone))
    owner_link(session, found.cohort_id, found.owner_office_id, now)
    outbox.post(
        session,
        key=f"item_returned:{found.event_id}",
        kind="item_returned",
        subject=("item", found.id),
        cohort_id=found.cohort_id,
        address=contact.value if contact else "",
        facts={"office_id": found.owner_office_id, "seq": found.version},
        now=now,
    )
