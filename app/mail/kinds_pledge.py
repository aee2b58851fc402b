"""Messages about commitments: the text to read, the receipt, the notice to the office, and the
question to a successor."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app import filters
from app.extensions import keys
from app.mail import facts
from app.mail.compose import Letter, Overtaken, page
from cohorts.ground.links import Links
from cohorts.ground.outbox import Message
from cohorts.pledges import affirming
from cohorts.pledges.tables import AffirmationRequest, Pledge, Signature, SignatureDocument

GROUPS = 4  # of a fingerprint, as pages print it


def offer(session: Session, message: Message) -> Letter:
    """The text is ready to be read; overtaken when it was voided, replaced or is signed."""
    pledge = session.get_one(Pledge, message.subject_id)
    generation = message.facts.get("generation", pledge.generation)
    if pledge.voided_at or pledge.text.state != "published" or generation != pledge.generation:
        raise Overtaken
    convening = pledge.text.convening
    lang = message.lang
    when = facts.occasion(
        convening, facts.zone_of(session, pledge.office, convening.timezone), lang
    )
    token = Links(keys().link).make("signing", pledge.id, pledge.generation)
    return Letter(
        "pledge_offer",
        {
            "office": facts.office_title(pledge.office, lang),
            "title": pledge.text.title,
            "version": str(pledge.text.version),
            "fingerprint": filters.fingerprint(pledge.sha256, GROUPS),
            "convening": when.name,
            "when": when.moment(when.starts_at),
            "sample": convening.cohort.sample,
            "link": page("signing", token),
        },
    )


def _signed(session: Session, message: Message, signature_id: str) -> dict[str, Any]:
    signature = session.get_one(Signature, signature_id)
    pledge = signature.pledge
    convening = pledge.text.convening
    zone = facts.zone_of(session, pledge.office, convening.timezone)
    when = facts.occasion(convening, zone, message.lang)
    return {
        "office": facts.office_title(pledge.office, message.lang),
        "region": facts.organisation_name(session, pledge.office, message.lang),
        "title": pledge.text.title,
        "signer": f"{signature.signer_name} ({signature.signer_post})",
        "signed_at": when.moment(signature.signed_at),
        "public_code": signature.public_code,
        "fingerprint": filters.fingerprint(pledge.sha256, GROUPS),
        "verify_link": facts.verify_link(signature.public_code),
        "document": session.get(SignatureDocument, signature.id) is not None,
        "sample": convening.cohort.sample,
    }


def receipt(session: Session, message: Message) -> Letter:
    """To whoever signed: what was signed, when, and where to check it."""
    return Letter("pledge_receipt", _signed(session, message, message.subject_id))


def notice(session: Session, message: Message) -> Letter:
    """To every official address of the office: a signature nobody wanted must be noticed."""
    return Letter("pledge_notice", _signed(session, message, message.subject_id))


def affirm(session: Session, message: Message) -> Letter:
    """To a successor: what the office signed before them, and where to say how they stand to it;
    overtaken when it was answered, taken back, or the signature no longer stands."""
    request = session.get_one(AffirmationRequest, message.subject_id)
    if request.generation != message.facts.get("generation") or not affirming.still_put(
        session, request
    ):
        raise Overtaken
    token = Links(keys().link).make("affirmation", request.id, request.generation)
    return Letter(
        "pledge_affirm",
        {
            **_signed(session, message, request.signature_id),
            "link": page("affirmation", token),
        },
    )
