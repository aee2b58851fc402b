"""What a subscribed calendar is told: of a cohort, of one convening, of one person.

An entry has the UID of the invitation and its SEQUENCE, so that a calendar that knows the one
updates it by the other. A convening that was called off stays, as cancelled; a draft is in no feed.
The cohort's feed holds what its public page shows; the other two open by a personal link only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import calendar, pass_ids
from cohorts.convenings.tables import Convening, Invitation, Pass, Schedule
from cohorts.ground.links import Link
from cohorts.ground.refusal import Refusal


@dataclass(frozen=True)
class Entry:
    """One convening in a feed; ``revised`` is when what it says last rose in SEQUENCE."""

    convening: Convening
    uid: str
    sequence: int
    revised: dt.datetime

    @property
    def cancelled(self) -> bool:
        return self.convening.state == "cancelled"


def of_cohort(session: Session, cohort_id: str) -> list[Entry]:
    """The cohort's announced convenings, held and cancelled ones included, in their order."""
    found = session.scalars(
        sa.select(Convening)
        .where(Convening.cohort_id == cohort_id, Convening.announced_at.is_not(None))
        .order_by(Convening.starts_at, Convening.number)
    ).all()
    return _entries(session, found, {})


def of_convening(session: Session, link: Link | None) -> list[Entry]:
    """The convening of a link; none while it is a draft. Refusal ground.link_invalid."""
    found = session.get(Convening, link.id if link else "-")
    if found is None or link is None or link.generation != 1:
        raise Refusal("ground.link_invalid")
    return _entries(session, [found] if found.announced_at is not None else [], {})


def of_person(session: Session, link: Link | None, now: dt.datetime) -> list[Entry]:
    """Every convening to which the person of a pass comes, in order.

    The link is revoked with what stands behind that pass: an invitation withdrawn, a hand-over
    taken back. Refusal ground.link_invalid.
    """
    anchor = pass_ids.by_link(session, link)
    passes = session.scalars(sa.select(Pass).where(Pass.person_id == anchor.person_id)).all()
    behind: dict[str, list[str]] = {}
    for row in passes:
        standing = pass_ids.valid_pass(session, row.id, now)
        if standing is not None and standing.valid:
            behind[row.convening_id] = [seat.invitation_id for seat in standing.behind]
    if anchor.convening_id not in behind:
        raise Refusal("ground.link_invalid")
    found = session.scalars(
        sa.select(Convening)
        .where(Convening.id.in_(behind), Convening.announced_at.is_not(None))
        .order_by(Convening.starts_at, Convening.number)
    ).all()
    every = [id_ for ids in behind.values() for id_ in ids]
    leads: dict[str, int] = {}
    for invitation in session.scalars(sa.select(Invitation).where(Invitation.id.in_(every))):
        known = leads.get(invitation.convening_id, 0)
        leads[invitation.convening_id] = max(known, invitation.calendar_lead)
    return _entries(session, found, leads)


def _entries(session: Session, found: Sequence[Convening], leads: dict[str, int]) -> list[Entry]:
    """The entries of convenings; ``leads`` is what an invitation adds to the SEQUENCE."""
    made = {
        row.convening_id: row.at
        for row in session.scalars(
            sa.select(Schedule)
            .join(
                Convening,
                sa.and_(Convening.id == Schedule.convening_id, Convening.schedule == Schedule.n),
            )
            .where(Convening.id.in_([c.id for c in found]))
        )
    }
    return [
        Entry(
            convening=c,
            uid=calendar.uid(c.id),
            sequence=c.sequence + leads.get(c.id, 0),
            revised=max(
                at for at in (made.get(c.id), c.announced_at, c.cancelled_at, c.created_at) if at
            ),
        )
        for c in found
    ]
