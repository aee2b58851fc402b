"""Who stands behind a signing link, and whether they may sign now.

A link leads to a pledge (its office's holder signs) or to a hand-over (a deputy signs under their
own name, "a.n.", once the right to sign has taken effect). Unknown, foreign and revoked links are
one answer.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.convenings.tables import HandOver, Invitation, Seat, SignMandate
from cohorts.directory.appointments import holder
from cohorts.directory.tables import Office, Person
from cohorts.ground.access import Actor
from cohorts.ground.clock import day_in
from cohorts.ground.links import Link
from cohorts.ground.refusal import Refusal
from cohorts.pledges import consent
from cohorts.pledges.tables import Pledge, PledgeText, Signature


@dataclass(frozen=True)
class Signatory:
    """``person`` is None when the office is vacant or its holder unknown. ``mandate`` is the row
    that let a deputy's right take effect."""

    pledge: Pledge
    person: Person | None
    post: str
    link: Link
    hand_over: HandOver | None = None
    mandate: SignMandate | None = None

    @property
    def actor(self) -> Actor:
        """The holder of the link, for the chronicle and for permission."""
        return Actor("link", self.link.id, link="signer", office_id=self.pledge.office_id)

    @property
    def on_behalf_of(self) -> str | None:
        """The office a deputy signs for."""
        return self.pledge.office.name if self.hand_over is not None else None

    def consent(self, lang: str) -> str:
        """The sentence this person agrees to."""
        if self.person is None:
            raise Refusal("pledges.no_holder")
        return consent.words(
            lang,
            name=self.person.full_name,
            post=self.post,
            office=self.pledge.office.name,
            title=self.pledge.text.title,
            version=self.pledge.text.version,
            on_behalf=self.hand_over is not None,
        )


def behind(session: Session, link: Link | None, *, now: dt.datetime) -> Signatory:
    """The signatory of a link. Changes nothing; a voided offer is still shown to its reader.

    Raises Refusal ground.link_invalid.
    """
    if link is None:
        raise Refusal("ground.link_invalid")
    pledge = session.get(Pledge, link.id)
    if pledge is not None:
        if link.generation != pledge.generation:
            raise Refusal("ground.link_invalid")
        return _own(session, pledge, link, now)
    hand_over = session.get(HandOver, link.id)
    if hand_over is None or link.generation != 1 or hand_over.revoked_at is not None:
        raise Refusal("ground.link_invalid")
    return _deputy(session, hand_over, link)


def _own(session: Session, pledge: Pledge, link: Link, now: dt.datetime) -> Signatory:
    held = holder(session, pledge.office_id, day_in(now, pledge.text.convening.timezone))
    if held is None:
        return Signatory(pledge, None, pledge.office.name, link)
    prefix = "" if held.standing == "definitive" else f"{held.standing.capitalize()}. "
    return Signatory(pledge, held.person, f"{prefix}{pledge.office.name}", link)


def _deputy(session: Session, hand_over: HandOver, link: Link) -> Signatory:
    invitation = session.scalar(
        sa.select(Invitation)
        .join(Seat, Seat.invitation_id == Invitation.id)
        .where(Seat.id == hand_over.seat_id, Seat.kind == "office")
        .options(joinedload(Invitation.convening))
    )
    if invitation is None or invitation.withdrawn_at is not None:
        raise Refusal("ground.link_invalid")
    pledge = session.scalar(
        sa.select(Pledge)
        .join(PledgeText, PledgeText.id == Pledge.text_id)
        .outerjoin(Signature, Signature.pledge_id == Pledge.id)
        .where(
            Pledge.office_id == invitation.office_id,
            PledgeText.convening_id == invitation.convening_id,
            sa.or_(Pledge.voided_at.is_(None), Signature.id.is_not(None)),
        )
        .order_by(PledgeText.version.desc())
        .limit(1)
    )
    if pledge is None:
        raise Refusal("ground.link_invalid")
    mandate = session.get(SignMandate, hand_over.id)
    return Signatory(pledge, hand_over.person, hand_over.post, link, hand_over, mandate)


def ready(session: Session, signatory: Signatory) -> Person:
    """The person, if they may sign this now.

    Raises Refusal pledges.void, pledges.no_holder, pledges.no_mandate.
    """
    pledge = signatory.pledge
    if pledge.voided_at is not None or pledge.text.state != "published":
        raise Refusal("pledges.void")
    if signatory.person is None:
        raise Refusal("pledges.no_holder")
    if signatory.hand_over is not None and not _may_sign(session, signatory):
        raise Refusal("pledges.no_mandate")
    return signatory.person


def _may_sign(session: Session, signatory: Signatory) -> bool:
    """A deputy signs where the convening allows it, the hand-over gives it, every earlier step of
    the chain gave it too and still stands, and the right has taken effect."""
    step = signatory.hand_over
    if not signatory.pledge.text.convening.deputy_may_sign or signatory.mandate is None:
        return False
    if step is None or _passed_on(session, step):
        return False
    while step is not None:
        if step.revoked_at is not None or not step.may_sign:
            return False
        step = session.get(HandOver, step.parent_id) if step.parent_id else None
    return True


def _passed_on(session: Session, step: HandOver) -> bool:
    """Whether the deputy has handed over in turn: then another comes, with the rights given."""
    later = sa.select(HandOver.id).where(
        HandOver.parent_id == step.id, HandOver.revoked_at.is_(None)
    )
    return session.scalar(later.limit(1)) is not None


def code_offices(session: Session, signatory: Signatory) -> list[str]:
    """Offices whose confirmed addresses may receive the code, in order: a deputy's own, where the
    directory knows it, then the office that was asked."""
    own = signatory.hand_over.office_id if signatory.hand_over is not None else None
    found = [own] if own and session.get(Office, own) is not None else []
    return [*found, signatory.pledge.office_id]
