"""Messages about coming: invitation, change, cancellation, receipt of a reply, deputy's link."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import wording
from app.adapters import ics
from app.extensions import keys
from app.mail import facts
from app.mail.compose import Letter, Overtaken, page
from cohorts.convenings import calendar, chain, own_texts, places
from cohorts.convenings.calendar import CalendarFacts
from cohorts.convenings.tables import Convening, HandOver, Invitation, Reply, Seat
from cohorts.ground.links import Links
from cohorts.ground.outbox import Message


def _link(invitation: Invitation) -> str:
    token = Links(keys().link).make("invitation", invitation.id, invitation.generation)
    return page("invitation", token)


def occasion_of(
    session: Session, invitation: Invitation, kept: CalendarFacts | None, lang: str
) -> facts.Occasion:
    """When and where: as frozen in the message where it carries a calendar, else as it stands."""
    convening = invitation.convening
    zone = facts.zone_of(session, invitation.office, convening.timezone)
    if kept is None:
        return facts.occasion(convening, zone, lang)
    title = kept.title_en if lang == "en" else kept.title_id
    return facts.Occasion(
        facts.named(convening.number, title, lang),
        kept.starts_at,
        kept.ends_at,
        kept.zone,
        kept.place,
        zone,
        lang,
    )


def context_of(
    session: Session, invitation: Invitation, when: facts.Occasion, lang: str
) -> dict[str, Any]:
    """What every message about an invitation prints; ``link`` is the office's own."""
    office = invitation.office
    return {
        "office": facts.office_title(office, lang),
        "organisation": facts.organisation_name(session, office, lang),
        "link": _link(invitation),
    } | occasion_words(invitation.convening, when, lang)


def occasion_words(convening: Convening, when: facts.Occasion, lang: str) -> dict[str, Any]:
    """What a message says of the convening itself, whoever reads it."""
    return {
        "convening": when.name,
        "cohort": facts.cohort_name(convening.cohort, lang),
        "sample": convening.cohort.sample,
        "day": when.days,
        "clock": when.clock,
        "facts": when.table(convening.dress),
        "reply_by": when.moment(convening.reply_by),
        "policy": convening.policy,
    }


def reader_of(session: Session, invitation: Invitation, lang: str) -> wording.Reader:
    """The office that reads; its link stands in the message's button and not in its words."""
    office = invitation.office
    return wording.Reader(
        facts.office_title(office, lang),
        facts.organisation_name(session, office, lang),
        facts.zone_of(session, office, invitation.convening.timezone),
        "",
    )


def words_of(
    session: Session, convening: Convening, reader: wording.Reader, lang: str
) -> dict[str, Any]:
    """What the organisers' own words add to the invitation: opening and ending."""
    said = own_texts.texts(session, convening.id)
    return dict(wording.mail_words(said, convening, reader, lang))


def _kept(message: Message) -> CalendarFacts | None:
    given = message.facts.get("calendar")
    return CalendarFacts.from_json(given) if given else None


def _event(kept: CalendarFacts, when: facts.Occasion, link: str) -> ics.CalendarEvent:
    with force_locale(when.lang):
        description = _("Undangan dan jawaban: %(link)s", link=link)
    return ics.CalendarEvent(
        uid=kept.uid,
        sequence=kept.sequence,
        zone=kept.zone,
        start=kept.starts_at,
        end=kept.ends_at,
        title=when.name,
        place=kept.place,
        url=link,
        description=description,
        created=kept.created,
        revised=kept.revised,
    )


def _calendar_letter(session: Session, message: Message, template: str, **more: Any) -> Letter:
    if not calendar.still_holds(session, message):
        raise Overtaken
    invitation = session.get_one(Invitation, message.subject_id)
    kept = _kept(message)
    when = occasion_of(session, invitation, kept, message.lang)
    context = context_of(session, invitation, when, message.lang) | more
    letter = Letter(template, context)
    if kept is None:
        return letter
    return replace(
        letter,
        event=_event(kept, when, context["link"]),
        method=cast(ics.Method, kept.method),
        answer=cast(ics.Answer, kept.partstat),
        reply_tag=invitation.id,
    )


def invitation(session: Session, message: Message) -> Letter:
    """The invitation itself, with its calendar file."""
    invited = session.get_one(Invitation, message.subject_id)
    said = words_of(session, invited.convening, reader_of(session, invited, message.lang),
                    message.lang)
    return _calendar_letter(session, message, "invitation", test=False, **said)


