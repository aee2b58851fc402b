"""Open a closed convening again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from cohorts.actions import record
from cohorts.actions._append import fact_time, lock_cohort
from cohorts.actions.tables import Reopening
from cohorts.convenings import _turning
from cohorts.convenings.convening import get, where
from cohorts.convenings.tables import Convening
from cohorts.ground import bounds, chronicle
from cohorts.ground.access import Actor, demand
from cohorts.ground.refusal import Refusal
from cohorts.turns.events import ClosingReopened


def reopen(
    session: Session, convening_id: str, *, reason: str, actor: Actor, now: dt.datetime
) -> Convening:
    """Open a closed convening again, with a reason, while no later one has begun.

    Its closing stays byte for byte and stops counting; closing again writes the next revision.
    Raises Refusal ground.not_allowed, turns.reason_missing, convenings.not_closed,
    convenings.later_begun (facts: number).
    """
    convening = get(session, convening_id)
    demand(actor, "convening.turn", where(convening))
    lock_cohort(session, convening.cohort_id)
    session.refresh(convening)
    kept = bounds.line(reason, most=300, field="reason")
    if not kept:
        raise Refusal("turns.reason_missing", field="reason")
    last = record.last_closing(session, convening.id)
    at = fact_time(session, convening.cohort_id, now)
    _turning.set_reopened(session, convening, actor, at)
    if last is None:
        raise Refusal("convenings.not_closed", state=convening.state)
    session.add(Reopening(closing_id=last.id, reason=kept, at=at, actor=actor.id))
    session.flush()
    chronicle.record(
        session,
        ClosingReopened(
            subject=("convening", convening.id),
            cohort_id=convening.cohort_id,
            closing_id=last.id,
            revision=last.revision,
        ),
        actor,
        at,
    )
    session.flush()
    return convening
