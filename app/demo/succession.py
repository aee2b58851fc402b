"""Heads who gave way to others after they had signed: one successor has said how they stand to the
commitment, another has just been asked."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.demo.people import person
from cohorts.directory import people
from cohorts.ground.access import Actor
from cohorts.pledges import affirming
from cohorts.pledges.tables import AffirmationRequest, Pledge, PledgeText, Signature
from cohorts.programme.tables import Cohort
from cohorts.turns import hand_over

ANSWERED, ASKED = 7, 11  # of the heads who signed themselves, by the codes of their regions


def give_way(
    session: Session,
    slug: str,
    which: int,
    *,
    leaving: str,
    from_on: date,
    standing: str,
    organiser: Actor,
    now: datetime,
) -> AffirmationRequest:
    """A head who signed in the cohort is followed by another, who is asked about it."""
    signed = session.scalars(
        sa.select(Signature)
        .join(Pledge, Pledge.id == Signature.pledge_id)
        .join(PledgeText, PledgeText.id == Pledge.text_id)
        .join(Cohort, Cohort.id == PledgeText.cohort_id)
        .where(Cohort.slug == slug, Signature.hand_over_id.is_(None), Pledge.region_code != leaving)
        .order_by(Pledge.region_code)
    ).all()
    signature = signed[which]
    pledge = signature.pledge
    follows = person(pledge.region_code, pledge.office.role_key, 1)
    added = people.add_person(
        session,
        name=follows.name,
        front_title=follows.front,
        back_title=follows.back,
        sample=True,
        actor=organiser,
        now=now,
    )
    hand_over.succeed(
        session,
        office_id=pledge.office_id,
        person_id=added.id,
        from_on=from_on,
        standing=standing,
        end_others=True,
        actor=organiser,
        now=now,
    )
    return affirming.ask(session, signature.id, actor=organiser, now=now)


def reaffirm(session: Session, now: datetime) -> None:
    """The successor who was asked first answers by the link."""
    request = session.scalars(
        sa.select(AffirmationRequest).order_by(AffirmationRequest.asked_at).limit(1)
    ).one()
    asked = affirming.Affirmation(request, None)
    affirming.answer(session, request.id, "reaffirmed", "", actor=affirming.by_link(asked), now=now)
