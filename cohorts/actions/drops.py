"""Dropping an item, with a reason from the list, and bringing it back.

Real drops stay in every denominator. A structural one leaves it only because another item answers:
that one must live, be of the same region, and not have been due later (raising a promise anew
would otherwise hide its delay).
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from cohorts.actions import authority
from cohorts.actions._append import NOTE_LIMIT, lock_cohort, seen, step
from cohorts.actions.moves import move
from cohorts.actions.standing import Standing, item
from cohorts.actions.tables import REAL_DROPS
from cohorts.ground import bounds
from cohorts.ground.access import Actor
from cohorts.ground.refusal import Refusal
from cohorts.programme.members import is_member

BY_PERSON = ("duplicate", "transferred", *REAL_DROPS)
"""Reasons a person may give; split and merged come from splitting and merging."""
DROPPABLE = ("open", "in_progress", "blocked")


def drop(
    session: Session,
    item_id: str,
    reason: str,
    *,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
    answered_by_id: str | None = None,
    note: str = "",
) -> Standing:
    """Drop an open, running or blocked item. ``duplicate`` and ``transferred`` name the live item
    that answers for it; ``left_cohort`` is for a region that has left.

    Raises Refusal ground.not_allowed, ground.stale, actions.no_such_move, actions.claimed,
    actions.drop_reason, actions.answer_missing, actions.answer_elsewhere,
    actions.answer_due_later, actions.still_member.
    """
    before = item(session, item_id)
    authority.demand_organizer(actor, before)
    lock_cohort(session, before.cohort_id, shared=True)
    before = item(session, item_id)
    seen(before, version)
    if before.status == "claimed":
        raise Refusal("actions.claimed", item=before.label)
    if before.status not in DROPPABLE:
        raise Refusal("actions.no_such_move", item=before.label, status=before.status, to="dropped")
    if reason not in BY_PERSON:
        raise Refusal("actions.drop_reason", field="reason")
    if reason in ("duplicate", "transferred"):
        answering = _answering(session, before, reason, answered_by_id)
    else:
        answering = None
    if (
        reason == "left_cohort"
        and before.region_code is not None
        and is_member(session, before.cohort_id, before.region_code)
    ):
        raise Refusal("actions.still_member", field="reason", region=before.region_code)
    return step(
        session,
        before,
        "dropped",
        actor,
        now,
        note=bounds.lines(note, most=NOTE_LIMIT, field="note"),
        state="dropped",
        verified=False,
        drop_reason=reason,
        answered_by_id=answering,
    )


def restore(
    session: Session,
    item_id: str,
    *,
    to: str,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
    note: str = "",
) -> Standing:
    """Bring a dropped item back to ``open`` or ``in_progress``. Raises Refusal actions.replaced
    for one that others stand for, actions.not_member for one whose region has left."""
    return move(session, item_id, to, actor=actor, now=now, version=version, note=note)


def _answering(session: Session, before: Standing, reason: str, answer_id: str | None) -> str:
    if not answer_id or answer_id == before.id:
        raise Refusal("actions.answer_missing", field="answered_by")
    try:
        answer = item(session, answer_id)
    except Refusal as unknown:
        raise Refusal("actions.answer_missing", field="answered_by") from unknown
    if answer.status == "dropped":
        raise Refusal("actions.answer_missing", field="answered_by")
    same_cohort = answer.cohort_id == before.cohort_id
    if answer.region_code != before.region_code or same_cohort != (reason == "duplicate"):
        raise Refusal("actions.answer_elsewhere", field="answered_by")
    if before.original_due is not None and (
        answer.original_due is None or answer.original_due > before.original_due
    ):
        raise Refusal("actions.answer_due_later", field="answered_by", due_on=answer.original_due)
    return answer.id
