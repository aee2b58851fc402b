"""Call a planned convening off."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from cohorts.actions._append import lock_cohort
from cohorts.convenings import _turning
from cohorts.convenings.convening import get, where
from cohorts.ground.access import Actor, demand


def cancel(
    session: Session,
    convening_id: str,
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    seen: str | None = None,
) -> int:
    """Call off a planned convening; whoever's calendar knows of it is told. Returns how many
    messages were posted.

    Counts do not change, and what stood on its agenda stands on the next planned one by itself.
    ``seen`` is the fingerprint of the list (``notice.of_cancel``) that the organiser agreed to.
    Raises Refusal ground.not_allowed, convenings.not_planned, convenings.reason_missing,
    convenings.notice_changed.
    """
    convening = get(session, convening_id)
    demand(actor, "convening.turn", where(convening))
    lock_cohort(session, convening.cohort_id)
    session.refresh(convening)
    return _turning.set_cancelled(session, convening, reason, actor, now, seen=seen)
