"""Messages about coming: invitation, change, cancellation, receipt of a reply, deputy's link."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.adapters import ics
from app.extensions import keys
from app.mail import facts
from app.mail.compose import Letter, Overtaken, page
from cohorts.convenings.tables import HandOver, Invitation, Reply, Seat
from cohorts.directory.tables import Office
from cohorts.ground.links import Links
from cohorts.ground.outbox import Message

ANSWERED: dict[str, ics.Answer] = {
    "attending": "ACCEPTED",
    "delegated": "DECLINED",
    "declined": "DECLINED",
    "tentative": "TENTATIVE",
}


def _link(invitation: Invitation) -> str:
    return page(
        "invitation", Links(keys().link).make("invitation", invitation.id, invitation.generation)
    )


def _common(session: Session, invitation: Invitation, lang: str) -> dict[str, Any]:
    convening, office = invitation.convening, invitation.office
    zone = facts.zone_of(session, office, convening.timezone)
    return {
        "office": office.name,
        "organisation": facts.organisation_of(session, office).name,
        "convening": facts.named(convening, lang),
        "cohort": convening.cohort.name_en if lang == "en" else convening.cohort.name_id,
        "sample": convening.cohort.sample,
        "day": facts.days(convening, lang),
        "clock": facts.clock(convening, zone, lang),
        "facts": facts.table(convening, zone, lang),
        "reply_by": facts.moment(convening.reply_by, convening.timezone, zone, lang),
        "policy": convening.policy,
        "link": _link(invitation),
    }


def answer_of(session: Session, seat: Seat) -> Reply | None:
    """The reply that holds for a seat: the one with the highest number."""
    return session.scalar(
        sa.select(Reply).where(Reply.seat_id == seat.id).order_by(Reply.n.desc()).limit(1)
    )


def _calendar_answer(session: Session, invitation: Invitation) -> ics.Answer:
    """What the calendar shows: the web's answer for the present schedule, else still asked."""
    own = [seat for seat in invitation.seats if seat.kind == "office"]
    replies = [answer_of(session, seat) for seat in own]
    current = [r for r in replies if r and r.schedule == invitation.convening.schedule]
    if not current or len(current) < len(own):
        return "NEEDS-ACTION"
    if any(r.answer == "attending" for r in current):
        return "ACCEPTED"
    return ANSWERED[current[0].answer]


def _request(session: Session, message: Message, template: str) -> Letter:
    invitation = session.get_one(Invitation, message.subject_id)
    convening = invitation.convening
    sequence = int(message.facts.get("sequence", convening.sequence))
    if invitation.withdrawn_at or convening.state in ("cancelled", "closed"):
        raise Overtaken
    if sequence < convening.sequence:
        raise Overtaken  # a later change has its own message
    context = _common(session, invitation, message.lang)
    return Letter(
        template,
        context,
        event=facts.event(convening, context["link"], message.posted_at, sequence, message.lang),
        answer=_calendar_answer(session, invitation),
        reply_tag=invitation.id,
    )


def invitation(session: Session, message: Message) -> Letter:
    """The invitation itself, with its calendar file."""
    return _request(session, message, "invitation")


def update(session: Session, message: Message) -> Letter:
    """Time or place has changed: the same entry with a higher SEQUENCE, asked again."""
    return _request(session, message, "invitation_update")


def cancel(session: Session, message: Message) -> Letter:
    """The convening, or this one guest's invitation, is off."""
    invitation = session.get_one(Invitation, message.subject_id)
    convening = invitation.convening
    sequence = int(message.facts.get("sequence", convening.sequence))
    context = _common(session, invitation, message.lang)
    withdrawn = bool(message.facts.get("withdrawn")) or convening.state != "cancelled"
    context |= {"withdrawn": withdrawn, "reason": "" if withdrawn else convening.cancel_reason}
    return Letter(
        "invitation_cancel",
        context,
        event=facts.event(convening, context["link"], message.posted_at, sequence, message.lang),
        method="CANCEL",
        reply_tag=invitation.id,
    )


def _post_of(hand_over: HandOver) -> str:
    return f"{hand_over.person.full_name} ({hand_over.post})"


def _deputy_of(session: Session, seat: Seat) -> HandOver | None:
    return session.scalar(
        sa.select(HandOver)
        .where(HandOver.seat_id == seat.id, HandOver.revoked_at.is_(None))
        .order_by(HandOver.step.desc())
        .limit(1)
    )


def receipt(session: Session, message: Message) -> Letter:
    """What is now recorded; with the calendar file as accepted when the office comes itself."""
    seat = session.get_one(Seat, message.subject_id)
    reply = answer_of(session, seat)
    invitation = seat.invitation
    convening = invitation.convening
    if reply is None or reply.answer == "tentative" or invitation.withdrawn_at:
        raise Overtaken
    if convening.state == "cancelled":
        raise Overtaken
    context = _common(session, invitation, message.lang)
    deputy = _deputy_of(session, seat)
    context |= {"answer": reply.answer, "deputy": _post_of(deputy) if deputy else ""}
    if reply.answer == "delegated" and deputy is None:
        raise Overtaken  # revoked before this left
    event = None
    if reply.answer == "attending":
        event = facts.event(
            convening, context["link"], message.posted_at, convening.sequence, message.lang
        )
    return Letter(
        "reply_receipt",
        context,
        event=event,
        answer="ACCEPTED",
        reply_tag=invitation.id if event else "",
    )


def deputy(session: Session, message: Message) -> Letter:
    """The deputy's own link; overtaken when the mandate was revoked meanwhile."""
    hand_over = session.get_one(HandOver, message.subject_id)
    seat = session.get_one(Seat, hand_over.seat_id)
    if hand_over.revoked_at or seat.invitation.withdrawn_at:
        raise Overtaken
    context = _common(session, seat.invitation, message.lang)
    with force_locale(message.lang):
        rights = [_("hadir")]
        rights += [_("berbicara")] if hand_over.may_speak else []
        rights += [_("menandatangani")] if hand_over.may_sign else []
    context |= {
        "deputy": _post_of(hand_over),
        "rights": ", ".join(rights),
        "link": page("seat", Links(keys().link).make("seat", hand_over.id, 1)),
    }
    return Letter("deputy_link", context)


def link_again(session: Session, message: Message) -> Letter:
    """All open invitations of the office, for whoever has lost the link."""
    office = session.get_one(Office, message.subject_id)
    invitations = [
        found
        for ident in message.facts.get("invitations", [])
        if (found := session.get(Invitation, ident)) is not None and not found.withdrawn_at
    ]
    if not invitations:
        raise Overtaken
    lang = message.lang
    rows = []
    for one in sorted(invitations, key=lambda i: i.convening.starts_at):
        zone = facts.zone_of(session, office, one.convening.timezone)
        when = facts.moment(one.convening.starts_at, one.convening.timezone, zone, lang)
        rows.append((facts.named(one.convening, lang), when, _link(one)))
    return Letter(
        "link_again",
        {
            "office": office.name,
            "rows": rows,
            "sample": any(i.convening.cohort.sample for i in invitations),
        },
    )
