"""The lower halves of the turns: a convening's own state, for cohorts/turns/ alone.

The turn has locked the cohort and checks what other rooms have to say.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import calendar, notice
from cohorts.convenings.convening import where
from cohorts.convenings.events import (
    ConveningCancelled,
    ConveningClosed,
    ConveningReopened,
    ConveningStarted,
)
from cohorts.convenings.tables import PLANNED, Convening
from cohorts.ground import bounds
from cohorts.ground.access import Actor, demand
from cohorts.ground.chronicle import record
from cohorts.ground.refusal import Refusal


def set_started(
    session: Session, convening: Convening, actor: Actor, now: dt.datetime
) -> None:
    """announced -> in_progress. Raises Refusal convenings.not_announced and, while an earlier one
    is still planned, convenings.earlier_planned (facts: number, title)."""
    demand(actor, "convening.turn", where(convening))
    if convening.state != "announced":
        raise Refusal("convenings.not_announced", state=convening.state)
    earlier = session.scalar(
        sa.select(Convening)
        .where(
            Convening.cohort_id == convening.cohort_id,
            Convening.id != convening.id,
            Convening.state.in_(PLANNED),
            sa.or_(
                Convening.starts_at < convening.starts_at,
                sa.and_(
                    Convening.starts_at == convening.starts_at,
                    Convening.number < convening.number,
                ),
            ),
        )
        .order_by(Convening.starts_at, Convening.number)
        .limit(1)
    )
    if earlier is not None:
        raise Refusal(
            "convenings.earlier_planned", number=earlier.number, title=earlier.title_id
        )
    convening.state = "in_progress"
    convening.started_at = now
    convening.version += 1
    _tell(session, ConveningStarted, convening, actor, now)


def set_closed(
    session: Session, convening: Convening, actor: Actor, now: dt.datetime
) -> None:
    """in_progress -> closed. Raises Refusal convenings.not_in_progress."""
    demand(actor, "convening.turn", where(convening))
    if convening.state != "in_progress":
        raise Refusal("convenings.not_in_progress", state=convening.state)
    convening.state = "closed"
    convening.closed_at = now
    convening.version += 1
    _tell(session, ConveningClosed, convening, actor, now)


def set_reopened(
    session: Session, convening: Convening, actor: Actor, now: dt.datetime
) -> None:
    """closed -> in_progress, while no later convening has begun. Raises Refusal
    convenings.not_closed, convenings.later_begun (facts: number)."""
    demand(actor, "convening.turn", where(convening))
    if convening.state != "closed":
        raise Refusal("convenings.not_closed", state=convening.state)
    later = session.scalar(
        sa.select(Convening.number)
        .where(
            Convening.cohort_id == convening.cohort_id,
            Convening.id != convening.id,
            Convening.started_at.is_not(None),
            sa.or_(
                Convening.starts_at > convening.starts_at,
                sa.and_(
                    Convening.starts_at == convening.starts_at,
                    Convening.number > convening.number,
                ),
            ),
        )
        .order_by(Convening.starts_at)
        .limit(1)
    )
    if later is not None:
        raise Refusal("convenings.later_begun", number=later)
    convening.state = "in_progress"
    convening.closed_at = None
    convening.version += 1
    _tell(session, ConveningReopened, convening, actor, now)


def set_cancelled(
    session: Session,
    convening: Convening,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    *,
    seen: str | None = None,
) -> int:
    """draft or announced -> cancelled; everybody whose calendar knows of it is told.

    Returns how many messages were posted. Raises Refusal convenings.not_planned,
    convenings.reason_missing and, with the fingerprint of what was shown, notice_changed.
    """
    demand(actor, "convening.turn", where(convening))
    if convening.state not in PLANNED:
        raise Refusal("convenings.not_planned", state=convening.state)
    kept = bounds.line(reason, most=300, field="reason")
    if not kept:
        raise Refusal("convenings.reason_missing", field="reason")
    if seen is not None:
        notice.must_be_as_seen(notice.of_cancel(session, convening, now), seen)
    convening.state = "cancelled"
    convening.cancelled_at = now
    convening.cancel_reason = kept
    convening.sequence += 1
    convening.version += 1
    session.flush()
    told = sum(
        calendar.post_cancel(session, invitation, "cancelled", now)
        for invitation in calendar.live_invitations(session, convening.id)
    )
    record(
        session,
        ConveningCancelled(
            subject=("convening", convening.id), cohort_id=convening.cohort_id, told=told
        ),
        actor,
        now,
    )
    session.flush()
    return told


def _tell(
    session: Session,
    event: type[ConveningStarted | ConveningClosed | ConveningReopened],
    convening: Convening,
    actor: Actor,
    now: dt.datetime,
) -> None:
    record(
        session,
        event(subject=("convening", convening.id), cohort_id=convening.cohort_id),
        actor,
        now,
    )
    session.flush()
