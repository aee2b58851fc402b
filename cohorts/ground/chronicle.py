"""The chronicle: who did what and when, as typed events that are never changed.

A room declares its events as frozen dataclasses in its ``events.py``; the docstring of each is its
documentation. Events hold ids and office or region strings, never a person's name.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from cohorts.ground.access import Actor
from cohorts.ground.base import APPEND_ONLY, Base, BigId, Id


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events. ``name`` is ``room.past_tense``; ``subject`` is (kind, id)."""

    name: ClassVar[str]
    subject: tuple[str, str]
    cohort_id: str | None = None


class ChronicleEntry(Base):
    __tablename__ = "chronicle"
    __table_args__ = (
        sa.Index(None, "subject_kind", "subject_id"),
        sa.Index(None, "cohort_id", "id"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    at: Mapped[dt.datetime]
    event: Mapped[str] = mapped_column(sa.String(60))
    actor_kind: Mapped[str] = mapped_column(sa.String(20))
    actor_id: Mapped[str] = mapped_column(sa.String(40))
    subject_kind: Mapped[str] = mapped_column(sa.String(30))
    subject_id: Mapped[str] = mapped_column(sa.String(40))
    cohort_id: Mapped[str | None] = mapped_column(Id)
    data: Mapped[dict[str, Any]]


def record(session: Session, event: Event, actor: Actor, now: dt.datetime) -> None:
    """Write one event. Belongs in the same transaction as the fact it tells."""
    data = {
        field.name: _json(getattr(event, field.name))
        for field in dataclasses.fields(event)
        if field.name not in ("subject", "cohort_id")
    }
    session.add(
        ChronicleEntry(
            at=now,
            event=event.name,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind=event.subject[0],
            subject_id=event.subject[1],
            cohort_id=event.cohort_id,
            data=data,
        )
    )


def _json(value: Any) -> Any:
    if isinstance(value, dt.date):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _json(item) for key, item in value.items()}
    if value is None or isinstance(value, str | int | bool):
        return value
    return str(value)
