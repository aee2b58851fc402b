"""In which capacity somebody acts on an item: as its owner, as a mentor, as an organiser.

The owner is the office that the item belongs to; the head and the Sekda of its region act
likewise. They come by their office's link. Mentors and organisers are accounts with grants.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from cohorts.actions.standing import Standing
from cohorts.directory.tables import Office, Organisation
from cohorts.ground.access import Actor, Where, demand, may

HEADS = ("bupati", "walikota", "gubernur", "sekda", "sekda_prov")
NOWHERE = "-"


def where(found: Standing) -> Where:
    """Where a step of this item happens. What the item lacks is named as nowhere, so that a
    grant within one region or convening does not reach items that have none."""
    return Where(
        cohort_id=found.cohort_id,
        convening_id=found.convening_id or NOWHERE,
        region_code=found.region_code or NOWHERE,
    )


def is_owner(session: Session, actor: Actor, found: Standing) -> bool:
    """Whether the actor came by the link of the item's office, or of its region's head or
    Sekda."""
    if actor.link != "owner" or actor.office_id is None or found.owner_office_id is None:
        return False
    if actor.office_id == found.owner_office_id:
        return True
    office = session.get(Office, actor.office_id)
    if office is None or office.role_key not in HEADS or found.region_code is None:
        return False
    organisation = session.get_one(Organisation, office.organisation_id)
    return organisation.region_code == found.region_code


def is_organizer(actor: Actor, found: Standing) -> bool:
    """Whether the actor organises where the item is."""
    return actor.link is None and bool(may(actor, "item.manage", where(found)))


def is_mentor(actor: Actor, found: Standing) -> bool:
    """Whether the actor may judge the item: a mentor assigned there, or an organiser, and not of
    the item's own region."""
    return actor.link is None and bool(may(actor, "item.verify", where(found)))


def demand_organizer(actor: Actor, found: Standing) -> None:
    """Raise Refusal ground.not_allowed unless the actor organises where the item is."""
    demand(actor, "item.manage", where(found))
