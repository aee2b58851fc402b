"""Answering a poll: what an office says of each date, for its region.

Each answer is a row; the last one of a region holds, whichever of its offices gave it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from cohorts.convenings import polls
from cohorts.convenings.events_polls import PollAnswered
from cohorts.convenings.poll_tables import WORDS, PollAnswer, PollAsk, PollWord
from cohorts.ground import body, bounds
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.base import new_id
from cohorts.ground.chronicle import record
from cohorts.ground.refusal import Refusal

NOTE = 500


def link_holder(ask_id: str) -> Actor:
    """Whoever holds the link of an office that is asked."""
    return Actor("link", f"poll:{ask_id}", link="guest")


def answer(
    session: Session,
    ask_id: str,
    says: Mapping[int, str],
    actor: Actor,
    now: dt.datetime,
    *,
    note: str = "",
) -> PollAnswer:
    """Record what an office says of every date, for its region; the region's last answer holds.

    Open until a date is chosen or the poll is called off; late after the respond-by. The same
    answer of the same office again is one answer. Raises Refusal convenings.poll_decided,
    poll_cancelled, poll_incomplete, ground.too_long.
    """
    ask = session.get(PollAsk, ask_id)
    if ask is None:
        raise Refusal("ground.not_found")
    asked = polls.locked(session, ask.poll_id)
    by_link = actor.link == "guest"
    if by_link and actor.id != f"poll:{ask_id}":
        raise Refusal("ground.not_allowed", reason="not_yours")
    if not by_link:
        demand(actor, "reply.on_behalf", Where(cohort_id=asked.cohort_id))
    polls.must_be_open(asked)
    numbers = {date.n for date in asked.dates}
    if says.keys() != numbers or not set(says.values()) <= set(WORDS):
        raise Refusal("convenings.poll_incomplete")
    note = bounds.lines(note, most=NOTE, field="note")
    last = session.scalars(
        sa.select(PollAnswer)
        .where(PollAnswer.poll_id == asked.id, PollAnswer.region_code == ask.region_code)
        .options(selectinload(PollAnswer.words))
        .order_by(PollAnswer.n.desc())
        .limit(1)
    ).first()
    if (
        last is not None
        and (last.ask_id, last.actor) == (ask_id, actor.id)
        and {word.date_n: word.says for word in last.words} == dict(says)
        and note_of(session, last.note_id) == note
    ):
        return last
    made = PollAnswer(
        id=new_id(),
        poll_id=asked.id,
        region_code=ask.region_code,
        n=last.n + 1 if last else 1,
        ask_id=ask_id,
        note_id=body.keep(session, note),
        late=now > asked.answer_by,
        on_behalf=not by_link,
        at=now,
        actor=actor.id,
    )
    session.add(made)
    session.flush()
    session.add_all(
        PollWord(answer_id=made.id, poll_id=asked.id, date_n=n, says=said)
        for n, said in sorted(says.items())
    )
    session.flush()
    record(
        session,
        PollAnswered(
            subject=("poll", asked.id),
            cohort_id=asked.cohort_id,
            region=ask.region_code,
            office=ask.office.name,
            n=made.n,
            late=made.late,
            on_behalf=made.on_behalf,
        ),
        actor,
        now,
    )
    return made


def answered_by(session: Session, poll_id: str) -> list[PollAsk]:
    """The offices that have answered, the office of every answer once."""
    answered = sa.select(PollAnswer.ask_id).where(PollAnswer.poll_id == poll_id)
    return list(
        session.scalars(
            sa.select(PollAsk)
            .where(PollAsk.id.in_(answered))
            .options(joinedload(PollAsk.office))
            .order_by(PollAsk.id)
        )
    )


def note_of(session: Session, note_id: str | None) -> str:
    """The text of a note, empty when there is none or it was erased."""
    kept = session.get(body.Body, note_id) if note_id else None
    return (kept.text if kept else None) or ""
