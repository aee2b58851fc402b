"""Tables of action items and of what carries them from convening to convening."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cohorts.convenings.tables import Convening
from cohorts.directory.tables import Office, Region
from cohorts.ground.base import APPEND_ONLY, Base, Id, new_id, one_of
from cohorts.ground.log import LogLeaf
from cohorts.programme.tables import Cohort

ORIGINS = ("meeting", "template", "pledge", "split", "merge", "transfer")
STATES = ("open", "in_progress", "blocked", "done", "dropped")
STRUCTURAL_DROPS = ("split", "merged", "duplicate", "transferred")
REAL_DROPS = (
    "left_cohort",
    "not_feasible",
    "regulation_changed",
    "force_majeure",
    "no_longer_relevant",
)
DROPS = STRUCTURAL_DROPS + REAL_DROPS
EVIDENCE_KINDS = ("file", "link", "decree")


class Template(Base):
    """One promise for every member: an item per region, idempotent."""

    __tablename__ = "item_template"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    cohort_id: Mapped[str] = mapped_column(sa.ForeignKey(Cohort.id), index=True)
    convening_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Convening.id))
    title: Mapped[str] = mapped_column(sa.String(300))
    criterion: Mapped[str] = mapped_column(sa.Text)
    role_key: Mapped[str] = mapped_column(sa.String(20))  # or kepala_daerah
    due_on: Mapped[dt.date]
    lead_days: Mapped[int]
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(sa.String(40))


class Item(Base):
    """What never changes about an item, and ``version``: the number of its last event, which
    says how it stands. A writer names the version it has seen."""

    __tablename__ = "item"
    __table_args__ = (
        sa.UniqueConstraint("cohort_id", "number"),
        sa.UniqueConstraint("template_id", "region_code"),
        sa.UniqueConstraint("pledge_id", "pledge_target_id"),
        one_of("origin", ORIGINS),
        sa.Index(None, "cohort_id", "region_code"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    cohort_id: Mapped[str] = mapped_column(sa.ForeignKey(Cohort.id))
    number: Mapped[int]  # "TL-331"
    origin: Mapped[str] = mapped_column(sa.String(10))
    convening_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Convening.id), index=True)
    template_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Template.id))
    pledge_id: Mapped[str | None] = mapped_column(Id)  # of the floor above
    pledge_target_id: Mapped[str | None] = mapped_column(Id)
    # None: no owner yet, or a ministry's
    region_code: Mapped[str | None] = mapped_column(sa.ForeignKey(Region.code))
    first_raised: Mapped[dt.datetime]
    raised_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    region: Mapped[Region | None] = relationship()
    convening: Mapped[Convening | None] = relationship()


class ItemEvent(Base):
    """One step in an item's life with the whole of how it stands afterwards, so that any past
    moment is the last event recorded by then. Number 1 raises it."""

    __tablename__ = "item_event"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "seq"),
        one_of("state", STATES),
        sa.CheckConstraint("NOT verified OR state = 'done'", name="verified_is_done"),
        sa.CheckConstraint("(state = 'dropped') = (drop_reason IS NOT NULL)", name="dropped_why"),
        sa.CheckConstraint("escalation BETWEEN 0 AND 3", name="escalation_level"),
        sa.CheckConstraint(
            f"drop_reason IS NULL OR drop_reason IN {DROPS!r}", name="drop_reason_known"
        ),
        sa.Index(None, "item_id", "recorded_at"),
        APPEND_ONLY,
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    item_id: Mapped[str] = mapped_column(sa.ForeignKey(Item.id))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(24))  # see events.py of this room
    effective_at: Mapped[dt.datetime]
    recorded_at: Mapped[dt.datetime]
    actor_kind: Mapped[str] = mapped_column(sa.String(20))
    actor_id: Mapped[str] = mapped_column(sa.String(40))
    on_behalf: Mapped[bool] = mapped_column(default=False)
    note_id: Mapped[str | None] = mapped_column(sa.ForeignKey("body.id"))
    # how the item stands after this event
    title: Mapped[str] = mapped_column(sa.String(300))
    criterion: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[str] = mapped_column(sa.String(12))
    verified: Mapped[bool] = mapped_column(default=False)
    owner_office_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Office.id), index=True)
    original_due: Mapped[dt.date | None]
    due_on: Mapped[dt.date | None]
    blocked_by: Mapped[str] = mapped_column(sa.String(200), default="")  # who must unblock
    drop_reason: Mapped[str | None] = mapped_column(sa.String(20))
    # who answers for a duplicate or a transferred one
    answered_by_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Item.id))
    escalation: Mapped[int] = mapped_column(default=0)


class Evidence(Base):
    """Proof given with a claim: a stored file, a link, or the number and date of a decree."""

    __tablename__ = "evidence"
    __table_args__ = (
        one_of("kind", EVIDENCE_KINDS),
        sa.CheckConstraint("(kind = 'file') = (sha256 IS NOT NULL)", name="file_has_hash"),
        APPEND_ONLY,
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    event_id: Mapped[str] = mapped_column(sa.ForeignKey(ItemEvent.id), index=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    # a file's name, an address, or "800/12 (2023-01-09)"
    value: Mapped[str] = mapped_column(sa.String(500))
    sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("stored_file.sha256"))


class Lineage(Base):
    """Split: one parent, several children. Merge: several parents, one child."""

    __tablename__ = "lineage"
    __table_args__ = (one_of("kind", ("split", "merge", "transfer")), APPEND_ONLY)

    parent_id: Mapped[str] = mapped_column(sa.ForeignKey(Item.id), primary_key=True)
    child_id: Mapped[str] = mapped_column(sa.ForeignKey(Item.id), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    at: Mapped[dt.datetime]


class OwnerLink(Base):
    """The personal link by which an office sees and reports on its region's items. Raising
    ``generation`` revokes what was sent before."""

    __tablename__ = "owner_link"
    __table_args__ = (sa.UniqueConstraint("cohort_id", "office_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    cohort_id: Mapped[str] = mapped_column(sa.ForeignKey(Cohort.id))
    office_id: Mapped[str] = mapped_column(sa.ForeignKey(Office.id), index=True)
    generation: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[dt.datetime]

    office: Mapped[Office] = relationship()


class Ask(Base):
    """The owner asks for more time or for the item to be dropped; the organiser answers."""

    __tablename__ = "ask"
    __table_args__ = (
        one_of("kind", ("extension", "drop")),
        sa.CheckConstraint("(kind = 'extension') = (until_on IS NOT NULL)", name="until_when"),
        sa.CheckConstraint("(answered_at IS NULL) = (granted IS NULL)", name="answered"),
        sa.Index(
            "uq_ask_open",
            "item_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    item_id: Mapped[str] = mapped_column(sa.ForeignKey(Item.id))
    kind: Mapped[str] = mapped_column(sa.String(10))
    until_on: Mapped[dt.date | None]
    reason_id: Mapped[str | None] = mapped_column(sa.ForeignKey("body.id"))
    asked_at: Mapped[dt.datetime]
    asked_by: Mapped[str] = mapped_column(sa.String(40))
    answered_at: Mapped[dt.datetime | None]
    answered_by: Mapped[str | None] = mapped_column(sa.String(40))
    granted: Mapped[bool | None]


class AgendaNote(Base):
    """What a person adds to an item's line on a planned agenda; the lines are derived."""

    __tablename__ = "agenda_note"

    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id), primary_key=True)
    item_id: Mapped[str] = mapped_column(sa.ForeignKey(Item.id), primary_key=True)
    position: Mapped[int | None]
    hidden: Mapped[bool] = mapped_column(default=False)
    note_id: Mapped[str | None] = mapped_column(sa.ForeignKey("body.id"))


