"""The table of regional days: what a region or province keeps besides the national holidays."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cohorts.directory.tables import Region
from cohorts.ground.base import Base, Id, new_id


class RegionalDay(Base):
    """A day of a region; a province's holds for all of its regions. ``yearly``: every year from
    that of ``day`` on. Ended, never deleted."""

    __tablename__ = "regional_day"
    __table_args__ = (
        sa.Index(
            "uq_regional_day_live",
            "region_code",
            "day",
            "name_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    region_code: Mapped[str] = mapped_column(sa.ForeignKey(Region.code))
    day: Mapped[dt.date]
    yearly: Mapped[bool]
    name_id: Mapped[str] = mapped_column(sa.String(120))
    name_en: Mapped[str] = mapped_column(sa.String(120))
    day_off: Mapped[bool]
    recorded_at: Mapped[dt.datetime]
    recorded_by: Mapped[str] = mapped_column(sa.String(40))
    ended_at: Mapped[dt.datetime | None]
    version: Mapped[int]  # optimistic: what an editor has seen

    region: Mapped[Region] = relationship()
