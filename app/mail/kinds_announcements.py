"""Messages in an organiser's own words to the guests of a convening."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.mail.compose import Letter, Overtaken
from app.mail.kinds_replies import context_of, deputy_page, occasion_of, post_of
from cohorts.convenings.tables import HandOver, Invitation
from cohorts.ground.body import Body
from cohorts.ground.outbox import Message


def announcement(session: Session, message: Message) -> Letter:
    """To the office, or to the deputy who comes for it; overtaken when the invitation or the
    hand-over has ended meanwhile, or the words were erased."""
    invitation = session.get_one(Invitation, message.facts["invitation_id"])
    title = session.get_one(Body, message.facts["subject_id"]).text
    text = session.get_one(Body, message.facts["text_id"]).text
    if invitation.withdrawn_at is not None or not title or not text:
        raise Overtaken
    lang = message.lang
    when = occasion_of(session, invitation, None, lang)
    context = context_of(session, invitation, when, lang)
    deputy = ""
    if message.subject_kind == "hand_over":
        own = session.get_one(HandOver, message.subject_id)
        if own.revoked_at is not None:
            raise Overtaken
        deputy, context["link"] = post_of(own), deputy_page(own)
    return Letter(
        "announcement", context | {"title": title, "announced": text, "deputy": deputy}
    )
