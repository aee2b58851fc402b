"""Answering on behalf of an office: what stands behind the answer is kept with it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import chain, heard, mandates, seats
from cohorts.convenings.heard import Heard
from cohorts.convenings.heard_tables import ReplyHeard
from cohorts.convenings.tables import Reply
from cohorts.ground.files import Kept
from cohorts.ground.refusal import Refusal
from tests.build import convenings as build
from tests.build.convenings import HOUR, NOW, ORGANISER, Invited

LETTER = Kept("a" * 64, 1200, "application/pdf")


@pytest.fixture
def bali(session: Session) -> Invited:
    return build.an_invited_head(session)


def said(session: Session, bali: Invited) -> list[list[tuple[str, str, str | None]]]:
    """Channel, note and file behind each answer, in the order of the answers."""
    rows = heard.behind(session, bali.seat_id)
    answers = session.scalars(
        sa.select(Reply.id).where(Reply.seat_id == bali.seat_id).order_by(Reply.n)
    )
    return [[(row.channel, note, row.sha256) for row, note in rows.get(one, [])] for one in answers]


def test_a_call_and_the_letter_that_follows_it_stand_behind_one_answer(
    session: Session, bali: Invited
) -> None:
    seats.attend(session, bali.seat_id, ORGANISER, NOW, heard=Heard("phone", " Ajudan, pukul 9 "))
    seats.attend(session, bali.seat_id, ORGANISER, NOW + HOUR, heard=Heard("letter", file=LETTER))
    assert said(session, bali) == [
        [("phone", "Ajudan, pukul 9", None), ("letter", "", LETTER.sha256)]
    ]


def test_each_answer_has_its_own(session: Session, bali: Invited) -> None:
    seats.decline(
        session, bali.seat_id, "ill", ORGANISER, NOW, note="Rawat inap", heard=Heard("chat")
    )
    seats.decline(
        session,
        bali.seat_id,
        "ill",
        ORGANISER,
        NOW + HOUR,
        note="Rawat inap",
        heard=Heard("letter"),
    )
    state = chain.seat(session, bali.seat_id, NOW)
    assert state is not None
    choice = mandates.choices(session, state, bali.convening, NOW).offices[0]
    deputy = mandates.Deputy(office_id=choice.office_id)
    mandates.hand_over(
        session, bali.seat_id, deputy, ORGANISER, NOW + 2 * HOUR, heard=Heard("in_person")
    )
    assert said(session, bali) == [
        [("chat", "", None), ("letter", "", None)],
        [("in_person", "", None)],
    ]


def test_what_a_guest_answers_needs_nothing_behind_it(session: Session, bali: Invited) -> None:
    seats.attend(session, bali.seat_id, bali.guest, NOW, heard=Heard("phone", "karangan"))
    assert said(session, bali) == [[]]


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        (Heard("dream"), "convenings.channel_unknown", "channel"),
        (Heard("phone", "x" * 501), "ground.too_long", "heard_note"),
    ],
)
def test_what_is_no_way_of_hearing_is_refused(
    session: Session, bali: Invited, given: Heard, code: str, field: str
) -> None:
    with pytest.raises(Refusal) as refused, session.begin_nested():
        seats.attend(session, bali.seat_id, ORGANISER, NOW, heard=given)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert session.scalar(sa.select(sa.func.count()).select_from(ReplyHeard)) == 0
