"""Tables of the directory."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import (
    Mapped,
    Session,
    column_property,
    mapped_column,
    object_session,
    relationship,
)

from cohorts.ground.access import ROLES, SCOPES
from cohorts.ground.base import Base, Id, new_id, one_of

REGION_TYPES = ("provinsi", "kabupaten", "kota")
ORGANISATION_KINDS = ("region", "ministry", "agency", "ngo", "university", "company")
STANDINGS = ("definitive", "pj", "plt", "plh")
CHANNELS = ("email", "whatsapp", "phone")
CONTACT_LABELS = ("office", "ajudan", "tu", "personal")


class Region(Base):
    """A province, regency or city by its Kemendagri code; shipped with the product."""

    __tablename__ = "region"
    __table_args__ = (one_of("type", REGION_TYPES),)

    code: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    type: Mapped[str] = mapped_column(sa.String(10))
    name: Mapped[str] = mapped_column(sa.String(80))  # without its type: "Bandung"
    full_name: Mapped[str] = mapped_column(sa.String(100))  # "Kabupaten Bandung"
    province_code: Mapped[str] = mapped_column(sa.String(2), index=True)
    province_name: Mapped[str] = mapped_column(sa.String(60))
    timezone: Mapped[str] = mapped_column(sa.String(40))
    autonomous: Mapped[bool]
    search_key: Mapped[str] = mapped_column(sa.String(200), index=True)


class Organisation(Base):
    __tablename__ = "organisation"
    __table_args__ = (
        one_of("kind", ORGANISATION_KINDS),
        sa.CheckConstraint("(kind = 'region') = (region_code IS NOT NULL)", name="region_has_code"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(sa.String(12))
    name: Mapped[str] = mapped_column(sa.String(200))
    region_code: Mapped[str | None] = mapped_column(sa.ForeignKey(Region.code), unique=True)
    search_key: Mapped[str] = mapped_column(sa.String(300), index=True)
    sample: Mapped[bool] = mapped_column(default=False)

    region: Mapped[Region | None] = relationship()


class Role(Base):
    """A kind of post (jabatan) with its place in the order of protocol."""

    __tablename__ = "role"

    key: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    title_id: Mapped[str] = mapped_column(sa.String(80))
    title_en: Mapped[str] = mapped_column(sa.String(80))
    level: Mapped[str] = mapped_column(sa.String(12))
    echelon: Mapped[str] = mapped_column(sa.String(6))
    protocol_order: Mapped[int]
    salutation: Mapped[str] = mapped_column(sa.String(60))


class MayStandFor(Base):
    """Which post may stand in for which one level down; editable."""

    __tablename__ = "may_stand_for"

    role_key: Mapped[str] = mapped_column(sa.ForeignKey(Role.key), primary_key=True)
    stand_in_key: Mapped[str] = mapped_column(sa.ForeignKey(Role.key), primary_key=True)


class Office(Base):
    """A post at an organisation. It can be invited while vacant. Ended, never deleted."""

    __tablename__ = "office"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "role_key", "name"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(sa.ForeignKey(Organisation.id))
    role_key: Mapped[str] = mapped_column(sa.ForeignKey(Role.key), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))  # "Bupati Siak"
    pool: Mapped[bool] = mapped_column(default=False)  # several holders at once (operators)
    search_key: Mapped[str] = mapped_column(sa.String(400), index=True)
    ended_on: Mapped[dt.date | None]

    organisation: Mapped[Organisation] = relationship()
    role: Mapped[Role] = relationship()


class Person(Base):
    """The one erasable home of a person's name. Titles are fields of their own."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    front_title: Mapped[str] = mapped_column(sa.String(60), default="")
    name: Mapped[str] = mapped_column(sa.String(120))
    back_title: Mapped[str] = mapped_column(sa.String(80), default="")
    nip: Mapped[str | None] = mapped_column(sa.String(18))
    search_key: Mapped[str] = mapped_column(sa.String(200), index=True)
    sample: Mapped[bool] = mapped_column(default=False)

    # The record this one was merged into, None while it stands for itself: read with the person.
    if TYPE_CHECKING:
        kept_id: Mapped[str | None]
    _kept: ClassVar[Person | None] = None  # that record, once read; an instance has its own

    @property
    def shown(self) -> Person:
        """The record whose name and titles stand for this person: itself, or the one that was
        kept when two records of one person were merged."""
        held = object_session(self) if self.kept_id else None
        if held is None:
            return self
        if self._kept is None or self._kept.id != self.kept_id or self._kept not in held:
            _read_kept(held)
        return self._kept or self

    @property
    def own_name(self) -> str:
        """This record's own name with its titles: "Dr. H. Nama Contoh, S.IP., M.Si."."""
        front = f"{self.front_title} " if self.front_title else ""
        back = f", {self.back_title}" if self.back_title else ""
        return f"{front}{self.name}{back}"

    @property
    def full_name(self) -> str:
        """The person's name with its titles, of the kept record where this one was merged."""
        return self.shown.own_name


def _read_kept(session: Session) -> None:
    """Read the kept records of all merged people that the session holds, in one query: a list
    shows many of them."""
    merged = [
        (one, kept_id)
        for one in session.identity_map.values()
        if isinstance(one, Person) and (kept_id := one.__dict__.get("kept_id"))
    ]
    wanted = sa.select(Person).where(Person.id.in_({kept_id for _one, kept_id in merged}))
    with session.no_autoflush:
        kept = {one.id: one for one in session.scalars(wanted)}
    for one, kept_id in merged:
        one.__dict__["_kept"] = kept.get(kept_id)


