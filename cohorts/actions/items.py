"""Raising items, completing them, and giving them another owner."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions import authority
from cohorts.actions._append import NOTE_LIMIT, New, lock_cohort, raise_items, region_of, seen, step
from cohorts.actions.standing import Standing, item
from cohorts.actions.tables import Item
from cohorts.convenings.tables import Convening
from cohorts.directory.tables import Office
from cohorts.ground import bounds
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal
from cohorts.programme.members import is_member

TITLE_LIMIT = 300
CRITERION_LIMIT = 2000


def raise_item(
    session: Session,
    cohort_id: str,
    *,
    title: str,
    actor: Actor,
    now: dt.datetime,
    convening_id: str | None = None,
    office_id: str | None = None,
    due_on: dt.date | None = None,
    criterion: str = "",
) -> Standing:
    """Raise an item in a convening that runs, or between meetings (``convening_id`` None).

    While a convening runs, owner, due date and criterion may follow (closing insists on them);
    between meetings they are needed at once. Raises Refusal actions.not_running,
    actions.incomplete, actions.not_member, actions.due_past, ground.needed, ground.too_long,
    ground.not_found, ground.not_allowed.
    """
    convening = session.get(Convening, convening_id) if convening_id else None
    if convening_id and (convening is None or convening.cohort_id != cohort_id):
        raise Refusal("ground.not_found")
    place = Where(cohort_id=cohort_id, convening_id=convening_id or authority.NOWHERE)
    demand(actor, "item.raise", place)
    cohort = lock_cohort(session, cohort_id)
    if convening is not None:
        session.refresh(convening)
        if convening.state != "in_progress":
            raise Refusal("actions.not_running", state=convening.state)
    office = _office(session, office_id)
    new = New(
        title=bounds.needed(title, most=TITLE_LIMIT, field="title"),
        criterion=bounds.lines(criterion, most=CRITERION_LIMIT, field="criterion"),
        origin="meeting",
        office=office,
        original_due=due_on,
        due_on=due_on,
        convening_id=convening_id,
        region_code=region_of(session, office),
    )
    if convening is None and not (office and due_on and new.criterion):
        raise Refusal("actions.incomplete")
    _region_fits(session, cohort_id, new.region_code)
    _due_fits(due_on, now, cohort.timezone)
    return item(session, raise_items(session, cohort_id, [new], actor, now)[0])


def raise_promised(
    session: Session,
    cohort_id: str,
    *,
    title: str,
    criterion: str,
    office: Office,
    due_on: dt.date,
    convening_id: str | None,
    pledge_id: str,
    pledge_target_id: str,
    actor: Actor,
    now: dt.datetime,
) -> Standing:
    """Raise the item that a signed pledge promises; once per (pledge, target), a second time
    returns the first. Whether signing is allowed is the pledge's rule."""
    lock_cohort(session, cohort_id)
    known = session.scalar(
        sa.select(Item.id).where(
            Item.pledge_id == pledge_id, Item.pledge_target_id == pledge_target_id
        )
    )
    if known is not None:
        return item(session, known)
    new = New(
        title=bounds.needed(title, most=TITLE_LIMIT, field="title"),
        criterion=bounds.lines(criterion, most=CRITERION_LIMIT, field="criterion"),
        origin="pledge",
        office=office,
        original_due=due_on,
        due_on=due_on,
        convening_id=convening_id,
        pledge_id=pledge_id,
        pledge_target_id=pledge_target_id,
        region_code=region_of(session, office),
    )
    return item(session, raise_items(session, cohort_id, [new], actor, now)[0])


def complete(
    session: Session,
    item_id: str,
    *,
    version: int | None,
    actor: Actor,
    now: dt.datetime,
    title: str | None = None,
    office_id: str | None = None,
    due_on: dt.date | None = None,
    criterion: str | None = None,
) -> Standing:
    """Fill in what an item lacks, or correct its words and owner. None leaves a part as it is.

    The first due date becomes the original one and is never set again (later ones are granted).
    An owner changes only within its region. Raises Refusal actions.resolved, actions.due_set,
    actions.owner_elsewhere, actions.not_member, actions.due_past, ground.stale,
    ground.not_allowed.
    """
    before = item(session, item_id)
    place = authority.where(before)
    may_finish = before.missing and before.convening_id is not None
    demand(actor, "item.raise" if may_finish else "item.manage", place)
    cohort = lock_cohort(session, before.cohort_id, shared=True)
    before = item(session, item_id)
    seen(before, version)
    if not before.unresolved:
        raise Refusal("actions.resolved", item=before.label)
    if before.status == "claimed":  # the verdict is about the words that were claimed
        raise Refusal("actions.claimed", item=before.label)
    changes: dict[str, Any] = {}
    if title is not None:
        changes["title"] = bounds.needed(title, most=TITLE_LIMIT, field="title")
    if criterion is not None:
        changes["criterion"] = bounds.lines(criterion, most=CRITERION_LIMIT, field="criterion")
    if due_on is not None and due_on != before.due_on:
        if before.original_due is not None:
            raise Refusal("actions.due_set", field="due_on", due_on=before.due_on)
        _due_fits(due_on, now, cohort.timezone)
        changes |= {"original_due": due_on, "due_on": due_on}
    if office_id is not None and office_id != before.owner_office_id:
        changes["owner_office_id"] = _owner(session, before, office_id)
    changes = {name: value for name, value in changes.items() if value != getattr(before, name)}
    if not changes:
        return before
    return step(session, before, "edited", actor, now, **changes)


def escalate(
    session: Session,
    item_id: str,
    level: int,
    *,
    version: int | None,
    actor: Actor,
    now: dt.datetime,
    note: str = "",
) -> Standing:
    """Take an item to a level: 0 its office, 1 Sekda, 2 head of the region, 3 ministry. Proposed
    by ``agenda.proposed_level``; a person decides. Raises Refusal actions.escalation_level."""
    before = item(session, item_id)
    authority.demand_organizer(actor, before)
    lock_cohort(session, before.cohort_id, shared=True)
    before = item(session, item_id)
    seen(before, version)
    if not 0 <= level <= 3:
        raise Refusal("actions.escalation_level", field="level")
    if not before.unresolved:
        raise Refusal("actions.resolved", item=before.label)
    note = bounds.lines(note, most=NOTE_LIMIT, field="note")
    return step(session, before, "escalated", actor, now, note=note, escalation=level)


def _office(session: Session, office_id: str | None) -> Office | None:
    if office_id is None:
        return None
    found = session.get(Office, office_id)
    if found is None:
        raise Refusal("ground.not_found")
    return found


def _owner(session: Session, before: Standing, office_id: str) -> str:
    """The new owner's id, when it is of the item's region; the first owner brings the region."""
    office = _office(session, office_id)
    region_code = region_of(session, office)
    if before.owner_office_id is None:
        _region_fits(session, before.cohort_id, region_code)
        session.get_one(Item, before.id).region_code = region_code
        session.flush()
    elif region_code != before.region_code:
        raise Refusal("actions.owner_elsewhere", field="office_id")
    return office_id


def _region_fits(session: Session, cohort_id: str, region_code: str | None) -> None:
    if region_code is not None and not is_member(session, cohort_id, region_code):
        raise Refusal("actions.not_member", field="office_id", region=region_code)


def _due_fits(due_on: dt.date | None, now: dt.datetime, zone: str) -> None:
    if due_on is not None and due_on < day_in(now, zone):
        raise Refusal("actions.due_past", field="due_on")
