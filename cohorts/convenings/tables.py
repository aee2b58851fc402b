"""Tables of convenings, invitations, replies and delegation."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cohorts.directory.tables import Office, Person
from cohorts.ground.base import APPEND_ONLY, Base, Id, new_id, one_of
from cohorts.programme.tables import Cohort

STATES = ("draft", "announced", "in_progress", "closed", "cancelled")
PLANNED = ("draft", "announced")
POLICIES = ("in_person_only", "one_level_down", "free", "assign")
ANSWERS = ("attending", "delegated", "declined", "tentative")
REASONS = ("other_duty", "ill", "on_leave", "other")
SEAT_KINDS = ("office", "companion")
SESSION_KINDS = ("plenary", "break", "parallel")


class Convening(Base):
    """Instants are UTC; ``timezone`` is the venue's. ``schedule`` grows when start, end or place
    change (a reply belongs to the schedule it was given for), ``sequence`` is the calendar's."""

    __tablename__ = "convening"
    __table_args__ = (
        sa.UniqueConstraint("cohort_id", "number"),
        one_of("state", STATES),
        one_of("policy", POLICIES),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        sa.CheckConstraint("door_closes_at > door_opens_at", name="door_closes_after_it_opens"),
        sa.CheckConstraint(
            "(state IN ('in_progress', 'closed')) <= (started_at IS NOT NULL)",
            name="held_means_started",
        ),
        sa.CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    cohort_id: Mapped[str] = mapped_column(sa.ForeignKey(Cohort.id), index=True)
    number: Mapped[int]
    title_id: Mapped[str] = mapped_column(sa.String(200))
    title_en: Mapped[str] = mapped_column(sa.String(200))
    purpose_id: Mapped[str] = mapped_column(sa.Text, default="")
    purpose_en: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[str] = mapped_column(sa.String(12), default="draft")
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    timezone: Mapped[str] = mapped_column(sa.String(40))
    venue: Mapped[str] = mapped_column(sa.String(200))
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    map_url: Mapped[str] = mapped_column(sa.String(300), default="")
    dress: Mapped[str] = mapped_column(sa.String(120), default="")
    host: Mapped[str] = mapped_column(sa.String(200), default="")
    contact_name: Mapped[str] = mapped_column(sa.String(120), default="")
    contact_phone: Mapped[str] = mapped_column(sa.String(20), default="")
    letter_number: Mapped[str] = mapped_column(sa.String(80), default="")
    opening_planned: Mapped[str] = mapped_column(sa.String(200), default="")
    opening_actual: Mapped[str] = mapped_column(sa.String(200), default="")
    policy: Mapped[str] = mapped_column(sa.String(16), default="one_level_down")
    deputy_may_sign: Mapped[bool] = mapped_column(default=False)
    reply_by: Mapped[dt.datetime]
    door_opens_at: Mapped[dt.datetime]
    door_closes_at: Mapped[dt.datetime]
    schedule: Mapped[int] = mapped_column(default=1)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime]
    announced_at: Mapped[dt.datetime | None]
    started_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]  # set by close, emptied by re-open: the door judges by it
    cancelled_at: Mapped[dt.datetime | None]
    cancel_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    version: Mapped[int] = mapped_column(default=1)  # optimistic: what an editor has seen

    cohort: Mapped[Cohort] = relationship()


class Schedule(Base):
    """When and where a convening was to be held, from ``n`` = 1: the page of a correction strikes
    out the old, and a calendar's revision is dated by it."""

    __tablename__ = "convening_schedule"
    __table_args__ = (APPEND_ONLY,)

    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    timezone: Mapped[str] = mapped_column(sa.String(40))
    venue: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))


class Session(Base):
    """A line of the programme (susunan acara). Those of kind parallel may share their time."""

    __tablename__ = "session"
    __table_args__ = (
        sa.UniqueConstraint("convening_id", "position"),
        one_of("kind", SESSION_KINDS),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id))
    position: Mapped[int]
    starts_at: Mapped[dt.datetime]
    minutes: Mapped[int]
    title_id: Mapped[str] = mapped_column(sa.String(200))
    title_en: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(10), default="plenary", server_default="plenary")
    room: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")


class GuestRule(Base):
    """"This post of every member": kepala daerah resolves by the region's type
    (role_key ``kepala_daerah`` is not a row of ``role``)."""

    __tablename__ = "guest_rule"

    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id), primary_key=True)
    role_key: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    added_at: Mapped[dt.datetime]


