"""What was said and decided while a convening runs, for its minutes."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions._append import lock_cohort
from cohorts.actions.events import MinuteNoted
from cohorts.actions.standing import item
from cohorts.actions.tables import MinuteNote
from cohorts.convenings.tables import Convening
from cohorts.ground import bounds, chronicle
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.base import new_id
from cohorts.ground.body import Body, keep
from cohorts.ground.refusal import Refusal

LIMIT = 4000


def write_note(
    session: Session,
    convening_id: str,
    kind: Literal["discussion", "decision"],
    text: str,
    *,
    actor: Actor,
    now: dt.datetime,
    item_id: str | None = None,
) -> MinuteNote:
    """Write a discussion or a decision, on an item or in general. Raises Refusal
    actions.minutes_closed unless the convening runs, ground.needed, ground.too_long."""
    convening = session.get(Convening, convening_id)
    if convening is None:
        raise Refusal("ground.not_found")
    demand(actor, "item.raise", Where(convening.cohort_id, convening.id))
    lock_cohort(session, convening.cohort_id, shared=True)
    session.refresh(convening)
    if convening.state != "in_progress":
        raise Refusal("actions.minutes_closed")
    if item_id is not None and item(session, item_id).cohort_id != convening.cohort_id:
        raise Refusal("ground.not_found")
    body_id = keep(session, bounds.lines(text, most=LIMIT, field="text"))
    if body_id is None:
        raise Refusal("ground.needed", field="text")
    last = session.scalar(
        sa.select(sa.func.max(MinuteNote.position)).where(MinuteNote.convening_id == convening_id)
    )
    made = MinuteNote(
        id=new_id(),
        convening_id=convening_id,
        position=(last or 0) + 1,
        kind=kind,
        body_id=body_id,
        item_id=item_id,
        at=now,
        actor=actor.id,
    )
    session.add(made)
    session.flush()
    chronicle.record(
        session,
        MinuteNoted(
            subject=("convening", convening_id),
            cohort_id=convening.cohort_id,
            kind=kind,
            note=session.get_one(Body, body_id).sha256,
        ),
        actor,
        now,
    )
    return made


def notes_of(session: Session, convening_id: str) -> list[tuple[MinuteNote, Body]]:
    """The notes of a convening in their order, each with its text (None when erased)."""
    rows = session.execute(
        sa.select(MinuteNote, Body)
        .join(Body, Body.id == MinuteNote.body_id)
        .where(MinuteNote.convening_id == convening_id)
        .order_by(MinuteNote.position)
    )
    return [(row[0], row[1]) for row in rows]
