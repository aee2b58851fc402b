"""Mail that came back from guests: answers of calendars, and words."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cohorts.convenings.tables import Invitation, Reply
from cohorts.ground.base import Base, Id, new_id, one_of

KINDS = ("answer", "confirm", "older", "counter", "message", "automatic")
FOR_A_PERSON = ("confirm", "counter", "message")
"""Kinds that wait for an organiser to read them."""


class GuestMail(Base):
    """A mail to the address of an invitation; ``key`` is the hash of its Message-ID, so that it is
    taken once. ``kind``: answer (recorded as ``reply_id``), confirm (a person has to make sure,
    ``why``), older (a later word was known), counter (another time is proposed), message,
    automatic (nobody wrote it). What a calendar claims stays as it was said."""

    __tablename__ = "guest_mail"
    __table_args__ = (
        sa.UniqueConstraint("invitation_id", "key"),
        one_of("kind", KINDS),
        sa.CheckConstraint("(kind = 'answer') = (reply_id IS NOT NULL)", name="answer_recorded"),
        sa.CheckConstraint("(read_at IS NULL) = (read_by IS NULL)", name="read_by_whom"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    invitation_id: Mapped[str] = mapped_column(sa.ForeignKey(Invitation.id))
    key: Mapped[str] = mapped_column(sa.String(64))
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("stored_file.sha256"))
    kind: Mapped[str] = mapped_column(sa.String(10))
    why: Mapped[str] = mapped_column(sa.String(60), default="")
    sender: Mapped[str] = mapped_column(sa.String(254))
    attendee: Mapped[str] = mapped_column(sa.String(254), default="")
    partstat: Mapped[str] = mapped_column(sa.String(20), default="")
    sequence: Mapped[int | None]
    stamp: Mapped[dt.datetime | None]
    text_id: Mapped[str | None] = mapped_column(sa.ForeignKey("body.id"))
    reply_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Reply.id))
    received_at: Mapped[dt.datetime]
    read_at: Mapped[dt.datetime | None]
    read_by: Mapped[str | None] = mapped_column(sa.String(40))

    invitation: Mapped[Invitation] = relationship()
