"""A successor is asked about what was signed before their time (domain rules, sections 1 and 7).

The signature stays as it is, valid and counted, whatever is answered: re-affirmed, another text
asked for in words, or not gone on with. A question is put to one appointment under a link of its
own; an answer is a row and a leaf of the log, given once. No answer is shown as no answer.

Messages: ``pledge_affirm``, subject ("affirmation_request", id), facts: generation. It goes to a
confirmed address only, because what comes back by the link is shown to everybody.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.convenings.chain import PREFIXES
from cohorts.directory.appointments import histories, history, holder
from cohorts.directory.contacts import confirmed_addresses
from cohorts.directory.offices import office_name
from cohorts.directory.tables import Appointment, Office, Organisation, Person
from cohorts.directory.timeline import Acting, acting_on
from cohorts.ground import bounds, log, outbox
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.base import new_id
from cohorts.ground.body import Body, keep
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.links import Link
from cohorts.ground.refusal import Refusal
from cohorts.pledges import events
from cohorts.pledges.tables import (
    AFFIRMATIONS,
    AffirmationAnswer,
    AffirmationRequest,
    Pledge,
    Signature,
    Withdrawal,
)
from cohorts.pledges.versions import beside, standing_in

NOTE = 2000


@dataclass(frozen=True)
class Affirmation:
    """A question and what came back. ``note`` are the successor's words, for organisers only."""

    request: AffirmationRequest
    answer: AffirmationAnswer | None
    note: str = ""

    @property
    def state(self) -> str:
        """waiting, revoked, reaffirmed, amend or declined."""
        if self.answer is not None:
            return self.answer.answer
        return "revoked" if self.request.revoked_at is not None else "waiting"

    @property
    def who(self) -> str:
        """The successor's name with titles."""
        return self.request.appointment.person.full_name

    def post(self, lang: str) -> str:
        """The office as the successor held it when asked: "Pj. Bupati Siak"."""
        return titled(self.request.appointment, lang)


@dataclass(frozen=True)
class Matter:
    """A standing signature of an office and who is to be asked about it. ``successor`` is None
    while the office is vacant or whoever signed holds it; ``asked`` what was put to them."""

    signature: Signature
    successor: Acting | None
    asked: Affirmation | None

    @property
    def state(self) -> str:
        """not_asked, that of the question, or settled: nobody is to be asked."""
        if self.asked is not None and self.asked.state != "revoked":
            return self.asked.state
        return "not_asked" if self.successor is not None else "settled"


def titled(held: Appointment, lang: str) -> str:
    """An office with its holder's standing; needs the office with role and organisation."""
    return PREFIXES[held.standing] + office_name(held.office, lang)


def matters(session: Session, signatures: Sequence[Signature], now: dt.datetime) -> list[Matter]:
    """How the holders of the offices stand to what was signed before them, in the order given; the
    number of queries does not grow with the signatures."""
    put = of_signatures(session, [one.id for one in signatures])
    held = histories(session, {one.pledge.office_id for one in signatures})
    people = sa.select(Person).where(Person.id.in_({one.person_id for one in signatures}))
    signers = {person.id: person for person in session.scalars(people)}
    found = []
    for signature in signatures:
        signer = signers[signature.person_id]
        successor = _successor(signature, signer, held.get(signature.pledge.office_id, []), now)
        found.append(Matter(signature, successor, _put_to(put.get(signature.id, []), successor)))
    return found


def successor_of(session: Session, signature: Signature, now: dt.datetime) -> Acting | None:
    """Who holds the office today and neither signed nor held it when it was signed; else None."""
    held = history(session, signature.pledge.office_id)
    return _successor(signature, signature.person, held, now)


def _successor(
    signature: Signature, signer: Person, held: Sequence[Appointment], now: dt.datetime
) -> Acting | None:
    zone = signature.pledge.text.convening.timezone
    acts = acting_on(held, day_in(now, zone))
    if acts is None or acts.person_id == signer.shown.id:
        return None
    return acts if day_in(signature.signed_at, zone) < acts.from_on else None


def _put_to(questions: list[Affirmation], successor: Acting | None) -> Affirmation | None:
    """The question that was put to this person, under whichever of their appointments."""
    if successor is None:
        return None
    mine = [q for q in questions if q.request.appointment.person.shown.id == successor.person_id]
    return mine[-1] if mine else None


