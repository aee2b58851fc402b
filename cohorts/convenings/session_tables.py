"""Tables of a programme: what two editors agree on, who speaks, what is handed out."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cohorts.convenings.tables import Convening, Session
from cohorts.directory.tables import Office, Person
from cohorts.ground.base import Base, Id, new_id, one_of
from cohorts.ground.files import StoredFile

SPEAKER_ROLES = ("speaker", "moderator", "committee")


class Programme(Base):
    """The programme of a convening as a whole; without a row nobody has written at it yet.

    ``version`` is what an editor has seen, apart from the convening's own: who orders sessions does
    not get into the way of who plans the date. ``public``: it stands on the cohort's public page.
    """

    __tablename__ = "programme"

    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    public: Mapped[bool] = mapped_column(default=False)


class SessionSpeaker(Base):
    """Who speaks, leads or serves in a session: a person, an office, or a name from outside."""

    __tablename__ = "session_speaker"
    __table_args__ = (
        sa.UniqueConstraint("session_id", "position"),
        one_of("role", SPEAKER_ROLES),
        sa.CheckConstraint(
            "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN office_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN name = '' THEN 0 ELSE 1 END) = 1",
            name="one_of_three",
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(sa.ForeignKey(Session.id))
    position: Mapped[int]
    role: Mapped[str] = mapped_column(sa.String(10))
    person_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Person.id), index=True)
    office_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Office.id), index=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")

    person: Mapped[Person | None] = relationship()


class SessionMaterial(Base):
    """What is handed out in a session: a file by its content, or an address on the web."""

    __tablename__ = "session_material"
    __table_args__ = (
        sa.UniqueConstraint("session_id", "position"),
        sa.CheckConstraint("(url = '') = (sha256 IS NOT NULL)", name="file_or_link"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(sa.ForeignKey(Session.id))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    url: Mapped[str] = mapped_column(sa.String(500), default="")
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey(StoredFile.sha256))
    added_at: Mapped[dt.datetime]

    file: Mapped[StoredFile | None] = relationship()
