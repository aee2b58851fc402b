"""The invitation as a guest will get it, sent to the organiser who wants to see it first."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app import wording
from app.mail import facts
from app.mail.compose import Letter
from app.mail.kinds_replies import occasion_words, reader_of, words_of
from cohorts.convenings.tables import Convening, Invitation
from cohorts.ground.outbox import Message


def invitation(session: Session, message: Message) -> Letter:
    """The test that was asked for."""
    convening = session.get_one(Convening, message.subject_id)
    return letter_to(session, convening, message.facts["invitation_id"], message.lang)


def letter_to(session: Session, convening: Convening, chosen: str | None, lang: str) -> Letter:
    """The invitation to the guest ``chosen``, or to nobody in particular: marked as a test, without
    a calendar file, and with an address that opens nothing."""
    invited = session.get(Invitation, chosen) if chosen else None
    reader = reader_of(session, invited, lang) if invited else wording.nobody(lang)
    when = facts.occasion(convening, reader.zone or convening.timezone, lang)
    context = {
        "office": reader.office,
        "organisation": reader.region,
        "link": wording.dead_link(),
        "test": True,
    } | occasion_words(convening, when, lang)
    return Letter("invitation", context | words_of(session, convening, reader, lang))
