"""Messages about getting in: one-time codes and set-password links."""

from __future__ import annotations

from babel.dates import format_timedelta
from sqlalchemy.orm import Session

from app import filters
from app.extensions import keys
from app.mail import facts
from app.mail.compose import Letter, Overtaken, page
from cohorts.convenings.tables import Convening, HandOver, Seat
from cohorts.directory import accounts
from cohorts.directory.tables import Office, User
from cohorts.ground.codes import Challenge, Codes
from cohorts.ground.links import Links
from cohorts.ground.outbox import Message
from cohorts.pledges.tables import Pledge

DEFAULT_ZONE = "Asia/Jakarta"


def code(session: Session, message: Message) -> Letter:
    """Six digits for one act. A used, replaced or expired challenge is not sent any more."""
    challenge = session.get(Challenge, message.subject_id)
    if challenge is None or challenge.used_at or challenge.replaced_at:
        raise Overtaken
    given = message.facts
    pledge = session.get(Pledge, given["pledge_id"]) if given.get("pledge_id") else None
    over = session.get(HandOver, given["hand_over_id"]) if given.get("hand_over_id") else None
    office: Office | None = None
    convening: Convening | None = None
    title = str(given.get("title", ""))
    if pledge is not None:
        office, convening = pledge.office, pledge.text.convening
    elif over is not None:
        invitation = session.get_one(Seat, over.seat_id).invitation
        office, convening = invitation.office, invitation.convening
        title = f"{over.person.full_name} ({over.post})"
    zone = convening.timezone if convening else DEFAULT_ZONE
    named = facts.office_title(office, message.lang) if office else given.get("office", "")
    return Letter(
        "code",
        {
            "purpose": challenge.purpose,
            "office": named or message.name,
            "subject_title": title,
            "code": Codes(keys().code).code(challenge.id),
            "until": filters.clock(challenge.expires_at, zone, message.lang),
            "sample": bool(convening and convening.cohort.sample),
        },
    )


def set_password(session: Session, message: Message) -> Letter:
    """The one-use link; overtaken when a newer one was asked for or this one was used."""
    user = session.get(User, message.subject_id)
    generation = int(message.facts.get("generation", 0))
    if user is None or not user.active or generation != user.password_generation:
        raise Overtaken
    lifetime = accounts.LINK_LIFETIME
    if user.password_link_until is not None:
        lifetime = user.password_link_until - message.posted_at
    token = Links(keys().link).make("password", user.id, generation)
    return Letter(
        "set_password",
        {
            "person": user.name,
            "lasts": format_timedelta(lifetime, granularity="hour", locale=message.lang),
            "link": page("password", token),
            "sample": user.sample,
        },
    )
