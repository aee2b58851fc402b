"""What a post office says about messages that it has taken: facts, each once by the sender's id.

An event names its message by the reference that travelled with it, so it may be known before the
message is. How a message fares is derived from its events, in whatever order they came.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from cohorts.ground.base import APPEND_ONLY, Base, one_of
from cohorts.ground.outbox import Message, reference

OUTCOMES = ("deferred", "delivered", "bounced", "suppressed", "reported")
"""From the least to the most telling: of two at one second the later in this row holds."""

LOST = ("bounced", "suppressed")
"""Outcomes after which a message has not reached anybody."""

SKEW = dt.timedelta(minutes=1)
"""How far the post office's clock may be behind ours."""


class MailEvent(Base):
    """``id`` is the post office's, ``at`` its clock; ``reason`` says why, as it was told."""

    __tablename__ = "mail_event"
    __table_args__ = (
        one_of("outcome", OUTCOMES),
        sa.Index(None, "reference"),
        APPEND_ONLY,
    )

    id: Mapped[str] = mapped_column(sa.String(100), primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(40))
    outcome: Mapped[str] = mapped_column(sa.String(12))
    reason: Mapped[str] = mapped_column(sa.String(300))
    at: Mapped[dt.datetime]
    recorded_at: Mapped[dt.datetime]


@dataclass(frozen=True)
class Told:
    """One event as it was told. ``outcome`` is one of OUTCOMES."""

    id: str
    reference: str
    outcome: str
    reason: str
    at: dt.datetime


def keep(session: Session, told: Iterable[Told], now: dt.datetime) -> int:
    """Keep the events that are not known yet; returns how many. The database decides races."""
    rows = {
        one.id: {
            "id": one.id,
            "reference": one.reference,
            "outcome": one.outcome,
            "reason": one.reason[:300],
            "at": one.at,
            "recorded_at": now,
        }
        for one in told
    }
    if not rows:
        return 0
    # Sorted: two batches that hold the same events take them in the same order.
    values = [rows[key] for key in sorted(rows)]
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    kept = 0
    for start in range(0, len(values), 500):
        wanted = make(MailEvent).values(values[start : start + 500]).on_conflict_do_nothing()
        kept += len(session.scalars(wanted.returning(MailEvent.id)).all())
    return kept


def latest(session: Session, messages: Iterable[Message]) -> dict[int, MailEvent]:
    """The event that holds for each message that has left, by the message's id.

    What was told of an earlier sending of the same message does not count.
    """
    left = {reference(m): m for m in messages if m.state == "sent"}
    found: dict[int, MailEvent] = {}
    rows = session.scalars(sa.select(MailEvent).where(MailEvent.reference.in_(list(left))))
    for event in sorted(rows, key=lambda e: (e.at, OUTCOMES.index(e.outcome), e.id)):
        message = left[event.reference]
        began = message.first_tried_at or message.posted_at
        if event.at >= began - SKEW:
            found[message.id] = event
    return found
