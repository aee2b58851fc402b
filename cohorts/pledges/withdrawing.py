"""Taking a signature back, as the office's letter says."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from cohorts.ground import bounds, log
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.chronicle import record
from cohorts.ground.refusal import Refusal
from cohorts.pledges import events
from cohorts.pledges.tables import Signature, Withdrawal


def withdraw(
    session: Session, signature_id: str, reason: str, *, actor: Actor, now: dt.datetime
) -> Withdrawal:
    """Register that a signature is withdrawn, as the office's letter says. The signature, its
    document and its items stay; the public page says "withdrawn", the items carry the flag.
    Doing it twice returns the first.

    Raises Refusal ground.not_allowed, pledges.not_signed, pledges.reason_missing.
    """
    signature = session.get(Signature, signature_id)
    if signature is None:
        raise Refusal("pledges.not_signed")
    pledge = signature.pledge
    where = Where(cohort_id=pledge.text.cohort_id, convening_id=pledge.text.convening_id)
    demand(actor, "pledge.edit", where)
    done = session.get(Withdrawal, signature_id)
    if done is not None:
        return done
    why = bounds.line(reason, most=300, field="reason")
    if not why:
        raise Refusal("pledges.reason_missing", field="reason")
    made = Withdrawal(signature_id=signature_id, reason=why, at=now, actor=actor.id)
    session.add(made)
    session.flush()
    log.append(
        session,
        "pledge.withdrawn",
        {"signature": signature_id, "public_code": signature.public_code},
        now,
    )
    record(
        session,
        events.SignatureWithdrawn(
            subject=("pledge", pledge.id),
            cohort_id=pledge.text.cohort_id,
            signature_id=signature_id,
            office=pledge.office.name,
            region_code=pledge.region_code,
        ),
        actor,
        now,
    )
    return made