class AgendaRow(Base):
    """The agenda as it was frozen when the convening started."""

    __tablename__ = "agenda_row"
    __table_args__ = (
        sa.UniqueConstraint("convening_id", "item_id"),
        sa.UniqueConstraint("convening_id", "position"),
        APPEND_ONLY,
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id))
    item_id: Mapped[str] = mapped_column(sa.ForeignKey(Item.id))
    position: Mapped[int]
    seq: Mapped[int]  # the item's event that was its last then
    carried: Mapped[int]
    hidden: Mapped[bool]


class MinuteNote(Base):
    """What was said and decided on an item or in general while the convening ran."""

    __tablename__ = "minute_note"
    __table_args__ = (one_of("kind", ("discussion", "decision")),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(10))
    body_id: Mapped[str] = mapped_column(sa.ForeignKey("body.id"))
    item_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Item.id))
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))


class Closing(Base):
    """The frozen truth of a convening's end. ``data`` is canonical JSON; ``sha256`` is over
    ``previous`` (the cohort's last closing, or empty) and ``data``. Closing again is revision
    n+1."""

    __tablename__ = "closing"
    __table_args__ = (
        sa.UniqueConstraint("convening_id", "revision"),
        sa.UniqueConstraint("cohort_id", "place"),
        sa.UniqueConstraint("cohort_id", "previous"),
        APPEND_ONLY,
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    cohort_id: Mapped[str] = mapped_column(sa.ForeignKey(Cohort.id))
    convening_id: Mapped[str] = mapped_column(sa.ForeignKey(Convening.id))
    revision: Mapped[int]
    place: Mapped[int]  # in the cohort's chain, from 1
    held: Mapped[bool]  # False: not quorate; a snapshot, no count
    as_of: Mapped[dt.datetime]
    data: Mapped[bytes]
    previous: Mapped[str] = mapped_column(sa.String(64))
    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    leaf_id: Mapped[str] = mapped_column(sa.ForeignKey(LogLeaf.id))
    summary: Mapped[dict[str, Any]]  # counts of ``data``, for lists
    actor: Mapped[str] = mapped_column(sa.String(40))

    convening: Mapped[Convening] = relationship()


class ClosingItem(Base):
    """One item as a closing found it; for counting without reading ``data``."""

    __tablename__ = "closing_item"
    __table_args__ = (sa.Index(None, "item_id"), APPEND_ONLY)

    closing_id: Mapped[str] = mapped_column(sa.ForeignKey(Closing.id), primary_key=True)
    item_id: Mapped[str] = mapped_column(sa.ForeignKey(Item.id), primary_key=True)
    seq: Mapped[int]
    unresolved: Mapped[bool]
    carried: Mapped[int]  # this closing included


class Reopening(Base):
    """A closed convening was opened again; the closing it refers to stays byte for byte."""

    __tablename__ = "reopening"
    __table_args__ = (APPEND_ONLY,)

    closing_id: Mapped[str] = mapped_column(sa.ForeignKey(Closing.id), primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(300))
    at: Mapped[dt.datetime]
    actor: Mapped[str] = mapped_column(sa.String(40))