def ask(
    session: Session, signature_id: str, *, actor: Actor, now: dt.datetime
) -> AffirmationRequest:
    """Put a standing signature to the office's present holder. Asking again is the same question;
    it is mailed where it has not been, and under a new link where it was taken back.

    Raises Refusal ground.not_allowed, pledges.not_signed, withdrawn, superseded, no_successor,
    affirmed_already.
    """
    signature = session.get(Signature, signature_id, with_for_update=True)
    if signature is None:
        raise Refusal("pledges.not_signed")
    demand(actor, "pledge.edit", _where(signature))
    _must_stand(session, signature)
    successor = successor_of(session, signature, now)
    if successor is None:
        raise Refusal("pledges.no_successor")
    known = _put_to(of_signatures(session, [signature_id]).get(signature_id, []), successor)
    if known is not None and known.answer is not None:
        raise Refusal("pledges.affirmed_already", at=known.answer.at)
    if known is None:
        pledge = signature.pledge
        day = day_in(now, pledge.text.convening.timezone)
        request = AffirmationRequest(
            id=new_id(),
            signature=signature,
            appointment=holder(session, pledge.office_id, day),
            generation=1,
            asked_at=now,
            asked_by=actor.id,
        )
        session.add(request)
        session.flush()
    else:
        request = known.request
        request.revoked_at = None
    mailed = _mail(session, request, now)
    if known is None or mailed:
        record(session, events.AffirmationAsked(**_about(request), mailed=mailed), actor, now)
    session.flush()
    return request


def to_ask(session: Session, cohort_id: str, now: dt.datetime) -> list[Matter]:
    """The signatures of a cohort whose successor has not been asked: the preview of ``ask_all``."""
    found = matters(session, standing_in(session, [cohort_id]), now)
    return [matter for matter in found if matter.state == "not_asked"]


def ask_all(
    session: Session, cohort_id: str, *, actor: Actor, now: dt.datetime
) -> list[AffirmationRequest]:
    """Put every such signature to its successor; nobody is asked twice. Raises Refusal
    ground.not_allowed."""
    demand(actor, "pledge.edit", Where(cohort_id=cohort_id))
    return [
        ask(session, matter.signature.id, actor=actor, now=now)
        for matter in to_ask(session, cohort_id, now)
    ]


def revoke(
    session: Session, request_id: str, *, actor: Actor, now: dt.datetime
) -> AffirmationRequest:
    """Take a question back: its links stop working. Twice is once.

    Raises Refusal ground.not_found, ground.not_allowed, pledges.affirmed_already.
    """
    request = _locked(session, request_id)
    demand(actor, "pledge.edit", _where(request.signature))
    given = session.get(AffirmationAnswer, request_id)
    if given is not None:
        raise Refusal("pledges.affirmed_already", at=given.at)
    if request.revoked_at is None:
        request.revoked_at = now
        request.generation += 1
        outbox.supersede(session, thread=_thread(request), kinds=("pledge_affirm",))
        record(session, events.AffirmationRevoked(**_about(request)), actor, now)
        session.flush()
    return request


def behind(session: Session, link: Link | None) -> Affirmation:
    """The question that a link opens, with its answer. Changes nothing.

    Raises Refusal ground.link_invalid for unknown, damaged and revoked ones alike.
    """
    request = session.get(AffirmationRequest, link.id) if link is not None else None
    if link is None or request is None or request.generation != link.generation:
        raise Refusal("ground.link_invalid")
    return Affirmation(request, session.get(AffirmationAnswer, request.id))


def by_link(asked: Affirmation) -> Actor:
    """The holder of the question's link."""
    request = asked.request
    return Actor("link", request.id, link="signer", office_id=request.signature.pledge.office_id)


def open_for(session: Session, request: AffirmationRequest, now: dt.datetime) -> None:
    """Whether an answer is still taken.

    Raises Refusal pledges.not_asked, withdrawn, superseded, not_holder.
    """
    if request.revoked_at is not None:
        raise Refusal("pledges.not_asked")
    _must_stand(session, request.signature)
    successor = successor_of(session, request.signature, now)
    if successor is None or successor.person_id != request.appointment.person.shown.id:
        raise Refusal("pledges.not_holder")


def still_put(session: Session, request: AffirmationRequest) -> bool:
    """Whether a question still waits: neither taken back nor answered, and the signature stands."""
    if request.revoked_at is not None or session.get(AffirmationAnswer, request.id) is not None:
        return False
    try:
        _must_stand(session, request.signature)
    except Refusal:
        return False
    return True


