"""How an answer that an organiser recorded had reached them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cohorts.convenings.tables import Reply
from cohorts.ground.base import APPEND_ONLY, Base, Id, new_id, one_of

CHANNELS = ("phone", "chat", "letter", "mail", "in_person")


class ReplyHeard(Base):
    """A call, a message or a letter behind an answer given on behalf of an office. An answer may
    have several: the call first, the letter that follows it."""

    __tablename__ = "reply_heard"
    __table_args__ = (one_of("channel", CHANNELS), APPEND_ONLY)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    reply_id: Mapped[str] = mapped_column(sa.ForeignKey(Reply.id), index=True)
    channel: Mapped[str] = mapped_column(sa.String(10))
    note_id: Mapped[str | None] = mapped_column(sa.ForeignKey("body.id"))
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("stored_file.sha256"))
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))
