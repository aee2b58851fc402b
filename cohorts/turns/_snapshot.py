"""What a closing freezes: the whole cohort as plain values, ready for canonical bytes.

Office and region strings and ids of persons; no names, no free text beyond an item's own words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions.standing import Standing
from cohorts.convenings.tables import Convening, Invitation
from cohorts.directory.tables import Office, Region
from cohorts.door.roll import attendance, offices_present
from cohorts.figures.funnel import ANSWERS, funnel
from cohorts.pledges.tables import Pledge, PledgeText, Signature, Withdrawal
from cohorts.programme.tables import Cohort, Membership, MembershipEnd

FORMAT = 1
"""Raised when the shape of a closing's data changes; old closings keep theirs."""


def items(
    session: Session, found: Iterable[Standing], carried: dict[str, int]
) -> list[dict[str, Any]]:
    """Every item by number. ``answered_by`` is an id, of another cohort for a transferred one."""
    offices = {row.id: row.name for row in session.execute(sa.select(Office.id, Office.name))}
    named = sa.select(Region.code, Region.full_name)
    regions = {row.code: row.full_name for row in session.execute(named)}
    return [
        {
            "id": each.id,
            "number": each.number,
            "seq": each.version,
            "origin": each.origin,
            "title": each.title,
            "criterion": each.criterion,
            "region_code": each.region_code,
            "region": regions.get(each.region_code or ""),
            "office_id": each.owner_office_id,
            "office": offices.get(each.owner_office_id or ""),
            "status": each.status,
            "drop_reason": each.drop_reason,
            "answered_by": each.answered_by_id,
            "blocked_by": each.blocked_by,
            "escalation": each.escalation,
            "first_raised": each.first_raised,
            "original_due": each.original_due,
            "due_on": each.due_on,
            "carried": carried.get(each.id, 0),
        }
        for each in found
    ]


def members(session: Session, cohort_id: str, as_of: dt.datetime) -> list[dict[str, Any]]:
    """Every interval of membership recorded by then, ended ones too, by region and day."""
    ended = sa.and_(
        MembershipEnd.membership_id == Membership.id, MembershipEnd.recorded_at <= as_of
    )
    rows = session.execute(
        sa.select(Membership, MembershipEnd.left_on, Region.full_name)
        .join(Region, Region.code == Membership.region_code)
        .outerjoin(MembershipEnd, ended)
        .where(Membership.cohort_id == cohort_id, Membership.recorded_at <= as_of)
        .order_by(Membership.region_code, Membership.joined_on, Membership.id)
    )
    return [
        {
            "region_code": row.region_code,
            "region": region,
            "entry_path": row.entry_path,
            "joined_on": row.joined_on,
            "left_on": left_on,
        }
        for row, left_on, region in rows
    ]


def attended(session: Session, convening: Convening, as_of: dt.datetime) -> dict[str, Any]:
    """Offices invited and present (in person or represented) and everybody who came."""
    invited = session.scalar(
        sa.select(sa.func.count())
        .select_from(Invitation)
        .where(Invitation.convening_id == convening.id, Invitation.withdrawn_at.is_(None))
    )
    people = attendance(session, convening.id, as_of)
    in_person, represented = offices_present(people)
    return {
        "invited": invited or 0,
        "in_person": in_person,
        "represented": represented,
        "people": [
            {
                "person_id": one.person_id,
                "first_at": one.first_at,
                "place": one.place,
                "for": [
                    {
                        "office_id": s.office_id,
                        "office": s.office,
                        "region_code": s.region_code,
                        "deputy": s.deputy,
                        "post": s.post,
                        "companion": s.companion,
                    }
                    for s in one.standings
                ],
            }
            for one in people
        ],
    }


def commitments(session: Session, cohort_id: str, as_of: dt.datetime) -> list[dict[str, Any]]:
    """Every signature of the cohort's texts by then, by region; withdrawn ones with their day."""
    rows = session.execute(
        sa.select(
            Pledge.region_code,
            Office.name,
            PledgeText.version,
            Pledge.sha256,
            Signature.public_code,
            Signature.signed_at,
            Withdrawal.at,
        )
        .join(Signature, Signature.pledge_id == Pledge.id)
        .join(PledgeText, PledgeText.id == Pledge.text_id)
        .join(Office, Office.id == Pledge.office_id)
        .outerjoin(Withdrawal, Withdrawal.signature_id == Signature.id)
        .where(PledgeText.cohort_id == cohort_id, Signature.signed_at <= as_of)
        .order_by(Pledge.region_code, Signature.signed_at, Signature.public_code)
    )
    return [
        {
            "region_code": region_code,
            "office": office,
            "version": version,
            "pledge_sha256": sha256,
            "code": code,
            "signed_at": signed_at,
            "withdrawn_at": withdrawn_at if withdrawn_at and withdrawn_at <= as_of else None,
        }
        for region_code, office, version, sha256, code, signed_at, withdrawn_at in rows
    ]


def rates(
    session: Session, cohort_id: str, at: dt.datetime, items: list[Standing]
) -> dict[str, Any]:
    """FollowUp(T) with its classes, and the two answers as n of N, with the definition's version.

    What depends on this very closing (who ever attended a held convening) is not among them.
    """
    found = funnel(session, cohort_id, at, items)
    due = found.due
    return {
        "definition": found.version,
        "due": due.due,
        "verified": due.verified,
        "claimed": due.claimed,
        "in_progress": due.in_progress,
        "blocked": due.blocked,
        "open": due.open,
        "dropped": dict(due.dropped),
        "answers": {
            name: {"n": answer.n, "of": answer.of}
            for name, answer in ((name, found.answer(name)) for name in ANSWERS)
        },
        "threshold": found.threshold.value if found.threshold else None,
    }


def head(cohort: Cohort, convening: Convening, *, revision: int, held: bool,
         as_of: dt.datetime) -> dict[str, Any]:  # fmt: skip
    """Which convening was closed, and when."""
    return {
        "format": FORMAT,
        "cohort": cohort.slug,
        "cohort_id": cohort.id,
        "convening_id": convening.id,
        "number": convening.number,
        "title": convening.title_id,
        "venue": convening.venue,
        "timezone": convening.timezone,
        "starts_at": convening.starts_at,
        "started_at": convening.started_at,
        "revision": revision,
        "held": held,
        "as_of": as_of,
    }
