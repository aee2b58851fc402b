"""The signed versions before and after one: what the same office signed in the same cohort."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

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
    return _standing(session, Pledge.office_id == office_id)


def standing_in(session: Session, cohort_ids: Sequence[str]) -> list[Signature]:
    """The same for whole cohorts: one for each office and cohort."""
    return _standing(session, PledgeText.cohort_id.in_(cohort_ids))


def _standing(session: Session, which: sa.ColumnElement[bool]) -> list[Signature]:
    signed = session.scalars(
        sa.select(Signature)
        .join(Signature.pledge)
        .join(Pledge.text)
        .outerjoin(Withdrawal, Withdrawal.signature_id == Signature.id)
        .where(which, Withdrawal.signature_id.is_(None))
        .options(
            contains_eager(Signature.pledge)
            .contains_eager(Pledge.text)
            .joinedload(PledgeText.convening)
        )
        .order_by(PledgeText.version)
    )
    latest = {(one.pledge.text.cohort_id, one.pledge.office_id): one for one in signed}
    return sorted(latest.values(), key=lambda one: (one.signed_at, one.id), reverse=True)
