"""The printed commitment: made by the worker after signing, kept once."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from cohorts.ground.access import Actor
from cohorts.ground.chronicle import record
from cohorts.ground.files import Kept, register
from cohorts.ground.refusal import Refusal
from cohorts.pledges import events
from cohorts.pledges.tables import Signature, SignatureDocument


def keep_document(
    session: Session, signature_id: str, kept: Kept, *, actor: Actor, now: dt.datetime
) -> SignatureDocument:
    """Register the file written for a signature. The first one stands: a job that is repeated
    changes nothing. Raises Refusal pledges.not_signed."""
    signature = session.get(Signature, signature_id)
    if signature is None:
        raise Refusal("pledges.not_signed")
    known = session.get(SignatureDocument, signature_id)
    if known is not None:
        return known
    made = SignatureDocument(
        signature_id=signature_id, sha256=register(session, kept, now), made_at=now
    )
    session.add(made)
    session.flush()
    record(
        session,
        events.DocumentPrinted(
            subject=("pledge", signature.pledge_id),
            cohort_id=signature.pledge.text.cohort_id,
            sha256=kept.sha256,
        ),
        actor,
        now,
    )
    return made
