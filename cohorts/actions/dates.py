"""Due dates and what owners ask for: more time, or that an item be dropped.

An extension is granted with a reason and counted; the original due date stays, and with it the
item's place among the due ones.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions import authority
from cohorts.actions._append import NOTE_LIMIT, lock_cohort, seen, step
from cohorts.actions.drops import drop
from cohorts.actions.events import AskAnswered, DropAsked, TimeAsked
from cohorts.actions.standing import Standing, item
from cohorts.actions.tables import Ask, Item, ItemEvent
from cohorts.ground import bounds
from cohorts.ground.access import Actor
from cohorts.ground.base import new_id
from cohorts.ground.body import keep
from cohorts.ground.chronicle import record
from cohorts.ground.refusal import Refusal


def grant_due(
    session: Session,
    item_id: str,
    until_on: dt.date,
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
) -> Standing:
    """Grant a later due date, with a reason. Raises Refusal actions.due_not_later,
    actions.note_missing, actions.resolved, actions.claimed, ground.stale, ground.not_allowed."""
    before = item(session, item_id)
    authority.demand_organizer(actor, before)
    lock_cohort(session, before.cohort_id, shared=True)
    before = item(session, item_id)
    seen(before, version)
    _changeable(before)
    reason = bounds.lines(reason, most=NOTE_LIMIT, field="reason")
    if not reason:
        raise Refusal("actions.note_missing", field="reason")
    if before.due_on is None or until_on <= before.due_on:
        raise Refusal("actions.due_not_later", field="until_on", due_on=before.due_on)
    return step(session, before, "due_granted", actor, now, note=reason, due_on=until_on)


def extensions(session: Session, cohort_id: str) -> dict[str, int]:
    """How often each item of the cohort was extended; items without are not there."""
    rows = session.execute(
        sa.select(ItemEvent.item_id, sa.func.count())
        .join(Item, Item.id == ItemEvent.item_id)
        .where(Item.cohort_id == cohort_id, ItemEvent.kind == "due_granted")
        .group_by(ItemEvent.item_id)
    )
    return {row[0]: row[1] for row in rows}


def ask(
    session: Session,
    item_id: str,
    kind: str,
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    until_on: dt.date | None = None,
) -> Ask:
    """The owner asks for an ``extension`` until a day, or for the ``drop`` of an item. Nothing
    changes until an organiser answers; the same ask twice is refused (actions.ask_open)."""
    before = item(session, item_id)
    lock_cohort(session, before.cohort_id, shared=True)
    before = item(session, item_id)
    if not authority.is_owner(session, actor, before):
        raise Refusal("ground.not_allowed", reason="no_role")
    _changeable(before)
    reason = bounds.lines(reason, most=NOTE_LIMIT, field="reason")
    if not reason:
        raise Refusal("actions.note_missing", field="reason")
    if kind == "extension" and (
        until_on is None or (before.due_on is not None and until_on <= before.due_on)
    ):
        raise Refusal("actions.due_not_later", field="until_on", due_on=before.due_on)
    if any(row.kind == kind for row in open_asks(session, [item_id])):
        raise Refusal("actions.ask_open")
    made = Ask(
        id=new_id(),
        item_id=item_id,
        kind=kind,
        until_on=until_on if kind == "extension" else None,
        reason_id=keep(session, reason),
        asked_at=now,
        asked_by=actor.id,
    )
    session.add(made)
    session.flush()
    subject, cohort_id = ("item", item_id), before.cohort_id
    if made.until_on is not None:
        record(
            session,
            TimeAsked(
                subject=subject,
                cohort_id=cohort_id,
                number=before.number,
                until_on=made.until_on.isoformat(),
            ),
            actor,
            now,
        )
    else:
        event = DropAsked(subject=subject, cohort_id=cohort_id, number=before.number)
        record(session, event, actor, now)
    return made


def answer(
    session: Session,
    ask_id: str,
    *,
    granted: bool,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    drop_reason: str = "",
) -> Ask:
    """Grant or decline an ask. Granting an extension sets the due date, granting a drop drops with
    ``drop_reason``. Raises Refusal actions.ask_answered and those of grant_due and drop."""
    found = session.get(Ask, ask_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Refusal("ground.not_found")
    before = item(session, found.item_id)
    authority.demand_organizer(actor, before)
    if found.answered_at is not None:
        raise Refusal("actions.ask_answered")
    if granted and found.until_on is not None:
        grant_due(session, before.id, found.until_on, reason=reason, actor=actor, now=now)
    elif granted:
        drop(session, before.id, drop_reason, note=reason, actor=actor, now=now)
    found.answered_at = now
    found.answered_by = actor.id
    found.granted = granted
    session.flush()
    record(
        session,
        AskAnswered(
            subject=("item", before.id),
            cohort_id=before.cohort_id,
            number=before.number,
            kind=found.kind,
            granted=granted,
        ),
        actor,
        now,
    )
    return found


def open_asks(session: Session, item_ids: list[str]) -> list[Ask]:
    """Unanswered asks of these items, oldest first."""
    return list(
        session.scalars(
            sa.select(Ask)
            .where(Ask.item_id.in_(item_ids), Ask.answered_at.is_(None))
            .order_by(Ask.asked_at, Ask.id)
        )
    )


def _changeable(found: Standing) -> None:
    if not found.unresolved:
        raise Refusal("actions.resolved", item=found.label)
    if found.status == "claimed":
        raise Refusal("actions.claimed", item=found.label)
