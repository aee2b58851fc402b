"""Splitting an item into parts and merging items into one.

Both keep the lineage: first raised, original due date and, through the ancestors, the carried
count. Nothing changes how far the promise has come: parts stand where the whole stood, and what is
merged stands where its least finished part stood.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cohorts.actions import authority
from cohorts.actions._append import (
    NOTE_LIMIT,
    New,
    lock_cohort,
    raise_items,
    region_of,
    replace,
    seen,
    step,
)
from cohorts.actions.drops import DROPPABLE
from cohorts.actions.items import CRITERION_LIMIT, TITLE_LIMIT
from cohorts.actions.standing import Standing, item, items_by_id
from cohorts.directory.tables import Office
from cohorts.ground import bounds
from cohorts.ground.access import Actor
from cohorts.ground.refusal import Refusal

MOST = 10
LEAST_FINISHED = ("open", "blocked", "in_progress", "claimed")


@dataclass(frozen=True)
class Part:
    """One part of a split. Without an office the whole's owner keeps it; an empty criterion is
    the whole's."""

    title: str
    criterion: str = ""
    office_id: str | None = None


def split(
    session: Session,
    item_id: str,
    parts: Sequence[Part],
    *,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
    note: str = "",
) -> list[Standing]:
    """Split an open, running or blocked item into two to ten parts of the same region; the whole
    is dropped as split. Raises Refusal actions.split_parts, actions.claimed, actions.no_such_move,
    actions.owner_elsewhere, ground.stale, ground.not_allowed."""
    before = item(session, item_id)
    authority.demand_organizer(actor, before)
    lock_cohort(session, before.cohort_id)
    before = item(session, item_id)
    seen(before, version)
    _droppable(before)
    if not 2 <= len(parts) <= MOST:
        raise Refusal("actions.split_parts", field="parts")
    new = [_part(session, before, part) for part in parts]
    step(session, before, "split", actor, now, state="dropped", drop_reason="split",
         note=bounds.lines(note, most=NOTE_LIMIT, field="note"))  # fmt: skip
    children = raise_items(session, before.cohort_id, new, actor, now)
    replace(session, [before], children, "split", now)
    found = items_by_id(session, children)
    return [found[child] for child in children]


def merge(
    session: Session,
    item_ids: Sequence[str],
    *,
    title: str,
    criterion: str,
    actor: Actor,
    now: dt.datetime,
    versions: Sequence[int | None] = (),
    note: str = "",
) -> Standing:
    """Merge two to ten items of one owner into a new one; they are dropped as merged. The new one
    keeps the earliest first raising and due dates and the state of the least finished.

    ``versions`` are what the writer saw, in the order of ``item_ids``. Raises Refusal
    actions.merge_parts, actions.merge_owners, actions.claimed, actions.no_such_move,
    ground.stale, ground.not_allowed.
    """
    ids = list(dict.fromkeys(item_ids))
    if not 2 <= len(ids) <= MOST:
        raise Refusal("actions.merge_parts", field="items")
    first = item(session, ids[0])
    authority.demand_organizer(actor, first)
    lock_cohort(session, first.cohort_id)
    found = items_by_id(session, ids)
    parents = [found[each] for each in ids if each in found]
    if len(parents) != len(ids) or len({parent.cohort_id for parent in parents}) != 1:
        raise Refusal("actions.merge_parts", field="items")
    for parent, version in zip(parents, versions or [None] * len(parents), strict=True):
        authority.demand_organizer(actor, parent)
        seen(parent, version)
        _droppable(parent)
    if len({parent.owner_office_id for parent in parents}) != 1 or first.owner_office_id is None:
        raise Refusal("actions.merge_owners", field="items")
    eldest = min(parents, key=lambda parent: (parent.first_raised, parent.number))
    least = min(parents, key=lambda parent: LEAST_FINISHED.index(parent.status))
    new = New(
        title=bounds.needed(title, most=TITLE_LIMIT, field="title"),
        criterion=bounds.lines(criterion, most=CRITERION_LIMIT, field="criterion"),
        origin="merge",
        office=session.get_one(Office, first.owner_office_id),
        original_due=_earliest(parent.original_due for parent in parents),
        due_on=_earliest(parent.due_on for parent in parents),
        convening_id=eldest.convening_id,
        region_code=first.region_code,
        first_raised=eldest.first_raised,
        state=least.status,
        blocked_by=least.blocked_by,
        escalation=max(parent.escalation for parent in parents),
    )
    written = bounds.lines(note, most=NOTE_LIMIT, field="note")
    for parent in parents:
        step(session, parent, "merged", actor, now, note=written, state="dropped",
             drop_reason="merged")  # fmt: skip
    child = raise_items(session, first.cohort_id, [new], actor, now)
    replace(session, parents, child, "merge", now)
    return item(session, child[0])


def _part(session: Session, whole: Standing, part: Part) -> New:
    office_id = part.office_id or whole.owner_office_id
    office = session.get(Office, office_id) if office_id else None
    if part.office_id is not None and region_of(session, office) != whole.region_code:
        raise Refusal("actions.owner_elsewhere", field="office_id")
    criterion = bounds.lines(part.criterion, most=CRITERION_LIMIT, field="criterion")
    return New(
        title=bounds.needed(part.title, most=TITLE_LIMIT, field="title"),
        criterion=criterion or whole.criterion,
        origin="split",
        office=office,
        original_due=whole.original_due,
        due_on=whole.due_on,
        convening_id=whole.convening_id,
        region_code=whole.region_code,
        first_raised=whole.first_raised,
        state=whole.status,
        blocked_by=whole.blocked_by,
        escalation=whole.escalation,
    )


def _droppable(found: Standing) -> None:
    if found.status == "claimed":
        raise Refusal("actions.claimed", item=found.label)
    if found.status not in DROPPABLE:
        raise Refusal("actions.no_such_move", item=found.label, status=found.status, to="dropped")


def _earliest(days: Iterable[dt.date | None]) -> dt.date | None:
    return min((day for day in days if day is not None), default=None)
