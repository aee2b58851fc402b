"""The signed versions before and after one: what the same office signed in the same cohort."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.pledges.tables import Pledge, PledgeText, Signature, Withdrawal


def beside(session: Session, pledge: Pledge, *, later: bool) -> str | None:
    """Public code of the same office's latest later version that stands, or of the one before."""
    version = pledge.text.version
    query = (
        sa.select(Signature.public_code)
        .join(Pledge, Pledge.id == Signature.pledge_id)
        .join(PledgeText, PledgeText.id == Pledge.text_id)
        .outerjoin(Withdrawal, Withdrawal.signature_id == Signature.id)
        .where(
            PledgeText.cohort_id == pledge.text.cohort_id,
            Pledge.office_id == pledge.office_id,
        )
    )
    if later:
        query = query.where(PledgeText.version > version, Withdrawal.signature_id.is_(None))
    else:
        query = query.where(PledgeText.version < version)
    return session.scalar(query.order_by(PledgeText.version.desc()).limit(1))


def standing(session: Session, office_id: str) -> list[Signature]:
    """What an office has signed and what stands: not withdrawn, nor replaced by a later version;
    one for each cohort, the latest first."""
    signed = session.scalars(
        sa.select(Signature)
        .join(Pledge, Pledge.id == Signature.pledge_id)
        .join(PledgeText, PledgeText.id == Pledge.text_id)
        .outerjoin(Withdrawal, Withdrawal.signature_id == Signature.id)
        .where(Pledge.office_id == office_id, Withdrawal.signature_id.is_(None))
        .order_by(PledgeText.version)
    )
    latest = {one.pledge.text.cohort_id: one for one in signed}
    return sorted(latest.values(), key=lambda one: (one.signed_at, one.id), reverse=True)
