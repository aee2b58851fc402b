"""Tables of the programme. Facts that feed a figure are never changed: a later row supersedes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cohorts.directory.tables import Region
from cohorts.ground.base import APPEND_ONLY, Base, Id, new_id, one_of

ENTRY_PATHS = ("visited", "invited_as_high_performer", "later")
SCORE_KINDS = ("official", "self_assessment", "simulation")

Index2 = sa.Numeric(4, 2)


class Cohort(Base):
    """``sample`` marks made-up membership and people (contoh)."""

    __tablename__ = "cohort"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name_id: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120))
    purpose_id: Mapped[str] = mapped_column(sa.Text, default="")
    purpose_en: Mapped[str] = mapped_column(sa.Text, default="")
    reference_region_code: Mapped[str | None] = mapped_column(sa.ForeignKey(Region.code))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date | None]
    timezone: Mapped[str] = mapped_column(sa.String(40), default="Asia/Jakarta")
    sample: Mapped[bool] = mapped_column(default=False)
    public: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)  # optimistic: what an editor has seen

    reference_region: Mapped[Region | None] = relationship()


class Threshold(Base):
    """The index that "mengikuti jejak" is read by. Each change is a row of its own."""

    __tablename__ = "threshold"
    __table_args__ = (sa.Index(None, "cohort_id", "recorded_at"), APPEND_ONLY)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    cohort_id: Mapped[str] = mapped_column(sa.ForeignKey(Cohort.id))
    instrument: Mapped[str] = mapped_column(sa.String(20))
    value: Mapped[Decimal] = mapped_column(Index2)
    source: Mapped[str] = mapped_column(sa.String(300))
    effective_on: Mapped[dt.date]
    recorded_at: Mapped[dt.datetime]
    recorded_by: Mapped[str] = mapped_column(sa.String(40))


class Membership(Base):
    """A region joins. Rejoining is a new row; the end is a row in ``membership_end``."""

    __tablename__ = "membership"
    __table_args__ = (
        one_of("entry_path", ENTRY_PATHS),
        sa.Index(None, "cohort_id", "region_code"),
        APPEND_ONLY,
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    cohort_id: Mapped[str] = mapped_column(sa.ForeignKey(Cohort.id))
    region_code: Mapped[str] = mapped_column(sa.ForeignKey(Region.code))
    entry_path: Mapped[str] = mapped_column(sa.String(30))
    joined_on: Mapped[dt.date]
    recorded_at: Mapped[dt.datetime]
    recorded_by: Mapped[str] = mapped_column(sa.String(40))

    region: Mapped[Region] = relationship()
    end: Mapped[MembershipEnd | None] = relationship(back_populates="membership")


class MembershipEnd(Base):
    __tablename__ = "membership_end"
    __table_args__ = (APPEND_ONLY,)

    membership_id: Mapped[str] = mapped_column(sa.ForeignKey(Membership.id), primary_key=True)
    left_on: Mapped[dt.date]
    reason: Mapped[str] = mapped_column(sa.String(300))
    recorded_at: Mapped[dt.datetime]
    recorded_by: Mapped[str] = mapped_column(sa.String(40))

    membership: Mapped[Membership] = relationship(back_populates="end")


class Visit(Base):
    """A region (or an institution) came to the reference region. ``visited_on`` may be unknown."""

    __tablename__ = "visit"
    __table_args__ = (
        sa.CheckConstraint(
            "(region_code IS NULL) <> (institution IS NULL)", name="region_or_institution"
        ),
        sa.Index(None, "cohort_id", "region_code"),
        APPEND_ONLY,
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    cohort_id: Mapped[str] = mapped_column(sa.ForeignKey(Cohort.id))
    region_code: Mapped[str | None] = mapped_column(sa.ForeignKey(Region.code))
    institution: Mapped[str | None] = mapped_column(sa.String(200))
    visited_on: Mapped[dt.date | None]
    source: Mapped[str] = mapped_column(sa.String(300))
    withdrawn: Mapped[bool] = mapped_column(default=False)  # the row it supersedes was wrong
    supersedes_id: Mapped[str | None] = mapped_column(sa.ForeignKey("visit.id"), unique=True)
    recorded_at: Mapped[dt.datetime]
    recorded_by: Mapped[str] = mapped_column(sa.String(40))

    region: Mapped[Region | None] = relationship()


class Score(Base):
    """A value of an instrument for a year. Instruments are never joined, averaged or converted."""

    __tablename__ = "score"
    __table_args__ = (
        one_of("kind", SCORE_KINDS),
        sa.CheckConstraint("value BETWEEN 1 AND 5", name="value_on_scale"),
        sa.CheckConstraint("year BETWEEN 2018 AND 2100", name="year_plausible"),
        sa.Index(None, "region_code", "instrument", "year"),
        APPEND_ONLY,
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    region_code: Mapped[str] = mapped_column(sa.ForeignKey(Region.code))
    instrument: Mapped[str] = mapped_column(sa.String(20))
    year: Mapped[int]
    value: Mapped[Decimal] = mapped_column(Index2)
    kind: Mapped[str] = mapped_column(sa.String(16))
    published_on: Mapped[dt.date | None]  # effective from; unknown: the end of its year
    source: Mapped[str] = mapped_column(sa.String(300))
    withdrawn: Mapped[bool] = mapped_column(default=False)
    supersedes_id: Mapped[str | None] = mapped_column(sa.ForeignKey("score.id"), unique=True)
    recorded_at: Mapped[dt.datetime]
    recorded_by: Mapped[str] = mapped_column(sa.String(40))

    region: Mapped[Region] = relationship()
