"""What tests need of finding a date, made through its rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import poll_standing, polls
from cohorts.convenings.poll_standing import Voice
from cohorts.convenings.poll_tables import Poll, PollAsk
from cohorts.convenings.polls import Question
from cohorts.ground.outbox import Message
from tests.build import convenings as build
from tests.build import directory
from tests.build.convenings import DUMAI, HOUR, NOW, ORGANISER, SIAK, START

DAY = dt.timedelta(days=1)


def the_question(**more: Any) -> Question:
    """Bali on one of three days from 21 November 2022; answers by Friday the 11th, 17.00 WITA."""
    said: dict[str, Any] = {
        "title_id": "Penandatanganan Komitmen Bersama",
        "title_en": "Signing of the Joint Commitment",
        "venue": "Denpasar",
        "timezone": "Asia/Makassar",
        "dates": tuple((START + n * DAY, START + n * DAY + 7 * HOUR) for n in range(3)),
        "answer_by": dt.datetime(2022, 11, 11, 9, 0, tzinfo=dt.UTC),
        **more,
    }
    return Question(**said)


def a_poll(
    session: Session,
    *codes: str,
    now: dt.datetime = NOW,
    address_of_dumai: bool = False,
    **more: Any,
) -> Poll:
    """Siak (its regent with an address) and Dumai (vacant, without one), and ``codes``, are
    asked."""
    office = directory.an_office(session, SIAK, "bupati")
    if directory.appointments.holder(session, office.id, NOW.date()) is None:
        directory.a_holder(session, SIAK, "bupati", name="Rahmat Contoh")
    if address_of_dumai:
        directory.an_address(session, directory.an_office(session, DUMAI, "walikota"))
    cohort = build.a_cohort(session, SIAK, DUMAI, *codes)
    return polls.open_poll(session, cohort.id, the_question(**more), ORGANISER, now)


def ask_of(session: Session, poll: Poll, code: str, role: str = "") -> PollAsk:
    """The office that was asked for a region: its head, or the one of the role."""
    (found,) = [
        ask
        for ask in session.scalars(
            sa.select(PollAsk).where(PollAsk.poll_id == poll.id, PollAsk.region_code == code)
        )
        if ask.office.role_key in ((role,) if role else ("bupati", "walikota"))
    ]
    return found


def voice(session: Session, poll: Poll, code: str) -> Voice:
    """What a region says."""
    (found,) = [v for v in poll_standing.voices(session, poll) if v.region.code == code]
    return found


def posted(session: Session, poll: Poll) -> list[tuple[str, str, str]]:
    """Kind, state and address of what was posted to the offices asked, in order."""
    rows = session.scalars(
        sa.select(Message)
        .join(PollAsk, PollAsk.id == Message.subject_id)
        .where(PollAsk.poll_id == poll.id)
        .order_by(Message.id)
    )
    return [(m.kind, m.state, m.address) for m in rows]
