"""Tables of the surat undangan: letterheads, what a convening's letter says, its numbers."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cohorts.convenings.tables import Convening, Invitation
from cohorts.directory.tables import Organisation
from cohorts.ground.base import APPEND_ONLY, Base, Id, new_id, one_of
from cohorts.ground.files import StoredFile

MODES = ("each", "list")
NUMBERING = ("waiting", "one", "each")
FORMS = ("pdf", "zip")


class Letterhead(Base):
    """The kop of an organisation. ``names`` holds its lines, the government's first."""

    __tablename__ = "letterhead"

    organisation_id: Mapped[str] = mapped_column(sa.ForeignKey(Organisation.id), primary_key=True)
    names: Mapped[str] = mapped_column(sa.Text)
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    phone: Mapped[str] = mapped_column(sa.String(60), default="")
    mail: Mapped[str] = mapped_column(sa.String(254), default="")
    site: Mapped[str] = mapped_column(sa.String(120), default="")
    emblem_sha256: Mapped[str | None] = mapped_column(sa.ForeignKey(StoredFile.sha256))
    version: Mapped[int] = mapped_column(default=1)  # optimistic: what an editor has seen
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[str] = mapped_column(sa.String(40))

    organisation: Mapped[Organisation] = relationship()


class Letter(Base):
    """What the letter of a convening says beside the convening's own facts. Empty texts stand for
    the house's words; ``signer_office`` and ``copies`` hold one line for each line printed."""

    __tablename__ = "letter"
    __table_args__ = (
        one_of("mode", MODES),
        one_of("numbering", NUMBERING),
        sa.CheckConstraint("first_number >= 1", name="first_number_counts"),
    )

    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id), primary_key=True)
    organisation_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Letterhead.organisation_id))
    mode: Mapped[str] = mapped_column(sa.String(4), default="each")
    numbering: Mapped[str] = mapped_column(sa.String(8), default="waiting")
    pattern: Mapped[str] = mapped_column(sa.String(80))
    code: Mapped[str] = mapped_column(sa.String(20), default="")
    unit: Mapped[str] = mapped_column(sa.String(40), default="")
    first_number: Mapped[int] = mapped_column(default=1)
    place: Mapped[str] = mapped_column(sa.String(80), default="")
    dated: Mapped[dt.date | None]
    security: Mapped[str] = mapped_column(sa.String(40))
    attachment: Mapped[str] = mapped_column(sa.String(60), default="")
    subject: Mapped[str] = mapped_column(sa.String(300), default="")
    opening: Mapped[str] = mapped_column(sa.Text, default="")
    confirmation: Mapped[str] = mapped_column(sa.Text, default="")
    ending: Mapped[str] = mapped_column(sa.Text, default="")
    with_programme: Mapped[bool] = mapped_column(default=False)
    signer_office: Mapped[str] = mapped_column(sa.String(300), default="")
    signer_name: Mapped[str] = mapped_column(sa.String(200), default="")
    signer_rank: Mapped[str] = mapped_column(sa.String(80), default="")
    signer_nip: Mapped[str] = mapped_column(sa.String(18), default="")
    copies: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)  # optimistic: what an editor has seen

    convening: Mapped[Convening] = relationship()


class LetterNumber(Base):
    """The number that the letter to one office bears; once given it stays."""

    __tablename__ = "letter_number"
    __table_args__ = (
        sa.UniqueConstraint("convening_id", "number"),
        sa.UniqueConstraint("convening_id", "n"),
        APPEND_ONLY,
    )

    invitation_id: Mapped[str] = mapped_column(sa.ForeignKey(Invitation.id), primary_key=True)
    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id))
    n: Mapped[int]  # nomor urut
    number: Mapped[str] = mapped_column(sa.String(80))
    given_at: Mapped[dt.datetime]
    given_by: Mapped[str] = mapped_column(sa.String(40))


class OwnText(Base):
    """A text of a convening in its organisers' own words, instead of the house's."""

    __tablename__ = "own_text"

    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    lang: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    text: Mapped[str] = mapped_column(sa.Text)


class LetterRun(Base):
    """All letters of a convening, asked for as one file. ``file_sha256`` names bytes that no
    stored_file knows: they hold live links, so the sweep takes them away after a day."""

    __tablename__ = "letter_run"
    __table_args__ = (
        one_of("form", FORMS),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (file_sha256 IS NULL)", name="finished_has_file"
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id), index=True)
    form: Mapped[str] = mapped_column(sa.String(3))
    asked_at: Mapped[dt.datetime]
    asked_by: Mapped[str] = mapped_column(sa.String(40))
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    file_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    size: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[dt.datetime | None]

    convening: Mapped[Convening] = relationship()