class PersonMerge(Base):
    """Two records are one person from now on: ``kept_id`` stands for both. ``n`` counts the times
    a record was merged away, so that two people merging it at once cannot both succeed."""

    __tablename__ = "person_merge"
    __table_args__ = (
        sa.CheckConstraint("kept_id <> merged_id", name="two_records"),
        sa.UniqueConstraint("merged_id", "n"),
        {"info": {"append_only": True}},
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    merged_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id))
    n: Mapped[int]
    kept_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id), index=True)
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))


class PersonMergeUndo(Base):
    """A merge was undone: both records stand for themselves again, as they were."""

    __tablename__ = "person_merge_undo"
    __table_args__ = ({"info": {"append_only": True}},)

    merge_id: Mapped[str] = mapped_column(sa.ForeignKey(PersonMerge.id), primary_key=True)
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))


Person.kept_id = column_property(
    sa.select(PersonMerge.kept_id)
    .where(
        PersonMerge.merged_id == Person.id,
        ~sa.exists().where(PersonMergeUndo.merge_id == PersonMerge.id),
    )
    .correlate_except(PersonMerge, PersonMergeUndo)
    .scalar_subquery()
)


class Appointment(Base):
    """A person holds an office from..until (until is the first day without it)."""

    __tablename__ = "appointment"
    __table_args__ = (
        one_of("standing", STANDINGS),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_it_begins"),
        sa.Index(
            "uq_appointment_open",
            "office_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("until_on IS NULL"),
            postgresql_where=sa.text("until_on IS NULL"),
        ),
        sa.Index(
            "uq_appointment_one_definitive",
            "office_id",
            unique=True,
            sqlite_where=sa.text("until_on IS NULL AND standing = 'definitive' AND single"),
            postgresql_where=sa.text("until_on IS NULL AND standing = 'definitive' AND single"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    office_id: Mapped[str] = mapped_column(sa.ForeignKey(Office.id))
    person_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id), index=True)
    standing: Mapped[str] = mapped_column(sa.String(12))
    single: Mapped[bool]  # the office has one holder: copied so that the database can insist
    from_on: Mapped[dt.date]
    until_on: Mapped[dt.date | None]

    office: Mapped[Office] = relationship()
    person: Mapped[Person] = relationship()


class ContactPoint(Base):
    """An address of an office, or of one appointment (and retired with it)."""

    __tablename__ = "contact_point"
    __table_args__ = (
        one_of("channel", CHANNELS),
        one_of("label", CONTACT_LABELS),
        sa.CheckConstraint(
            "(office_id IS NULL) <> (appointment_id IS NULL)", name="one_owner"
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_by_somebody"
        ),
        sa.Index(None, "office_id"),
        sa.Index(None, "appointment_id"),
        sa.Index(None, "value"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    office_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Office.id))
    appointment_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Appointment.id))
    channel: Mapped[str] = mapped_column(sa.String(10))
    value: Mapped[str] = mapped_column(sa.String(254))
    label: Mapped[str] = mapped_column(sa.String(10))
    source: Mapped[str] = mapped_column(sa.String(200))
    from_on: Mapped[dt.date]
    until_on: Mapped[dt.date | None]
    confirmed_at: Mapped[dt.datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(sa.String(40))


class User(Base):
    """An account. ``region_code`` is the region the person works for: never verified by them."""

    __tablename__ = "user_account"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)  # lower case
    name: Mapped[str] = mapped_column(sa.String(120))
    lang: Mapped[str] = mapped_column(sa.String(2), default="id")
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    password_generation: Mapped[int] = mapped_column(default=1)  # of one-use set-password links
    password_link_until: Mapped[dt.datetime | None]
    session_generation: Mapped[int] = mapped_column(default=1)
    region_code: Mapped[str | None] = mapped_column(sa.ForeignKey(Region.code))
    active: Mapped[bool] = mapped_column(default=True)
    sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime]

    grants: Mapped[list[Grant]] = relationship(back_populates="user", lazy="selectin")


class Grant(Base):
    """A role within a scope. Ended, never deleted."""

    __tablename__ = "access_grant"
    __table_args__ = (
        one_of("role", ROLES),
        one_of("scope", SCOPES),
        sa.CheckConstraint("(scope = 'all') = (scope_id = '')", name="scope_has_id"),
        sa.UniqueConstraint("user_id", "role", "scope", "scope_id", "ended_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(sa.ForeignKey(User.id), index=True)
    role: Mapped[str] = mapped_column(sa.String(20))
    scope: Mapped[str] = mapped_column(sa.String(12))
    scope_id: Mapped[str] = mapped_column(sa.String(16), default="")
    given_at: Mapped[dt.datetime]
    given_by: Mapped[str] = mapped_column(sa.String(40))
    ended_at: Mapped[dt.datetime | None]

    user: Mapped[User] = relationship(back_populates="grants")

    def holds(self, now: dt.datetime) -> bool:
        """Whether it holds at ``now``; one with an end ahead does."""
        return self.ended_at is None or self.ended_at > now