class Invitation(Base):
    """One per office and convening. Raising ``generation`` revokes its links. ``calendar_lead`` is
    added to the convening's sequence: a guest who was taken off and invited again must meet a
    higher number than the CANCEL carried."""

    __tablename__ = "invitation"
    __table_args__ = (sa.UniqueConstraint("convening_id", "office_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id))
    office_id: Mapped[str] = mapped_column(sa.ForeignKey(Office.id), index=True)
    generation: Mapped[int] = mapped_column(default=1)
    calendar_lead: Mapped[int] = mapped_column(default=0)
    invited_at: Mapped[dt.datetime]
    invited_by: Mapped[str] = mapped_column(sa.String(40))
    withdrawn_at: Mapped[dt.datetime | None]

    convening: Mapped[Convening] = relationship()
    office: Mapped[Office] = relationship()
    seats: Mapped[list[Seat]] = relationship(back_populates="invitation")


class Seat(Base):
    """A chair that an invitation holds. ``companion`` seats never count in figures."""

    __tablename__ = "seat"
    __table_args__ = (
        one_of("kind", SEAT_KINDS),
        sa.UniqueConstraint("invitation_id", "kind", "position"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    invitation_id: Mapped[str] = mapped_column(sa.ForeignKey(Invitation.id))
    kind: Mapped[str] = mapped_column(sa.String(10))
    position: Mapped[int] = mapped_column(default=1)

    invitation: Mapped[Invitation] = relationship(back_populates="seats")


class Reply(Base):
    """An answer for a seat; the one with the highest ``n`` holds. ``person_id`` is who comes when
    the office itself attends (its holder, or the name the guest gave)."""

    __tablename__ = "reply"
    __table_args__ = (
        sa.UniqueConstraint("seat_id", "n"),
        one_of("answer", ANSWERS),
        sa.CheckConstraint(
            "reason IS NULL OR reason IN ('other_duty', 'ill', 'on_leave', 'other')",
            name="reason_known",
        ),
        sa.CheckConstraint("(answer = 'declined') = (reason IS NOT NULL)", name="declined_why"),
        sa.CheckConstraint("(answer = 'attending') <= (person_id IS NOT NULL)", name="who_comes"),
        APPEND_ONLY,
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    seat_id: Mapped[str] = mapped_column(sa.ForeignKey(Seat.id))
    n: Mapped[int]
    answer: Mapped[str] = mapped_column(sa.String(10))
    person_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Person.id))
    reason: Mapped[str | None] = mapped_column(sa.String(12))
    note_id: Mapped[str | None] = mapped_column(sa.ForeignKey("body.id"))
    schedule: Mapped[int]  # of the convening at the time of the answer
    late: Mapped[bool]
    on_behalf: Mapped[bool]  # recorded by an organiser
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))


class HandOver(Base):
    """A seat passed on: step 1 by the office, step 2 by the first deputy; never further.

    ``person_id`` comes as the holder of ``post`` (and of ``office_id`` where the directory knows
    it). ``may_sign`` is the wish; it takes effect with a row in ``sign_mandate``.
    """

    __tablename__ = "hand_over"
    __table_args__ = (
        sa.CheckConstraint("step IN (1, 2)", name="at_most_two"),
        sa.CheckConstraint("(step = 2) = (parent_id IS NOT NULL)", name="second_has_first"),
        sa.Index(
            "uq_hand_over_live_step",
            "seat_id",
            "step",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    seat_id: Mapped[str] = mapped_column(sa.ForeignKey(Seat.id), index=True)
    step: Mapped[int]
    parent_id: Mapped[str | None] = mapped_column(sa.ForeignKey("hand_over.id"))
    person_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id))
    office_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Office.id))
    role_key: Mapped[str | None] = mapped_column(sa.ForeignKey("role.key"))
    post: Mapped[str] = mapped_column(sa.String(200))
    whatsapp: Mapped[str] = mapped_column(sa.String(20), default="")
    may_speak: Mapped[bool]
    may_sign: Mapped[bool]
    letter_sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("stored_file.sha256"))
    late: Mapped[bool]
    on_behalf: Mapped[bool]
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))
    revoked_at: Mapped[dt.datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(sa.String(40))

    person: Mapped[Person] = relationship()


class SignMandate(Base):
    """A deputy's right to sign takes effect: by a code sent to a confirmed contact point of the
    office, or because an organiser accepted the surat tugas."""

    __tablename__ = "sign_mandate"
    __table_args__ = (one_of("by", ("code", "organizer")), APPEND_ONLY)

    hand_over_id: Mapped[str] = mapped_column(sa.ForeignKey(HandOver.id), primary_key=True)
    by: Mapped[str] = mapped_column(sa.String(10))
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))


class Pass(Base):
    """The pass of one person at one convening. Its validity is derived from the seats behind it."""

    __tablename__ = "pass"
    __table_args__ = (
        sa.UniqueConstraint("convening_id", "person_id"),
        sa.UniqueConstraint("convening_id", "short_code"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id))
    person_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id))
    short_code: Mapped[str] = mapped_column(sa.String(8))
    generation: Mapped[int] = mapped_column(default=1)
    issued_at: Mapped[dt.datetime]

    person: Mapped[Person] = relationship()
