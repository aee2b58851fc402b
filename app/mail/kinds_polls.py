"""Messages that seek a date: which of several suits, a reminder, the end of the search."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import filters, poll_texts
from app.mail import facts
from app.mail.compose import Letter, Overtaken
from cohorts.convenings.poll_tables import PollAsk
from cohorts.ground.outbox import Message


def asked(session: Session, message: Message) -> Letter:
    """The dates and the link; overtaken once the search has ended."""
    return Letter("poll_asked", _context(session, message, "open"))


def reminder(session: Session, message: Message) -> Letter:
    """The same, to whom nobody of the region has answered."""
    last = message.facts["step"] == "poll_last"
    return Letter("poll_reminder", _context(session, message, "open") | {"last": last})


def cancelled(session: Session, message: Message) -> Letter:
    """The search was called off: the dates need not be kept free."""
    context = _context(session, message, "cancelled")
    return Letter("poll_cancelled", context | {"reason": context["poll"].end_reason})


def _context(session: Session, message: Message, state: str) -> dict[str, Any]:
    ask = session.get_one(PollAsk, message.subject_id)
    poll, lang = ask.poll, message.lang
    if poll.state != state:
        raise Overtaken
    zone = facts.zone_of(session, ask.office, poll.timezone)
    with force_locale(lang):
        table = [
            (_("Acara"), poll_texts.title_of(poll, lang)),
            (_("Tempat"), poll_texts.place_of(poll)),
            (_("Tujuan"), poll_texts.purpose_of(poll, lang)),
        ]
    return {
        "poll": poll,
        "office": facts.office_title(ask.office, lang),
        "organisation": facts.organisation_name(session, ask.office, lang),
        "cohort": facts.cohort_name(poll.cohort, lang),
        "sample": poll.cohort.sample,
        "title": poll_texts.title_of(poll, lang),
        "facts": table,
        "dates": [
            (
                poll_texts.day_of(date, poll.timezone, lang),
                poll_texts.hours_of(date, poll.timezone, lang, zone),
            )
            for date in poll.dates
        ],
        "reply_by": filters.moment(poll.answer_by, poll.timezone, lang, zone),
        "link": poll_texts.poll_link(ask),
    }
