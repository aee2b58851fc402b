"""Saying no: an office does not sign, for a reason that the committee reads."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.ground import bounds
from cohorts.ground.access import demand
from cohorts.ground.base import new_id
from cohorts.ground.body import keep
from cohorts.ground.chronicle import record
from cohorts.ground.refusal import Refusal
from cohorts.pledges import events
from cohorts.pledges.signatories import Signatory, ready
from cohorts.pledges.signing import must_be_unsigned
from cohorts.pledges.tables import DECLINE_REASONS, Decline


def decline(
    session: Session, signatory: Signatory, reason: str, note: str, *, now: dt.datetime
) -> Decline:
    """Note that the office does not sign, and why. It stays a member and may sign later. The same
    answer sent twice is one row.

    Raises Refusal pledges.reason_missing, pledges.already_signed, pledges.void,
    pledges.no_mandate, ground.too_long.
    """
    demand(signatory.actor, "pledge.sign")
    pledge = signatory.pledge
    if pledge.voided_at is not None:
        raise Refusal("pledges.void")
    if signatory.hand_over is not None:
        ready(session, signatory)  # a deputy without the right to sign has none to refuse either
    must_be_unsigned(session, pledge)
    if reason not in DECLINE_REASONS:
        raise Refusal("pledges.reason_missing", field="reason")
    text = bounds.lines(note, most=2000, field="note")
    last = last_decline(session, pledge.id)
    if last is not None and last.reason == reason and not text:
        return last
    made = Decline(
        id=new_id(),
        pledge_id=pledge.id,
        n=(last.n if last else 0) + 1,
        reason=reason,
        note_id=keep(session, text),
        at=now,
        actor=signatory.actor.id,
    )
    session.add(made)
    session.flush()
    record(
        session,
        events.PledgeDeclined(
            subject=("pledge", pledge.id),
            cohort_id=pledge.text.cohort_id,
            reason=reason,
            office=pledge.office.name,
            region_code=pledge.region_code,
        ),
        signatory.actor,
        now,
    )
    return made


def last_decline(session: Session, pledge_id: str) -> Decline | None:
    """The latest refusal to sign, if any."""
    return session.scalar(
        sa.select(Decline).where(Decline.pledge_id == pledge_id).order_by(Decline.n.desc()).limit(1)
    )
