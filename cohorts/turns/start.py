"""Start a convening: its agenda is frozen and the carried items are in the room."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from cohorts.actions import agenda
from cohorts.actions._append import lock_cohort
from cohorts.convenings import _turning
from cohorts.convenings.convening import get, where
from cohorts.convenings.tables import Convening
from cohorts.ground.access import Actor, demand
from cohorts.ground.chronicle import record
from cohorts.turns.events import AgendaFrozen


def start(session: Session, convening_id: str, *, actor: Actor, now: dt.datetime) -> Convening:
    """Start an announced convening and freeze its agenda as rows. Starting one that runs changes
    nothing.

    Raises Refusal ground.not_allowed, convenings.not_announced, and convenings.earlier_planned
    (facts: number, title) while an earlier one waits to be held, moved or cancelled.
    """
    convening = get(session, convening_id)
    demand(actor, "convening.turn", where(convening))
    lock_cohort(session, convening.cohort_id)
    session.refresh(convening)
    if convening.state == "in_progress":
        return convening
    with session.begin_nested():
        # The agenda is read while the convening is still the next one planned.
        lines = agenda.freeze(session, convening)
        _turning.set_started(session, convening, actor, now)
    record(
        session,
        AgendaFrozen(
            subject=("convening", convening.id), cohort_id=convening.cohort_id, lines=lines
        ),
        actor,
        now,
    )
    session.flush()
    return convening
