"""The deputy's right to sign, and the surat tugas (domain rules, section 4).

The right takes effect by a code sent to a confirmed address of the office invited, or when an
organiser accepts the surat tugas; it is never taken from an address that came through a link.

Mail: ``code`` {"challenge_id", "what": "mandate", "office", "hand_over_id"} to the office.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import guests
from cohorts.convenings.chain import SeatState
from cohorts.convenings.events import LetterOfAssignmentAttached, SignMandateTookEffect
from cohorts.convenings.mandates import held, own
from cohorts.convenings.tables import Convening, HandOver, SignMandate
from cohorts.directory.contacts import confirmed_addresses
from cohorts.directory.tables import ContactPoint
from cohorts.ground import codes, files, outbox
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.canonical import canonical, sha256
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.files import Kept
from cohorts.ground.refusal import Refusal

CODE_PURPOSE = "mandate"
CODES_A_DAY = 10
"""Codes for one invitation in 24 hours, whoever the deputy is: with five tries each, whoever holds
a forwarded link guesses one right in some fifty years."""


def attach_letter(
    session: Session, hand_over_id: str, letter: Kept, actor: Actor, now: dt.datetime
) -> HandOver:
    """Attach the surat tugas, or a better picture of it. The file lies on disk already.

    Raises Refusal convenings.hand_over_revoked, and ground.not_allowed for a stranger.
    """
    row, convening, state, step = held(session, hand_over_id, now)
    guests.on_behalf(actor, convening)
    guests.must_speak_for(actor, state, own(actor, step, state))
    _must_live(row)
    if row.letter_sha256 == letter.sha256:
        return row
    row.letter_sha256 = files.register(session, letter, now)
    record(
        session,
        LetterOfAssignmentAttached(
            subject=("hand_over", row.id), cohort_id=convening.cohort_id, sha256=letter.sha256
        ),
        actor,
        now,
    )
    session.flush()
    return row


def accept_letter(
    session: Session, hand_over_id: str, actor: Actor, now: dt.datetime, *, seen: str | None = None
) -> SignMandate:
    """An organiser accepts the surat tugas: the deputy may sign from now on. ``seen`` is the
    SHA-256 of the letter that was read: whoever holds the link may have replaced it since.

    Raises Refusal convenings.letter_missing, letter_changed, signing_not_handed_over,
    deputy_may_not_sign, hand_over_revoked.
    """
    row, convening, state, _ = held(session, hand_over_id, now)
    demand(
        actor,
        "reply.on_behalf",
        Where(cohort_id=convening.cohort_id, convening_id=convening.id),
    )
    _must_sign(convening, row)
    if row.letter_sha256 is None:
        raise Refusal("convenings.letter_missing")
    if seen is not None and seen != row.letter_sha256:
        raise Refusal("convenings.letter_changed")
    return _take_effect(session, convening, state, row, "organizer", actor, now)


def ask_sign_code(
    session: Session, hand_over_id: str, actor: Actor, now: dt.datetime
) -> tuple[codes.Challenge, ContactPoint]:
    """Send a code to the confirmed address of the office invited.

    Raises Refusal convenings.no_confirmed_contact, codes_used_up (CODES_A_DAY were sent),
    signing_not_handed_over, deputy_may_not_sign.
    """
    row, convening, state, step = held(session, hand_over_id, now)
    guests.on_behalf(actor, convening)
    guests.must_speak_for(actor, state, own(actor, step, state))
    _must_sign(convening, row)
    day = day_in(now, convening.timezone)
    point = next(iter(confirmed_addresses(session, state.office_id, day)), None)
    if point is None:
        raise Refusal("convenings.no_confirmed_contact")
    if _sent(session, state.seat_id, now) >= CODES_A_DAY:
        raise Refusal("convenings.codes_used_up")
    challenge = codes.issue(
        session,
        purpose=CODE_PURPOSE,
        subject_id=row.id,
        bound=_bound(row),
        contact_point_id=point.id,
        now=now,
    )
    outbox.post(
        session,
        key=f"code:{challenge.id}",
        kind="code",
        subject=("challenge", challenge.id),
        now=now,
        address=point.value,
        name=state.office,
        cohort_id=convening.cohort_id,
        facts={
            "challenge_id": challenge.id,
            "what": CODE_PURPOSE,
            "office": state.office,
            "hand_over_id": row.id,
        },
    )
    return challenge, point


def confirm_sign_code(
    session: Session,
    keys: codes.Codes,
    hand_over_id: str,
    given: str,
    actor: Actor,
    now: dt.datetime,
) -> codes.Outcome:
    """Try the code; ``good`` lets the mandate take effect. Commit in every case: tries count."""
    row, convening, state, step = held(session, hand_over_id, now)
    guests.on_behalf(actor, convening)
    guests.must_speak_for(actor, state, own(actor, step, state))
    _must_sign(convening, row)
    challenge = open_challenge(session, row.id)
    if challenge is None:
        return "expired"
    outcome = codes.answer(session, keys, challenge, given, _bound(row), now)
    if outcome == "good":
        _take_effect(session, convening, state, row, "code", actor, now)
    return outcome


def open_challenge(session: Session, hand_over_id: str) -> codes.Challenge | None:
    """The newest code asked for this mandate, used or not."""
    return session.scalar(
        sa.select(codes.Challenge)
        .where(
            codes.Challenge.purpose == CODE_PURPOSE,
            codes.Challenge.subject_id == hand_over_id,
            codes.Challenge.replaced_at.is_(None),
        )
        .order_by(codes.Challenge.issued_at.desc())
        .limit(1)
    )


def _sent(session: Session, seat_id: str, now: dt.datetime) -> int:
    """How many codes were sent for a seat in the last 24 hours, to whichever deputy's name: naming
    another one must not begin the count anew."""
    of_this_seat = sa.select(HandOver.id).where(HandOver.seat_id == seat_id)
    counted = sa.select(sa.func.count()).where(
        codes.Challenge.purpose == CODE_PURPOSE,
        codes.Challenge.subject_id.in_(of_this_seat),
        codes.Challenge.issued_at > now - dt.timedelta(days=1),
    )
    return session.scalar(counted) or 0


def _must_live(row: HandOver) -> None:
    if row.revoked_at is not None:
        raise Refusal("convenings.hand_over_revoked")


def _must_sign(convening: Convening, row: HandOver) -> None:
    _must_live(row)
    if not row.may_sign:
        raise Refusal("convenings.signing_not_handed_over")
    if not convening.deputy_may_sign:
        raise Refusal("convenings.deputy_may_not_sign")


def _take_effect(
    session: Session,
    convening: Convening,
    state: SeatState,
    row: HandOver,
    by: str,
    actor: Actor,
    now: dt.datetime,
) -> SignMandate:
    known = session.get(SignMandate, row.id)
    if known is not None:
        return known
    made = SignMandate(hand_over_id=row.id, by=by, at=now, actor=actor.id)
    session.add(made)
    session.flush()
    record(
        session,
        SignMandateTookEffect(
            subject=("hand_over", row.id),
            cohort_id=convening.cohort_id,
            office=state.office,
            by=by,
        ),
        actor,
        now,
    )
    return made


def _bound(row: HandOver) -> str:
    """What the code authorises: this person, in this hand-over, to sign."""
    return sha256(
        canonical({"hand_over": row.id, "person": row.person_id, "right": "sign", "post": row.post})
    )
