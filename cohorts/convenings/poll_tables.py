"""Tables of finding a date: a poll, whom it asks, what they say, what was chosen."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cohorts.convenings.tables import Convening
from cohorts.directory.tables import Office, Region
from cohorts.ground.base import APPEND_ONLY, Base, Id, new_id, one_of
from cohorts.programme.tables import Cohort

STATES = ("open", "decided", "cancelled")
WORDS = ("yes", "if_needed", "no")
FEWEST, MOST = 3, 6


class Poll(Base):
    """Instants are UTC; ``timezone`` is that of the place thought of. ``roles`` are the posts that
    are asked in each region, as an invitation names them; the first is invited in the end."""

    __tablename__ = "poll"
    __table_args__ = (
        one_of("state", STATES),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="open_or_ended"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    cohort_id: Mapped[str] = mapped_column(sa.ForeignKey(Cohort.id), index=True)
    title_id: Mapped[str] = mapped_column(sa.String(200))
    title_en: Mapped[str] = mapped_column(sa.String(200))
    purpose_id: Mapped[str] = mapped_column(sa.Text)
    purpose_en: Mapped[str] = mapped_column(sa.Text)
    venue: Mapped[str] = mapped_column(sa.String(200))
    address: Mapped[str] = mapped_column(sa.String(300))
    timezone: Mapped[str] = mapped_column(sa.String(40))
    roles: Mapped[list[Any]]
    answer_by: Mapped[dt.datetime]
    state: Mapped[str] = mapped_column(sa.String(10))
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[str] = mapped_column(sa.String(40))
    ended_at: Mapped[dt.datetime | None]
    end_reason: Mapped[str] = mapped_column(sa.String(300))

    cohort: Mapped[Cohort] = relationship()
    dates: Mapped[list[PollDate]] = relationship(order_by="PollDate.starts_at")


class PollDate(Base):
    """A date that is put to the vote: one of at most six."""

    __tablename__ = "poll_date"
    __table_args__ = (
        sa.CheckConstraint(f"n BETWEEN 1 AND {MOST}", name="at_most_six"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        sa.UniqueConstraint("poll_id", "starts_at", "ends_at"),
        APPEND_ONLY,
    )

    poll_id: Mapped[str] = mapped_column(sa.ForeignKey(Poll.id), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]


class PollRegion(Base):
    """A region that is asked. ``required``: without it the convening makes little sense."""

    __tablename__ = "poll_region"

    poll_id: Mapped[str] = mapped_column(sa.ForeignKey(Poll.id), primary_key=True)
    region_code: Mapped[str] = mapped_column(sa.ForeignKey(Region.code), primary_key=True)
    required: Mapped[bool]


class PollAsk(Base):
    """An office that may answer for its region. Raising ``generation`` revokes its link."""

    __tablename__ = "poll_ask"
    __table_args__ = (
        sa.UniqueConstraint("poll_id", "office_id"),
        sa.ForeignKeyConstraint(
            ["poll_id", "region_code"], ["poll_region.poll_id", "poll_region.region_code"]
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    poll_id: Mapped[str] = mapped_column(sa.ForeignKey(Poll.id))
    region_code: Mapped[str] = mapped_column(sa.String(5))
    office_id: Mapped[str] = mapped_column(sa.ForeignKey(Office.id))
    generation: Mapped[int]
    asked_at: Mapped[dt.datetime]

    poll: Mapped[Poll] = relationship()
    office: Mapped[Office] = relationship()


class PollAnswer(Base):
    """An answer for a region; of several the one with the highest ``n`` holds, whichever of the
    region's offices gave it. ``late`` after the respond-by."""

    __tablename__ = "poll_answer"
    __table_args__ = (
        sa.UniqueConstraint("poll_id", "region_code", "n"),
        sa.UniqueConstraint("id", "poll_id"),
        sa.ForeignKeyConstraint(
            ["poll_id", "region_code"], ["poll_region.poll_id", "poll_region.region_code"]
        ),
        APPEND_ONLY,
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    poll_id: Mapped[str] = mapped_column(Id)
    region_code: Mapped[str] = mapped_column(sa.String(5))
    n: Mapped[int]
    ask_id: Mapped[str] = mapped_column(sa.ForeignKey(PollAsk.id))
    note_id: Mapped[str | None] = mapped_column(sa.ForeignKey("body.id"))
    late: Mapped[bool]
    on_behalf: Mapped[bool]  # recorded by an organiser
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))

    words: Mapped[list[PollWord]] = relationship()


class PollWord(Base):
    """What an answer says of one date."""

    __tablename__ = "poll_word"
    __table_args__ = (
        one_of("says", WORDS),
        sa.ForeignKeyConstraint(
            ["answer_id", "poll_id"], ["poll_answer.id", "poll_answer.poll_id"]
        ),
        sa.ForeignKeyConstraint(["poll_id", "date_n"], ["poll_date.poll_id", "poll_date.n"]),
        APPEND_ONLY,
    )

    answer_id: Mapped[str] = mapped_column(Id, primary_key=True)
    poll_id: Mapped[str] = mapped_column(Id)
    date_n: Mapped[int] = mapped_column(primary_key=True)
    says: Mapped[str] = mapped_column(sa.String(10))


class PollChoice(Base):
    """The date that was chosen, and the convening that it became: one for a poll, for ever."""

    __tablename__ = "poll_choice"
    __table_args__ = (
        sa.ForeignKeyConstraint(["poll_id", "date_n"], ["poll_date.poll_id", "poll_date.n"]),
        APPEND_ONLY,
    )

    poll_id: Mapped[str] = mapped_column(sa.ForeignKey(Poll.id), primary_key=True)
    date_n: Mapped[int]
    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id), unique=True)
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))
