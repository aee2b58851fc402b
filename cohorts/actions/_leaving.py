"""Lower half: what becomes of a region's items when it leaves or moves to another cohort.

The turn holds the lock of the cohorts and has asked for the right.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from cohorts.actions._append import New, raise_items, replace, step
from cohorts.actions.drops import DROPPABLE
from cohorts.actions.standing import Standing, items_at
from cohorts.directory.tables import Office
from cohorts.ground.access import Actor


def drop_left(
    session: Session, cohort_id: str, region_code: str, actor: Actor, now: dt.datetime
) -> tuple[int, int]:
    """Drop the region's open, running and blocked items as left_cohort; claims stay and may still
    be verified. Returns (dropped, claims that remain)."""
    items = items_at(session, cohort_id, region_code=region_code)
    dropped = 0
    for found in items:
        if found.status in DROPPABLE:
            step(session, found, "dropped", actor, now, state="dropped",
                 drop_reason="left_cohort")  # fmt: skip
            dropped += 1
    return dropped, sum(found.status == "claimed" for found in items)


def move_items(
    session: Session,
    from_cohort_id: str,
    to_cohort_id: str,
    region_code: str,
    actor: Actor,
    now: dt.datetime,
) -> list[Standing]:
    """Raise each unfinished item of the region anew in the other cohort, as far along and as old
    as it is, and drop the old one as transferred, answered by the new. Claims stay where they
    were made. Returns the old ones as they stood."""
    moving = [
        found
        for found in items_at(session, from_cohort_id, region_code=region_code)
        if found.status in DROPPABLE
    ]
    new = [
        New(
            title=found.title,
            criterion=found.criterion,
            origin="transfer",
            office=session.get(Office, found.owner_office_id) if found.owner_office_id else None,
            original_due=found.original_due,
            due_on=found.due_on,
            region_code=region_code,
            first_raised=found.first_raised,
            state=found.status,
            blocked_by=found.blocked_by,
            escalation=found.escalation,
        )
        for found in moving
    ]
    raised = raise_items(session, to_cohort_id, new, actor, now)
    for found, child in zip(moving, raised, strict=True):
        step(session, found, "dropped", actor, now, state="dropped", drop_reason="transferred",
             answered_by_id=child)  # fmt: skip
        replace(session, [found], [child], "transfer", now)
    return moving
