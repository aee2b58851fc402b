"""Tables of what an invitation's seats are for, how many there may be, and what a guest needs."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cohorts.convenings.tables import SEAT_KINDS, Convening, Seat
from cohorts.directory.tables import Office
from cohorts.ground.base import APPEND_ONLY, Base, BigId, one_of

MOST_SEATS = 9
"""Seats of one kind that an invitation may hold."""


class GuestRuleSeat(Base):
    """Which seats every invitation of a guest rule holds, in this order: the office itself (kind
    office without a post), a post that it sends ("one Kabid"), companions. A rule without rows
    gives the office its own seat and no other."""

    __tablename__ = "guest_rule_seat"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["convening_id", "role_key"], ["guest_rule.convening_id", "guest_rule.role_key"]
        ),
        one_of("kind", SEAT_KINDS),
        sa.CheckConstraint(f"number BETWEEN 1 AND {MOST_SEATS}", name="number_in_bounds"),
        sa.CheckConstraint("kind = 'office' OR post_key IS NULL", name="companions_have_no_post"),
    )

    convening_id: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    role_key: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(10))
    post_key: Mapped[str | None] = mapped_column(sa.ForeignKey("role.key"))
    number: Mapped[int]


class GuestOffice(Base):
    """A single office that is invited by itself: of a ministry, a partner, another region."""

    __tablename__ = "guest_office"

    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id), primary_key=True)
    office_id: Mapped[str] = mapped_column(sa.ForeignKey(Office.id), primary_key=True)
    added_at: Mapped[dt.datetime]


class SeatPost(Base):
    """The post that an office is asked to send for a seat; a seat without a row is the office's
    own, or a companion's."""

    __tablename__ = "seat_post"

    seat_id: Mapped[str] = mapped_column(sa.ForeignKey(Seat.id), primary_key=True)
    post_key: Mapped[str] = mapped_column(sa.ForeignKey("role.key"))


class Capacity(Base):
    """How many seats may be taken, in all and by one region; the row with the highest ``n`` holds,
    and an empty number is no limit."""

    __tablename__ = "capacity"
    __table_args__ = (
        sa.CheckConstraint("seats IS NULL OR seats > 0", name="seats_positive"),
        sa.CheckConstraint("per_region IS NULL OR per_region > 0", name="per_region_positive"),
        APPEND_ONLY,
    )

    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seats: Mapped[int | None]
    per_region: Mapped[int | None]
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))


class Place(Base):
    """A seat was put on the waiting list, or given a place after all. The last row of a seat
    holds; ``id`` is the order of the list. A seat without a row never had to wait."""

    __tablename__ = "place"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    seat_id: Mapped[str] = mapped_column(sa.ForeignKey(Seat.id), index=True)
    given: Mapped[bool]
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))


class Need(Base):
    """What whoever sits here eats or needs to get in. Kept until the convening is over, then
    deleted: it is nobody's business afterwards."""

    __tablename__ = "need"
    __table_args__ = (sa.CheckConstraint("diet <> '' OR access <> ''", name="says_something"),)

    seat_id: Mapped[str] = mapped_column(sa.ForeignKey(Seat.id), primary_key=True)
    diet: Mapped[str] = mapped_column(sa.String(200), default="")
    access: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[dt.datetime]