def update(session: Session, message: Message) -> Letter:
    """Time or place has changed: the same entry with a higher SEQUENCE, asked again."""
    return _calendar_letter(session, message, "invitation_update")


def cancel(session: Session, message: Message) -> Letter:
    """The convening, or this one guest's invitation, is off."""
    convening = session.get_one(Invitation, message.subject_id).convening
    withdrawn = message.facts.get("why") == "withdrawn"
    reason = "" if withdrawn else convening.cancel_reason
    return _calendar_letter(
        session, message, "invitation_cancel", withdrawn=withdrawn, reason=reason
    )


def _deputy_of(session: Session, seat_id: str) -> HandOver | None:
    found = session.query(HandOver).filter(
        HandOver.seat_id == seat_id, HandOver.revoked_at.is_(None)
    )
    return found.order_by(HandOver.step.desc()).first()


def post_of(hand_over: HandOver) -> str:
    """A deputy by name and post."""
    return f"{hand_over.person.full_name} ({hand_over.post})"


def receipt(session: Session, message: Message) -> Letter:
    """What is now recorded; overtaken when the office has answered anew since, or has a seat by now
    for which it was to wait."""
    reply = session.get_one(Reply, message.facts["reply_id"])
    stands = message.facts["answer"]
    state = chain.seat(session, reply.seat_id, message.posted_at)
    if state is None or (stands == "waiting" and not places.waits(session, reply.seat_id)):
        raise Overtaken
    newer = (
        session.query(Reply.id).filter(Reply.seat_id == reply.seat_id, Reply.n > reply.n).first()
    )
    if newer is not None:
        raise Overtaken
    deputy = _deputy_of(session, reply.seat_id) if reply.answer == "delegated" else None
    if reply.answer == "delegated" and deputy is None:
        raise Overtaken  # revoked before this left
    return _calendar_letter(
        session,
        message,
        "reply_receipt",
        answer=stands,
        deputy=post_of(deputy) if deputy else "",
        seat=state.seat_en if message.lang == "en" else state.placed,
    )


def deputy(session: Session, message: Message) -> Letter:
    """The deputy's own link; overtaken when the mandate was revoked meanwhile."""
    hand_over = session.get_one(HandOver, message.subject_id)
    invitation = session.get_one(Seat, hand_over.seat_id).invitation
    if hand_over.revoked_at or invitation.withdrawn_at:
        raise Overtaken
    when = occasion_of(session, invitation, None, message.lang)
    with force_locale(message.lang):
        rights = [_("hadir")]
        rights += [_("berbicara")] if hand_over.may_speak else []
        rights += [_("menandatangani")] if hand_over.may_sign else []
    context = context_of(session, invitation, when, message.lang) | {
        "deputy": post_of(hand_over),
        "rights": ", ".join(rights),
        "link": deputy_page(hand_over),
    }
    return Letter("deputy_link", context)


def deputy_page(hand_over: HandOver) -> str:
    """The full address of a deputy's own page."""
    return page("seat", Links(keys().link).make("seat", hand_over.id, 1))


def link_again(session: Session, message: Message) -> Letter:
    """All links that belong to a confirmed address, for whoever has lost them."""
    lang = message.lang
    rows: list[tuple[datetime, str, str, str]] = []
    sample = False
    for ident in message.facts.get("invitations", []):
        one = session.get(Invitation, ident)
        if one is not None and one.withdrawn_at is None:
            when = occasion_of(session, one, None, lang)
            office = facts.office_title(one.office, lang)
            rows.append((when.starts_at, when.name, _line(office, when), _link(one)))
            sample = sample or one.convening.cohort.sample
    for ident in message.facts.get("hand_overs", []):
        over = session.get(HandOver, ident)
        if over is not None and over.revoked_at is None:
            invitation = session.get_one(Seat, over.seat_id).invitation
            when = occasion_of(session, invitation, None, lang)
            rows.append((when.starts_at, when.name, _line(over.post, when), deputy_page(over)))
            sample = sample or invitation.convening.cohort.sample
    if not rows:
        raise Overtaken
    listed = [(name, detail, link) for _starts, name, detail, link in sorted(rows)]
    return Letter("link_again", {"office": message.name, "rows": listed, "sample": sample})


def _line(who: str, when: facts.Occasion) -> str:
    return f"{who}, {when.moment(when.starts_at)}"
