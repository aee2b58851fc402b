"""A deputy signs under their own name, "a.n.", only while the chain gives the right."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import invitation, mandates, sign_mandates
from cohorts.convenings.names import Name
from cohorts.convenings.tables import HandOver, Invitation, Seat
from cohorts.ground.files import Kept
from cohorts.ground.links import Link
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from cohorts.pledges import declining, marks, signing
from cohorts.pledges.signatories import Signatory, behind
from tests.build import directory
from tests.build import pledges as build
from tests.build.pledges import CODES, NOW, ORGANISER

LATER = NOW + dt.timedelta(minutes=1)
LETTER = Kept("c" * 64, 100, "application/pdf")


def handed_over(
    session: Session, scene: build.Scene, *, may_sign: bool = True, role: str = "sekda"
) -> HandOver:
    """The bupati's seat is passed to the sekda, by the organiser on behalf."""
    invitation.invite(session, scene.convening.id, ["kepala_daerah"], ORGANISER, NOW)
    seat_id = session.scalars(
        sa.select(Seat.id)
        .join(Invitation, Invitation.id == Seat.invitation_id)
        .where(Invitation.office_id == scene.office.id)
    ).one()
    held = directory.a_holder(session, "32.11", role, name="Syafrizal Contoh")
    return mandates.hand_over(
        session, seat_id, mandates.Deputy(office_id=held.office_id), ORGANISER, NOW,
        may_sign=may_sign, letter=LETTER)


def deputy(session: Session, step: HandOver) -> Signatory:
    return behind(session, Link(step.id, 1), now=NOW)


def prepare(session: Session, who: Signatory) -> None:
    assert who.person is not None
    mark = marks.typed(who.person.name, name=who.person.full_name)
    signing.prepare(session, who, mark, agreed=True, lang="id", now=NOW)


def test_a_deputy_signs_under_their_own_name_on_behalf_of_the_office(session: Session) -> None:
    scene = build.a_scene(session)
    step = handed_over(session, scene)
    sign_mandates.accept_letter(session, step.id, ORGANISER, NOW)
    who = deputy(session, step)
    prepare(session, who)
    challenge = signing.ask_code(session, who, transport="files", now=NOW)
    answer = signing.sign(
        session, CODES, who, CODES.code(challenge.id), transport="files", now=LATER)
    assert answer.signature is not None
    assert answer.signature.signer_name == "Syafrizal Contoh"
    assert answer.signature.signer_post == "Sekretaris Daerah Kabupaten Sumedang"
    proof = json.loads(answer.signature.evidence)
    assert proof["on_behalf"]["office"] == "Bupati Sumedang"
    assert proof["on_behalf"]["mandate"]["by"] == "organizer"
    assert "Bupati Sumedang" in who.consent("id")
    noticed = session.scalars(
        sa.select(Message.address).where(Message.kind == "pledge_notice")).all()
    assert noticed == ["bupati.32.11@contoh.example"]  # the office learns of it at once


def test_without_an_effective_mandate_a_deputy_only_reads(session: Session) -> None:
    scene = build.a_scene(session)
    step = handed_over(session, scene)
    who = deputy(session, step)
    assert who.on_behalf_of == "Bupati Sumedang"
    with pytest.raises(Refusal, match=r"pledges\.no_mandate"):
        prepare(session, who)
    with pytest.raises(Refusal, match=r"pledges\.no_mandate"):
        declining.decline(session, who, "text", "", now=NOW)


def test_a_revoked_hand_over_signs_no_more_even_with_the_code_in_hand(session: Session) -> None:
    scene = build.a_scene(session)
    step = handed_over(session, scene)
    sign_mandates.accept_letter(session, step.id, ORGANISER, NOW)
    who = deputy(session, step)
    prepare(session, who)
    code = CODES.code(signing.ask_code(session, who, transport="files", now=NOW).id)
    mandates.revoke(session, step.id, ORGANISER, LATER)
    with pytest.raises(Refusal, match=r"pledges\.no_mandate"):
        signing.sign(session, CODES, who, code, transport="files", now=LATER)
    with pytest.raises(Refusal, match=r"ground\.link_invalid"):
        deputy(session, step)


def test_who_has_handed_over_in_turn_signs_no_more(session: Session) -> None:
    scene = build.a_scene(session)
    step = handed_over(session, scene)
    sign_mandates.accept_letter(session, step.id, ORGANISER, NOW)
    mandates.hand_over(
        session, step.seat_id,
        mandates.Deputy(role_key="asisten", post="Asisten I", name=Name("Dewi Contoh")),
        ORGANISER, LATER)
    with pytest.raises(Refusal, match=r"pledges\.no_mandate"):
        prepare(session, deputy(session, step))


def test_whoever_signs_first_signs_for_the_office(session: Session) -> None:
    scene = build.a_scene(session)
    step = handed_over(session, scene)
    sign_mandates.accept_letter(session, step.id, ORGANISER, NOW)
    who = deputy(session, step)
    prepare(session, who)
    code = CODES.code(signing.ask_code(session, who, transport="files", now=NOW).id)
    own = build.signed(session, scene.pledge)
    answer = signing.sign(session, CODES, who, code, transport="files", now=LATER)
    assert (answer.outcome, answer.signature) == ("already", own)