def answer(
    session: Session, request_id: str, given: str, note: str, *, actor: Actor, now: dt.datetime
) -> AffirmationAnswer:
    """Record what the successor says: ``given`` is one of AFFIRMATIONS. Asking for another text
    says what should change; an organiser who records it says from which letter. The same answer
    sent twice is one; the signature, its bytes and its items do not change.

    Raises Refusal ground.not_found, ground.not_allowed, ground.needed, ground.too_long,
    pledges.affirmation_missing, affirmed_already, and those of ``open_for``.
    """
    request = _locked(session, request_id)
    by_proxy = actor.link is None
    demand(actor, "pledge.edit" if by_proxy else "pledge.sign", _where(request.signature))
    if not by_proxy and actor.id != request_id:
        raise Refusal("ground.not_allowed", reason="not_yours")
    known = session.get(AffirmationAnswer, request_id)
    if known is not None:
        if known.answer == given:
            return known
        raise Refusal("pledges.affirmed_already", at=known.at)
    open_for(session, request, now)
    if given not in AFFIRMATIONS:
        raise Refusal("pledges.affirmation_missing", field="answer")
    words = bounds.lines(note, most=NOTE, field="note")
    if not words and (given == "amend" or by_proxy):
        raise Refusal("ground.needed", field="note")
    signature = request.signature
    leaf = log.append(
        session,
        "pledge.affirmation",
        {"signature": signature.id, "public_code": signature.public_code, "answer": given},
        now,
    )
    made = AffirmationAnswer(
        request_id=request_id,
        answer=given,
        note_id=keep(session, words),
        on_behalf=by_proxy,
        leaf_id=leaf.id,
        at=now,
        actor=actor.id,
    )
    session.add(made)
    session.flush()
    outbox.supersede(session, thread=_thread(request), kinds=("pledge_affirm",))
    told = events.AffirmationGiven(**_about(request), answer=given, on_behalf=by_proxy)
    record(session, told, actor, now)
    return made


def of_signatures(session: Session, signature_ids: Iterable[str]) -> dict[str, list[Affirmation]]:
    """The questions put about signatures, with what came back, the oldest first; in one query."""
    rows = session.execute(
        sa.select(AffirmationRequest, AffirmationAnswer, Body.text)
        .outerjoin(AffirmationAnswer, AffirmationAnswer.request_id == AffirmationRequest.id)
        .outerjoin(Body, Body.id == AffirmationAnswer.note_id)
        .where(AffirmationRequest.signature_id.in_(list(signature_ids)))
        .options(
            joinedload(AffirmationRequest.appointment).options(
                joinedload(Appointment.person),
                joinedload(Appointment.office).options(
                    joinedload(Office.role),
                    joinedload(Office.organisation).joinedload(Organisation.region),
                ),
            )
        )
        .order_by(AffirmationRequest.asked_at, AffirmationRequest.id)
    )
    found: dict[str, list[Affirmation]] = defaultdict(list)
    for request, given, note in rows:
        found[request.signature_id].append(Affirmation(request, given, note or ""))
    return found


def message_of(session: Session, request: AffirmationRequest) -> outbox.Message | None:
    """The message that carries the present link, if one was posted."""
    return session.scalar(
        sa.select(outbox.Message)
        .where(
            outbox.Message.thread == _thread(request),
            outbox.Message.key.startswith(f"pledge_affirm:{request.id}:{request.generation}:"),
        )
        .order_by(outbox.Message.id.desc())
        .limit(1)
    )


def _where(signature: Signature) -> Where:
    text = signature.pledge.text
    return Where(cohort_id=text.cohort_id, convening_id=text.convening_id)


def _must_stand(session: Session, signature: Signature) -> None:
    if session.get(Withdrawal, signature.id) is not None:
        raise Refusal("pledges.withdrawn")
    later = beside(session, signature.pledge, later=True)
    if later is not None:
        raise Refusal("pledges.superseded", public_code=later)


def _locked(session: Session, request_id: str) -> AffirmationRequest:
    request = session.get(
        AffirmationRequest, request_id, with_for_update=True, populate_existing=True
    )
    if request is None:
        raise Refusal("ground.not_found")
    return request


def _thread(request: AffirmationRequest) -> str:
    return f"affirm:{request.id}"


def _mail(session: Session, request: AffirmationRequest, now: dt.datetime) -> bool:
    """Post the question to the office's best confirmed address; whether a message was posted."""
    pledge: Pledge = request.signature.pledge
    day = day_in(now, pledge.text.convening.timezone)
    sure = confirmed_addresses(session, pledge.office_id, day)
    return bool(sure) and outbox.post(
        session,
        key=f"pledge_affirm:{request.id}:{request.generation}:{sure[0].id}",
        kind="pledge_affirm",
        subject=("affirmation_request", request.id),
        now=now,
        address=sure[0].value,
        name=pledge.office.name,
        cohort_id=pledge.text.cohort_id,
        thread=_thread(request),
        facts={"generation": request.generation},
    )


def _about(request: AffirmationRequest) -> dict[str, Any]:
    """What every event about a question says."""
    pledge = request.signature.pledge
    return {
        "subject": ("pledge", pledge.id),
        "cohort_id": pledge.text.cohort_id,
        "request_id": request.id,
        "office": pledge.office.name,
        "region_code": pledge.region_code,
    }
