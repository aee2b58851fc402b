"""Messages that remind: of an answer that is awaited, of the day itself."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import filters
from app.mail.compose import Letter, Overtaken
from app.mail.kinds_replies import context_of, deputy_page, occasion_of, post_of
from cohorts.convenings import chain
from cohorts.convenings.tables import HandOver, Invitation
from cohorts.ground.outbox import Message


def reply(session: Session, message: Message) -> Letter:
    """No answer yet, or only one for a schedule that no longer holds."""
    invitation = _invitation(session, message)
    state = chain.who_comes(session, invitation.id, message.posted_at)
    when = occasion_of(session, invitation, None, message.lang)
    return Letter(
        "reminder_reply",
        context_of(session, invitation, when, message.lang)
        | {
            "last": message.facts["step"] == "reply_last",
            "moved": bool(state and state.of_old_schedule),
        },
    )


def coming(session: Session, message: Message) -> Letter:
    """Place, hour and pass for whoever comes: the office by its link, a deputy by their own."""
    invitation = _invitation(session, message)
    convening, lang = invitation.convening, message.lang
    when = occasion_of(session, invitation, None, lang)
    context = context_of(session, invitation, when, lang)
    if message.subject_kind == "hand_over":
        own = session.get_one(HandOver, message.subject_id)
        if own.revoked_at is not None:
            raise Overtaken
        context["link"] = deputy_page(own)
        deputy = post_of(own)
    else:
        state = chain.who_comes(session, invitation.id, message.posted_at)
        last = state.live[-1] if state and state.live else None
        deputy = f"{last.person.full_name} ({last.post})" if last else ""
    door = filters.both_clocks(convening.door_opens_at, when.zone, when.reader_zone, lang)
    with force_locale(lang):
        opens = [(_("Pintu dibuka"), door)]
    return Letter(
        "reminder_coming",
        context
        | {
            "facts": [*when.table(convening.dress), *opens],
            "deputy": deputy,
            "to_deputy": message.subject_kind == "hand_over",
        },
    )


def _invitation(session: Session, message: Message) -> Invitation:
    invitation = session.get_one(Invitation, message.facts["invitation_id"])
    if invitation.withdrawn_at is not None:
        raise Overtaken
    return invitation
