"""Signing: prepare, ask for a code, sign.

Nothing is signed by opening a page. The signatory draws or types and agrees (`prepare`), a code
goes to a confirmed address of the office, bound to the hash of the exact bytes (`ask_code`), and
the code given back makes the signature (`sign`): in one transaction the signature, its evidence,
its leaf in the log, the promised action items and every message. The same act sent twice finds the
signature made the first time.

Messages: ``code``, subject ("challenge", id), facts: purpose "sign", office, title, version,
pledge_id; ``pledge_receipt`` (to where the code went) and ``pledge_notice`` (to every other
confirmed address of the office), subject ("signature", id), facts: office, public_code. Job:
``job.print_pledge``, subject ("signature", id).
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory.contacts import confirmed_addresses
from cohorts.directory.tables import ContactPoint, Person
from cohorts.ground import codes, log, outbox
from cohorts.ground.access import demand
from cohorts.ground.base import CROCKFORD, new_id
from cohorts.ground.canonical import sha256
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal
from cohorts.pledges import consent, events, evidence, promises
from cohorts.pledges.marks import Mark
from cohorts.pledges.signatories import Signatory, code_offices, ready
from cohorts.pledges.tables import (
    Pledge,
    Signature,
    SigningDraft,
)

PURPOSE = "sign"
CODES_A_DAY = 20
"""Codes for one commitment in 24 hours: whoever holds a forwarded link and guesses, five tries
each, hits one in some thirty years."""

Outcome = Literal[
    "good", "wrong", "locked", "expired", "used", "replaced", "other_text", "already"
]


@dataclass(frozen=True)
class Answer:
    """What a code led to. ``signature`` is there for good and already; ``tries_left`` for wrong."""

    outcome: Outcome
    signature: Signature | None = None
    tries_left: int = 0


def prepare(
    session: Session,
    signatory: Signatory,
    mark: Mark,
    *,
    agreed: bool,
    lang: str,
    now: dt.datetime,
) -> SigningDraft:
    """Keep what was drawn or typed, and the consent, until the code comes. A further try replaces
    it. Nothing is signed.

    Raises Refusal pledges.consent_missing, pledges.already_signed, and those of `ready`.
    """
    demand(signatory.actor, "pledge.sign")
    must_be_unsigned(session, signatory.pledge)
    person = ready(session, signatory)
    if not agreed:
        raise Refusal("pledges.consent_missing", field="agreed")
    lang = lang if lang in ("id", "en") else "id"
    digest = consent.digest(signatory.consent(lang))
    draft = _draft(session, signatory, person)
    if draft is None:
        draft = SigningDraft(pledge_id=signatory.pledge.id, person_id=person.id)
        session.add(draft)
    draft.method, draft.typed, draft.strokes = mark.method, mark.typed, mark.strokes
    draft.lang, draft.consent_sha256, draft.consented_at = lang, digest, now
    session.flush()
    record(
        session,
        events.SigningConsented(
            subject=("pledge", signatory.pledge.id),
            cohort_id=signatory.pledge.text.cohort_id,
            method=mark.method,
            consent_sha256=digest,
        ),
        signatory.actor,
        now,
    )
    return draft


def prepared(session: Session, signatory: Signatory) -> SigningDraft | None:
    """What this signatory has prepared, if anything."""
    return _draft(session, signatory, signatory.person) if signatory.person else None


def ask_code(
    session: Session, signatory: Signatory, *, transport: str, now: dt.datetime
) -> codes.Challenge:
    """Send a code for these exact bytes to a confirmed address of the office; earlier codes stop
    working. ``transport`` is the setting: messages that are only written to files reach nobody, so
    outside sample cohorts nothing is signed this way.

    Raises Refusal pledges.not_prepared, pledges.no_confirmed_contact, pledges.mail_not_sent,
    pledges.codes_used_up (CODES_A_DAY were sent), pledges.already_signed, and those of `ready`.
    """
    demand(signatory.actor, "pledge.sign")
    must_be_unsigned(session, signatory.pledge)
    person = ready(session, signatory)
    _mail_leaves(signatory, transport)
    draft = _draft(session, signatory, person)
    if draft is None:
        raise Refusal("pledges.not_prepared")
    contact = code_contact(session, signatory, now=now)
    if contact is None:
        raise Refusal("pledges.no_confirmed_contact")
    pledge = signatory.pledge
    if _sent(session, pledge, now) >= CODES_A_DAY:
        raise Refusal("pledges.codes_used_up")
    challenge = codes.issue(
        session,
        purpose=PURPOSE,
        subject_id=f"{pledge.id}:{person.id}",
        bound=pledge.sha256,
        contact_point_id=contact.id,
        now=now,
    )
    draft.challenge_id = challenge.id
    outbox.post(
        session,
        key=f"code:{challenge.id}",
        kind="code",
        subject=("challenge", challenge.id),
        now=now,
        address=contact.value,
        name=pledge.office.name,
        lang=draft.lang,
        cohort_id=pledge.text.cohort_id,
        facts={
            "purpose": PURPOSE,
            "office": pledge.office.name,
            "title": pledge.text.title,
            "version": pledge.text.version,
            "pledge_id": pledge.id,
        },
    )
    record(
        session,
        events.CodeRequested(
            subject=("pledge", pledge.id),
            cohort_id=pledge.text.cohort_id,
            challenge_id=challenge.id,
            contact_point_id=contact.id,
        ),
        signatory.actor,
        now,
    )
    return challenge


def _sent(session: Session, pledge: Pledge, now: dt.datetime) -> int:
    """How many codes were sent for a commitment in the last 24 hours, whoever was to sign it."""
    counted = sa.select(sa.func.count()).where(
        codes.Challenge.purpose == PURPOSE,
        codes.Challenge.subject_id.startswith(f"{pledge.id}:", autoescape=True),
        codes.Challenge.issued_at > now - dt.timedelta(days=1),
    )
    return session.scalar(counted) or 0


def code_contact(
    session: Session, signatory: Signatory, *, now: dt.datetime
) -> ContactPoint | None:
    """The confirmed address the code goes to, or None. Never one that came through a link."""
    day = day_in(now, signatory.pledge.text.convening.timezone)
    for office_id in code_offices(session, signatory):
        found = confirmed_addresses(session, office_id, day)
        if found:
            return found[0]
    return None


def sign(
    session: Session,
    keys: codes.Codes,
    signatory: Signatory,
    code: str,
    *,
    transport: str,
    now: dt.datetime,
) -> Answer:
    """Sign with the code. A wrong, old or exhausted code is an answer and not a refusal, so that
    the unit commits the try. Signing what is signed answers "already" with that signature.

    Raises Refusal pledges.not_prepared, pledges.mail_not_sent, and those of `ready`.
    """
    demand(signatory.actor, "pledge.sign")
    pledge = session.scalars(
        sa.select(Pledge)
        .where(Pledge.id == signatory.pledge.id)
        .with_for_update(of=Pledge)
        .execution_options(populate_existing=True)
    ).one()
    done = signature_of(session, pledge.id)
    if done is not None:
        return Answer("already", done)
    person = ready(session, signatory)
    _mail_leaves(signatory, transport)
    draft = _draft(session, signatory, person)
    if draft is None or draft.challenge_id is None:
        raise Refusal("pledges.not_prepared")
    challenge = session.get_one(codes.Challenge, draft.challenge_id)
    outcome = codes.answer(session, keys, challenge, code, pledge.sha256, now)
    if outcome != "good":
        return Answer(outcome, tries_left=codes.TRIES - challenge.tries)
    return Answer("good", _signed(session, signatory, person, draft, challenge, now))


def _signed(
    session: Session,
    signatory: Signatory,
    person: Person,
    draft: SigningDraft,
    challenge: codes.Challenge,
    now: dt.datetime,
) -> Signature:
    pledge, text = signatory.pledge, signatory.pledge.text
    mark = Mark(draft.method, draft.typed, draft.strokes)
    id_ = new_id()
    proof = evidence.build(id_, signatory, draft, mark, challenge, now)
    code = public_code(pledge.sha256)
    leaf = log.append(
        session,
        "pledge.signed",
        {
            "signature": id_,
            "public_code": code,
            "pledge_sha256": pledge.sha256,
            "evidence_sha256": sha256(proof),
        },
        now,
    )
    signature = Signature(
        id=id_,
        pledge=pledge,
        person=person,
        signer_name=person.full_name,
        signer_post=signatory.post,
        hand_over_id=signatory.hand_over.id if signatory.hand_over else None,
        method=mark.method,
        typed=mark.typed,
        strokes=mark.strokes,
        challenge_id=challenge.id,
        public_code=code,
        evidence=proof,
        evidence_sha256=sha256(proof),
        leaf_id=leaf.id,
        signed_at=now,
    )
    session.add(signature)
    session.delete(draft)
    session.flush()
    record(
        session,
        events.PledgeSigned(
            subject=("pledge", pledge.id),
            cohort_id=text.cohort_id,
            signature_id=id_,
            office=pledge.office.name,
            region_code=pledge.region_code,
            on_behalf=signatory.hand_over is not None,
            method=mark.method,
            evidence_sha256=signature.evidence_sha256,
            signed_at=now,
        ),
        signatory.actor,
        now,
    )
    promises.keep(session, pledge, actor=signatory.actor, now=now)
    _tell(session, signatory, signature, challenge.contact_point_id, now)
    return signature


def _tell(
    session: Session,
    signatory: Signatory,
    signature: Signature,
    receipt_to: str | None,
    now: dt.datetime,
) -> None:
    """Post the receipt, the notice to every other confirmed address, and the printing."""
    pledge = signatory.pledge
    outbox.supersede(session, thread=f"pledge:{pledge.id}", kinds=("pledge_offer",))
    receipt = session.get(ContactPoint, receipt_to) if receipt_to else None
    day = day_in(now, pledge.text.convening.timezone)
    others = confirmed_addresses(session, pledge.office_id, day)
    targets = [("pledge_receipt", receipt)] if receipt is not None else []
    told = {receipt.value} if receipt is not None else set()
    for contact in others:
        if contact.value not in told:
            told.add(contact.value)
            targets.append(("pledge_notice", contact))
    for kind, contact in targets:
        outbox.post(
            session,
            key=f"{kind}:{signature.id}:{contact.id}",
            kind=kind,
            subject=("signature", signature.id),
            now=now,
            address=contact.value,
            name=pledge.office.name,
            cohort_id=pledge.text.cohort_id,
            facts={"office": pledge.office.name, "public_code": signature.public_code},
        )
    outbox.post(
        session,
        key=f"print:{signature.id}",
        kind="job.print_pledge",
        subject=("signature", signature.id),
        now=now,
        cohort_id=pledge.text.cohort_id,
    )


def public_code(pledge_sha256: str) -> str:
    """A random 65-bit id and the first four hex digits of the signed bytes' hash, so that a code
    pasted onto another commitment is noticed."""
    random = "".join(secrets.choice(CROCKFORD) for _ in range(13))
    return f"{random}-{pledge_sha256[:4].upper()}"


def signature_of(session: Session, pledge_id: str) -> Signature | None:
    """The signature under a pledge."""
    return session.scalar(sa.select(Signature).where(Signature.pledge_id == pledge_id))


def must_be_unsigned(session: Session, pledge: Pledge) -> None:
    """Raise Refusal pledges.already_signed (facts: at, public_code) for a signed pledge."""
    done = signature_of(session, pledge.id)
    if done is not None:
        raise Refusal(
            "pledges.already_signed", at=done.signed_at, public_code=done.public_code
        )


def _mail_leaves(signatory: Signatory, transport: str) -> None:
    if transport == "files" and not signatory.pledge.text.convening.cohort.sample:
        raise Refusal("pledges.mail_not_sent")


def _draft(session: Session, signatory: Signatory, person: Person) -> SigningDraft | None:
    return session.get(SigningDraft, (signatory.pledge.id, person.id))
