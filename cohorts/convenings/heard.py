"""How an office's answer reached the organiser who recorded it: by phone, by letter, in person.

Domain rules, section 4: an organiser may answer on behalf at any time; what stands behind it is
kept with the answer, so that nobody has to take it on trust later.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings.heard_tables import CHANNELS, ReplyHeard
from cohorts.convenings.tables import Reply
from cohorts.ground import body, bounds, files
from cohorts.ground.access import Actor
from cohorts.ground.files import Kept
from cohorts.ground.refusal import Refusal

NOTE = 500


@dataclass(frozen=True)
class Heard:
    """``channel`` is one of CHANNELS, ``note`` at most NOTE characters; ``file`` is the letter or a
    picture of the message, which lies on disk already."""

    channel: str
    note: str = ""
    file: Kept | None = None

    def checked(self) -> Heard:
        """The same with its note in form. Raises Refusal convenings.channel_unknown,
        ground.too_long (field: heard_note)."""
        if self.channel not in CHANNELS:
            raise Refusal("convenings.channel_unknown", field="channel")
        note = bounds.lines(self.note, most=NOTE, field="heard_note")
        return Heard(self.channel, note, self.file)


def keep(
    session: Session, reply: Reply, heard: Heard | None, actor: Actor, now: dt.datetime
) -> None:
    """Keep what stands behind an answer; what guests answer themselves needs nothing."""
    if heard is None or actor.link == "guest":
        return
    given = heard.checked()
    session.add(
        ReplyHeard(
            reply_id=reply.id,
            channel=given.channel,
            note_id=body.keep(session, given.note),
            sha256=files.register(session, given.file, now) if given.file else None,
            at=now,
            actor=actor.id,
        )
    )
    session.flush()


def behind(session: Session, seat_id: str) -> dict[str, list[tuple[ReplyHeard, str]]]:
    """What stands behind the answers of a seat: rows with their notes, by reply, oldest first."""
    found: dict[str, list[tuple[ReplyHeard, str]]] = {}
    for row, note in session.execute(
        sa.select(ReplyHeard, body.Body.text)
        .join(Reply, Reply.id == ReplyHeard.reply_id)
        .outerjoin(body.Body, body.Body.id == ReplyHeard.note_id)
        .where(Reply.seat_id == seat_id)
        .order_by(ReplyHeard.at, ReplyHeard.id)
    ):
        found.setdefault(row.reply_id, []).append((row, note or ""))
    return found
