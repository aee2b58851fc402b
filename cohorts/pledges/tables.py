"""Tables of commitments."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cohorts.convenings.tables import Convening, HandOver
from cohorts.directory.tables import Appointment, Office, Person, Region
from cohorts.ground.base import APPEND_ONLY, Base, Id, new_id, one_of
from cohorts.programme.tables import Cohort

METHODS = ("typed", "drawn")
DECLINE_REASONS = ("targets", "text", "approval", "other")
AFFIRMATIONS = ("reaffirmed", "amend", "declined")


class PledgeText(Base):
    """One version of a text. Published it never changes; a change is the next version.

    ``clauses`` are the numbered items, plain text, in the language of ``lang``.
    """

    __tablename__ = "pledge_text"
    __table_args__ = (
        sa.UniqueConstraint("cohort_id", "version"),
        one_of("state", ("draft", "published", "superseded")),
        sa.CheckConstraint("(state = 'draft') = (sha256 IS NULL)", name="published_has_hash"),
        sa.Index(
            "uq_pledge_text_one_draft",
            "cohort_id",
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        ),
        sa.Index(
            "uq_pledge_text_one_published",
            "cohort_id",
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    cohort_id: Mapped[str] = mapped_column(sa.ForeignKey(Cohort.id))
    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id))
    version: Mapped[int]
    lang: Mapped[str] = mapped_column(sa.String(2), default="id")
    title: Mapped[str] = mapped_column(sa.String(300))
    preamble: Mapped[str] = mapped_column(sa.Text)
    clauses: Mapped[list[Any]]
    closing: Mapped[str] = mapped_column(sa.Text, default="")
    edit: Mapped[int] = mapped_column(default=1)  # optimistic: what an editor has seen
    state: Mapped[str] = mapped_column(sa.String(10), default="draft")
    sha256: Mapped[str | None] = mapped_column(sa.String(64))  # of the published words
    published_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]

    convening: Mapped[Convening] = relationship()
    targets: Mapped[list[PledgeTarget]] = relationship(
        back_populates="text", order_by="PledgeTarget.position"
    )


class PledgeTarget(Base):
    """What every signatory promises to reach; signing raises an action item from it."""

    __tablename__ = "pledge_target"
    __table_args__ = (sa.UniqueConstraint("text_id", "position"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    text_id: Mapped[str] = mapped_column(sa.ForeignKey(PledgeText.id))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(300))  # of the item it raises
    criterion: Mapped[str] = mapped_column(sa.Text)
    unit: Mapped[str] = mapped_column(sa.String(40), default="")
    baseline: Mapped[str] = mapped_column(sa.String(20), default="")  # decimal string or empty
    target: Mapped[str] = mapped_column(sa.String(20), default="")
    role_key: Mapped[str] = mapped_column(sa.String(20))  # owner of the item
    due_on: Mapped[dt.date]

    text: Mapped[PledgeText] = relationship(back_populates="targets")


class Pledge(Base):
    """A text offered to an office: the exact bytes to be signed, and their hash."""

    __tablename__ = "pledge"
    __table_args__ = (sa.UniqueConstraint("text_id", "office_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    text_id: Mapped[str] = mapped_column(sa.ForeignKey(PledgeText.id))
    office_id: Mapped[str] = mapped_column(sa.ForeignKey(Office.id), index=True)
    region_code: Mapped[str] = mapped_column(sa.ForeignKey(Region.code))
    generation: Mapped[int] = mapped_column(default=1)
    data: Mapped[bytes]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    offered_at: Mapped[dt.datetime]
    voided_at: Mapped[dt.datetime | None]

    text: Mapped[PledgeText] = relationship()
    office: Mapped[Office] = relationship()
    region: Mapped[Region] = relationship()


class SigningDraft(Base):
    """What a signatory has prepared and not yet given: kept while the code is on its way, so that
    a locked or expired code loses no drawing. One for each (pledge, person); gone once signed."""

    __tablename__ = "signing_draft"
    __table_args__ = (
        one_of("method", METHODS),
        sa.CheckConstraint("(method = 'drawn') = (strokes IS NOT NULL)", name="drawn_has_strokes"),
    )

    pledge_id: Mapped[str] = mapped_column(sa.ForeignKey(Pledge.id), primary_key=True)
    person_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id), primary_key=True)
    method: Mapped[str] = mapped_column(sa.String(6))
    typed: Mapped[str] = mapped_column(sa.String(300))
    strokes: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    lang: Mapped[str] = mapped_column(sa.String(2))
    consent_sha256: Mapped[str] = mapped_column(sa.String(64))
    consented_at: Mapped[dt.datetime]
    challenge_id: Mapped[str | None] = mapped_column(sa.ForeignKey("challenge.id"))


class Signature(Base):
    """Signed. ``evidence`` is canonical JSON; ``public_code`` leads to /v/. ``office_name`` and
    ``signer_name`` are what the signatory stated: they stay, on a legal basis."""

    __tablename__ = "signature"
    __table_args__ = (
        one_of("method", METHODS),
        sa.CheckConstraint("(method = 'drawn') = (strokes IS NOT NULL)", name="drawn_has_strokes"),
        APPEND_ONLY,
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    pledge_id: Mapped[str] = mapped_column(sa.ForeignKey(Pledge.id), unique=True)
    person_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id))
    signer_name: Mapped[str] = mapped_column(sa.String(300))
    signer_post: Mapped[str] = mapped_column(sa.String(200))
    hand_over_id: Mapped[str | None] = mapped_column(sa.ForeignKey(HandOver.id))  # a.n.
    method: Mapped[str] = mapped_column(sa.String(6))
    typed: Mapped[str] = mapped_column(sa.String(300))
    strokes: Mapped[list[Any] | None] = mapped_column(
        sa.JSON(none_as_null=True)
    )  # polylines of whole numbers, 328 x 176
    challenge_id: Mapped[str] = mapped_column(sa.ForeignKey("challenge.id"), unique=True)
    public_code: Mapped[str] = mapped_column(sa.String(24), unique=True)
    evidence: Mapped[bytes]
    evidence_sha256: Mapped[str] = mapped_column(sa.String(64))
    leaf_id: Mapped[str] = mapped_column(sa.ForeignKey("log_leaf.id"))
    signed_at: Mapped[dt.datetime]

    pledge: Mapped[Pledge] = relationship()
    person: Mapped[Person] = relationship()


class SignatureDocument(Base):
    """The printed pledge, made by the worker."""

    __tablename__ = "signature_document"
    __table_args__ = (APPEND_ONLY,)

    signature_id: Mapped[str] = mapped_column(sa.ForeignKey(Signature.id), primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("stored_file.sha256"))
    made_at: Mapped[dt.datetime]


class Decline(Base):
    """Not signing, with a reason the committee reads. The office may still sign later."""

    __tablename__ = "decline"
    __table_args__ = (
        sa.UniqueConstraint("pledge_id", "n"),
        one_of("reason", DECLINE_REASONS),
        APPEND_ONLY,
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    pledge_id: Mapped[str] = mapped_column(sa.ForeignKey(Pledge.id))
    n: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.String(10))
    note_id: Mapped[str | None] = mapped_column(sa.ForeignKey("body.id"))
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))


class Withdrawal(Base):
    """A signature withdrawn afterwards; its items stay, flagged."""

    __tablename__ = "withdrawal"
    __table_args__ = (APPEND_ONLY,)

    signature_id: Mapped[str] = mapped_column(sa.ForeignKey(Signature.id), primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(300))
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))


class AffirmationRequest(Base):
    """A successor is asked whether a signature given before their time still holds for them. The
    signature stays valid whatever is answered. Raising ``generation`` revokes the links."""

    __tablename__ = "affirmation_request"
    __table_args__ = (
        sa.UniqueConstraint("signature_id", "appointment_id"),
        sa.Index(None, "appointment_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    signature_id: Mapped[str] = mapped_column(sa.ForeignKey(Signature.id))
    appointment_id: Mapped[str] = mapped_column(sa.ForeignKey(Appointment.id))
    generation: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[dt.datetime]
    asked_by: Mapped[str] = mapped_column(sa.String(40))
    revoked_at: Mapped[dt.datetime | None]

    signature: Mapped[Signature] = relationship()
    appointment: Mapped[Appointment] = relationship()


class AffirmationAnswer(Base):
    """What the successor said, once: the words ask for a new text, or say why not."""

    __tablename__ = "affirmation_answer"
    __table_args__ = (
        one_of("answer", AFFIRMATIONS),
        sa.CheckConstraint("(answer = 'amend') <= (note_id IS NOT NULL)", name="amend_says_what"),
        APPEND_ONLY,
    )

    request_id: Mapped[str] = mapped_column(
        sa.ForeignKey(AffirmationRequest.id), primary_key=True
    )
    answer: Mapped[str] = mapped_column(sa.String(10))
    note_id: Mapped[str | None] = mapped_column(sa.ForeignKey("body.id"))
    on_behalf: Mapped[bool]  # recorded by an organiser, from a letter
    leaf_id: Mapped[str] = mapped_column(sa.ForeignKey("log_leaf.id"))
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))
