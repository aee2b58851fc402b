"""What the meeting room shows beside the agenda: who is here, what was last said, whom to name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.language import language
from cohorts.actions.standing import Standing
from cohorts.convenings.tables import Convening, Invitation
from cohorts.directory.offices import region_name
from cohorts.directory.tables import Office, Organisation, Region
from cohorts.door.roll import Attended
from cohorts.ground.body import Body


def words_of(session: Session, codes: Iterable[str | None]) -> dict[str, str]:
    """Region code -> its name in the reader's language."""
    wanted = sorted({code for code in codes if code})
    found = session.scalars(sa.select(Region).where(Region.code.in_(wanted)))
    return {region.code: region_name(region, language()) for region in found}


def notes_by_item(session: Session, found: Iterable[Standing]) -> dict[str, str]:
    """Item id -> the note of its last event, where there is one that was not erased."""
    by_note = {one.note_id: one.id for one in found if one.note_id}
    rows = session.execute(sa.select(Body.id, Body.text).where(Body.id.in_(list(by_note))))
    return {by_note[note_id]: text for note_id, text in rows if text}


def posts_in_room(came: Iterable[Attended]) -> dict[str, list[str]]:
    """Region code -> the posts of those who came for it, the deputies by their own post."""
    here: dict[str, list[str]] = defaultdict(list)
    for one in came:
        for standing in one.counts:
            if standing.region_code:
                post = standing.post_en if language() == "en" else standing.post
                here[standing.region_code].append(post)
    return here


def listed_offices(session: Session, convening: Convening) -> list[Office]:
    """The offices to choose an owner from: those invited, by region and protocol."""
    query = (
        sa.select(Office)
        .join(Invitation, Invitation.office_id == Office.id)
        .join(Organisation, Organisation.id == Office.organisation_id)
        .where(Invitation.convening_id == convening.id, Invitation.withdrawn_at.is_(None))
        .options(joinedload(Office.role), joinedload(Office.organisation).joinedload(
            Organisation.region))
        .order_by(Organisation.region_code, Office.name)
    )
    return list(session.scalars(query))
